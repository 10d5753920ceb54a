"""A month against the other months of the plant: what repeats, and what runs while it stands still."""

import pandas as pd

from mrv.accounting.industry_units import PRODUCTS
from mrv.screening.case import STREAM_KEY, Case, numbers
from mrv.screening.daily import UNIT_MONTH, days_of_month, members, standing, standstills
from mrv.screening.rows import CHECKS, flag, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit
from schemas.choices import SECTORS

# Measured values with enough digits that two months do not share them by chance; zero stands for nothing happened.
TELLING = (
    "fuel_consumption",
    "net_calorific_value",
    "carbon_content_ar",
    "carbon_content_ad",
    "carbon_content_d",
    "moisture_ar",
    "power_generation",
    "power_supplied",
    "auxiliary_power",
    "heat_supplied",
    "fuel_input",
    "fuel_output",
    "material_consumption",
    "substitute_consumption",
    "carbon_product_output",
    *PRODUCTS,
    "raw_meal_consumption",
    "anode_consumption",
    "dc_electricity",
    "ac_electricity",
    "process_electricity",
)
KEY = [name for name in STREAM_KEY if name != "sector"]
_PAIR = ["plant_id", "pair"]


def _month_number(months: pd.Series) -> pd.Series:
    return months.str[:4].astype(int) * 12 + months.str[5:7].astype(int)


def repeated_pair(case: Case) -> pd.DataFrame:
    reports = case.table("coal_analysis")
    heat = reports["gross_calorific_value_ad"].where(
        reports["gross_calorific_value_ad"] != "", reports["net_calorific_value_ar"]
    )
    tested = reports[KEY].assign(
        pair=reports["basis"] + "\n" + _same(reports["carbon"]) + "\n" + _same(heat),
        carbon=reports["carbon"],
        heat=heat,
        item=reports["report_number"],
        position=reports.index,
    )
    tested = tested[(tested["carbon"] != "") & (tested["heat"] != "")]
    return _repeats(tested).assign(parameter="carbon", table="coal_analysis", column="carbon")


def _same(texts: pd.Series) -> pd.Series:
    """Texts of numbers made comparable: 24.70 is 24.7."""
    return numbers(texts).astype(str)


