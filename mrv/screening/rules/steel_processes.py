"""Steel processes: own energy, blast-furnace fuel and gas, coke yield, hot-metal carbon, the sum of processes."""

import numpy as np
import pandas as pd

from mrv.screening.case import UNIT_KEY, Case
from mrv.screening.facilities import register
from mrv.screening.ratios import EPSILON, outside_range, over, ratio_rule
from mrv.screening.rows import fixed, flag, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.table_values import filed_rows
from mrv.screening.thresholds import limit
from schemas.vocabulary import ENTERPRISE_UNIT, FUELS

STEEL = frozenset({"steel"})
GUIDE = "CETS-AG-03.01-V01-2024"
EXPERIENCE = "Tanheng 规则目录（工程经验值）"
SECONDARY = ("coke", "coke_oven_gas", "blast_furnace_gas", "converter_gas")
_PLANT = ["plant_id", "sector", "month"]
_PRODUCT = ("parameter.process_product_output",)


def _of_process(case: Case, process: str) -> pd.DataFrame:
    """Units of one process with the months for which anything was filed of them, streams or quantities of their own."""
    own = case.facilities[[*UNIT_KEY, "process_product_output"]]
    filed = pd.concat([case.streams[UNIT_KEY], own[UNIT_KEY]]).drop_duplicates()
    known = register(case)
    known = known.loc[known["process"] == process, ["plant_id", "sector", "unit_id"]]
    return filed.merge(known, on=["plant_id", "sector", "unit_id"]).merge(own, on=UNIT_KEY, how="left")


def _with_sum(case: Case, rows: pd.DataFrame, quantity: str, fuels: tuple[str, ...]) -> pd.Series:
    """Sum of a stream quantity over some fuels of each unit; NaN where none was filed."""
    streams = case.streams
    filed = streams[streams["fuel"].isin(fuels) & streams[quantity].notna()]
    sums = filed.groupby(UNIT_KEY, as_index=False)[quantity].sum()
    return pd.Series(rows[UNIT_KEY].merge(sums, on=UNIT_KEY, how="left")[quantity].to_numpy(), index=rows.index)


@unless_slipped
def own_energy(case: Case) -> pd.DataFrame:
    """Own coke and gas used in processes and co-firing units beyond what came out of processes or was bought."""
    streams = case.streams[case.streams["fuel"].isin(SECONDARY)]
    at_enterprise = streams["unit_id"] == ENTERPRISE_UNIT
    filed = filed_rows(case, "fuel_consumption")
    own = pd.MultiIndex.from_frame(filed.loc[filed["origin"] == "own", [*UNIT_KEY, "stream_id"]])
    is_own = pd.MultiIndex.from_frame(streams[[*UNIT_KEY, "stream_id"]]).isin(own)
    consumed = streams["fuel_consumption"].fillna(0.0)
    rows = streams[[*_PLANT, "fuel"]].assign(
        used=streams["fuel_input"].fillna(0.0) + consumed.where(~at_enterprise, 0.0),
        made=streams["fuel_output"].fillna(0.0),
        bought=consumed.where(at_enterprise & ~is_own, 0.0),
    )
    sums = rows.groupby([*_PLANT, "fuel"], as_index=False).sum()
    available = sums["made"] + sums["bought"].clip(lower=0.0)
    excess = (sums["used"] - available) / available.where(available > 0) * 100.0
    bad = sums[(sums["made"] > 0) & (excess > limit("PHY-S1", "tolerance") + EPSILON)]
    return offending(
        bad.assign(unit_id=ENTERPRISE_UNIT, stream_id=bad["fuel"]),
        parameter="fuel_input",
        value=fixed(bad["used"], 2),
        expected="≤ " + fixed(available[bad.index], 2),
        excess=fixed(excess[bad.index], 1),
    )


@unless_slipped
def fuel_ratio(case: Case) -> pd.DataFrame:
    rows = _of_process(case, "iron_making")
    solid = tuple(name for name, fuel in FUELS.items() if fuel.state == "solid")
    ratio = over(_with_sum(case, rows, "fuel_input", solid) * 1000.0, rows["process_product_output"])
    return outside_range(rows, "PHY-S2", ratio, "process_product_output", "kg/t", 0)


