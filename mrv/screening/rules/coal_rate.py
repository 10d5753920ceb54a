"""Coal rate and emission intensity of net power, against units of the same class."""

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.screening.case import UNIT_KEY, Case, numbers
from mrv.screening.rows import CHECKS, fixed, flag, graded, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.rules.energy import COAL_CLASSES, thermal_efficiency, with_efficiency
from mrv.screening.silence import unless_slipped
from mrv.screening.thresholds import limit

# Steam parameters as they are written in a register, longest word first.
STEAM = (
    ("usc", "超超临界|ultra"),
    ("sc", "超临界|super-?critical"),
    ("subcritical", "亚临界|sub-?critical"),
)


def _heat_share(case: Case) -> pd.Series:
    """Share of the fuel that goes to heat (0–1) of each row of `case.groups`: as filed, else computed, 0 without heat."""
    groups = case.groups
    months = case.accounts.unit_months
    computed = months[UNIT_KEY].assign(computed=numbers(months["heat_supply_ratio"])).drop_duplicates(UNIT_KEY)
    share = (groups["heat_supply_ratio"] / 100.0).fillna(groups.merge(computed, on=UNIT_KEY, how="left")["computed"])
    return share.where(groups["heat_supplied"] > 0, 0.0)


def _class_range(rows: pd.DataFrame) -> pd.DataFrame:
    """Usual net coal rate of each unit [gce/kWh] by size, steam parameters, cooling and load: columns `low`, `high`."""
    size = rows["largest_capacity"]
    steam = pd.Series("", index=rows.index)
    for name, words in reversed(STEAM):
        steam = steam.where(~rows["pressure_class"].str.contains(words, case=False), name)
    small = (size < limit("PHY-10", "size_300")) | (rows["boiler_type"] == "cfb")
    small |= rows["unit_class"] == "unconventional_coal"
    at_600 = size >= limit("PHY-10", "size_600")
    masks = [
        small,
        (size >= limit("PHY-10", "size_1000")) & (steam == "usc"),
        at_600 & (steam == "usc"),
        at_600 & (steam == "sc"),
        at_600 & (steam == "subcritical"),
        at_600,
        steam == "subcritical",
    ]
    ranges = [
        ("small_or_cfb", "small_or_cfb"),
        ("usc_1000", "usc_1000"),
        ("usc_600", "usc_600"),
        ("sc_600", "sc_600"),
        ("subcritical_600", "subcritical_600"),
        ("usc_600", "subcritical_600"),  # steam parameters not registered: the widest range of the size
        ("subcritical_300", "subcritical_300"),
    ]
    low = np.select(masks, [limit("PHY-10", f"{name}_low") for name, _ in ranges], limit("PHY-10", "sc_600_low"))
    high = np.select(
        masks, [limit("PHY-10", f"{name}_high") for _, name in ranges], limit("PHY-10", "subcritical_300_high")
    )
    air = (rows["cooling_mode"] == "air").to_numpy()
    load = rows["power_generation"] / (rows["capacity"] * rows["run_hours"]).where(lambda product: product > 0) * 100.0
    idle = (load < limit("PHY-10", "low_load_factor")).to_numpy()
    low = low + np.where(air, limit("PHY-10", "air_cooled_add_low"), 0.0)
    high = high + np.where(air, limit("PHY-10", "air_cooled_add_high"), 0.0)
    high = high + np.where(idle, limit("PHY-10", "low_load_add"), 0.0)
    tiny = (size < limit("PHY-10", "small_capacity")).to_numpy()
    return pd.DataFrame({"low": low, "high": np.where(tiny, np.inf, high)}, index=rows.index)


@unless_slipped
def net_coal_rate(case: Case) -> pd.DataFrame:
    rows = with_efficiency(case)
    rows["share"] = _heat_share(case)
    coal = rows["unit_class"].isin(COAL_CLASSES) & (rows["cooling_mode"] != "back_pressure")
    rows = rows[coal & (rows["net_power"] > 0)].copy()
    standard_coal = rows["total_heat"] / float(constant("gj_per_tce").value)
    rows["rate"] = standard_coal * (1.0 - rows["share"]) * 1000.0 / rows["net_power"]
    rows = rows.join(_class_range(rows))
    # Heat taken out after the turbine lowers the rate of a CHP unit without a fault, so it has no lower limit here; too
    # little coal of a condensing unit that already breaks the thermal efficiency is one fault, told there.
    efficient = rows["efficiency"] >= limit("PHY-11", "condensing_must_answer")
    low = ~rows["with_heat"] & ~efficient & (rows["rate"] < rows["low"])
    high = (rows["rate"] > rows["high"]) & ~rows["with_heat"] | (rows["rate"] > limit("PHY-10", "blocks_high"))
    bad = rows[low | (high & np.isfinite(rows["high"]))]
    beyond = (bad["rate"] > limit("PHY-10", "blocks_high")) | (bad["rate"] < limit("PHY-10", "blocks_low"))
    return offending(
        bad,
        parameter="power_generation",
        rate=fixed(bad["rate"], 1),
        expected=fixed(bad["low"], 0) + "–" + fixed(bad["high"], 0) + " gce/kWh",
        severity=graded(beyond),
    )


