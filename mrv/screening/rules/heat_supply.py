"""Heat supplied: from the state of each delivery, against the boiler, the fuel and its own parts."""

import pandas as pd

from emission_factors import constant
from mrv.accounting.heat import heat_constants, heat_of_deliveries
from mrv.screening.case import Case, numbers
from mrv.screening.rows import CHECKS, filed_instead, fixed, flag, graded, offending, plain, relative
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit

ROUTES = ["heat_boiler_direct", "heat_turbine_direct", "heat_turbine_indirect"]
_UNIT_MONTH = ["plant_id", "unit_id", "month"]


def _deliveries(case: Case) -> pd.DataFrame:
    """Judged deliveries with `computed` and `filed` heat [GJ], `position`, and `supplied`: the heat filed for the unit."""
    rows = case.table("heat_flow").rename_axis("position").reset_index()
    rows = rows.merge(case.focus[["plant_id", "month"]].drop_duplicates(), on=["plant_id", "month"])
    heat = heat_of_deliveries(rows, **heat_constants())
    rows = rows[["position", *_UNIT_MONTH, "delivery"]].assign(
        computed=numbers(heat["heat"]).to_numpy(), filed=numbers(heat["filed"]).to_numpy()
    )
    units = case.units.loc[case.units["sector"] == "power", [*_UNIT_MONTH, "heat_supplied"]]
    rows = rows.merge(units.rename(columns={"heat_supplied": "supplied"}), on=_UNIT_MONTH, how="left")
    rows["off"] = relative(rows["filed"], rows["computed"]).abs()
    return rows


def heat_by_enthalpy(case: Case) -> pd.DataFrame:
    rows = _deliveries(case)
    must, blocks = limit("PHY-16", "must_answer") + 1e-9, limit("PHY-16", "blocks") + 1e-9
    bad = rows[rows["off"] > must]
    right = bad["supplied"] - bad["filed"] + bad["computed"]
    of_delivery = offending(
        bad,
        parameter="heat",
        item=bad["delivery"],
        value=fixed(bad["filed"], 2),
        expected=fixed(bad["computed"], 2) + " GJ",
        difference=fixed(bad["off"], 2),
        severity=graded(bad["off"] > blocks),
        table="heat_flow",
        position=bad["position"],
        column="heat",
        counterfactual=filed_instead(bad.index, heat_supplied=fixed(right, 2)),
    )
    # The sum speaks where every delivery could be computed and none is told already.
    rows["sound"] = rows["computed"].notna() & ~(rows["off"] > must)
    sums = rows.groupby(_UNIT_MONTH, as_index=False).agg(
        computed=("computed", "sum"), supplied=("supplied", "first"), sound=("sound", "all")
    )
    off = relative(sums["supplied"], sums["computed"]).abs()
    whole = sums[sums["sound"] & (off > must)]
    computed = fixed(whole["computed"], 2)
    of_unit = offending(
        whole,
        parameter="heat_supplied",
        expected=computed + " GJ",
        difference=fixed(off[whole.index], 2),
        severity=graded(off[whole.index] > blocks),
        counterfactual=filed_instead(whole.index, heat_supplied=computed),
    )
    return pd.concat([of_delivery, of_unit], ignore_index=True)


@unless_slipped
def heat_coal_rate(case: Case) -> pd.DataFrame:
    rows = case.groups
    coal = rows["unit_class"].isin(["conventional_coal", "unconventional_coal"])
    low, high = limit("PHY-17", "low"), limit("PHY-17", "high")
    # A share filed with two decimals is too coarse to divide by while it is small.
    share = rows["heat_supply_ratio"].where(rows["heat_supply_ratio"] >= limit("PHY-17", "minimum_share")) / 100.0
    standard_coal = rows["total_heat"] / float(constant("gj_per_tce").value) * 1000.0
    rate = standard_coal * share / rows["heat_supplied"].where(rows["heat_supplied"] > 0)
    bad = rows[coal & ((rate < low) | (rate > high))]
    return offending(
        bad,
        parameter="heat_supplied",
        rate=fixed(rate[bad.index], 2),
        expected=f"{plain(low)}–{plain(high)} kgce/GJ",
    )


@unless_slipped
def heat_share(case: Case) -> pd.DataFrame:
    rows = case.groups
    computed = rows["heat_supplied"] / rows["boiler_heat"].where(rows["boiler_heat"] > rows["heat_supplied"]) * 100.0
    computed = computed.where(rows["heat_supplied"] > 0, 0.0)
    bad = rows[(rows["heat_supply_ratio"] - computed).abs() > limit("PHY-18", "must_answer") + 1e-9]
    right = fixed(computed[bad.index], 2)
    return offending(
        bad,
        parameter="heat_supply_ratio",
        expected=right + " %",
        counterfactual=filed_instead(bad.index, heat_supply_ratio=right),
    )


@unless_slipped
def below_boiler_heat(case: Case) -> pd.DataFrame:
    rows = case.groups
    bad = rows[(rows["heat_supplied"] > 0) & (rows["heat_supplied"] >= rows["boiler_heat"])]
    return offending(
        bad,
        parameter="heat_supplied",
        value=fixed(bad["heat_supplied"], 2),
        expected="< " + fixed(bad["boiler_heat"], 2) + " GJ",
    )


@unless_slipped
def routes_add_up(case: Case) -> pd.DataFrame:
    rows = case.units[case.units["sector"] == "power"]
    total = rows[ROUTES].sum(axis=1, min_count=1)
    bad = rows[(rows["heat_supplied"] - total).abs() > limit("XRC-22", "difference") + 1e-6]
    right = fixed(total[bad.index], 2)
    return offending(
        bad,
        parameter="heat_supplied",
        expected=right + " GJ",
        counterfactual=filed_instead(bad.index, heat_supplied=right),
    )


