"""Steel: values that the guide prescribes, the choice of measured heat values, own fuels, crude steel entered once."""

import numpy as np
import pandas as pd

from mrv.screening.case import STREAM_KEY, Case, numbers
from mrv.screening.ratios import EPSILON
from mrv.screening.rows import filed_instead, fixed, graded, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.table_values import filed_rows, fuel_values, off_table, process_values
from schemas.vocabulary import ENTERPRISE_UNIT, FUELS, fuel_of

STEEL = frozenset({"steel"})
GUIDE = "CETS-AG-03.01-V01-2024"
ALWAYS_DEFAULT = ("coke", "semi_coke")  # clause 6.2.2
CRUDE_STEEL = "crude_steel"
_FUEL = ("parameter.fuel_consumption",)


def _with_fuel(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(fuel=rows["stream_id"].map(fuel_of))


def coke_heat_value(case: Case) -> pd.DataFrame:
    rows = _with_fuel(filed_rows(case, "net_calorific_value"))
    rows = rows[rows["fuel"].isin(ALWAYS_DEFAULT)]
    return off_table(rows, fuel_values(rows))


def carbon_per_heat(case: Case) -> pd.DataFrame:
    rows = _with_fuel(filed_rows(case, "carbon_per_heat"))
    return off_table(rows, fuel_values(rows))


def material_factors(case: Case) -> pd.DataFrame:
    rows = filed_rows(case, "material_factor", "carbon_product_factor")
    return off_table(rows, process_values(rows, rows["stream_id"].map(fuel_of)))


def heat_value_choice(case: Case) -> pd.DataFrame:
    """Purchased solid fuels of the enterprise whose heat value is not found in one way all year."""
    rows = _with_fuel(filed_rows(case, "net_calorific_value", "fuel_consumption"))
    solid = rows["fuel"].map(lambda fuel: fuel in FUELS and FUELS[fuel].state == "solid").astype(bool)
    rows = rows[(rows["unit_id"] == ENTERPRISE_UNIT) & solid & ~rows["fuel"].isin(ALWAYS_DEFAULT)]
    used = rows.loc[(rows["parameter"] == "fuel_consumption") & (numbers(rows["value"]) != 0), STREAM_KEY]
    filed = rows.loc[rows["parameter"] == "net_calorific_value", [*STREAM_KEY, "method"]]
    months = used.merge(filed, on=STREAM_KEY, how="left")
    months["measured"] = months["method"].fillna("default") != "default"
    months["year"] = months["month"].str[:4]
    months = months.sort_values("month", kind="stable")
    group = months.groupby(["plant_id", "unit_id", "stream_id", "year"], sort=False)["measured"]
    before = group.cummax() & group.shift(fill_value=False).groupby(
        [months[name] for name in ("plant_id", "unit_id", "stream_id", "year")]
    ).cummax().astype(bool)
    turned_back = before & ~months["measured"]
    changed = months["measured"] & (group.cumcount() > 0) & ~group.transform("first").astype(bool)
    first_change = changed & ~group.shift(fill_value=False).astype(bool)
    bad = months[turned_back | first_change]
    back = turned_back[bad.index]
    return offending(
        bad.drop(columns=["method"]),
        parameter="net_calorific_value",
        expected=np.where(back, "实测值 / measured", "缺省值 / default"),
        severity=graded(back),
    )


def own_fuel(case: Case) -> pd.DataFrame:
    rows = filed_rows(case, "fuel_consumption")
    bad = rows[(rows["unit_id"] == ENTERPRISE_UNIT) & (rows["origin"] == "own") & (numbers(rows["value"]) != 0)]
    return offending(bad, parameter="fuel_consumption", value=bad["value"], table="parameter", position=bad.index)


def crude_steel_twice(case: Case) -> pd.DataFrame:
    streams = case.streams
    key = ["plant_id", "sector", "unit_id", "month"]
    product = streams[streams["fuel"] == CRUDE_STEEL][[*STREAM_KEY, "carbon_product_output"]].dropna()
    output = case.facilities[[*key, "crude_steel_output"]].dropna()
    both = product.merge(output, on=key)
    bad = both[(both["carbon_product_output"] - both["crude_steel_output"]).abs() > EPSILON]
    right = fixed(bad["crude_steel_output"], 2)
    return offending(
        bad,
        parameter="carbon_product_output",
        expected=right + " t",
        counterfactual=filed_instead(bad.index, carbon_product_output=right),
    )


def dry_basis(case: Case) -> pd.DataFrame:
    """Purchased solid fuels without their dry-basis quantity or moisture."""
    streams = case.streams
    solid = streams["fuel"].map(lambda fuel: fuel in FUELS and FUELS[fuel].state == "solid").astype(bool)
    rows = streams[(streams["unit_id"] == ENTERPRISE_UNIT) & solid & (streams["fuel_consumption"].fillna(0.0) != 0)]
    filed = filed_rows(case, "fuel_consumption")
    own = pd.MultiIndex.from_frame(filed.loc[filed["origin"] == "own", STREAM_KEY])
    rows = rows[~pd.MultiIndex.from_frame(rows[STREAM_KEY]).isin(own)]
    bad = rows[rows["fuel_consumption_dry"].isna() | rows["moisture_ar"].isna()]
    return offending(bad, parameter="fuel_consumption_dry")


def _prescribed(
    code: str, severity: str, title: Text, body: object, needs: tuple[str, ...], clause: str, why: Text
) -> Rule:
    """A rule that a filed value must be the one of the guide's table."""
    return Rule(
        code=code,
        title=title,
        severity=severity,
        kind="calculation",
        basis=(f"{GUIDE} {clause}",),
        sectors=STEEL,
        needs=needs,
        body=body,  # type: ignore[arg-type]
        message=Text(
            "{period} {subject}的{parameter}填报 {value} {unit}，指南规定为 {expected}。",
            "{period}: {parameter} of {subject} is filed as {value} {unit}; the guide gives {expected}.",
        ),
        why=why,
        fix=Text("改为指南规定值（取值方式：缺省值）。", "File the value of the guide (method: default)."),
    )


RULES = (
    _prescribed(
        "STL-01", "must_answer", Text("焦炭低位发热量不是缺省值", "Heat value of coke is not the default"), coke_heat_value,
        ("parameter.net_calorific_value",), "6.2.2、表A.1",
        Text("焦炭（含兰炭）的低位发热量一律取缺省值，核算按缺省值进行。", "Coke and semi-coke always take the default; the account does so."),
    ),
    _prescribed(
        "STL-02", "must_answer", Text("单位热值含碳量不是缺省值", "Carbon per heat is not the default"), carbon_per_heat,
        ("parameter.carbon_per_heat",), "6.2.3、表A.1",
        Text("钢铁行业单位热值含碳量一律取缺省值，核算按缺省值进行。", "In steel carbon per heat is always the default; the account takes it."),
    ),
    Rule(
        code="STL-03",
        title=Text("低位发热量取值方式年内改变", "Heat value changed between measured and default"),
        severity="blocks",
        kind="consistency",
        basis=(f"{GUIDE} 6.2.2",),
        sectors=STEEL,
        needs=_FUEL,
        body=heat_value_choice,
        message=Text(
            "{period} {subject}的低位发热量取值方式与本年其他月份不一致，应为：{expected}。",
            "{period}: the heat value of {subject} is not found as in the other months of the year; it should be: {expected}.",
        ),
        why=Text(
            "外购固体燃料的取值方式年内固定；已经实测的不得改回缺省值。",
            "The choice is fixed for the year; what was measured may not be turned back into a default.",
        ),
        fix=Text("补报实测值及检测报告；年初选用缺省值的，全年保持缺省值。", "File the measured value with its report; a year begun with defaults stays with them."),
    ),
    _prescribed(
        "STL-04", "blocks", Text("原料或产品因子与表A.2不符", "Factor of a material or product is not that of table A.2"), material_factors,
        ("parameter",), "6.2.4、表A.2",
        Text("原料和含碳产品的因子为规定值，核算按规定值进行。", "These factors are prescribed; the account takes the prescribed ones."),
    ),
    Rule(
        code="STL-05",
        title=Text("企业层级填报了自产燃料", "Own fuel filed in the balance of the enterprise"),
        severity="note",
        kind="consistency",
        basis=(f"{GUIDE} 6.1.1 公式（1）",),
        sectors=STEEL,
        needs=_FUEL,
        body=own_fuel,
        message=Text(
            "{period} 企业层级填报了自产{stream} {value} {unit}，不计入企业层级排放。",
            "{period}: own {stream}, {value} {unit}, is filed for the enterprise; it is not counted there.",
        ),
        why=Text("企业层级只计外购燃料的净消耗量，自产焦炭、煤气的碳已随外购洗精煤计入。", "Only purchased fuel counts; the carbon of own coke and gas came in with the coal."),
        fix=Text("确为外购的，把来源改为“外购”；确为自产的，填在相应工序或掺烧发电设施。", "If it was bought, say so in the origin; if own, file it at its process or co-firing unit."),
    ),
    Rule(
        code="STL-06",
        title=Text("粗钢产量重复填报且不一致", "Crude steel filed twice and differing"),
        severity="blocks",
        kind="consistency",
        basis=(f"{GUIDE} 6.2.1.3、8.3.1",),
        sectors=STEEL,
        needs=("parameter.crude_steel_output", "parameter.carbon_product_output"),
        body=crude_steel_twice,
        message=Text(
            "{period} 粗钢作为含碳产品填报 {value} t，与粗钢产量 {expected} 不一致；核算只取粗钢产量。",
            "{period}: crude steel is filed as a product with {value} t and as output with {expected}; the account takes the output.",
        ),
        why=Text("粗钢产量只填一次，同时用于扣减和强度。", "It is entered once and serves deduction and intensity."),
        fix=Text("删除含碳产品中的粗钢，或按生产台账更正粗钢产量。", "Delete the product row, or correct the output from the production ledger."),
    ),
    Rule(
        code="STL-09",
        title=Text("缺外购固体燃料干燥基量或水分", "Dry-basis quantity or moisture absent"),
        severity="note",
        kind="completeness",
        basis=(f"{GUIDE} 10.2（辅助参数）",),
        sectors=STEEL,
        needs=_FUEL,
        body=dry_basis,
        message=Text(
            "{period} 外购{stream}没有同时填报干燥基净消耗量和收到基水分。",
            "{period}: dry-basis quantity and moisture of purchased {stream} are not both filed.",
        ),
        why=Text("两项为应存证的辅助参数，也用于核对焦化成焦率。", "Both are auxiliary items to deposit, and serve the check of the coke yield."),
        fix=Text("补报干燥基净消耗量和月度水分。", "File the dry-basis net consumption and the monthly moisture."),
    ),
)  # fmt: skip
