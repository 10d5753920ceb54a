"""Fuel by another road: stock, weighbridge, boiler."""

import numpy as np
import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rows import CHECKS, filed_instead, fixed, graded, offending, relative
from mrv.screening.rule import Rule, Text
from mrv.screening.rules.energy import boiler_efficiency
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit

_STREAM = ["plant_id", "sector", "unit_id", "stream_id"]


def _power(case: Case) -> pd.DataFrame:
    return case.streams[case.streams["sector"] == "power"]


@unless_slipped
def stock_balance(case: Case) -> pd.DataFrame:
    rows = _power(case)
    bought, sold = rows["quantity_purchased"], rows["quantity_sold"].fillna(0.0)
    balance = rows["stock_opening"] + bought - sold - rows["stock_closing"]
    consumption = rows["fuel_consumption"]
    difference = (consumption - balance).abs()
    parts = (
        (consumption, "belt_scale_uncertainty"),
        (bought, "weighbridge_uncertainty"),
        (rows["stock_opening"], "stock_survey_uncertainty"),
        (rows["stock_closing"], "stock_survey_uncertainty"),
    )
    variance = sum(
        ((amount * limit("XRC-01", name) / 100.0) ** 2 for amount, name in parts), pd.Series(0.0, rows.index)
    )
    unsure = limit("XRC-01", "uncertainty_multiple") * np.sqrt(variance)
    allowed = np.maximum(consumption * limit("XRC-01", "must_answer") / 100.0, unsure)
    bad = rows[rows["coal"] & (difference > allowed + 1e-6)]
    large = difference[bad.index] > consumption[bad.index] * limit("XRC-01", "blocks") / 100.0 + 1e-6
    right = fixed(balance[bad.index].where(balance[bad.index] >= 0), 2)
    return offending(
        bad,
        parameter="fuel_consumption",
        balance=fixed(balance[bad.index], 2),
        expected=fixed(balance[bad.index], 2) + " ± " + fixed(allowed[bad.index], 2) + " t",
        difference=fixed(relative(consumption, balance)[bad.index], 2),
        severity=graded(large),
        counterfactual=filed_instead(bad.index, fuel_consumption=right),
    )


def stock_continues(case: Case) -> pd.DataFrame:
    rows = _power(case)[[*_STREAM, "month", "stock_opening", "stock_closing"]]
    before = rows[[*_STREAM, "month"]].assign(closing=rows["stock_closing"]).dropna(subset=["closing"])
    following = pd.to_datetime(before["month"], format="%Y-%m") + pd.DateOffset(months=1)
    before["month"] = following.dt.strftime("%Y-%m")
    both = rows.merge(before, on=[*_STREAM, "month"])
    gap = both["stock_opening"] - both["closing"]
    bad = both[gap.abs() > limit("XRC-21", "difference") + 1e-6]
    return offending(
        bad,
        parameter="stock_opening",
        expected=fixed(bad["closing"], 2),
        difference=fixed(gap[bad.index], 2),
    )


def invoice_and_weighbridge(case: Case) -> pd.DataFrame:
    rows = _power(case)
    off = relative(rows["quantity_invoiced"], rows["quantity_weighed"])
    bad = rows[off.abs() > limit("XRC-02", "difference") + 1e-9]
    return offending(
        bad,
        parameter="quantity_invoiced",
        expected=fixed(bad["quantity_weighed"], 2),
        difference=fixed(off[bad.index], 2),
    )


@unless_slipped
def reverse_balance(case: Case) -> pd.DataFrame:
    """Fuel heat worked back from the boiler; told at the coal where the unit burns one coal only."""
    groups = case.groups
    share = groups["biomass_heat_share"].fillna(0.0) / 100.0
    needed = groups["boiler_heat"] / (groups["boiler_efficiency"].where(groups["boiler_efficiency"] > 0) / 100.0)
    needed = needed * (1.0 - share)
    off = relative(groups["fossil_heat"], needed)
    bad = groups.assign(needed=needed, off=off)[off.abs() > limit("XRC-13", "reverse_balance") + 1e-9]
    key = ["plant_id", "sector", "unit_id", "month"]
    told = pd.MultiIndex.from_frame(boiler_efficiency(case)[key])  # boiler and fuel already disagree beyond any boiler
    bad = bad[~pd.MultiIndex.from_frame(bad[key]).isin(told)]
    streams = _power(case)
    streams = streams[streams["coal"] & (streams["fuel_consumption"] > 0)]
    streams = streams[~streams.duplicated(key, keep=False)]
    only = streams[[*key, "stream_id", "fuel_consumption", "net_calorific_value"]]
    bad = bad.merge(only, on=key, how="left")
    bad["stream_id"] = bad["stream_id"].fillna("")
    one = bad["stream_id"] != ""
    consumption = bad["fuel_consumption"] + (bad["needed"] - bad["fossil_heat"]) / bad["net_calorific_value"]
    right = fixed(consumption.where(consumption >= 0), 2)
    return offending(
        bad,
        parameter=np.where(one, "fuel_consumption", "boiler_heat"),
        heat=fixed(bad["fossil_heat"], 0),
        expected=fixed(bad["needed"], 0) + " GJ",
        difference=fixed(bad["off"], 2),
        counterfactual=filed_instead(bad.index, fuel_consumption=right.where(one, "")),
    )


