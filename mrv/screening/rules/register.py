"""The unit register against itself, and oxidation rates that hang from it."""

import numpy as np
import pandas as pd

from emission_factors import NoRuleSet, rule_set
from mrv.screening.case import Case, numbers
from mrv.screening.rows import CHECKS, GUIDE, filed_instead, fixed, flag, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit

# Pressure classes as they are written, the most specific word first, with the limits of check V07.
PRESSURE_WORDS = (
    ("ultra_supercritical", "超超临界|ultra"),
    ("supercritical", "超临界|super-?critical"),
    ("subcritical", "亚临界|sub-?critical"),
    ("super_high", "超高压|super-?high|ultra-?high"),
    ("high", "高压|high"),
    ("medium", "中压|medium"),
)


def _registered(case: Case) -> pd.DataFrame:
    """Registered units at the first judged month of each year: a fault of the register is told once a year."""
    filings = case.focus[case.focus["sector"] == "power"][["plant_id", "sector", "month"]].drop_duplicates()
    filings = filings.assign(year=filings["month"].str[:4]).sort_values("month", kind="stable")
    filings = filings.drop_duplicates(["plant_id", "year"])
    units = case.table("unit").drop_duplicates(["plant_id", "unit_id"])
    return filings.merge(units, on="plant_id").sort_values(["plant_id", "unit_id", "month"], ignore_index=True)


def gas_turbine_class(case: Case) -> pd.DataFrame:
    rows = _registered(case)
    rows = rows[rows["unit_class"].isin(["gas", "ccpp"])].copy()
    rows["letter"] = (rows["pressure_class"] + " " + rows["name"]).str.extract(
        r"(?i)\b([BEFH])\s*(?:级|-?\s*class)", expand=False
    )
    rows["letter"] = rows["letter"].str.lower()
    # The capacity registered may be that of a combined cycle with two gas turbines and a steam turbine.
    multiple = limit("V06", "combined_cycle_multiple")
    lows = {letter: limit("V06", f"gas_turbine_{letter}_low") for letter in "efh"} | {"b": 0.0}
    highs = {letter: limit("V06", f"gas_turbine_{letter}_high") * multiple for letter in "befh"}
    rows["low"], rows["high"] = (rows["letter"].map(ends).astype(float) for ends in (lows, highs))
    capacity = numbers(rows["capacity"])
    bad = rows[(capacity < rows["low"]) | (capacity > rows["high"])]
    return offending(
        bad,
        parameter="capacity",
        value=bad["capacity"],
        letter=bad["letter"].str.upper(),
        expected=fixed(bad["low"], 0) + "–" + fixed(bad["high"], 0) + " MW",
    )


def pressure_class(case: Case) -> pd.DataFrame:
    rows = _registered(case)
    text = rows["pressure_class"]
    pressure = numbers(text.str.extract(r"(?i)(\d+(?:\.\d+)?)\s*MPa", expand=False))
    margin = limit("V07", "margin") / 100.0
    low, high = pd.Series(np.nan, index=rows.index), pd.Series(np.nan, index=rows.index)
    for name, words in reversed(PRESSURE_WORDS):
        has = text.str.contains(words, case=False)
        low = low.where(~has, 0.0 if name == "medium" else limit("V07", f"{name}_low"))
        high = high.where(~has, np.inf if name == "ultra_supercritical" else limit("V07", f"{name}_high"))
    bad = rows[(pressure < low * (1.0 - margin)) | (pressure > high * (1.0 + margin))]
    ends = fixed(low[bad.index], 2) + "–" + fixed(high[bad.index], 2) + " MPa"
    return offending(
        bad,
        parameter="pressure_class",
        value=bad["pressure_class"],
        expected=ends.where(np.isfinite(high[bad.index]), "≥ " + fixed(low[bad.index], 2) + " MPa"),
    )


def cooling_mode(case: Case) -> pd.DataFrame:
    rows = _registered(case)
    named = (rows["pressure_class"] + " " + rows["name"]).str.contains("背压|back.?pressure", case=False)
    back = rows["cooling_mode"] == "back_pressure"
    bad = rows[(named & rows["cooling_mode"].isin(["water", "air"])) | (back & (rows["product_class"] == "condensing"))]
    back = back[bad.index]
    return offending(
        bad,
        parameter=np.where(back, "product_class", "cooling_mode"),
        value=bad["cooling_mode"].where(~back, bad["product_class"]),
        expected=np.where(back, "chp", "back_pressure"),
    )


