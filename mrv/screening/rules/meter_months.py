"""What the meters themselves say of the month: how complete, how alive, and whether the filing took their quantity."""

import json

import pandas as pd

from mrv.screening.case import Case, numbers
from mrv.screening.rows import CHECKS, fixed, flag, graded, offending, plain, relative
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit


def steady_meter(case: Case) -> pd.DataFrame:
    """Meters whose reading stood still for longer than the unit did."""
    rows = case.table("meter_month")
    flat = numbers(rows["longest_flat_run"])
    rows = rows.assign(flat=flat)[flat.notna()]
    units = case.units[["plant_id", "unit_id", "month", "run_hours", "hours_in_month"]]
    groups = case.groups[["plant_id", "unit_id", "month", "run_hours", "hours_in_month"]]
    key = ["plant_id", "unit_id", "month"]
    known = pd.concat([groups, units]).drop_duplicates(key)
    rows = rows.merge(known, on=key)
    stood = (rows["hours_in_month"] - rows["run_hours"]).clip(lower=0)
    running = rows["flat"] - stood
    bad = rows[running >= limit("CEM-01", "hours")]
    return offending(
        bad,
        parameter=bad["parameter"],
        item=bad["meter_id"],
        flat=fixed(bad["flat"], 0),
        expected=f"< {plain(limit('CEM-01', 'hours'))} h",
    )


def availability(case: Case) -> pd.DataFrame:
    rows = case.table("meter_month")
    wanted = numbers(rows["hours_expected"])
    share = numbers(rows["hours_present"]) / wanted.where(wanted > 0) * 100.0
    bad = rows[share < limit("CMP-09", "note_below")]
    share = share[bad.index]
    return offending(
        bad,
        parameter=bad["parameter"],
        item=bad["meter_id"],
        share=fixed(share, 2),
        expected=f"≥ {plain(limit('CMP-09', 'note_below'))} %",
        severity=graded(share < limit("CMP-09", "blocks_below"), share < limit("CMP-09", "must_answer_below")),
    )


@unless_slipped
def filed_quantity(case: Case) -> pd.DataFrame:
    """Filed quantities against the sum of their meters, where every registered meter of the quantity reported."""
    months = case.table("meter_month")
    key = ["plant_id", "unit_id", "stream_id", "parameter"]
    rows = months[[*key, "month", "unit", "meter_id"]].assign(quantity=numbers(months["quantity"]))
    wanted = numbers(months["hours_expected"])
    share = numbers(months["hours_present"]) / wanted.where(wanted > 0) * 100.0
    # A meter with gaps speaks through CMP-09; its sum is no measure.
    rows["whole"] = ~(share < limit("CMP-09", "note_below")) & rows["quantity"].notna()
    sums = rows.groupby([*key, "month", "unit"], as_index=False).agg(
        quantity=("quantity", "sum"),
        meters=("meter_id", "nunique"),
        whole=("whole", "all"),
        meter_id=("meter_id", "min"),
    )
    register = case.table("meter").groupby(key).size().rename("registered").reset_index()
    sums = sums.merge(register, on=key, how="left")
    sums = sums[sums["whole"] & (sums["meters"] >= sums["registered"].fillna(0))]
    filed = case.table("parameter")
    filed = filed[filed["parameter"].isin(sums["parameter"].unique()) & (filed["method"] != "default")]
    rows = filed.assign(filed=numbers(filed["value"])).merge(sums, on=[*key, "month", "unit"])
    off = relative(rows["filed"], rows["quantity"]).abs()
    bad = rows[off > limit("XRC-20", "must_answer") + 1e-9]
    right = fixed(bad["quantity"], 3)
    return offending(
        bad,
        parameter=bad["parameter"],
        item=bad["meter_id"].where(bad["meters"] == 1, ""),
        difference=fixed(off[bad.index], 2),
        expected=right,
        severity=graded(off[bad.index] > limit("XRC-20", "blocks") + 1e-9),
        counterfactual=[json.dumps({name: text}) for name, text in zip(bad["parameter"], right, strict=True)],
    )


RULES = (
    Rule(
        code="CEM-01",
        title=Text("表计读数长时间不变", "A meter stood still while the unit ran"),
        severity="must_answer",
        kind="anomaly",
        basis=("Tanheng rule catalogue CEM-01",),
        needs=("meter_month", "parameter.run_hours"),
        message=Text(
            "{period} 表计{item}（{parameter}）连续 {flat} h 读数不变，扣除停机时间后应 {expected}。",
            "{period}: meter {item} ({parameter}) did not change for {flat} h; beyond the hours stopped it should be "
            "{expected}.",
        ),
        why=flag(
            "机组运行而读数恒定，多为通讯中断、表计卡死或数据填充，会少计或多计用量。",
            "A constant reading of a running unit is mostly a lost connection, a stuck meter or filled data.",
        ),
        fix=Text(
            "核对该时段的表计状态、采集日志和运行日志，按数据质量控制方案处理缺失数据并说明。",
            "Check meter, data logger and operation log of the time, and treat the gap as the control plan says.",
        ),
        body=steady_meter,
        waivable=True,
    ),
    Rule(
        code="CMP-09",
        title=Text("小时数据有效率不足", "Too few valid hours"),
        severity="must_answer",
        kind="completeness",
        basis=("40 CFR Part 75", f"{CHECKS} V29"),
        needs=("meter_month",),
        message=Text(
            "{period} 表计{item}（{parameter}）的小时数据有效率为 {share}%，应 {expected}。",
            "{period}: meter {item} ({parameter}) has {share} % of its hours, should be {expected}.",
        ),
        why=Text(
            "缺失越多，月度用量越不可靠；缺失时段须按方案以保守方式补齐。",
            "The more hours are missing, the less the monthly quantity is worth; gaps are filled conservatively as "
            "planned.",
        ),
        fix=Text(
            "补传缺失时段的表计数据；无法补传的，按数据质量控制方案的缺失数据处理方式填报并说明原因。",
            "Send the missing hours; where there are none, apply the plan's treatment of missing data and explain.",
        ),
        body=availability,
    ),
    Rule(
        code="XRC-20",
        title=Text("填报值与表计月度用量不一致", "Filed value differs from the quantity of the meters"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V10", f"{CHECKS} V21", "GB/T 21369"),
        needs=("meter_month",),
        message=Text(
            "{period} 机组{unit_id} {parameter}填报 {value} {unit}，表计时序数据汇总为 {expected} {unit}，相差 "
            "{difference}%。",
            "{period}: {parameter} of unit {unit_id} is filed as {value} {unit}; the meters sum to {expected} {unit}, "
            "{difference} % apart.",
        ),
        why=Text(
            "月度填报值应来自表计；超出表计准确度（0.5级）的差异说明统计口径或抄表有误。",
            "The filed value should come from the meters; a gap beyond their accuracy (class 0.5) means another scope "
            "or a slip.",
        ),
        fix=Text(
            "核对表计清单、倍率、统计起止时刻（当月1日0时至次月1日0时），改正填报值或说明差异。",
            "Check list of meters, multipliers and the hours of the month, then correct the filing or explain the "
            "difference.",
        ),
        body=filed_quantity,
    ),
)
