"""The same quantity from a second source: settlements, statistics, feeders, delivered coal."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rows import CHECKS, filed_instead, fixed, graded, offending, relative
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit


def _rows(case: Case, level: str) -> pd.DataFrame:
    frame = case.streams if level == "stream" else case.units
    return frame[frame["sector"] == "power"]


def _apart(rows: pd.DataFrame, parameter: str, other: str, places: int, must: float) -> pd.DataFrame:
    """Rows in which two sources differ by more than `must` [% of the second]: `parameter`, `expected`, `difference`, `off`."""
    off = relative(rows[parameter], rows[other])
    bad = rows[off.abs() > must + 1e-9]
    off = off[bad.index]
    return offending(
        bad, parameter=parameter, expected=fixed(bad[other], places), difference=fixed(off, 2), off=off.abs()
    )


@unless_slipped
def grid_bill(case: Case) -> pd.DataFrame:
    must, blocks = limit("XRC-05", "must_answer"), limit("XRC-05", "blocks")
    rows = _rows(case, "unit")
    found = _apart(rows, "grid_electricity_exported", "grid_electricity_settled", 3, must)
    found["severity"] = graded(found["off"] > blocks + 1e-9)
    return found.drop(columns="off")


@unless_slipped
def heat_bill(case: Case) -> pd.DataFrame:
    must, blocks = limit("XRC-07", "must_answer"), limit("XRC-07", "blocks")
    found = _apart(_rows(case, "unit"), "heat_supplied", "heat_settled", 2, must)
    found["severity"] = graded(found["off"] > blocks + 1e-9)
    found["counterfactual"] = filed_instead(found.index, heat_supplied=found["expected"])
    return found.drop(columns="off")


@unless_slipped
def delivered_heat_value(case: Case) -> pd.DataFrame:
    rows = _rows(case, "stream")
    difference = rows["net_calorific_value"] - rows["net_calorific_value_delivered"]
    bad = rows[rows["coal"] & (difference.abs() > limit("XRC-08", "must_answer") + 1e-9)]
    difference = difference[bad.index]
    return offending(
        bad,
        parameter="net_calorific_value",
        expected=fixed(bad["net_calorific_value_delivered"], 3),
        difference=fixed(difference, 3),
        severity=graded(difference.abs() > limit("XRC-08", "blocks") + 1e-9),
    )


@unless_slipped
def feeders(case: Case) -> pd.DataFrame:
    found = _apart(_rows(case, "stream"), "fuel_consumption", "fuel_feeder", 2, limit("XRC-11", "difference"))
    return found.drop(columns="off")


@unless_slipped
def statistics(case: Case) -> pd.DataFrame:
    line = limit("XRC-13", "difference")
    streams, units = _rows(case, "stream"), _rows(case, "unit")
    parts = [
        _apart(streams, "fuel_consumption", "fuel_statistics", 2, line).assign(form="205-1"),
        _apart(units, "heat_supplied", "heat_statistics", 2, line).assign(form="205-2"),
        _apart(units, "power_generation", "generation_statistics", 3, line).assign(form="205-1"),
    ]
    return pd.concat(parts, ignore_index=True).drop(columns="off")


RULES = (
    Rule(
        code="XRC-05",
        title=Text("上网电量与结算单不符", "Exported electricity differs from the grid settlement"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V21",),
        needs=("parameter.grid_electricity_exported", "parameter.grid_electricity_settled"),
        message=Text(
            "{period} 机组{unit_id}上网电量填报 {value} {unit}，电网结算为 {expected} {unit}，相差 {difference}%。",
            "{period}: unit {unit_id} filed {value} {unit} exported; the grid settled {expected} {unit}, {difference} "
            "% apart.",
        ),
        why=Text(
            "关口表为0.2S/0.5S级，差异超过0.5%即超出计量误差，发电量与配额可能随之有误。",
            "Grid meters are of class 0.2S or 0.5S: beyond 0.5 % it is no metering error, and generation and "
            "allowances may be wrong.",
        ),
        fix=Text(
            "核对结算单月份、关口表倍率和主变损耗，改正上网电量或说明抄表时间差异。",
            "Check month of the bill, multiplier of the gate meter and transformer loss; correct or explain the "
            "reading dates.",
        ),
        body=grid_bill,
    ),
    Rule(
        code="XRC-07",
        title=Text("供热量与结算凭证不符", "Heat supplied differs from the settlement"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V22", f"{CHECKS} 表15"),
        needs=("parameter.heat_supplied", "parameter.heat_settled"),
        message=Text(
            "{period} 机组{unit_id}供热量填报 {value} {unit}，结算凭证为 {expected} {unit}，相差 {difference}%。",
            "{period}: unit {unit_id} filed {value} {unit} of heat; the settlement says {expected} {unit}, "
            "{difference} % apart.",
        ),
        why=Text(
            "供热量增加配额；与结算的差异须能由管网损失解释，用户侧数据不得用管损反推放大。",
            "Heat earns allowances; the difference must be explained by losses of the network, and user-side data may "
            "not be "
            "grossed up by them.",
        ),
        fix=Text(
            "核对计量点位置（热源侧优先）、结算月份与扣除回水的方式，附热网损失说明。",
            "Check the metering point (source side first), month of settlement and treatment of return; explain "
            "network losses.",
        ),
        body=heat_bill,
    ),
    Rule(
        code="XRC-08",
        title=Text("入厂与入炉煤热值差过大", "Delivered and fired heat values differ"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V16",),
        needs=("parameter.net_calorific_value", "parameter.net_calorific_value_delivered"),
        message=Text(
            "{period} {subject}：入炉低位发热量 {value} {unit}，入厂为 {expected} {unit}，热值差 {difference} {unit}。",
            "{period} {subject}: {value} {unit} as fired, {expected} {unit} as delivered, {difference} {unit} apart.",
        ),
        why=Text(
            "行业热值差一般在0.50 MJ/kg以内，过大说明采样、储存损失或化验有问题。",
            "The trade keeps the difference within 0.50 MJ/kg; more points to sampling, losses in the yard or testing.",
        ),
        fix=Text(
            "核对入厂与入炉采制化记录、库存煤结构和全水，附热值差分析报告。",
            "Check sampling and testing of both, the coal in stock and total moisture; attach the heat-value "
            "difference report.",
        ),
        body=delivered_heat_value,
    ),
    Rule(
        code="XRC-11",
        title=Text("给煤机累计与皮带秤不符", "Feeders differ from the belt scale"),
        severity="note",
        kind="consistency",
        basis=(f"{CHECKS} V10",),
        needs=("parameter.fuel_consumption", "parameter.fuel_feeder"),
        message=Text(
            "{period} {subject}：消耗量 {value} {unit}，给煤机累计 {expected} {unit}，相差 {difference}%。",
            "{period} {subject}: {value} {unit} filed, {expected} {unit} through the feeders, {difference} % apart.",
        ),
        why=Text(
            "两套计量应当接近，长期同向偏差提示皮带秤漂移。",
            "The two should agree; a lasting gap to one side hints at a drifting belt scale.",
        ),
        fix=Text(
            "核对皮带秤与给煤机的校验记录，必要时做实物校验。",
            "Check the calibration of both; test with real coal if needed.",
        ),
        body=feeders,
    ),
    Rule(
        code="XRC-13",
        title=Text("填报值与统计报表不符", "Filed value differs from the statistics"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V10", f"{CHECKS} V20", f"{CHECKS} V21", f"{CHECKS} V22"),
        message=Text(
            "{period} {subject} {parameter}填报 {value} {unit}，统计报表（{form}表或生产报表）为 {expected} {unit}，"
            "相差 {difference}%。",
            "{period} {subject}: {parameter} is filed as {value} {unit}; statistics (form {form} or production) say "
            "{expected} {unit}, "
            "{difference} % apart.",
        ),
        why=Text(
            "报送统计部门的数据应与核算数据一致，差异须有口径上的理由。",
            "What goes to the statistical office should equal the accounts, unless the scope differs for a reason.",
        ),
        fix=Text(
            "核对统计口径（全厂/机组、是否含供热锅炉）和月份，改正或附差异说明。",
            "Check scope (plant or unit, heating boilers) and month; correct or attach the reason.",
        ),
        body=statistics,
    ),
)