def oxidation_backed(case: Case) -> pd.DataFrame:
    """Oxidation rates filed where the national database rules, with neither a source document nor evidence."""
    filed = case.table("parameter")
    rows = filed[(filed["parameter"] == "oxidation_rate") & (filed["sector"] == "power")]
    months = [month for month in sorted(rows["month"].unique()) if _from_database(month)]
    rows = rows[rows["month"].isin(months) & (rows["source_document"].str.strip() == "")]
    evidence = case.table("evidence")
    evidence = evidence[evidence["parameter"] == "oxidation_rate"]
    key = ["plant_id", "stream_id", "month"]
    shown = pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(evidence[key]))
    bad = rows[~shown]
    return offending(
        bad,
        parameter="oxidation_rate",
        counterfactual=filed_instead(bad.index, oxidation_rate=None),
    )


def _from_database(month: str) -> bool:
    try:
        return rule_set("power", month).oxidation_source == "national_database"
    except NoRuleSet:
        return False


RULES = (
    Rule(
        code="V06",
        title=Text("燃气轮机级别与容量不符", "Gas turbine class does not fit the capacity"),
        severity="note",
        kind="anomaly",
        basis=(f"{CHECKS} V06",),
        needs=("register",),
        message=Text(
            "机组{unit_id}登记为{letter}级燃机，装机容量 {value} MW，该级别（含联合循环）一般为 {expected}。",
            "Unit {unit_id} is registered as class {letter} with {value} MW; the class (combined cycle included) has "
            "{expected}.",
        ),
        why=flag(
            "容量和级别是机组基本信息，登记错误会使同类比较和配额类别失准。",
            "Capacity and class are the basis of comparison and allocation.",
        ),
        fix=Text(
            "按铭牌、运行规程和排污许可证核对燃机级别与装机容量。",
            "Check class and capacity with nameplate, operating rules and discharge permit.",
        ),
        body=gas_turbine_class,
        waivable=True,
    ),
    Rule(
        code="V07",
        title=Text("压力参数等级与压力值不符", "Pressure class does not fit the pressure"),
        severity="note",
        kind="anomaly",
        basis=(f"{CHECKS} V07",),
        needs=("register",),
        message=Text(
            "机组{unit_id}的压力参数登记为“{value}”，该等级的主蒸汽压力为 {expected}。",
            "The pressure class of unit {unit_id} is registered as “{value}”; that class has {expected}.",
        ),
        why=flag(
            "压力参数用于判断煤耗水平是否合理，登记错误会造成误判。",
            "The class tells what coal rate to expect; a slip leads to wrong judgements.",
        ),
        fix=Text(
            "按汽轮机铭牌核对压力等级和主蒸汽压力（MPa）。",
            "Check class and main steam pressure (MPa) with the turbine's nameplate.",
        ),
        body=pressure_class,
        waivable=True,
    ),
    Rule(
        code="V09",
        title=Text("背压机组登记信息矛盾", "Contradictory entries of a back-pressure unit"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V09",),
        needs=("register",),
        message=Text(
            "机组{unit_id}的{parameter}登记为 {value}，作为背压机组应为 {expected}。",
            "{parameter} of unit {unit_id} is registered as {value}; as a back-pressure unit it should be {expected}.",
        ),
        why=Text(
            "冷却方式指汽轮机排汽冷却方式，背压机组排汽用于供热，不填冷却方式，也不可能是纯凝机组。",
            "The cooling mode is that of the turbine exhaust; a back-pressure unit gives it away as heat, so it has "
            "none and is "
            "never condensing.",
        ),
        fix=Text(
            "按汽轮机型号和铭牌更正冷却方式与产品类别。",
            "Correct cooling mode and product class by the turbine's model and nameplate.",
        ),
        body=cooling_mode,
    ),
    Rule(
        code="V26",
        title=Text("碳氧化率没有依据", "Oxidation rate without evidence"),
        severity="must_answer",
        kind="evidence",
        basis=(f"{CHECKS} V26", f"{GUIDE} 6.2.5"),
        needs=("parameter.oxidation_rate",),
        message=Text(
            "{period} {subject}：碳氧化率填报 {value}%，但未注明数据来源，也无证据文件。",
            "{period} {subject}: an oxidation rate of {value} % is filed without a source document or evidence.",
        ),
        why=Text(
            "2026年起碳氧化率取自国家温室气体排放因子数据库，按锅炉类型和海拔确定；没有依据的值不采用，暂按100%计算。",
            "From 2026 the rate comes from the national database by boiler type and altitude; without evidence the "
            "filed value is "
            "not used and 100 % holds for the time being.",
        ),
        fix=Text(
            "在数据来源中注明国家数据库的版本与条目，并附查询截图；核对锅炉类型与海拔登记是否正确。",
            "Name version and entry of the national database as source and attach a screenshot; check boiler type and "
            "altitude.",
        ),
        body=oxidation_backed,
    ),
)
