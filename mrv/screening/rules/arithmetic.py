"""Numbers that do not follow from each other: recalculation, sums and weighted means of days, factors of another year."""

import numpy as np
import pandas as pd

from emission_factors import factors
from mrv.accounting.decimals import to_decimal
from mrv.accounting.register import reporting_units
from mrv.screening.case import STREAM_KEY, Case
from mrv.screening.daily import missing_days
from mrv.screening.rows import CHECKS, GUIDE, filed_instead, fixed, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit
from schemas.choices import SECTORS
from schemas.vocabulary import PARAMETERS, fuel_of, unit_of

KEY = [name for name in STREAM_KEY if name != "sector"]
BEYOND_WEIGHTING = (
    2.0  # no weighting of days doubles or halves a mean: that is a slip of the unit, told by SCH-03 and SCH-04
)
EPSILON = 1e-6  # binary floats of two-decimal numbers; never decides about a digit that was filed
CARBON_PER_CO2 = 44.0 / 12.0


def _half_digit(rule: str, parameter: str) -> float:
    return limit(rule, "last_digit") * 10.0 ** -PARAMETERS[parameter].decimals + EPSILON


def recalculated(case: Case) -> pd.DataFrame:
    lines = case.accounts.lines
    lines = lines[lines["stream_id"].fillna("") != ""]
    if lines.empty:
        return lines[STREAM_KEY]
    known = lines[STREAM_KEY].assign(
        tco2=pd.to_numeric(lines["tco2"]),
        product=_from_rounded_carbon(lines),
        total=lines["level"].eq("total"),
        uncounted=lines["tco2"].isna(),
        provisional=lines["provisional"].fillna(False).astype(bool),
    )
    # What adds up to the enterprise, where the stream has it; at a process the net of what went in and came out.
    adds_up = known.groupby(STREAM_KEY)["total"].transform("any")
    known = known[known["total"] | ~adds_up]
    known = known.groupby(STREAM_KEY, as_index=False).agg(
        {"tco2": "sum", "product": "sum", "uncounted": "max", "provisional": "max"}
    )
    filed = case.streams[[*STREAM_KEY, "reported_emission"]].dropna(subset="reported_emission")
    both = filed.merge(known[~known["uncounted"]], on=STREAM_KEY)
    half = _half_digit("SCH-06", "reported_emission")
    # Carbon as received is filed with its decimals: who multiplies the filed value, and who the unrounded one, are both right.
    # A deduction is filed as what is deducted: the cell holds nothing below zero.
    deducted = both["tco2"] < 0
    reported = both["reported_emission"].where(~deducted, -both["reported_emission"].abs())
    differs = [(reported - both[name]).abs() > half for name in ("tco2", "product")]
    bad = both[differs[0] & differs[1] & ~both["provisional"]]
    return offending(
        bad,
        parameter="reported_emission",
        expected=fixed(bad["tco2"], 2) + " tCO₂",
        difference=fixed(reported[bad.index] - bad["tco2"], 2),
    )


def _from_rounded_carbon(lines: pd.DataFrame) -> np.ndarray:
    """Emission of lines with a carbon content from that content as it is filed [tCO2]; other lines as computed."""
    number = {name: pd.to_numeric(lines[name]) for name in ("activity", "carbon_content_ar", "oxidation_rate", "tco2")}
    gas = lines["stream_id"].map(lambda stream: unit_of("fuel_consumption", stream) != "t")
    carbon = PARAMETERS["carbon_content_ar"]
    scale = np.where(gas, 10.0**carbon.gas_decimals, 10.0**carbon.decimals)
    rounded = np.floor(number["carbon_content_ar"] * scale + 0.5 + EPSILON) / scale
    product = number["activity"] * rounded * number["oxidation_rate"] / 100.0 * CARBON_PER_CO2
    return np.where(lines["source"].eq("combustion") & product.notna(), product, number["tco2"])


