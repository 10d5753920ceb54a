"""Fuel heat against the electricity and heat that came out of it."""

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.screening.case import Case
from mrv.screening.rows import CHECKS, filed_instead, fixed, flag, graded, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit

COAL_CLASSES = ("conventional_coal", "unconventional_coal")


def with_efficiency(case: Case) -> pd.DataFrame:
    """`case.groups` with `efficiency` [%]: (3.6 W + Q) / fuel heat; the heat counts only where there is any."""
    rows = case.groups.copy()
    useful = float(constant("mj_per_kwh").value) * rows["power_generation"] + rows["heat_supplied"]
    rows["efficiency"] = useful / rows["total_heat"].where(rows["total_heat"] > 0) * 100.0
    rows["with_heat"] = rows["heat_supplied"] > 0
    return rows


@unless_slipped
def thermal_efficiency(case: Case) -> pd.DataFrame:
    rows = with_efficiency(case)
    names = ("condensing_must_answer", "condensing_blocks", "chp_blocks")
    must, blocks, whole = (limit("PHY-11", name) for name in names)
    condensing = ~rows["with_heat"] & rows["unit_class"].isin(COAL_CLASSES)
    bad = rows[(condensing & (rows["efficiency"] >= must)) | (rows["efficiency"] >= whole)]
    condensing = condensing[bad.index]
    return offending(
        bad,
        parameter="power_generation",
        efficiency=fixed(bad["efficiency"], 2),
        expected=np.where(condensing, f"< {plain(must)} %", f"< {plain(whole)} %"),
        severity=graded(~condensing | (bad["efficiency"] > blocks)),
    )


@unless_slipped
def boiler_efficiency(case: Case) -> pd.DataFrame:
    rows = case.groups
    names = ("must_answer_low", "must_answer_high", "blocks_high")
    low, high, blocks = (limit("PHY-12", name) for name in names)
    efficiency = rows["boiler_heat"] / rows["total_heat"].where(rows["total_heat"] > 0) * 100.0
    coal = rows["unit_class"].isin(COAL_CLASSES)
    bad = rows[coal & ((efficiency < low) | (efficiency > high))]
    found = efficiency[bad.index]
    return offending(
        bad,
        parameter="boiler_heat",
        efficiency=fixed(found, 2),
        expected=f"{plain(low)}–{plain(high)} %",
        severity=graded(found > blocks),
    )


@unless_slipped
def auxiliary_share(case: Case) -> pd.DataFrame:
    rows = case.groups
    low, high = limit("PHY-13", "low"), limit("PHY-13", "high")
    used = rows["auxiliary_power"].fillna(rows["power_generation"] - rows["net_power"])
    share = used / rows["power_generation"].where(rows["power_generation"] > 0) * 100.0
    # A unit that stood most of the month uses power without making any: its share says nothing.
    full = rows["capacity"] * rows["hours_in_month"]
    running = rows["power_generation"] > full * limit("PHY-13", "utilisation") / 100.0
    coal = rows["unit_class"].isin(COAL_CLASSES)
    bad = rows[coal & running & ((share < low) | (share > high))]
    return offending(
        bad,
        parameter=np.where(bad["auxiliary_power"].notna(), "auxiliary_power", "power_supplied"),
        share=fixed(share[bad.index], 2),
        expected=f"{plain(low)}–{plain(high)} %",
    )


@unless_slipped
def net_identity(case: Case) -> pd.DataFrame:
    rows = case.units[case.units["sector"] == "power"]
    net = rows["power_generation"] - rows["auxiliary_power"]
    slack = rows["power_generation"] * limit("XRC-06", "difference") / 100.0
    bad = rows[(rows["power_supplied"] - net).abs() > slack + 1e-6]
    right = fixed(net[bad.index], 3)
    return offending(
        bad,
        parameter="power_supplied",
        expected=right + " MWh",
        counterfactual=filed_instead(bad.index, power_supplied=right),
    )