@unless_slipped
def co2_intensity(case: Case) -> pd.DataFrame:
    months = case.accounts.unit_months
    emission = months[UNIT_KEY].assign(tco2=numbers(months["tco2"])).drop_duplicates(UNIT_KEY)
    rows = case.groups.copy()
    rows["tco2"] = rows.merge(emission, on=UNIT_KEY, how="left")["tco2"]
    rows["intensity"] = rows["tco2"] * (1.0 - _heat_share(case)) / rows["net_power"].where(rows["net_power"] > 0)
    coal, gas = rows["unit_class"].isin(COAL_CLASSES), rows["unit_class"] == "gas"
    for end in ("low", "high"):
        rows[end] = np.where(coal, limit("PHY-19", f"coal_{end}"), limit("PHY-19", f"gas_{end}"))
    small = rows["largest_capacity"] < limit("PHY-10", "small_capacity")
    low = (rows["heat_supplied"] == 0) & (rows["intensity"] < rows["low"])
    odd = (coal | gas) & (low | ((rows["intensity"] > rows["high"]) & ~small))
    # An odd coal rate or efficiency is the same fault seen from another side.
    told = pd.concat([thermal_efficiency(case), net_coal_rate(case)])[UNIT_KEY]
    bad = rows[odd & ~pd.MultiIndex.from_frame(rows[UNIT_KEY]).isin(pd.MultiIndex.from_frame(told))]
    return offending(
        bad,
        parameter="power_generation",
        intensity=fixed(bad["intensity"], 4),
        expected=fixed(bad["low"], 2) + "–" + fixed(bad["high"], 2) + " tCO2/MWh",
    )


RULES = (
    Rule(
        code="PHY-10",
        title=Text("供电煤耗超出同类机组范围", "Net coal rate outside the range of the class"),
        severity="must_answer",
        kind="anomaly",
        basis=("GB 21258", f"{CHECKS} V10"),
        needs=("register", "parameter.net_calorific_value", "parameter.power_generation"),
        message=Text(
            "{period} 机组{unit_id}按填报数据计算的供电煤耗为 {rate} gce/kWh，同类机组一般为 {expected}。",
            "{period}: the net coal rate of unit {unit_id} comes to {rate} gce/kWh; its class usually lies at "
            "{expected}.",
        ),
        why=flag(
            "供电煤耗由煤量、热值、供热比和电量共同决定，超出同类范围通常意味着其中一项有误，将直接影响排放量或配额。",
            "Coal, heat value, heat share and electricity all enter the coal rate; outside the range one of them is "
            "usually "
            "wrong, which moves the emission or the allowances.",
        ),
        fix=Text(
            "依次核对消耗量（皮带秤与盘存）、低位发热量、供热比、发电量与厂用电量；属低负荷、"
            "启停或空冷等原因的请说明。",
            "Check consumption (belt scale and stock), heat value, heat share, generation and auxiliary power in turn; "
            "explain low "
            "load, starts or air cooling.",
        ),
        body=net_coal_rate,
        waivable=True,
    ),
    Rule(
        code="PHY-19",
        title=Text("单位供电排放异常", "Unusual emission per net power"),
        severity="must_answer",
        kind="anomaly",
        basis=(f"{CHECKS} 附件1 表C.6",),
        needs=("register", "parameter.power_generation"),
        message=Text(
            "{period} 机组{unit_id}的单位供电排放为 {intensity} tCO2/MWh，一般为 {expected}。",
            "{period}: unit {unit_id} emits {intensity} tCO2/MWh of net power, usually {expected}.",
        ),
        why=flag(
            "排放强度综合反映煤量、元素碳、氧化率和电量；煤耗正常而强度异常，多为元素碳或氧化率有误。",
            "The intensity sums up coal, carbon, oxidation and power; if the coal rate is normal, carbon or oxidation "
            "is suspect.",
        ),
        fix=Text(
            "核对元素碳、碳氧化率、消耗量以及供热比；确属煤种原因的请说明。",
            "Check carbon, oxidation rate, consumption and heat share; explain if the coal is the reason.",
        ),
        body=co2_intensity,
        waivable=True,
    ),
)
