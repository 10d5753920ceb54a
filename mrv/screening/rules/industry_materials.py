"""All industrial sectors: materials nobody lists, ledgers, declared defaults, consumption per tonne, flue-gas monitoring."""

import numpy as np
import pandas as pd

from mrv.accounting.accounts import TOTAL
from mrv.screening.case import UNIT_KEY, Case, hours_in_month, numbers
from mrv.screening.facilities import INDUSTRY, quantities
from mrv.screening.own_history import median_of_others
from mrv.screening.ratios import EPSILON
from mrv.screening.rows import filed_instead, fixed, flag, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.table_values import filed_rows, fuel_values, off_table
from mrv.screening.thresholds import limit
from schemas.vocabulary import FUELS, MATERIALS, fuel_of

_MATERIAL = ("material_consumption", "carbon_product_output", "substitute_consumption")
_FUEL = ("fuel_consumption", "fuel_input", "fuel_output")
_LEDGER = ("stock_opening", "quantity_purchased", "stock_closing")
# Prescribed for these whatever was declared, and told by rules of their own.
_OTHERWISE_TOLD = {("steel", "carbon_per_heat"), ("cement", "oxidation_rate"), ("steel", "oxidation_rate")}
_COKE = ("coke", "semi_coke")


def unlisted(case: Case) -> pd.DataFrame:
    rows = filed_rows(case, *_MATERIAL, *_FUEL)
    base = rows["stream_id"].map(fuel_of)
    roles = {key: entry.role for key, entry in MATERIALS.items()}
    role = pd.Series(
        [roles.get(pair, "") for pair in zip(rows["sector"], base, strict=True)], index=rows.index, dtype="str"
    )
    fuel = base.isin(list(FUELS))
    as_material = rows["parameter"].isin(_MATERIAL)
    wrong = (as_material & ((role == "") | (role == "unlisted"))) | (~as_material & ~fuel)
    bad = rows[wrong & (numbers(rows["value"]) != 0)]
    return offending(bad, parameter=bad["parameter"], value=bad["value"], table="parameter", position=bad.index)


@unless_slipped
def ledger(case: Case) -> pd.DataFrame:
    rows = case.streams
    rows = rows[rows["sector"].isin(INDUSTRY) & rows[list(_LEDGER)].notna().all(axis=1)]
    parts = []
    for name in ("fuel_consumption", "material_consumption", "substitute_consumption"):
        mine = rows[rows[name].notna()]
        expected = (
            mine["stock_opening"]
            + mine["quantity_purchased"]
            - mine["quantity_sold"].fillna(0.0)
            - mine["stock_closing"]
        )
        gap = (mine[name] - expected).abs() / expected.abs().where(expected != 0) * 100.0
        gap = gap.fillna(pd.Series(np.where(mine[name] != 0, 100.0, 0.0), index=mine.index))
        bad = mine[gap > limit("MAT-02", "tolerance") + EPSILON]
        right = fixed(expected[bad.index], 2)
        parts.append(
            offending(
                bad,
                parameter=name,
                expected=right,
                gap=fixed(gap[bad.index], 2),
                counterfactual=filed_instead(bad.index, **{name: right}),
            )
        )
    return pd.concat(parts, ignore_index=True)


def declared_default(case: Case) -> pd.DataFrame:
    rows = filed_rows(case, "net_calorific_value", "carbon_per_heat", "oxidation_rate")
    rows = rows[rows["method"] == "default"]
    rows = rows.assign(fuel=rows["stream_id"].map(fuel_of))
    pairs = zip(rows["sector"], rows["parameter"], strict=True)
    told = np.array([pair in _OTHERWISE_TOLD for pair in pairs], dtype=bool)
    coke = (rows["sector"] == "steel") & (rows["parameter"] == "net_calorific_value") & rows["fuel"].isin(_COKE)
    rows = rows[~(told | coke.to_numpy(dtype=bool))]
    return off_table(rows, fuel_values(rows))


@unless_slipped
def per_tonne(case: Case) -> pd.DataFrame:
    """What was used per tonne of product, far from the same unit's other months."""
    rows = quantities(case)
    ratio = (rows["amount"] / rows["output"]).where(rows["amount"] > 0)
    series = rows.groupby(["plant_id", "sector", "unit_id", "stream_id", "parameter"], sort=False).ngroup()
    median, others = median_of_others(ratio, series)
    far = np.log(ratio / median.where(median > 0)).abs() > np.log(limit("IND-02", "factor")) + EPSILON
    bad = rows[far & (others >= limit("IND-02", "months"))]
    return offending(
        bad,
        parameter=bad["parameter"],
        ratio=fixed(ratio[bad.index] * 1000.0, 3),
        expected=fixed(median[bad.index] * 1000.0, 3),
    )


def monitored(case: Case) -> pd.DataFrame:
    """Flue-gas CO2 of a whole month beside the account of the same line or process."""
    days = case.table("flue_gas_daily")
    if days.empty:
        return days[["plant_id", "unit_id"]]
    key = ["plant_id", "unit_id", "month"]
    rows = days[["plant_id", "unit_id"]].assign(month=days["day"].str[:7], mass=numbers(days["co2_mass"]))
    sums = rows.groupby(key, as_index=False).agg(mass=("mass", "sum"), days=("mass", "count"))
    whole = sums[sums["days"] == (hours_in_month(sums["month"]) / 24.0)]
    lines = case.accounts.lines
    lines = lines[lines["level"] == TOTAL]
    account = lines[UNIT_KEY].assign(tonnes=lines["tco2"].map(float, na_action="ignore").astype(float))
    account = account.groupby(UNIT_KEY, as_index=False)["tonnes"].sum()
    both = whole.merge(account, on=key)
    gap = (both["mass"] - both["tonnes"]) / both["tonnes"].where(both["tonnes"] > 0) * 100.0
    bad = both[gap.abs() > limit("IND-03", "tolerance") + EPSILON]
    return offending(
        bad.assign(stream_id=""),
        parameter="co2_mass",
        value=fixed(bad["mass"], 2),
        expected=fixed(bad["tonnes"], 2),
        gap=fixed(gap[bad.index], 1),
        item="flue_gas",
    )


