"""Power generation: from filed parameters to emission lines, by the rule set of each month."""

import numpy as np
import pandas as pd

from emission_factors import Factors, RuleSet, co2_per_carbon, fuel_group, rule_set
from mrv.accounting import combustion
from mrv.accounting.accounts import LINE_COLUMNS, TOTAL
from mrv.accounting.decimals import round_half_up
from mrv.accounting.inputs import STREAM_KEY, UNIT_KEY, choose, each_distinct, only, present, wide
from schemas.vocabulary import FUELS, fuel_of, stream_state
from schemas.vocabulary.parameters import counted_as_gas

STREAM_PARAMETERS = (
    "fuel_consumption",
    "carbon_content_ar",
    "carbon_content_ad",
    "carbon_content_d",
    "moisture_ar",
    "moisture_ad",
    "net_calorific_value",
    "carbon_per_heat",
    "oxidation_rate",
)
STREAM_TEXTS = (("carbon_content_ar", "method"), ("oxidation_rate", "source_document"))


def lines(parameter: pd.DataFrame, reporting: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    """Emission lines of power plants.

    Parameters
    ----------
    parameter : canonical frame of accepted rows of sector `power`
    reporting : `mrv.accounting.register.reporting_units`; a unit that is not registered counts as conventional coal
    factors : factor tables, with the oxidation rates an operator imported

    Returns
    -------
    DataFrame with `LINE_COLUMNS`, sorted by key. A fossil stream gives a line when its consumption is filed; biomass gives
    none (biogenic CO2 is not counted, CETS-AG-01.01 clause on co-firing).
    """
    streams = _stream_lines(parameter, reporting, factors)
    electricity = _electricity_lines(parameter, factors)
    both = [frame for frame in (streams, electricity) if not frame.empty]
    if not both:
        return pd.DataFrame(columns=LINE_COLUMNS)
    return pd.concat(both, ignore_index=True).sort_values([*STREAM_KEY, "source"], ignore_index=True)


def _stream_lines(parameter: pd.DataFrame, reporting: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    frame = wide(parameter, STREAM_KEY, STREAM_PARAMETERS, STREAM_TEXTS)
    frame["fuel"] = each_distinct(frame["stream_id"], fuel_of)
    fossil = each_distinct(frame["fuel"], lambda fuel: fuel_group(fuel) is not None).astype(bool)
    frame = frame[fossil & present(frame["fuel_consumption"])].reset_index(drop=True)
    if frame.empty:
        return frame
    frame["coal"] = each_distinct(frame["fuel"], lambda fuel: FUELS[fuel].coal).astype(bool)
    frame["gas"] = each_distinct(frame["stream_id"], counted_as_gas).astype(bool)
    frame["state"] = each_distinct(frame["stream_id"], stream_state)
    frame = frame.merge(reporting, on=["plant_id", "unit_id"], how="left")
    frame["unit_class"] = frame["unit_class"].fillna("conventional_coal")
    texts = ["boiler_type", "altitude"]
    frame[texts] = frame[texts].fillna("")
    sets = {month: rule_set("power", month) for month in frame["month"].unique()}
    heat_value, heat_ids = _net_calorific_value(frame, factors)
    carbon = _carbon_content(frame, heat_value, factors)
    used = _rounded_carbon(frame, carbon["raw"].to_numpy(), sets)
    oxidation, oxidation_ids, provisional = _oxidation_rate(frame, factors)
    emission = combustion.combustion_emission(frame["fuel_consumption"].to_numpy(), used, oxidation, co2_per_carbon())
    by_heat = carbon["formula"].eq("combustion.heat").to_numpy()
    result = frame[STREAM_KEY].copy()
    result["source"], result["level"], result["gas"] = "combustion", TOTAL, "CO2"
    result["activity"] = frame["fuel_consumption"]
    result["carbon_content_raw"], result["carbon_content_ar"] = carbon["raw"], used
    result["net_calorific_value"], result["carbon_per_heat"] = heat_value, carbon["carbon_per_heat"]
    result["oxidation_rate"], result["grid_factor"] = oxidation, None
    result["heat"] = combustion.fuel_heat(frame["fuel_consumption"].to_numpy(), heat_value)
    result["tco2"] = result["tonnes"] = rounded_rows(emission, frame["month"], sets)
    result["inputs"] = None
    result["formula"] = carbon["formula"]
    ids = [np.where(by_heat, heat_ids, ""), carbon["ids"].to_numpy(dtype=object), oxidation_ids]
    result["factors"] = [" ".join(part for part in parts if part) for parts in zip(*ids, strict=True)]
    substituted = [
        np.where(by_heat & (heat_ids != ""), "net_calorific_value", ""),
        np.where(carbon["ids"].to_numpy(dtype=object) != "", "carbon_per_heat", ""),
        np.where(provisional, "oxidation_rate", ""),
    ]
    result["substituted"] = [" ".join(part for part in parts if part) for parts in zip(*substituted, strict=True)]
    result["rule_set"] = [sets[month].id for month in frame["month"]]
    result["provisional"] = provisional
    return result[LINE_COLUMNS]


def _default(frame: pd.DataFrame, parameter: str, factors: Factors) -> tuple[np.ndarray, np.ndarray]:
    return factors.default_many(frame[["month", "sector", "fuel", "unit_class"]].assign(parameter=parameter))


def _net_calorific_value(frame: pd.DataFrame, factors: Factors) -> tuple[np.ndarray, np.ndarray]:
    """As filed, else the default; ids are empty where the filed value is used."""
    filed = frame["net_calorific_value"].to_numpy()
    default, ids = _default(frame, "net_calorific_value", factors)
    return choose(filed, default), np.where(present(filed), "", ids)


def _carbon_content(frame: pd.DataFrame, heat_value: np.ndarray, factors: Factors) -> pd.DataFrame:
    """Carbon content as received before rounding, and how it was found.

    In this order: measured as received; converted from the air-dry basis; from the dry basis; as received however filed; from
    heat. An untested coal takes the penalty value of carbon per unit heat whatever was filed for it; gas and oil take the filed
    one before the default. Columns raw, formula, carbon_per_heat, ids.
    """
    filed = frame["carbon_content_ar"].to_numpy()
    measured = only(frame["carbon_content_ar:method"] == "measured", filed)
    air_dry = combustion.carbon_content_from_air_dry(
        frame["carbon_content_ad"].to_numpy(), frame["moisture_ar"].to_numpy(), frame["moisture_ad"].to_numpy()
    )
    dry = combustion.carbon_content_from_dry(frame["carbon_content_d"].to_numpy(), frame["moisture_ar"].to_numpy())
    default, default_ids = _default(frame, "carbon_per_heat", factors)
    coal = frame["coal"].to_numpy()
    own = only(~coal, frame["carbon_per_heat"])
    per_heat = choose(own, default)
    by_heat = combustion.carbon_content_from_heat(heat_value, per_heat)
    formula = np.full(len(frame), "combustion.none", dtype=object)
    raw = np.full(len(frame), None, dtype=object)
    routes = (
        ("combustion.ar", measured),
        ("combustion.ad", air_dry),
        ("combustion.d", dry),
        ("combustion.ar", filed),
        ("combustion.heat", by_heat),
    )
    for name, values in routes:
        take = ~present(raw) & present(values)
        raw[take], formula[take] = values[take], name
    from_heat = formula == "combustion.heat"
    return pd.DataFrame(
        {
            "raw": raw,
            "formula": formula,
            "carbon_per_heat": only(from_heat, per_heat),
            "ids": np.where(from_heat & ~present(own), default_ids, ""),
        },
        index=frame.index,
    )


def _rounded_carbon(frame: pd.DataFrame, raw: np.ndarray, sets: dict[str, RuleSet]) -> np.ndarray:
    """Carbon content with the decimals of the rule set where it says so (gas 2 places: 454.33 t, not 454.65 t)."""
    result = raw.copy()
    months, gas, states = (frame[name].to_numpy() for name in ("month", "gas", "state"))
    for month, rules in sets.items():
        for state in rules.rounded_before_product:
            where = (months == month) & (states == state)
            for counted in (False, True):
                here = where & (gas == counted)
                if here.any():
                    result[here] = round_half_up(raw[here], rules.decimals("carbon_content_ar", gas=counted))
    return result


def rounded_rows(emission: np.ndarray, months: pd.Series, sets: dict[str, RuleSet]) -> np.ndarray:
    """Emissions of rows [t] with the decimals that the rule set of each month has for a row."""
    result = emission.copy()
    for month, rules in sets.items():
        where = (months == month).to_numpy()
        result[where] = round_half_up(emission[where], rules.decimals("emission"))
    return result


def _oxidation_rate(frame: pd.DataFrame, factors: Factors) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Oxidation rate [%], factor ids, and where it is provisional.

    The table where it has a row. Where the national database (2026 on) was not imported: the filed rate if a source
    document backs it, else 100 % as the upper bound, marked provisional. No value is invented.
    """
    table, ids = factors.oxidation_many(frame[["month", "sector", "fuel", "boiler_type", "altitude"]])
    backed = only(frame["oxidation_rate:source_document"] != "", frame["oxidation_rate"])
    known = choose(table, backed)
    provisional = ~present(known)
    bound = np.full(len(frame), combustion.HUNDRED, dtype=object)
    return choose(known, bound), ids, provisional


def _electricity_lines(parameter: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    """Purchased electricity, where the rule set of the month counts it."""
    frame = wide(parameter, UNIT_KEY, ("purchased_electricity",))
    counted = [month for month in frame["month"].unique() if rule_set("power", month).counts("electricity")]
    frame = frame[frame["month"].isin(counted)].reset_index(drop=True)
    if frame.empty:
        return frame
    sets = {month: rule_set("power", month) for month in counted}
    factor, ids = factors.as_of_many("grid", frame[["month"]].assign(kind="report", area="全国"))
    amount = frame["purchased_electricity"].to_numpy()
    result = frame[UNIT_KEY].copy()
    result["stream_id"], result["source"], result["level"], result["gas"] = "", "electricity", TOTAL, "CO2"
    for column in LINE_COLUMNS:
        if column not in result:
            result[column] = None
    result["activity"], result["grid_factor"] = amount, factor
    result["tco2"] = result["tonnes"] = rounded_rows(
        combustion.electricity_emission(amount, factor), frame["month"], sets
    )
    result["formula"], result["factors"], result["substituted"] = "electricity.grid", ids, ""
    result["rule_set"] = [sets[month].id for month in frame["month"]]
    result["provisional"] = False
    return result[LINE_COLUMNS]