RULES = (
    Rule(
        code="PHY-16",
        title=Text("供热量与焓值复算不符", "Heat does not follow from mass and enthalpy"),
        severity="must_answer",
        kind="calculation",
        basis=(f"{CHECKS} V22", f"{CHECKS} 表15", "IAPWS-IF97"),
        needs=("heat_flow",),
        message=Text(
            "{period} 机组{unit_id}的供热量填报 {value} {unit}，按流量、温度、压力复算为 {expected}，相差 "
            "{difference}%。",
            "{period}: heat of unit {unit_id} is filed as {value} {unit}; mass, temperature and pressure give "
            "{expected}, "
            "{difference} % apart.",
        ),
        why=Text(
            "供热量直接增加供热配额，须按蒸汽或热水的焓值扣除20℃水焓83.74 kJ/kg或回水、补水热量计算。",
            "Heat earns allowances. It is computed from enthalpy less that of water at 20 °C (83.74 kJ/kg), or less "
            "return and "
            "make-up.",
        ),
        fix=Text(
            "核对温度、压力（绝压MPa）、流量与回水补水数据，重算供热量计算表；热量表已扣回水的不得重复扣减。",
            "Check temperature, absolute pressure (MPa), mass, return and make-up, and recompute; do not subtract the "
            "return "
            "twice where the heat meter already did.",
        ),
        body=heat_by_enthalpy,
    ),
    Rule(
        code="PHY-17",
        title=Text("供热煤耗异常", "Unusual coal rate of heat"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} 附件1 表C.6",),
        needs=("parameter.heat_supply_ratio", "parameter.heat_supplied", "register"),
        message=Text(
            "{period} 机组{unit_id}的供热煤耗为 {rate} kgce/GJ，一般为 {expected}。",
            "{period}: unit {unit_id} used {rate} kgce per GJ of heat, usually {expected}.",
        ),
        why=flag(
            "每GJ热量至少需要34.12 kgce，再计锅炉与管道损失；偏低提示供热量多报或煤量少报，偏高提示供热比有误。",
            "A GJ takes at least 34.12 kgce, plus losses: too low hints at too much heat or too little coal, too high "
            "at a wrong "
            "heat share.",
        ),
        fix=Text(
            "核对供热量、供热比与燃料热量是否为同一口径和月份。",
            "Check that heat, heat share and fuel heat have one scope and one month.",
        ),
        body=heat_coal_rate,
        waivable=True,
    ),
    Rule(
        code="PHY-18",
        title=Text("供热比与热量不符", "Heat share does not follow from the heats"),
        severity="must_answer",
        kind="calculation",
        basis=(f"{CHECKS} 附件1 表C.6",),
        needs=("parameter.heat_supply_ratio",),
        message=Text(
            "{period} 机组{unit_id}的供热比填报 {value}%，由供热量与锅炉产热量计算为 {expected}。",
            "{period}: the heat share of unit {unit_id} is filed as {value} %; heat supplied over boiler heat is "
            "{expected}.",
        ),
        why=Text(
            "供热比决定煤耗和排放强度在电、热之间的分摊，并影响2022年及以前的配额修正。",
            "The share divides coal and emission between electricity and heat, and corrects the allowances up to 2022.",
        ),
        fix=Text(
            "按 供热比=供热量÷锅炉产热量 重算，以百分数填报；无供热的月份填0。",
            "Recompute heat share = heat supplied / boiler heat, in per cent; 0 in months without heat.",
        ),
        body=heat_share,
    ),
    Rule(
        code="V22",
        title=Text("供热量不小于锅炉产热量", "Heat supplied not below boiler heat"),
        severity="blocks",
        kind="consistency",
        basis=(f"{CHECKS} V22",),
        needs=("parameter.heat_supplied", "parameter.boiler_heat"),
        message=Text(
            "{period} 机组{unit_id}供热量 {value} {unit}，应 {expected}（锅炉产热量）。",
            "{period}: unit {unit_id} supplied {value} {unit} of heat; it must be {expected}, the heat of its boiler.",
        ),
        why=Text(
            "供出的热量来自锅炉，不可能达到或超过锅炉产热量。",
            "The heat supplied comes from the boiler and cannot reach what the boiler made.",
        ),
        fix=Text(
            "核对供热量和锅炉产热量的单位（GJ）、月份和机组；烟气余热等不计入供热量。",
            "Check unit (GJ), month and machine of both; flue-gas waste heat is no heat supplied.",
        ),
        body=below_boiler_heat,
    ),
    Rule(
        code="XRC-22",
        title=Text("供热量不等于各途径之和", "Heat supplied is not the sum of its routes"),
        severity="blocks",
        kind="calculation",
        basis=(f"{CHECKS} 表15",),
        needs=("parameter.heat_supplied",),
        message=Text(
            "{period} 机组{unit_id}供热量填报 {value} {unit}，锅炉直接、汽轮机直接与间接供热之和为 {expected}。",
            "{period}: unit {unit_id} filed {value} {unit} of heat; boiler direct, turbine direct and indirect add up "
            "to "
            "{expected}.",
        ),
        why=Text(
            "供热量按三种途径之和核算，合计不符会多算或少算供热配额。",
            "Heat supplied is the sum of the three routes; another total moves the allowances for heat.",
        ),
        fix=Text(
            "核对是否漏填或重复填报某一途径，改正合计或分项。",
            "See whether a route was forgotten or counted twice; correct the total or the part.",
        ),
        body=routes_add_up,
    ),
)
