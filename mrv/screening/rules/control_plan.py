"""Every deposit against the data quality control plan in force: what is filed, how it was taken, what the plan leaves open."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.deposit_list import CARBON, absent_parameters
from mrv.screening.plan_lines import LINE, departing, judged, kind_of, months_between
from mrv.screening.rows import CHECKS, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.rules.completeness import start_without_oil
from mrv.screening.thresholds import limit
from schemas.choices import CARBON_SCHEMES, FC_SOURCES, PLAN_METHODS, SECTORS
from schemas.vocabulary import FUELS, PARAMETERS, fuel_of

ALL = frozenset(SECTORS)
PLAN = (f"{CHECKS} V29", "碳排放权交易管理暂行条例 第十一条（严格执行数据质量控制方案）")
UNIT = ["plant_id", "sector", "unit_id", "month"]
STREAM = [*UNIT, "stream_id"]
START = ["plant_id", "unit_id", "month"]


def _is_coal(stream_id: str) -> bool:
    fuel = FUELS.get(fuel_of(stream_id))
    return fuel is not None and fuel.coal


def _keys(rows: pd.DataFrame, columns: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[columns])


def unnamed(case: Case) -> pd.DataFrame:
    lines = case.plan
    rows = judged(case, lines)
    bad = rows[~_keys(rows, LINE).isin(_keys(lines, LINE))]
    return offending(bad, parameter=bad["parameter"], table="parameter", position=bad["position"])


def unfiled(case: Case) -> pd.DataFrame:
    lines = case.plan
    rows = judged(case, lines)
    # A whole unit that files nothing is another finding; a quantity that is taken less often than monthly may wait.
    there = lines[_keys(lines, UNIT).isin(_keys(rows, UNIT))]
    wait = there["frequency"].map(lambda text: (months_between(text) or 1.0) > 1.0).astype(bool)
    bad = there[~(wait & (there["method"] == "measured")) & ~_keys(there, LINE).isin(_keys(rows, LINE))]
    if bad.empty:
        return bad
    # Of a stream of which nothing was burnt only the zero is owed; of one that filed nothing at all it is asked once.
    consumed = rows[rows["parameter"].isin(["fuel_consumption", "material_consumption"])]
    idle = consumed[pd.to_numeric(consumed["value"], errors="coerce") == 0]
    bad = bad[~((bad["stream_id"] != "") & _keys(bad, STREAM).isin(_keys(idle, STREAM)))]
    silent = (bad["stream_id"] != "") & ~_keys(bad, STREAM).isin(_keys(rows, STREAM))
    first = bad["parameter"].isin(["fuel_consumption", "material_consumption"])
    bad = bad.assign(rank=~first).sort_values([*STREAM, "rank"], kind="stable")
    bad = bad[~(silent.reindex(bad.index) & bad.duplicated(STREAM))]
    bad = bad.drop_duplicates(LINE)
    # A start-up without oil or gas is told by CMP-07.
    started = start_without_oil(case)
    if len(started):
        oil = ~bad["stream_id"].map(_is_coal).astype(bool) & (bad["stream_id"] != "")
        bad = bad[~(oil & _keys(bad, START).isin(_keys(started, START)))]
    said = absent_parameters(case)
    said = said.assign(kind=kind_of(said["parameter"]))
    bad = bad[~_keys(bad, LINE).isin(_keys(said, LINE))]
    return offending(bad, parameter=bad["parameter"], item=bad["version"])


def _differing(rows: pd.DataFrame, labels: dict[str, tuple[str, str]]) -> pd.DataFrame:
    return offending(
        rows,
        parameter=rows["parameter"],
        value=rows["filed"].map(lambda code: labels[code][0]),
        expected=[_either(said, labels, 0) for said in rows["planned"]],
        value_en=rows["filed"].map(lambda code: labels[code][1]),
        expected_en=[_either(said, labels, 1) for said in rows["planned"]],
        table="parameter",
        position=rows.index,
    )


def _either(said: tuple[str, ...], labels: dict[str, tuple[str, str]], side: int) -> str:
    return " / ".join(labels[code][side] for code in said)


def other_method(case: Case) -> pd.DataFrame:
    rows = departing(case, "method")
    # A design value is filed as a default; carbon measured on one basis and converted to another stays measured.
    design = (rows["filed"] == "default") & rows["planned"].map(lambda said: "design" in said).astype(bool)
    converted = rows["parameter"].isin(CARBON) & (rows["filed"] == "calculated")
    converted &= rows["planned"].map(lambda said: "measured" in said).astype(bool)
    return _differing(rows[~design & ~converted], PLAN_METHODS)


def other_source(case: Case) -> pd.DataFrame:
    return _differing(departing(case, "fc_source"), FC_SOURCES)


def other_scheme(case: Case) -> pd.DataFrame:
    return _differing(departing(case, "carbon_scheme"), CARBON_SCHEMES)


def overdue(case: Case) -> pd.DataFrame:
    lines = case.plan
    lines = lines[lines["meter_id"] != ""].assign(every=lines["calibration_frequency"].map(months_between))
    lines = lines.dropna(subset="every").sort_values("every", kind="stable")
    lines = lines.drop_duplicates(["plant_id", "meter_id", "month"])
    rows = case.table("meter_total").reset_index(names="position")
    rows = rows.merge(lines[["plant_id", "meter_id", "month", "every"]], on=["plant_id", "meter_id", "month"])
    done = pd.to_datetime(rows["calibrated_on"], format="%Y-%m-%d", errors="coerce")
    closing = pd.to_datetime(rows["month"], format="%Y-%m") + pd.offsets.MonthEnd(0)
    days = pd.to_timedelta((rows["every"].astype(float) * 365.25 / 12).round(), unit="D")
    late = (closing - (done + days)).dt.days
    # A certificate that had run out by itself is told by FOR-11.
    valid = rows["calibration_valid_to"]
    told = (valid != "") & (valid < closing.dt.strftime("%Y-%m-%d"))
    bad = rows[(late > limit("PLN-06", "days")) & ~told]
    return offending(
        bad,
        parameter="calibrated_on",
        item=bad["meter_id"],
        value=bad["calibrated_on"],
        late=late[bad.index].astype(int).astype(str),
        every=bad["every"].map(lambda number: f"{number:g}"),
        table="meter_total",
        position=bad["position"],
        column="calibrated_on",
    )


def no_treatment(case: Case) -> pd.DataFrame:
    lines = case.plan
    bare = lines[(lines["method"] == "measured") & (lines["missing_data_treatment"] == "")]
    if bare.empty:
        return bare
    labels = bare["parameter"].map(lambda name: PARAMETERS[name].zh if name in PARAMETERS else name)
    english = bare["parameter"].map(lambda name: PARAMETERS[name].en if name in PARAMETERS else name)
    key = ["plant_id", "sector", "month", "version"]
    grouped = bare.assign(labels=labels, english=english).groupby(key, sort=True)
    rows = grouped.agg(
        count=("parameter", "size"),
        names=("labels", lambda found: "、".join(dict.fromkeys(found))),
        names_en=("english", lambda found: ", ".join(dict.fromkeys(found))),
    ).reset_index()
    return offending(
        rows,
        item=rows["version"],
        count=rows["count"].astype(str),
        names=rows["names"],
        names_en=rows["names_en"],
    )


def no_plan(case: Case) -> pd.DataFrame:
    lines = case.plan
    plan = case.table("control_plan")
    filings = case.focus[["plant_id", "sector", "month"]].drop_duplicates(ignore_index=True)
    known = filings[filings["plant_id"].isin(plan["plant_id"])]
    key = ["plant_id", "sector", "month"]
    bad = known[~_keys(known, key).isin(_keys(lines, key))]
    return offending(bad, item=bad["month"])


FOLLOW = Text(
    "数据质量控制方案须严格执行；与方案不一致的，核查时列为不符合项，并按保守性原则取值。",
    "The control plan must be followed strictly; a departure is a non-conformity and the figure is taken conservatively.",
)

RULES: tuple[Rule, ...] = (
    Rule(
        code="PLN-01",
        title=Text("方案中没有的参数", "Parameter not on the control plan"),
        severity="must_answer",
        kind="consistency",
        basis=PLAN,
        needs=("parameter", "control_plan"),
        sectors=ALL,
        body=unnamed,
        message=Text(
            "{subject}：填报了{parameter}，本月有效的数据质量控制方案中没有这一参数。",
            "{subject}: {parameter} is filed, and the control plan in force for the month does not name it.",
        ),
        why=FOLLOW,
        fix=Text(
            "机组或燃料填错的请更正；确需填报的，请修订方案，增加该参数的获取方式。",
            "Correct the unit or stream; if the quantity is needed, follow the plan with a version that names it.",
        ),
    ),
    Rule(
        code="PLN-02",
        title=Text("方案中的参数未填报", "Parameter of the control plan not filed"),
        severity="must_answer",
        kind="completeness",
        basis=PLAN,
        needs=("parameter", "control_plan"),
        sectors=ALL,
        body=unfiled,
        message=Text(
            "{subject}：方案（{item}）规定每月获取{parameter}，本月没有填报。",
            "{subject}: by the plan ({item}) {parameter} is taken every month; it is not filed.",
        ),
        why=FOLLOW,
        fix=Text(
            "请补填；本月未使用该燃料的，消耗量填 0；不再获取的，请修订方案。",
            "File it; file a consumption of 0 for a fuel not used; if it is no longer taken, follow the plan with a version.",
        ),
    ),
    Rule(
        code="PLN-03",
        title=Text("取值方式与方案不一致", "Method differs from the control plan"),
        severity="must_answer",
        kind="consistency",
        basis=PLAN,
        needs=("parameter", "control_plan"),
        sectors=ALL,
        body=other_method,
        message=Text(
            "{subject}{parameter}：填报为{value}，方案规定为{expected}。",
            "{subject}, {parameter}: filed as {value}, by the plan {expected}.",
        ),
        why=FOLLOW,
        fix=Text(
            "请按方案规定的方式取值；方式已改变的，请先修订方案并说明自何时起改变。",
            "Take the value as the plan says; if the method changed, follow the plan with a version and say since when.",
        ),
    ),
    Rule(
        code="PLN-04",
        title=Text("消耗量获取方式与方案不一致", "Source of consumption differs from the control plan"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V11、V29、表7",),
        needs=("parameter", "control_plan"),
        sectors=ALL,
        body=other_source,
        message=Text(
            "{subject}{parameter}：取自{value}，方案规定取自{expected}。",
            "{subject}, {parameter}: taken from {value}, by the plan from {expected}.",
        ),
        why=FOLLOW,
        fix=Text(
            "请改用方案规定的数据来源；该来源本月不可用的，请说明原因并按方案的缺失处理方法取值。",
            "Use the source of the plan; if it failed this month, say why and treat the value as missing, as the plan says.",
        ),
    ),
    Rule(
        code="PLN-05",
        title=Text("元素碳检测方式与方案不一致", "Carbon test scheme differs from the control plan"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V29、表8",),
        needs=("parameter", "control_plan"),
        sectors=ALL,
        body=other_scheme,
        message=Text(
            "{subject}{parameter}：检测方式为{value}，方案规定为{expected}。",
            "{subject}, {parameter}: tested by {value}, by the plan {expected}.",
        ),
        why=FOLLOW,
        fix=Text(
            "请按方案规定的方式采样、检测；检测机构或方式已改变的，请修订方案。",
            "Sample and test as the plan says; if laboratory or scheme changed, follow the plan with a version.",
        ),
    ),
    Rule(
        code="PLN-06",
        title=Text("超过方案规定的检定周期", "Calibration later than the control plan says"),
        severity="must_answer",
        kind="evidence",
        basis=(f"{CHECKS} 3.4.1.1、V29",),
        needs=("meter_total", "control_plan"),
        sectors=ALL,
        body=overdue,
        message=Text(
            "计量器具 {item} 上次检定 {value}，方案规定每 {every} 个月检定一次，至月末已超期 {late} 天。",
            "Meter {item} was calibrated on {value}; by the plan it is due every {every} months and is {late} days late at the "
            "end of the month.",
        ),
        why=Text(
            "未按方案规定的频次检定的，须按保守性原则修正计量数据。",
            "Readings of a meter that is not calibrated as often as the plan says need the conservative correction.",
        ),
        fix=Text(
            "已检定的请更正检定日期并附证书；未检定的请尽快检定，并对超期数据做保守修正。",
            "Correct the date and attach the certificate; otherwise have it calibrated and correct the readings conservatively.",
        ),
    ),
    Rule(
        code="PLN-07",
        title=Text("方案没有缺失数据处理方法", "Control plan without a treatment of missing data"),
        severity="note",
        kind="completeness",
        basis=PLAN,
        needs=("control_plan",),
        sectors=ALL,
        body=no_treatment,
        message=Text(
            "方案 {item} 有 {count} 项实测参数没有写明缺失数据处理方法：{names}。",
            "Plan {item}: {count} measured parameters have no treatment of missing data: {names}.",
        ),
        why=Text(
            "数据缺失时没有事先规定的保守处理方法，取值无法被认可。",
            "Without a conservative treatment laid down beforehand, a value put in for a missing one cannot be accepted.",
        ),
        fix=Text(
            "请在下一版方案中补充缺失数据处理方法（按保守性原则）。",
            "Lay the treatment down (conservative principle) in the next version of the plan.",
        ),
    ),
    Rule(
        code="PLN-08",
        title=Text("本月没有有效的方案", "No control plan in force"),
        severity="must_answer",
        kind="completeness",
        basis=PLAN,
        needs=("control_plan",),
        sectors=ALL,
        body=no_plan,
        message=Text(
            "{item} 没有有效的数据质量控制方案。",
            "No data quality control plan is in force in {item}.",
        ),
        why=FOLLOW,
        fix=Text(
            "请核对方案的生效和失效日期，或提交覆盖本月的方案：mrv plan submit。",
            "Check from when to when the plan holds, or submit one that covers the month: mrv plan submit.",
        ),
    ),
)
