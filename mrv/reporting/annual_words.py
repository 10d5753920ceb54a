"""Reasons of the annual report: one text in both languages, Chinese before the bar, and how reasons are joined and read."""

import numpy as np

BAR = " | "


def said(zh: str, en: str) -> str:
    """A reason as it stands in the table: `未存证 | not deposited`."""
    return f"{zh.replace(BAR, ' / ')}{BAR}{en.replace(BAR, ' / ')}"


def half(reason: str, lang: str) -> str:
    """The Chinese or the English half of a reason; a text without a bar is the same in both."""
    zh, bar, en = reason.partition(BAR)
    return en if bar and lang == "en" else zh


def both(*reasons: str) -> str:
    """Several reasons as one, each said once; empty ones do not count."""
    kept = list(dict.fromkeys(reason for reason in reasons if reason))
    if len(kept) < 2:
        return kept[0] if kept else ""
    return said("；".join(half(one, "zh") for one in kept), "; ".join(half(one, "en") for one in kept))


# Reasons of arrays that broadcast together, element by element.
both_many = np.frompyfunc(both, 2, 1)

NOT_DEPOSITED = said("未存证", "not deposited")
NOT_COMMISSIONED = said("机组尚未投运", "unit not commissioned yet")
PARTLY_DEPOSITED = said("部分机组未存证", "not deposited for some units")
LINES_PARTLY_DEPOSITED = said("部分生产线、工序未存证", "not deposited for some lines or processes")
CLOSED = said("机组已关停", "unit closed")
FUEL_NOT_FILED = said("本月未填报该燃料", "fuel not filed this month")
NO_CONSUMPTION = said("未填报消耗量，未计算", "consumption not filed, not computed")
NOT_FILED = said("未填报", "not filed")
STREAM_NOT_FILED = said("本月未填报", "not filed this month")
NOT_IN_OPERATION = said("尚未投产", "not in operation yet")
SHUT_DOWN = said("已关停", "shut down")
NO_FACTOR = said("因子表中没有适用的因子，未能计算", "the factor tables hold no factor for it, not computed")
OF_ENTERPRISE = said("取企业层级当月值", "value of the enterprise for the month")
COUNTED_AS_PURE = said("未填报纯度，按100%计算（上限）", "purity not filed, counted as pure (upper bound)")
COUNTED_AS_NONE = said("未填报，按零计算", "not filed, counted as zero")
NOT_LISTED = said("行业指南附录未列出，不计入排放量", "not in the list of the guide of the sector, not counted")
NOT_PUBLISHED = said(
    "行业平衡值未公布，配额为方案可能给出的范围",
    "balance value not published, the allowance is the range the plan can give",
)
FACILITY_NOT_REGISTERED = said("未登记该生产线或工序", "line or process not registered")
CERTAINTY_OF_PLAN = {
    "draft": said("配额分配方案为征求意见稿", "the allocation plan is a draft for comment"),
    "uncertain": said("分配方案系数未能确证", "the coefficients of the allocation plan are not established"),
}
NOT_BROKEN_DOWN = said("未填报工序与掺烧发电设施，未作分解", "no process or co-firing unit was filed, not broken down")
NO_CARBON = said("无元素碳含量，也无缺省值，未能计算", "neither carbon content nor a default value, not computed")
NOT_REGISTERED = said("机组未登记", "unit not registered")
NOT_IN_REGISTER = said("未登记，待补充", "not in the register, to be completed")
SCHEME_NOT_FILED = said("已实测，存证未说明自行或委托检测", "tested, the deposit does not say by whom")
DEFAULT_HEAT = said(
    "未填报，热量按缺省值计算，不影响排放量", "not filed, default used for the heat only, no effect on the emission"
)
NOT_USED = said("元素碳含量已另行填报，此值未参与计算", "the carbon content was filed itself, this value is not used")
PROVISIONAL_RATE = said("碳氧化率为暂定值", "provisional oxidation rate")
DRAFT_PLAN = said("配额分配方案为征求意见稿", "the allocation plan is a draft for comment")


def substituted(factor: str) -> str:
    """A default or penalty value in place of a measurement."""
    return said(f"未实测，按缺省值计算（因子行 {factor}）", f"not measured, default value used (factor row {factor})")


def upper_bound(filed: str) -> str:
    """An oxidation rate that is not known: nothing is invented, the tonnes cannot be higher."""
    zh = f"填报值{filed}没有数据来源" if filed else "也没有填报"
    en = f"the filed {filed} names no source" if filed else "none was filed"
    return said(
        f"未导入国家温室气体排放因子数据库的碳氧化率，{zh}，暂按上限100%计算",
        f"oxidation rate of the national database not imported and {en}: upper bound of 100 % used",
    )


def overruled(filed: str, factor: str) -> str:
    """A filed value that the rules do not take."""
    by = (f"按因子行 {factor} 取值", f"factor row {factor} taken") if factor else ("按规则重新计算", "recomputed")
    return said(f"存证值为{filed}，{by[0]}", f"deposited {filed}, {by[1]}")


def shortened(filed: str, places: int) -> str:
    """A filed value with more decimals than the report shows."""
    return said(f"存证值为{filed}，报告保留{places}位小数", f"deposited {filed}, shown with {places} decimals")


def parts_differ(difference: str) -> str:
    """Whole tonnes of the parts do not add up to the whole tonnes of the enterprise."""
    return said(
        f"各项分别取整，分项之和与企业排放量相差{difference}吨，以企业排放量为准",
        f"each rounded on its own, the parts differ from the enterprise by {difference} t; the enterprise stands",
    )


def months_missing(count: int) -> str:
    """A year that lacks months."""
    return said(f"缺{count}个月存证，合计不完整", f"{count} months not deposited, the year is incomplete")


# What stands in a cell without a value. A reason that its cell tells in full is not repeated in the notes.
_SHORT = {
    NOT_DEPOSITED: ("未存证", "not dep."),
    NOT_COMMISSIONED: ("未投运", "not yet"),
    CLOSED: ("已关停", "closed"),
    FUEL_NOT_FILED: ("—", "—"),
    STREAM_NOT_FILED: ("—", "—"),
    NOT_IN_OPERATION: ("未投产", "not yet"),
    SHUT_DOWN: ("已关停", "shut"),
    NOT_PUBLISHED: ("未公布", "not publ."),
    NOT_FILED: ("未填报", "not filed"),
    NO_CONSUMPTION: ("未计算", "not comp."),
    NO_CARBON: ("未算出", "not comp."),
    NOT_IN_REGISTER: ("待补充", "to add"),
    NOT_REGISTERED: ("未登记", "not reg."),
    FACILITY_NOT_REGISTERED: ("未登记", "not reg."),
}
TOLD_BY_CELL = frozenset(
    {
        NOT_DEPOSITED,
        NOT_COMMISSIONED,
        CLOSED,
        FUEL_NOT_FILED,
        NOT_FILED,
        NOT_IN_REGISTER,
        STREAM_NOT_FILED,
        NOT_IN_OPERATION,
        SHUT_DOWN,
        NOT_PUBLISHED,
    }
)


def short(reason: str, lang: str) -> str:
    """What a cell without a value shows: a stroke where nothing is due."""
    if not reason:
        return "/"
    return _SHORT.get(reason, ("见说明", "see notes"))[lang == "en"]