RULES = (
    Rule(
        code="V10",
        title=Text("反平衡煤量与填报不符", "Fuel worked back from the boiler differs"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V10",),
        needs=("parameter.boiler_heat", "parameter.boiler_efficiency"),
        message=Text(
            "{period} 机组{unit_id}：填报燃料热量 {heat} GJ，由锅炉产热量与锅炉效率反算为 {expected}，相差 "
            "{difference}%。",
            "{period}: the fuels of unit {unit_id} hold {heat} GJ; boiler heat over boiler efficiency gives "
            "{expected}, "
            "{difference} % apart.",
        ),
        why=Text(
            "反平衡是与皮带秤无关的另一条路径，是核查指南规定的煤量核对方法。",
            "The reverse balance does not depend on the belt scale; the verification guide names it as a check of the "
            "coal.",
        ),
        fix=Text(
            "核对主蒸汽流量与参数、锅炉效率报告（CMA/CNAS）、煤量和低位发热量，改正有误的一项或说明。",
            "Check steam flow and state, the efficiency test (CMA/CNAS), coal and heat value; correct the wrong one "
            "or explain.",
        ),
        body=reverse_balance,
    ),
    Rule(
        code="XRC-01",
        title=Text("入炉煤量与盘存不符", "Coal fired does not fit the stock balance"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V10", f"{CHECKS} 表7"),
        needs=("parameter.fuel_consumption", "parameter.stock_opening", "parameter.stock_closing"),
        message=Text(
            "{period} {subject}：消耗量填报 {value} {unit}，期初+购入-外销-期末为 {balance} t（允许 {expected}），相差 "
            "{difference}%。",
            "{period} {subject}: {value} {unit} filed; opening + purchased - sold - closing is {balance} t (allowed: "
            "{expected}), "
            "{difference} % apart.",
        ),
        why=Text(
            "购销存台账与皮带秤相互独立，差异超出计量不确定度说明至少一方少计或多计，排放量随煤量同比变化。",
            "Ledger and belt scale are independent; beyond their uncertainty one of them is wrong, and the emission "
            "moves with "
            "the coal.",
        ),
        fix=Text(
            "核对皮带秤校验记录、盘煤报告、购入与外销磅单；有其他用途耗煤的请在台账列明，不得人为调平。",
            "Check belt scale tests, stock survey and weighbridge slips; list coal for other uses in the ledger; do "
            "not smooth "
            "the figures.",
        ),
        body=stock_balance,
    ),
    Rule(
        code="XRC-02",
        title=Text("购入量结算与过磅不符", "Invoiced quantity differs from the weighbridge"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V10", f"{CHECKS} 表7"),
        needs=("parameter.quantity_invoiced", "parameter.quantity_weighed"),
        message=Text(
            "{period} {subject}：结算购入量 {value} {unit}，过磅为 {expected} {unit}，相差 {difference}%。",
            "{period} {subject}: {value} {unit} invoiced, {expected} {unit} weighed, {difference} % apart.",
        ),
        why=Text(
            "购入量进入盘存平衡，结算与过磅不一致会掩盖煤量差异。",
            "Purchases enter the stock balance; two different figures can hide a gap in the coal.",
        ),
        fix=Text(
            "逐车核对磅单与结算单，说明途耗、扣水和跨月结算。",
            "Compare slips and settlements load by load; explain losses, moisture deductions and settlements of other "
            "months.",
        ),
        body=invoice_and_weighbridge,
    ),
    Rule(
        code="XRC-21",
        title=Text("期初库存与上月期末不连续", "Opening stock is not last month's closing stock"),
        severity="must_answer",
        kind="consistency",
        basis=(f"{CHECKS} V10",),
        needs=("parameter.stock_opening", "history"),
        message=Text(
            "{period} {subject}：期初库存 {value} {unit}，上月期末库存为 {expected} {unit}，相差 {difference} {unit}。",
            "{period} {subject}: opening stock {value} {unit}, last month closed with {expected} {unit}, {difference} "
            "{unit} apart.",
        ),
        why=Text(
            "库存不连续时，盘存平衡可以凑平，却掩盖了没有记录的煤。",
            "A stock that jumps between months lets a balance close over coal that was never recorded.",
        ),
        fix=Text(
            "核对两个月的盘煤报告，改正期初或期末库存；盘盈盘亏调整请附说明。",
            "Check the stock surveys of both months and correct one; attach the record of any stock adjustment.",
        ),
        body=stock_continues,
    ),
)