def daily_sum(case: Case) -> pd.DataFrame:
    days = case.days
    total = days.groupby(KEY, as_index=False)["fuel_consumption"].sum().rename(columns={"fuel_consumption": "total"})
    filed = case.streams[case.streams["coal"]][[*STREAM_KEY, "fuel_consumption"]].dropna()
    both = filed.merge(total, on=KEY)
    bad = both[(both["total"] - both["fuel_consumption"]).abs() > _half_digit("SCH-08", "fuel_consumption")]
    if bad.empty:
        return bad
    gaps = pd.MultiIndex.from_frame(missing_days(case)[["plant_id", "unit_id", "month"]])
    bad = bad[~pd.MultiIndex.from_frame(bad[["plant_id", "unit_id", "month"]]).isin(gaps)]
    right = fixed(bad["total"], 2)
    return offending(
        bad,
        parameter="fuel_consumption",
        expected=right + " t",
        difference=fixed(bad["fuel_consumption"] - bad["total"], 2),
        counterfactual=filed_instead(bad.index, fuel_consumption=right),
    )


def weighting(case: Case) -> pd.DataFrame:
    streams = case.streams[case.streams["coal"]]
    # A month of delivered coal is weighted by batches, which the daily table does not hold.
    states = case.table("parameter")
    delivered = pd.MultiIndex.from_frame(states.loc[states["state"] == "delivered", KEY])
    streams = streams[~pd.MultiIndex.from_frame(streams[KEY]).isin(delivered)]
    parts = []
    for name, tolerance in (("net_calorific_value", "tolerance"), ("moisture_ar", "moisture_tolerance")):
        means = _daily_means(case.days, name)
        both = streams[[*STREAM_KEY, name]].dropna().merge(means, on=KEY)
        near = both[name].between(both["weighted"] / BEYOND_WEIGHTING, both["weighted"] * BEYOND_WEIGHTING)
        bad = both[((both[name] - both["weighted"]).abs() > limit("SCH-09", tolerance) + EPSILON) & near]
        places = PARAMETERS[name].decimals
        right = fixed(bad["weighted"], places)
        parts.append(
            offending(
                bad,
                parameter=name,
                expected=right,
                simple=fixed(bad["simple"], places),
                counterfactual=filed_instead(bad.index, **{name: right}),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _daily_means(days: pd.DataFrame, name: str) -> pd.DataFrame:
    """Weighted and simple mean per stream and month, where every day with coal has a value."""
    burning = days[days["fuel_consumption"] > 0]
    rows = burning[KEY].assign(
        mass=burning["fuel_consumption"],
        product=burning["fuel_consumption"] * burning[name],
        value=burning[name],
        absent=burning[name].isna(),
    )
    means = rows.groupby(KEY, as_index=False).agg(
        mass=("mass", "sum"), product=("product", "sum"), simple=("value", "mean"), absent=("absent", "any")
    )
    means = means[~means["absent"]]
    return means[KEY].assign(weighted=means["product"] / means["mass"], simple=means["simple"])


def other_factor(case: Case) -> pd.DataFrame:
    rows = case.table("parameter")
    stated = rows["parameter"].isin(["carbon_per_heat", "net_calorific_value"]) & (rows["method"] == "default")
    rows = rows[(rows["sector"] == "power") & (stated | (rows["parameter"] == "oxidation_rate"))]
    if rows.empty:
        return rows
    register = reporting_units(case.table("unit"), case.table("plant"))[
        ["plant_id", "unit_id", "unit_class", "boiler_type"]
    ]
    altitude = case.table("plant").drop_duplicates("plant_id")[["plant_id", "altitude"]]
    asked = rows.reset_index(names="position").merge(register, on=["plant_id", "unit_id"], how="left")
    asked = asked.merge(altitude, on="plant_id", how="left").fillna({"unit_class": "conventional_coal"}).fillna("")
    asked["fuel"] = asked["stream_id"].map(fuel_of)
    oxidation = (asked["parameter"] == "oxidation_rate").to_numpy()
    table = np.where(oxidation, factors().oxidation_many(asked)[0], factors().default_many(asked)[0])
    filed = to_decimal(asked["value"])
    differs = [
        right is not None and value is not None and value != right for value, right in zip(filed, table, strict=True)
    ]
    bad = asked[differs]
    right = pd.Series([f"{value:f}" for value in table[np.array(differs)]], index=bad.index, dtype="str")
    return offending(
        bad,
        parameter=bad["parameter"],
        value=bad["value"],
        expected=right,
        table="parameter",
        position=bad["position"],
        counterfactual=[
            filed_instead(pd.Index([place]), **{bad.at[place, "parameter"]: right}).iloc[0] for place in bad.index
        ],
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="SCH-06",
        title=Text("复算不一致", "Recalculation mismatch"),
        severity="blocks",
        kind="calculation",
        basis=(f"{GUIDE} 公式(1)", f"{CHECKS} 2.2（计算公式与加总可复算）"),
        needs=("parameter.reported_emission",),
        sectors=frozenset(SECTORS),
        body=recalculated,
        message=Text(
            "{subject}填报排放量 {value} tCO₂，按填报的参数复算为 {expected}，相差 {difference} tCO₂。",
            "{subject}: {value} tCO₂ filed, {expected} recalculated from the filed parameters; the difference is {difference} tCO₂.",
        ),
        why=Text(
            "排放量必须能由填报的参数按规定公式得出，否则参数或计算有一处是错的。",
            "The emission must follow from the filed parameters by the formula of the guide; otherwise one of them is wrong.",
        ),
        fix=Text(
            "请核对消耗量、碳含量、氧化率和修约位数，更正参数或填报排放量。",
            "Check consumption, carbon content, oxidation rate and rounding; correct the parameter or the filed emission.",
        ),
    ),
    Rule(
        code="SCH-08",
        title=Text("月合计不等于日合计", "Month is not the sum of its days"),
        severity="blocks",
        kind="calculation",
        basis=(f"{CHECKS} V10、V20、表7",),
        needs=("parameter.fuel_consumption", "daily_coal"),
        body=daily_sum,
        message=Text(
            "{subject}月消耗量填报 {value} t，每日煤量合计为 {expected}，相差 {difference} t。",
            "{subject}: {value} t filed for the month, {expected} as the sum of the days; the difference is {difference} t.",
        ),
        why=Text(
            "月消耗量由每日计量值累加得到，不得人为调整；少报的煤量直接减少排放量。",
            "The month is the sum of the daily weighings, never adjusted by hand; coal left out lowers the emission at once.",
        ),
        fix=Text(
            "请核对皮带秤或给煤机日报，更正月消耗量或补正日数据。",
            "Check the daily records of scale or feeder; correct the month or the days.",
        ),
    ),
    Rule(
        code="SCH-09",
        title=Text("加权平均错误", "Wrong weighting"),
        severity="must_answer",
        kind="calculation",
        basis=(f"{CHECKS} V12、V16、表8、表9", f"{GUIDE} 月度加权"),
        needs=("parameter.net_calorific_value", "daily_coal"),
        body=weighting,
        message=Text(
            "{subject}{parameter}填报 {value} {unit}，按每日煤量加权为 {expected} {unit}（算术平均为 {simple}）。",
            "{parameter} of {subject}: {value} {unit} filed, {expected} {unit} weighted by the coal of each day "
            "(the simple mean is {simple}).",
        ),
        why=Text(
            "月度热值和全水须以每日入炉煤量加权，用算术平均会使结果偏离。",
            "Heat value and total moisture of a month are weighted by the coal fired each day; a simple mean is not the same.",
        ),
        fix=Text(
            "请按 Σ(日煤量×日检测值)/Σ日煤量 重新计算，并提交加权计算表。",
            "Recalculate as Σ(coal of the day × value of the day)/Σ coal, and deposit the sheet of the weighting.",
        ),
    ),
    Rule(
        code="SCH-12",
        title=Text("因子年份或取值错误", "Factor of another year"),
        severity="blocks",
        kind="calculation",
        basis=(f"{GUIDE} 缺省值、附录A", f"{CHECKS} V17、V19、V26"),
        needs=("parameter",),
        body=other_factor,
        message=Text(
            "{subject}{parameter}填报缺省值 {value} {unit}，该月适用的规定值为 {expected} {unit}。",
            "{parameter} of {subject} is filed as the default {value} {unit}; in this month the value in force is {expected} {unit}.",
        ),
        why=Text(
            "缺省值和氧化率随报告年度、机组类别而定，用错年度或类别会直接改变排放量。",
            "Defaults and oxidation rates depend on the report year and the unit class; another one changes the emission at once.",
        ),
        fix=Text(
            "请改为 {expected} {unit}；如为实测值，请将取值方式改为“实测值”并附检测报告。",
            "Change it to {expected} {unit}; if it was measured, state the method as measured and attach the test report.",
        ),
    ),
)