RULES = (
    Rule(
        code="IND-01",
        title=Text("声明为缺省值但不等于缺省值", "Declared as default, but not the default"),
        severity="blocks",
        kind="calculation",
        basis=("CETS-AG-02.01、03.01、04.01 附录A",),
        sectors=INDUSTRY,
        body=declared_default,
        message=Text(
            "{period} {subject}的{parameter}取值方式为缺省值，填报 {value} {unit}，缺省值为 {expected}。",
            "{period}: {parameter} of {subject} is declared as default and filed as {value} {unit}; the default is {expected}.",
        ),
        why=Text("核算按附录缺省值进行；填报值不同说明抄错或应为实测值。", "The account takes the default of the appendix; another value was miscopied, or is a measured one."),
        fix=Text("改为附录缺省值；确为实测的，取值方式改为实测值并附检测报告。", "File the default; if it was measured, say so and attach the report."),
    ),
    Rule(
        code="IND-02",
        title=Text("单位产品消耗明显偏离自身历史", "Consumption per tonne far from own history"),
        severity="note",
        kind="anomaly",
        basis=("Tanheng 规则目录（与自身其他月份比较）",),
        sectors=INDUSTRY,
        needs=("parameter", "history"),
        body=per_tonne,
        waivable=True,
        message=Text(
            "{period} {subject}的{parameter}折合每千吨产品 {ratio} {unit}，其他月份的中位数为 {expected}。",
            "{period}: {parameter} of {subject} is {ratio} {unit} per thousand tonnes of product; the median of the other "
            "months is {expected}.",
        ),
        why=flag("单位产品消耗一般稳定；偏离多为漏报、归错月份或产量有误。", "Consumption per tonne is steady; a departure is mostly an omission, the wrong month or a wrong output."),
        fix=Text("核对消耗量与产量台账；确属工况变化的，请说明。", "Check both ledgers; if operation changed, say so."),
    ),
    Rule(
        code="IND-03",
        title=Text("烟气监测与核算结果差异较大", "Flue-gas monitoring differs from the account"),
        severity="note",
        kind="anomaly",
        basis=("CETS-AG-03.01-V01-2024 9.2 f、表C.8",),
        sectors=INDUSTRY,
        needs=("flue_gas_daily",),
        body=monitored,
        waivable=True,
        message=Text(
            "{period} {unit_id}的烟气二氧化碳监测合计 {value} t，核算结果 {expected} t，相差 {gap}%。",
            "{period}: flue-gas monitoring of {unit_id} gives {value} t of CO₂, the account {expected} t, {gap} % apart.",
        ),
        why=flag("试运行期间以核算结果为准，监测用于比对。", "While monitors are on trial the account prevails; monitoring is compared with it."),
        fix=Text("核对监测边界、流量标定和停机日的数据。", "Check the boundary, the flow calibration and days of standstill."),
    ),
    Rule(
        code="MAT-01",
        title=Text("物料未列入本行业附录，不计入", "Material not listed for the sector: not counted"),
        severity="must_answer",
        kind="consistency",
        basis=("CETS-AG-03.01-V01-2024 6.2.4", "CETS-AG-02.01、04.01 附录A"),
        sectors=INDUSTRY,
        body=unlisted,
        message=Text(
            "{period} {subject}填报 {value} {unit}，不在本行业附录所列范围内，没有计入核算结果。",
            "{period}: {subject}, {value} {unit}, is not in the list of the sector's guide and was not counted.",
        ),
        why=Text("附录未列的碳酸盐、原料和产品不计入；填错物料代码会使应计的排放漏计。", "What the appendix does not list is not counted; a wrong material code leaves out what should count."),
        fix=Text("附录中有同一物料的，改用其名称；确未列入的，说明即可。", "If the appendix lists it under another name, use that; otherwise say so."),
    ),
    Rule(
        code="MAT-02",
        title=Text("购销存不平衡", "Ledger does not balance"),
        severity="must_answer",
        kind="consistency",
        basis=("CETS-AG-03.01-V01-2024 6.2.1.1", "物料守恒 / conservation of mass"),
        sectors=INDUSTRY,
        needs=("parameter.stock_closing",),
        body=ledger,
        message=Text(
            "{period} {subject}的{parameter}填报 {value} {unit}，按期初＋购入－外销－期末应为 {expected} {unit}，相差 {gap}%。",
            "{period}: {parameter} of {subject} is filed as {value} {unit}; opening + purchased − sold − closing gives "
            "{expected} {unit}, {gap} % apart.",
        ),
        why=Text("净消耗量由月度购销存台账得出，须与台账闭合。", "Net consumption follows from the monthly ledger and must close with it."),
        fix=Text("核对台账四项数据和盘库记录，更正有误的一项。", "Check the four entries and the stock-take and correct the one that is wrong."),
    ),
)  # fmt: skip