def _repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose pair was there in an earlier month within the window; the nearest one is named."""
    rows = rows[rows.duplicated(_PAIR, keep=False)].assign(number=lambda frame: _month_number(frame["month"]))
    earlier = rows[[*_PAIR, "number", "month"]].drop_duplicates()
    both = rows.merge(earlier, on=_PAIR, suffixes=("", "_earlier"))
    apart = both["number"] - both["number_earlier"]
    both = both[(apart > 0) & (apart < limit("TMP-03", "window"))]
    nearest = both.sort_values("number_earlier", ascending=False, kind="stable").drop_duplicates("position")
    return offending(
        nearest,
        item=nearest["item"],
        value=nearest["carbon"],
        position=nearest["position"],
        heat=nearest["heat"],
        other=nearest["month_earlier"],
    )


def copied_month(case: Case) -> pd.DataFrame:
    rows = case.table("parameter")[[*STREAM_KEY, "parameter", "method", "value"]]
    rows = rows[rows["parameter"].isin(TELLING) & (rows["method"] == "measured")]
    value = numbers(rows["value"])
    rows = rows.assign(number=value, position=rows.index)[value != 0]
    series = ["plant_id", "sector", "unit_id", "stream_id", "parameter", "number"]
    rows = rows[rows.duplicated(series, keep=False)]
    pairs = rows.merge(rows[[*series, "month"]], on=series, suffixes=("", "_earlier"))
    pairs = pairs[pairs["month"] > pairs["month_earlier"]]
    both = ["plant_id", "sector", "unit_id", "month", "month_earlier"]
    pairs["fields"] = pairs.groupby(both)["parameter"].transform("size")
    pairs = pairs[pairs["fields"] >= limit("TMP-04", "fields")]
    # The copy most like the original speaks for the month; of equals the nearest.
    pairs = pairs.sort_values(["fields", "month_earlier", "position"], ascending=[False, False, True], kind="stable")
    bad = pairs.drop_duplicates(["plant_id", "sector", "unit_id", "month"])
    return offending(
        bad.drop(columns="stream_id"),
        item=bad["month_earlier"],
        value=bad["fields"].astype(str),
        table="parameter",
        position=bad["position"],
    )


def stopped_but_running(case: Case) -> pd.DataFrame:
    if standstills(case).empty:
        return pd.DataFrame()
    days = case.days
    burning = days[days["fuel_consumption"] > limit("TMP-10", "activity")]
    still = burning[standing(case, burning, burning["day"], whole_days=True)]
    counts = still.groupby(UNIT_MONTH)["day"].transform("size")
    first = still.assign(count=counts).sort_values("day", kind="stable").drop_duplicates(UNIT_MONTH)
    daily = offending(
        first,
        parameter="fuel_consumption",
        item=first["day"],
        value=case.table("daily_coal").loc[first.index, "fuel_consumption"],
        expected="0 t",
        table="daily_coal",
        position=first.index,
        column="fuel_consumption",
        days=first["count"].astype(str),
    )
    hours = _impossible_hours(case)
    known = pd.MultiIndex.from_frame(daily[UNIT_MONTH])
    hours = hours[~pd.MultiIndex.from_frame(hours[UNIT_MONTH]).isin(known)]
    return pd.concat([daily, hours], ignore_index=True)


def _impossible_hours(case: Case) -> pd.DataFrame:
    """Units with more operating hours than their declared standstills leave, or generation in a month without an hour left."""
    months = case.focus["month"].unique()
    units = case.units[case.units["month"].isin(months)]
    stops = units[["plant_id", "unit_id", "month"]].merge(standstills(case), on=["plant_id", "unit_id"])
    touched = stops[(stops["start"].str[:7] <= stops["month"]) & (stops["month"] <= stops["end"].str[:7])]
    units = units[pd.MultiIndex.from_frame(units[UNIT_MONTH]).isin(pd.MultiIndex.from_frame(touched[UNIT_MONTH]))]
    calendar = pd.DataFrame(
        [(month, day) for month in months for day in days_of_month(month)], columns=["month", "day"]
    )
    rows = units[["plant_id", "sector", "unit_id", "month"]].merge(calendar, on="month")
    rows = rows[rows["unit_id"].isin(members(case)["member"])]
    still = rows[standing(case, rows, rows["day"], whole_days=True)]
    still = still.groupby(UNIT_MONTH).size().rename("days").reset_index()
    both = units.merge(still, on=UNIT_MONTH)
    room = both["hours_in_month"] - 24.0 * both["days"]
    over = both["run_hours"] > room + limit("TMP-10", "activity") + 1e-9
    # The first and the last day may have been run for hours; a month in the middle of a standstill has neither.
    generated = (room == 0) & (both["power_generation"] > limit("TMP-10", "activity")) & ~over
    bad = both[over | generated]
    name = over[bad.index].map({True: "run_hours", False: "power_generation"})
    return offending(
        bad,
        parameter=name,
        expected=[
            "≤ " + f"{hours:g} h" if one == "run_hours" else "0 MWh"
            for hours, one in zip(room[bad.index], name, strict=True)
        ],
        item=bad["month"] + "-01",
        days=bad["days"].astype(int).astype(str),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="TMP-03",
        title=Text("重复化验值", "Repeated laboratory pair"),
        severity="must_answer",
        kind="anomaly",
        basis=(
            "同一元素碳与热值组合12个月内重复的概率约 5×10⁻⁵ / chance of a repeated pair within 12 months",
            f"{CHECKS} V12",
        ),
        needs=("coal_analysis", "history"),
        body=repeated_pair,
        waivable=True,
        message=Text(
            "检测报告 {item} 的元素碳 {value} % 与发热量 {heat} MJ/kg，与 {other} 的报告完全相同。",
            "Report {item}: carbon {value} % and heat value {heat} MJ/kg are the same as in the report of {other}.",
        ),
        why=flag(
            "两个月的煤样同时得到相同的元素碳和发热量，偶然的可能性极小。",
            "That samples of two months agree in carbon and in heat value by chance is most unlikely.",
        ),
        fix=Text("请核对两个月的检测报告原件，说明原因。", "Compare the original reports of both months and explain."),
    ),
    Rule(
        code="TMP-04",
        title=Text("月份复制", "Month copied"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} 2.2（与以前期间比较并解释波动）",),
        needs=("parameter", "history"),
        sectors=frozenset(SECTORS),
        body=copied_month,
        message=Text(
            "{period}有 {value} 项实测值与 {item} 完全相同。",
            "{value} measured values of {period} are the same as those of {item}.",
        ),
        why=Text(
            "多项独立实测值同时与另一个月相同，不可能是巧合，多为误用上月文件。",
            "Several independent measurements cannot all agree with another month; as a rule the file of that month was used again.",
        ),
        fix=Text("请按本月原始记录重新填报。", "File the month again from its own records."),
    ),
    Rule(
        code="TMP-10",
        title=Text("标停未停", "Stopped but running"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V24（启停记录）",),
        needs=("parameter", "event"),
        body=stopped_but_running,
        message=Text(
            "机组{unit_id}申报停运 {days} 天（自 {item} 起有记录），但{parameter}为 {value} {unit}，应为 {expected}。",
            "Unit {unit_id} is declared as standing ({days} days, from {item}), yet {parameter} is {value} {unit}; {expected} is expected.",
        ),
        why=Text(
            "停运期间不应有燃煤、发电或运行小时；事件记录与数据必有一处有误。",
            "A standing unit burns no coal, generates nothing and runs no hours; either the event or the data are wrong.",
        ),
        fix=Text(
            "请核对启停记录和日报，更正事件起止日期或相应数据。",
            "Check log and daily records; correct the dates of the event or the data.",
        ),
    ),
)