@unless_slipped
def coke_yield(case: Case) -> pd.DataFrame:
    """Coke per dry coal. Where no moisture is filed only what no moisture up to the limit could explain is told."""
    rows = _of_process(case, "coking")
    coke = _with_sum(case, rows, "fuel_output", ("coke",))
    coal = _with_sum(case, rows, "fuel_input", ("washed_coking_coal",))
    streams = case.streams[case.streams["fuel"] == "washed_coking_coal"]
    moisture = streams.groupby(_PLANT, as_index=False)["moisture_ar"].mean()
    water = pd.Series(rows[_PLANT].merge(moisture, on=_PLANT, how="left")["moisture_ar"].to_numpy(), index=rows.index)
    low, high, wettest = limit("PHY-S3", "low"), limit("PHY-S3", "high"), limit("PHY-S3", "moisture_high")
    as_received = over(coke, coal)
    least = as_received / (1.0 - water.fillna(0.0) / 100.0)
    most = as_received / (1.0 - water.fillna(wettest) / 100.0)
    bad = rows[(most < low - EPSILON) | (least > high + EPSILON)]
    shown = np.where(most[bad.index] < low, most[bad.index], least[bad.index])
    return offending(
        bad,
        parameter="process_product_output",
        ratio=fixed(pd.Series(shown, index=bad.index, dtype=float), 3),
        expected=f"{plain(low)}–{plain(high)} t/t",
    )


@unless_slipped
def gas_yield(case: Case) -> pd.DataFrame:
    rows = _of_process(case, "iron_making")
    per_tonne = over(
        _with_sum(case, rows, "fuel_output", ("blast_furnace_gas",)) * 10_000.0, rows["process_product_output"]
    )
    return outside_range(rows, "PHY-S4", per_tonne, "process_product_output", "Nm³/t", 0)


def hot_metal(case: Case) -> pd.DataFrame:
    rows = case.facilities
    return outside_range(rows, "PHY-S5", rows["hot_metal_carbon"], "hot_metal_carbon", "%", 2)


@unless_slipped
def more_than_the_whole(case: Case) -> pd.DataFrame:
    months = case.accounts.plant_months
    rows = months[[*_PLANT]].assign(other=[np.nan if value is None else float(value) for value in months["other"]])
    bad = rows[rows["other"] < -EPSILON]
    return offending(
        bad.assign(unit_id=ENTERPRISE_UNIT, stream_id=""),
        parameter="crude_steel_output",
        value=fixed(bad["other"], 2),
        expected="≥ 0",
    )


def secondary_share(case: Case) -> pd.DataFrame:
    months = case.accounts.unit_months
    computed = months[UNIT_KEY].assign(
        right=[np.nan if value is None else float(value) for value in months["secondary_energy_share"]]
    )
    rows = case.facilities.merge(computed, on=UNIT_KEY, how="left")
    bad = rows[(rows["secondary_energy_share"] - rows["right"]).abs() > limit("STL-08", "tolerance") + EPSILON]
    return offending(bad, parameter="secondary_energy_share", expected=fixed(bad["right"], 2) + " %")