RULES = (
    Rule(
        code="PHY-11",
        title=Text("热效率过高", "Thermal efficiency too high"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} V23",),
        needs=("parameter.net_calorific_value", "parameter.power_generation"),
        message=Text(
            "{period} 机组{unit_id}的热效率为 {efficiency}%，应 {expected}。",
            "{period}: the thermal efficiency of unit {unit_id} comes to {efficiency} %; it must be {expected}.",
        ),
        why=flag(
            "输出的电和热不可能超过入炉燃料热量，纯凝机组更达不到这一效率；多为煤量或热值偏小，或电量、供热量偏大。",
            "Electricity and heat cannot exceed the heat of the fuel, and a condensing unit stays far below; mostly "
            "coal or heat "
            "value is too low, or electricity or heat too high.",
        ),
        fix=Text(
            "核对消耗量、低位发热量（单位GJ/t）、发电量与供热量；机组有供热的，请在供热量中填报。",
            "Check consumption, heat value (GJ/t), generation and heat supplied; where the unit supplies heat, file "
            "it.",
        ),
        body=thermal_efficiency,
        waivable=True,
    ),
    Rule(
        code="PHY-12",
        title=Text("锅炉热效率异常", "Unusual boiler efficiency"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} V10", "GB/T 10184"),
        needs=("register", "parameter.boiler_heat", "parameter.net_calorific_value"),
        message=Text(
            "{period} 机组{unit_id}锅炉产热量与燃料热量之比为 {efficiency}%，一般为 {expected}。",
            "{period}: boiler heat over fuel heat of unit {unit_id} is {efficiency} %, usually {expected}.",
        ),
        why=flag(
            "锅炉产热量与燃料热量互为核对，比值偏高提示煤量或热值少报，偏低提示产热量漏项。",
            "Boiler heat and fuel heat check each other: too high hints at missing coal or heat value, too low at "
            "missing heat.",
        ),
        fix=Text(
            "核对主蒸汽、再热蒸汽与给水的流量和参数，以及同期煤量和热值是否一致。",
            "Check flow and state of main steam, reheat steam and feedwater, and coal and heat value of the same "
            "period.",
        ),
        body=boiler_efficiency,
        waivable=True,
    ),
    Rule(
        code="PHY-13",
        title=Text("厂用电率异常", "Unusual share of auxiliary power"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} V21",),
        needs=("register", "parameter.power_generation"),
        message=Text(
            "{period} 机组{unit_id}的厂用电率为 {share}%，一般为 {expected}。",
            "{period}: auxiliary power of unit {unit_id} is {share} % of generation, usually {expected}.",
        ),
        why=flag(
            "厂用电率偏离提示发电量、供电量或厂用电量有一项抄错，影响供电煤耗核对和2022年及以前的配额。",
            "It hints at a slip in generation, net supply or auxiliary power, which enter the coal rate and the "
            "allowances up to 2022.",
        ),
        fix=Text(
            "核对发电机出口表、厂用变表与上网关口表的读数和倍率。",
            "Check readings and multipliers of the generator, auxiliary transformer and grid meters.",
        ),
        body=auxiliary_share,
        waivable=True,
    ),
    Rule(
        code="XRC-06",
        title=Text("供电量恒等式不成立", "Net supply is not generation less auxiliary power"),
        severity="blocks",
        kind="calculation",
        basis=(f"{CHECKS} V21",),
        needs=("parameter.power_generation", "parameter.power_supplied", "parameter.auxiliary_power"),
        message=Text(
            "{period} 机组{unit_id}供电量填报 {value} {unit}，由发电量减厂用电量应为 {expected}。",
            "{period}: net supply of unit {unit_id} is filed as {value} {unit}; generation less auxiliary power is "
            "{expected}.",
        ),
        why=Text(
            "供电量按定义等于发电量减生产厂用电量，三者不符说明至少一项有误。",
            "Net supply is generation less auxiliary power by definition; if they disagree one of them is wrong.",
        ),
        fix=Text(
            "核对三个数的月份、机组和倍率；购入使用电量不得并入厂用电量。",
            "Check month, unit and multiplier of the three; purchased electricity is no part of auxiliary power.",
        ),
        body=net_identity,
    ),
)
