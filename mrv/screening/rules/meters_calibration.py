"""Meters: on the control plan, calibrated, read from month to month without a gap, and corrected where they may err."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.month_meters import DIRECTION, FUEL, QUANTITY, half_digit, totals
from mrv.screening.rows import CHECKS, filed_instead, graded, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit
from schemas.choices import SECTORS
from schemas.vocabulary import PARAMETERS

CORRECTION = f"{CHECKS} 3.4.1.1、3.4.1.4"
ALL = frozenset(SECTORS)


def _at(rows: pd.DataFrame, column: str, **columns: object) -> pd.DataFrame:
    """Offending meter rows, pointing at one of their cells."""
    return offending(
        rows,
        parameter=column,
        item=rows["meter_id"],
        table="meter_total",
        position=rows.index,
        column=column,
        **columns,
    )


def unplanned_meter(case: Case) -> pd.DataFrame:
    """Meters that no version of the plan in force in the month names; a month without a plan is told by PLN-08."""
    plan = case.plan[case.plan["meter_id"] != ""]
    rows = case.table("meter_total")
    month, meter = ["plant_id", "month"], ["plant_id", "month", "meter_id"]
    planned = pd.MultiIndex.from_frame(rows[month]).isin(pd.MultiIndex.from_frame(plan[month]))
    named = pd.MultiIndex.from_frame(rows[meter]).isin(pd.MultiIndex.from_frame(plan[meter]))
    bad = rows[planned & ~named]
    return _at(bad, "meter_id", value=bad["meter_id"])


def expired(case: Case) -> pd.DataFrame:
    rows = case.meters
    late = rows["days"] - rows["covered"]
    bad = rows[late > limit("FOR-11", "days")]
    # Where the conservative correction can be computed it settles the matter (XRC-19 blocks when it was not made).
    settled = bad["parameter"].isin(list(DIRECTION)) & bad["corrected"].notna()
    return _at(
        bad,
        "calibration_valid_to",
        value=bad["calibration_valid_to"],
        severity=graded(~settled),
        days=late[bad.index].astype(int).astype(str),
    )


def reading_difference(case: Case) -> pd.DataFrame:
    rows = case.meters
    half = half_digit(rows["parameter"], limit("XRC-03", "last_digit"))
    # The two readings of a meter that was replaced belong to different meters.
    bad = rows[((rows["counted"] - rows["quantity"]).abs() > half) & ~rows["replaced"]]
    alone = ~rows.duplicated(QUANTITY, keep=False)[bad.index]
    right = _as_filed(bad["counted"], bad["parameter"])
    single = _at(
        bad,
        "quantity",
        value=_as_filed(bad["quantity"], bad["parameter"]),
        expected=right,
        counterfactual=_instead(bad["parameter"], right.where(alone, "")),
    )
    return pd.concat([single, _other_total(case, bad)], ignore_index=True)


def _other_total(case: Case, wrong: pd.DataFrame) -> pd.DataFrame:
    """Filed quantities that are neither the sum of their meters nor that sum after the conservative correction."""
    both = totals(case)
    both = both[~pd.MultiIndex.from_frame(both[QUANTITY]).isin(pd.MultiIndex.from_frame(wrong[QUANTITY]))]
    half = half_digit(both["parameter"], limit("XRC-03", "last_digit"))
    low = both[["quantity", "corrected"]].min(axis=1) - half
    high = both[["quantity", "corrected"]].max(axis=1) + half
    outside = (both["filed"] < low) | (both["filed"] > high)
    bad = both[outside & both["quantity"].notna()]
    right = _as_filed(bad["quantity"], bad["parameter"])
    fuel = bad["parameter"].map(DIRECTION) == FUEL
    # More fuel or less power than metered is filed by who is careful, or adds losses behind the meter: explained, not corrected.
    careful = ((bad["filed"] > bad["quantity"]) == fuel) & bad["parameter"].isin(list(DIRECTION))
    return offending(
        bad,
        parameter=bad["parameter"],
        item="Σ",
        severity=graded(~careful),
        value=_as_filed(bad["filed"], bad["parameter"]),
        expected=right,
        counterfactual=_instead(bad["parameter"], right),
    )


def _as_filed(values: pd.Series, parameters: pd.Series) -> pd.Series:
    """Floats with the decimals of their parameter."""
    texts = [
        "" if pd.isna(value) else f"{value:.{PARAMETERS[name].decimals if name in PARAMETERS else 3}f}"
        for value, name in zip(values, parameters, strict=True)
    ]
    return pd.Series(texts, index=values.index, dtype="str")


def _instead(parameters: pd.Series, values: pd.Series) -> pd.Series:
    texts = [filed_instead(values.index[[row]], **{name: values}).iloc[0] for row, name in enumerate(parameters)]
    return pd.Series(texts, index=values.index, dtype="str")


def discontinuity(case: Case) -> pd.DataFrame:
    rows = case.meters
    number = rows["month"].str[:4].astype(int) * 12 + rows["month"].str[5:7].astype(int)
    rows = rows.assign(number=number, position=rows.index)
    before = rows[["plant_id", "meter_id", "number", "closing", "replaced"]].assign(number=rows["number"] + 1)
    both = rows.merge(before, on=["plant_id", "meter_id", "number"], suffixes=("", "_before"))
    gap = (both["opening"] - both["closing_before"]).abs() > 1e-9
    bad = both[gap & ~both["replaced"] & ~both["replaced_before"]].set_index("position", drop=False)
    filed = case.table("meter_total").loc[bad["position"]]
    return _at(
        bad,
        "opening_reading",
        value=filed["opening_reading"].to_numpy(),
        expected=[f"{reading:.10g}" for reading in bad["closing_before"]],
    )


def uncorrected(case: Case) -> pd.DataFrame:
    both = totals(case)
    both = both[both["parameter"].isin(list(DIRECTION)) & both["corrected"].notna()]
    half = half_digit(both["parameter"], limit("XRC-03", "last_digit"))
    fuel = both["parameter"].map(DIRECTION) == FUEL
    short = (both["corrected"] - both["filed"]).where(fuel, both["filed"] - both["corrected"])
    # Beyond the reading itself the filing contradicts the meter, which is another fault.
    reach = (both["corrected"] - both["quantity"]).abs() + half
    bad = both[(short > half) & (short <= reach)]
    right = _as_filed(bad["corrected"], bad["parameter"])
    return offending(
        bad,
        parameter=bad["parameter"],
        expected=right,
        reading=_as_filed(bad["quantity"], bad["parameter"]),
        counterfactual=_instead(bad["parameter"], right),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="SCH-14",
        title=Text("计量器具未备案", "Meter not on the control plan"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V29", "碳排放权交易管理暂行条例（计量器具）"),
        needs=("meter_total", "control_plan"),
        sectors=ALL,
        body=unplanned_meter,
        message=Text(
            "计量器具 {item} 未在本月有效的数据质量控制方案中备案。",
            "Meter {item} is not on the data quality control plan or register in force for the month.",
        ),
        why=Text(
            "未备案的计量器具，其准确度和检定周期没有经过审核。",
            "Accuracy and calibration of a meter that is not on the plan were never reviewed.",
        ),
        fix=Text(
            "表计编号有误的请更正；更换了表计的，请修订数据质量控制方案。",
            "Correct the meter number; if the meter was exchanged, revise the control plan.",
        ),
    ),
    Rule(
        code="FOR-11",
        title=Text("检定超期", "Calibration expired"),
        severity="blocks",
        kind="evidence",
        basis=(CORRECTION, f"{CHECKS} V29", "碳排放权交易管理暂行条例（计量器具检定）"),
        needs=("meter_total",),
        sectors=ALL,
        body=expired,
        message=Text(
            "计量器具 {item} 检定有效期至 {value}，本月有 {days} 天超期使用。",
            "The calibration of meter {item} was valid to {value}; it was used for {days} days of the month after that.",
        ),
        why=Text(
            "超期未检定的计量数据须按保守性原则修正后才能采用。",
            "Readings of a meter past its calibration are used only after the conservative correction.",
        ),
        fix=Text(
            "已检定的请补充证书日期；未检定的请尽快检定，并对超期天数的数据做保守修正。",
            "Add the certificate if it was calibrated; otherwise have it calibrated and correct the days not covered.",
        ),
    ),
    Rule(
        code="XRC-03",
        title=Text("表码差不符", "Readings do not give the quantity"),
        severity="blocks",
        kind="calculation",
        basis=(f"{CHECKS} V21（表码差×倍率）",),
        needs=("meter_total",),
        sectors=ALL,
        body=reading_difference,
        message=Text(
            "{item}：填报 {value}，按期末与期初表码之差乘以倍率应为 {expected}。",
            "{item}: {value} is filed; closing less opening reading times the multiplier gives {expected}.",
        ),
        why=Text(
            "月度电量、煤量和热量必须能由表码复算（Σ 为同一参数各表之和）。",
            "Electricity, coal and heat of a month must follow from the readings (Σ: all meters of the quantity together).",
        ),
        fix=Text(
            "请核对抄表记录和倍率；本月换表的，请在机组事件中登记。",
            "Check readings and multiplier; if the meter was replaced in the month, enter the event.",
        ),
    ),
    Rule(
        code="XRC-04",
        title=Text("表码不连续", "Readings not continuous"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} V21（抄表记录）",),
        needs=("meter_total", "history"),
        sectors=ALL,
        body=discontinuity,
        message=Text(
            "计量器具 {item} 的表码为 {value}，与前一次读数 {expected} 不连续，也没有换表记录。",
            "Meter {item} reads {value}; the reading before it was {expected}, and no replacement is recorded.",
        ),
        why=Text(
            "两次读数之间的差额没有计入任何月份，电量或煤量可能漏报或重报。",
            "What lies between two readings is counted in no month, or twice.",
        ),
        fix=Text(
            "请核对上月期末和本月期初抄表记录；换表的请登记“计量器具更换”事件。",
            "Check closing and opening readings; if the meter was replaced, enter the event “meter replacement”.",
        ),
    ),
    Rule(
        code="XRC-19",
        title=Text("未做保守修正", "Conservative correction missing"),
        severity="blocks",
        kind="calculation",
        basis=(CORRECTION, f"{CHECKS} V29"),
        needs=("meter_total",),
        body=uncorrected,
        message=Text(
            "{subject}{parameter}填报 {value} {unit}，表计用量 {reading} {unit} 须做保守修正，应为 {expected} {unit}。",
            "{parameter} of {subject}: {value} {unit} filed; the metered {reading} {unit} needs the conservative correction to "
            "{expected} {unit}.",
        ),
        why=Text(
            "计量器具未按期检定或准确度超差时，燃料按 R×(1+误差)、发电和供热按 R×(1−误差) 取值；检定逾期的按天分段。",
            "With a meter not calibrated in time or beyond its accuracy, fuel counts as R×(1+error), power and heat as R×(1−error); "
            "a late calibration is split by days.",
        ),
        fix=Text(
            "请按 {expected} {unit} 填报，并附检定证书和修正计算；已按期检定的，请更正检定日期。",
            "File {expected} {unit} with certificate and calculation; if it was calibrated in time, correct the dates.",
        ),
    ),
)
