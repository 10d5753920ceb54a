"""Class of a unit against the fuels it burns and the heat it delivers."""

import numpy as np
import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rows import CHECKS, fixed, flag, graded, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit


def condensing_with_heat(case: Case) -> pd.DataFrame:
    rows = case.units[case.units["sector"] == "power"]
    bad = rows[(rows["product_class"] == "condensing") & (rows["heat_supplied"] > 0)]
    return offending(bad, parameter="heat_supplied")


def class_and_fuel(case: Case) -> pd.DataFrame:
    """Share of gangue, slime and slurry in the heat of the year so far, told at the last judged month of the year."""
    groups = case.groups
    groups = groups[groups["unit_class"].isin(["conventional_coal", "unconventional_coal"])]
    groups = groups.assign(year=groups["month"].str[:4])
    key = ["plant_id", "sector", "unit_id", "year"]
    sums = groups.groupby(key, as_index=False).agg(
        low_grade=("low_grade_heat", "sum"),
        fossil=("fossil_heat", "sum"),
        months=("fossil_heat", "count"),
        unit_class=("unit_class", "last"),
    )
    sums["share"] = sums["low_grade"] / sums["fossil"].where(sums["fossil"] > 0) * 100.0
    line = limit("PHY-26", "unconventional_heat_share")
    unconventional = sums["unit_class"] == "unconventional_coal"
    sums["wrong"] = (unconventional & (sums["share"] <= line)) | (~unconventional & (sums["share"] > line))
    sums["whole"] = sums["months"] >= 12
    judged = groups.merge(
        case.focus[["plant_id", "sector", "month"]].drop_duplicates(), on=["plant_id", "sector", "month"]
    )
    last = judged.sort_values("month", kind="stable").drop_duplicates(key, keep="last")[[*key, "month"]]
    bad = last.merge(sums[sums["wrong"]], on=key)
    unconventional = bad["unit_class"] == "unconventional_coal"
    return offending(
        bad,
        parameter="unit_class",
        value=bad["unit_class"],
        share=fixed(bad["share"], 2),
        months=bad["months"].astype(str),
        expected=np.where(unconventional, f"> {plain(line)} %", f"≤ {plain(line)} %"),
        severity=graded(unconventional & bad["whole"], unconventional & False),
    )


def low_grade_values(case: Case) -> pd.DataFrame:
    streams = case.streams[case.streams["sector"] == "power"]
    ranges = (
        ("coal_gangue", "net_calorific_value", "gangue_net_calorific_value", "GJ/t"),
        ("coal_slime", "net_calorific_value", "slime_net_calorific_value", "GJ/t"),
        ("coal_slime", "moisture_ar", "slime_moisture", "%"),
    )
    parts = []
    for fuel, parameter, name, unit in ranges:
        low, high = limit("PHY-26", f"{name}_low"), limit("PHY-26", f"{name}_high")
        value = streams[parameter]
        bad = streams[(streams["fuel"] == fuel) & ((value < low) | (value > high))]
        parts.append(offending(bad, parameter=parameter, expected=f"{plain(low)}–{plain(high)} {unit}"))
    return pd.concat(parts, ignore_index=True)


RULES = (
    Rule(
        code="PHY-26",
        title=Text("机组类别与燃料热量占比不符", "Unit class does not fit the fuels burnt"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V04",),
        needs=("register", "parameter.net_calorific_value"),
        message=Text(
            "机组{unit_id}：本年已有 {months} 个月数据中，煤矸石、煤泥、水煤浆热量占 {share}%，与登记类别要求的 "
            "{expected} 不符。",
            "Unit {unit_id}: over {months} months of the year gangue, slime and slurry give {share} % of the heat; the "
            "registered "
            "class asks for {expected}.",
        ),
        why=Text(
            "非常规燃煤机组须全年煤矸石、煤泥、水煤浆热量占比超过50%；类别决定配额基准值和缺省值。",
            "An unconventional coal unit burns over 50 % gangue, slime or slurry by heat in the full year; the class "
            "sets benchmark "
            "and defaults.",
        ),
        fix=Text(
            "核对各煤种的消耗量、热值和煤种归类；全年不足50%的，机组类别应更正为常规燃煤。",
            "Check consumption, heat value and kind of each coal; if the year stays below 50 %, correct the class to "
            "conventional.",
        ),
        body=class_and_fuel,
    ),
    Rule(
        code="V05",
        title=Text("煤矸石或煤泥的指标不像该煤种", "Gangue or slime with unusual values"),
        severity="note",
        kind="anomaly",
        basis=(f"{CHECKS} V05",),
        needs=("parameter.net_calorific_value",),
        message=Text(
            "{period} {subject}的{parameter}为 {value} {unit}，该煤种一般为 {expected}。",
            "{period}: {parameter} of {subject} is {value} {unit}, usually {expected}.",
        ),
        why=flag(
            "煤矸石和煤泥的归类影响机组类别和缺省值，热值明显偏高的可能是普通煤。",
            "Gangue and slime decide the unit class and the defaults; a high heat value points to ordinary coal.",
        ),
        fix=Text(
            "核对煤种归类、采购合同与检测报告；确属掺混的，分煤种填报。",
            "Check kind of coal, purchase contract and report; file blends by coal.",
        ),
        body=low_grade_values,
        waivable=True,
    ),
    Rule(
        code="V08",
        title=Text("纯凝机组有供热", "A condensing unit supplied heat"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} V08",),
        needs=("register", "parameter.heat_supplied"),
        message=Text(
            "{period} 机组{unit_id}登记为纯凝发电，但填报供热量 {value} {unit}。",
            "{period}: unit {unit_id} is registered as condensing but filed {value} {unit} of heat.",
        ),
        why=Text(
            "只要有供热量，无论多少，都应按热电联产机组核算和核查。",
            "Any heat, however little, makes it a unit of combined heat and power.",
        ),
        fix=Text(
            "核对供热量是否填到了错误的机组；确有供热的，将产品类别更正为热电联产。",
            "See whether the heat belongs to another unit; if not, correct the product class to combined heat and "
            "power.",
        ),
        body=condensing_with_heat,
    ),
)
