"""Hours, load and starts: what a unit can have done in a month."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rows import CHECKS, filed_instead, fixed, flag, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit


def _units(case: Case) -> pd.DataFrame:
    """Power units with `hours`: run hours, or the hours of the month where none were filed."""
    rows = case.units[case.units["sector"] == "power"].copy()
    rows["hours"] = rows["run_hours"].fillna(rows["hours_in_month"])
    rows["full"] = (rows["capacity"] * rows["hours"]).where(rows["capacity"] * rows["hours"] > 0)
    return rows


@unless_slipped
def above_capacity(case: Case) -> pd.DataFrame:
    rows = _units(case)
    ratio = rows["power_generation"] / rows["full"]
    bad = rows[ratio > limit("PHY-14", "ratio")]
    return offending(
        bad,
        parameter="power_generation",
        ratio=fixed(ratio[bad.index] * 100.0, 1),
        expected="≤ " + fixed(bad["full"], 0) + " MWh",
    )


def hours_and_load(case: Case) -> pd.DataFrame:
    return pd.concat([_beyond_the_month(case), _hours_against_load(case)], ignore_index=True)


def _beyond_the_month(case: Case) -> pd.DataFrame:
    """More hours than the calendar has: certain whatever else of the unit was filed wrongly, so no slip silences it."""
    rows = _units(case)
    long = rows[rows["run_hours"] > rows["hours_in_month"]]
    maximum = fixed(long["hours_in_month"], 2)
    return offending(
        long,
        parameter="run_hours",
        expected="≤ " + maximum + " h",
        severity="blocks",
        counterfactual=filed_instead(long.index, run_hours=maximum),
    )


@unless_slipped
def _hours_against_load(case: Case) -> pd.DataFrame:
    rows = _units(case)
    too_long = rows["run_hours"] > rows["hours_in_month"]
    ratio = rows["power_generation"] / rows["full"]
    # Above the limit of PHY-14 it is told there.
    over = rows["run_hours"].notna() & (ratio > 1.0 + 1e-9) & (ratio <= limit("PHY-14", "ratio")) & ~too_long
    load = ratio * 100.0
    off = (rows["load_factor"] - load).abs() > load * limit("PHY-15", "load_factor_tolerance") / 100.0 + 1e-9
    off &= rows["run_hours"].notna() & (ratio <= 1.0) & ~too_long
    above, wrong = rows[over], rows[off]
    computed = fixed(load[wrong.index], 2)
    parts = [
        offending(
            above,
            parameter="run_hours",
            expected="≥ " + fixed(above["power_generation"] / above["capacity"], 2) + " h",
            severity="must_answer",
        ),
        offending(
            wrong,
            parameter="load_factor",
            expected=computed + " %",
            severity="blocks",
            counterfactual=filed_instead(wrong.index, load_factor=computed),
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def start_up_oil(case: Case) -> pd.DataFrame:
    events = case.table("event")
    starts = events[events["event"] == "restart"]
    register = case.table("unit").drop_duplicates(["plant_id", "unit_id"])[["plant_id", "unit_id", "merged_with"]]
    starts = starts.merge(register, on=["plant_id", "unit_id"], how="left")
    merged = starts["merged_with"].fillna("")
    starts = starts.assign(month=starts["start"].str[:7], unit_id=merged.where(merged != "", starts["unit_id"]))
    count = starts.groupby(["plant_id", "unit_id", "month"]).size().rename("starts").reset_index()
    streams = case.streams[case.streams["fuel"].isin(["diesel", "fuel_oil", "crude_oil"])]
    key = ["plant_id", "sector", "unit_id", "month"]
    oil = streams.groupby(key, as_index=False).agg(oil=("fuel_consumption", "sum"), stream_id=("stream_id", "first"))
    coal = case.groups[case.groups["unit_class"].isin(["conventional_coal", "unconventional_coal"])]
    rows = oil[oil["oil"] > 0].merge(count, on=["plant_id", "unit_id", "month"]).merge(coal[key], on=key)
    each = rows["oil"] / rows["starts"]
    low, high = limit("PHY-20", "low"), limit("PHY-20", "high")
    bad = rows[(each < low) | (each > high)]
    return offending(
        bad,
        parameter="fuel_consumption",
        each=fixed(each[bad.index], 2),
        starts=bad["starts"].astype(str),
        expected=f"{plain(low)}–{plain(high)} t",
    )


RULES = (
    Rule(
        code="PHY-14",
        title=Text("发电量超过额定出力", "Generation above rated output"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} V21",),
        needs=("register", "parameter.power_generation"),
        message=Text(
            "{period} 机组{unit_id}发电量 {value} {unit}，为额定容量与运行小时数乘积的 {ratio}%，应 {expected}。",
            "{period}: unit {unit_id} generated {value} {unit}, {ratio} % of rated capacity times run hours; must be "
            "{expected}.",
        ),
        why=Text(
            "发电量不可能明显超过额定容量乘以运行小时数；多为倍率、单位或机组填错。",
            "A unit cannot generate much more than its rating times its hours; mostly a multiplier, a unit or another "
            "machine.",
        ),
        fix=Text(
            "核对发电机出口表的表码差与倍率、单位（MWh），以及装机容量和运行小时数。",
            "Check reading difference, multiplier and unit (MWh) of the generator meter, rated capacity and run hours.",
        ),
        body=above_capacity,
    ),
    Rule(
        code="PHY-15",
        title=Text("运行小时数或负荷系数不合理", "Run hours or load factor impossible"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} V21", f"{CHECKS} V24", f"{CHECKS} V25"),
        needs=("parameter.run_hours",),
        message=Text(
            "{period} 机组{unit_id}的{parameter}填报 {value} {unit}，应 {expected}。",
            "{period}: {parameter} of unit {unit_id} is filed as {value} {unit}; it should be {expected}.",
        ),
        why=Text(
            "运行小时数不超过当月小时数、不小于利用小时数，发电量=容量×小时×负荷系数；负荷系数影响配额修正。",
            "Run hours lie between utilisation hours and the hours of the month, and generation = capacity × hours × "
            "load "
            "factor, which corrects the allowances.",
        ),
        fix=Text(
            "以启停记录核对运行小时数，按发电量÷（容量×运行小时数）重算负荷系数（%）。",
            "Check run hours with the start and stop log; recompute the load factor (%) as generation / (capacity × "
            "hours).",
        ),
        body=hours_and_load,
    ),
    Rule(
        code="PHY-20",
        title=Text("启停用油量异常", "Unusual start-up oil"),
        severity="note",
        kind="anomaly",
        basis=("Tanheng rule catalogue PHY-20",),
        needs=("event", "register", "parameter.fuel_consumption"),
        message=Text(
            "{period} 机组{unit_id}启动 {starts} 次，平均每次用油 {each} t，一般为 {expected}。",
            "{period}: unit {unit_id} started {starts} times and used {each} t of oil each time, usually {expected}.",
        ),
        why=flag(
            "启动用油属于核算边界内的化石燃料，过少提示漏报，过多提示单位或机组填错。",
            "Start-up oil is a fossil fuel inside the boundary: too little hints at an omission, too much at a wrong "
            "unit.",
        ),
        fix=Text(
            "核对油罐出库记录与启动次数；等离子点火等少油启动请说明。",
            "Check the oil store and the number of starts; explain plasma ignition and the like.",
        ),
        body=start_up_oil,
        waivable=True,
    ),
)