_FIX = Text(
    "核对工序燃料输入、输出和产品产量的计量记录与单位。",
    "Check the records and units of the fuels into and out of the process and of its product.",
)
RULES = (
    Rule(
        code="PHY-S1",
        title=Text("自产二次能源平衡", "Balance of own secondary energy"),
        severity="must_answer",
        kind="consistency",
        basis=("物质守恒 / conservation of mass", f"{GUIDE} 7.1.1"),
        sectors=STEEL,
        needs=("parameter.fuel_output",),
        body=own_energy,
        message=Text(
            "{period} 各工序和掺烧发电设施使用的{stream} {value} {unit}，超过自产与外购之和（{expected} {unit}）{excess}%。",
            "{period}: processes and co-firing units use {value} {unit} of {stream}, {excess} % more than was made and bought "
            "({expected} {unit}).",
        ),
        why=Text(
            "焦炭和煤气不会多于产出与外购之和；超出说明有工序的输入、输出或外购量填错。",
            "There is no more coke or gas than was made or bought; an excess means a wrong input, output or purchase.",
        ),
        fix=Text("核对各工序燃料输入、输出台账和外购量、库存变化。", "Check inputs, outputs, purchases and changes of stock."),
    ),
    ratio_rule(
        "PHY-S2", "must_answer", STEEL, Text("高炉燃料比异常", "Blast-furnace fuel ratio"), Text("高炉燃料比", "the fuel ratio"), "kg/t",
        fuel_ratio, ("parameter.fuel_input", *_PRODUCT), EXPERIENCE, _FIX,
    ),
    ratio_rule(
        "PHY-S3", "must_answer", STEEL, Text("成焦率异常", "Coke yield"), Text("成焦率（焦炭/干煤）", "coke yield on dry coal"), "t/t",
        coke_yield, ("parameter.fuel_input", "parameter.fuel_output"), EXPERIENCE, _FIX,
    ),
    ratio_rule(
        "PHY-S4", "note", STEEL, Text("高炉煤气产率异常", "Blast-furnace gas yield"), Text("吨铁高炉煤气产量", "blast-furnace gas per tonne"),
        "Nm³/t", gas_yield, ("parameter.fuel_output", *_PRODUCT), EXPERIENCE, _FIX,
    ),
    Rule(
        code="PHY-S5",
        title=Text("铁水含碳量异常", "Carbon in hot metal"),
        severity="note",
        kind="anomaly",
        basis=(EXPERIENCE,),
        sectors=STEEL,
        needs=("parameter.hot_metal_carbon",),
        body=hot_metal,
        waivable=True,
        message=Text(
            "{period} {unit_id}的铁水含碳量为 {value}%，经验范围为 {expected}。",
            "{period}: carbon in hot metal of {unit_id} is {value} %; experience says {expected}.",
        ),
        why=flag("高炉铁水含碳接近饱和，变化很小。", "Hot metal is nearly saturated with carbon and varies little."),
        fix=Text("核对化验记录。", "Check the analysis."),
    ),
    Rule(
        code="STL-07",
        title=Text("工序与掺烧排放之和大于企业排放", "Processes exceed the enterprise"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{GUIDE} 7.3 公式（4）",),
        sectors=STEEL,
        needs=("parameter.fuel_input",),
        body=more_than_the_whole,
        message=Text(
            "{period} 各工序与掺烧发电设施排放之和大于企业排放，其他排放为 {value} tCO₂，应 {expected}。",
            "{period}: processes and co-firing units exceed the enterprise; other emissions are {value} tCO₂ and should be {expected}.",
        ),
        why=Text(
            "其他排放为差值，为负说明工序输出漏报，或企业层级外购燃料少报。",
            "Other emissions are a difference; below zero an output of a process or a purchase of the enterprise was left out.",
        ),
        fix=Text("核对焦化、炼铁、转炉的焦炭和煤气输出量，以及企业层级外购燃料净消耗量。", "Check coke and gas out of coking, iron-making and converters, and the purchases of the enterprise."),
    ),
    Rule(
        code="STL-08",
        title=Text("自产二次能源热量占比与复算不符", "Share of own secondary energy"),
        severity="must_answer",
        kind="calculation",
        basis=(f"{GUIDE} 附录C 表C.4 注7",),
        sectors=STEEL,
        needs=("parameter.secondary_energy_share",),
        body=secondary_share,
        message=Text(
            "{period} {unit_id}的自产二次能源热量占比填报 {value}%，按各燃料热量复算为 {expected}。",
            "{period}: the share of own secondary energy of {unit_id} is filed as {value} %; from the heats of its fuels it is {expected}.",
        ),
        why=Text("占比＝自产焦炭和煤气热量÷全部化石燃料热量，须能复算。", "The share is the heat of own coke and gas over that of all fossil fuels and must be reproducible."),
        fix=Text("核对各燃料消耗量和来源（自产/外购），重算占比。", "Check quantities and origin of the fuels and recompute the share."),
    ),
)  # fmt: skip
