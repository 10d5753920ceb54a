"""Emissions as ordinary batched pandas code: pivot, merge, `Decimal` row by row with `DataFrame.apply`; power plants here.

The same formulas and the same answers as `mrv.accounting` where units are not merged, which holds for the synthetic country.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import Factors, co2_per_carbon, constant, rule_set
from mrv.accounting.accounts import LINE_COLUMNS, UNIT_MONTH_COLUMNS, Accounts
from mrv.accounting.inputs import STREAM_KEY, UNIT_KEY
from mrv.accounting.register import groups, reporting_units
from mrv.accounting.unit_years import unit_years
from mrv.bench.plain_industry import SECTORS, industry_accounts
from mrv.bench.plain_totals import enterprise_months, joined
from schemas.vocabulary import FUELS, fuel_of, stream_state
from schemas.vocabulary.parameters import counted_as_gas

HUNDRED, ZERO = Decimal(100), Decimal(0)
Row = dict[str, Any]


def plain_accounts(tables: dict[str, pd.DataFrame], factors: Factors) -> Accounts:
    """Accounts of a batch of plants of every sector; power units report alone."""
    there = set(tables["parameter"]["sector"])
    return joined([compute(tables, factors) for sector, compute in PLAIN.items() if sector in there])


def _power(tables: dict[str, pd.DataFrame], factors: Factors) -> Accounts:
    parameter = tables["parameter"][tables["parameter"]["sector"] == "power"]
    reporting = reporting_units(tables["unit"], tables["plant"])
    lines = pd.concat([_streams(parameter, reporting, factors), _electricity(parameter, factors)], ignore_index=True)
    lines = lines.sort_values([*STREAM_KEY, "source"], ignore_index=True)[LINE_COLUMNS]
    months = _months(parameter, lines, reporting)
    years = unit_years(months, lines, reporting, groups(tables["unit"]), factors)
    return Accounts(lines, months, years, enterprise_months(parameter, lines))


def _pivot(parameter: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    wide = parameter.pivot(index=key, columns="parameter", values="value")
    wide = wide.map(lambda text: Decimal(text) if isinstance(text, str) and text else None)
    return wide.astype(object).where(wide.notna(), None).reset_index()


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _streams(parameter: pd.DataFrame, reporting: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    wide = _pivot(parameter[parameter["stream_id"] != ""], STREAM_KEY)
    filed = parameter[parameter["parameter"] == "carbon_content_ar"]
    wide = wide.merge(filed[[*STREAM_KEY, "method"]], on=STREAM_KEY, how="left")
    rate = parameter[parameter["parameter"] == "oxidation_rate"]
    wide = wide.merge(rate[[*STREAM_KEY, "source_document"]], on=STREAM_KEY, how="left")
    wide = wide.merge(reporting, on=["plant_id", "unit_id"], how="left").fillna({"boiler_type": "", "altitude": ""})
    wide["fuel"] = wide["stream_id"].map(fuel_of)
    asked = wide[["month", "sector", "fuel", "unit_class"]]
    for name in ("net_calorific_value", "carbon_per_heat"):
        wide[f"default_{name}"], wide[f"id_{name}"] = factors.default_many(asked.assign(parameter=name))
    wide["table_rate"], wide["id_rate"] = factors.oxidation_many(
        wide[["month", "sector", "fuel", "boiler_type", "altitude"]]
    )
    wide = wide.astype(object).where(wide.notna(), None)
    computed = wide.apply(_line, axis=1, result_type="expand")
    return pd.concat([wide[STREAM_KEY].astype("str"), computed], axis=1)


def _carbon(row: pd.Series, heat_value: Decimal, per_heat: Decimal | None) -> tuple[str, Decimal | None]:
    """Formula and carbon content as received, by the first route that the filed values allow."""
    direct, moisture = row["carbon_content_ar"], row["moisture_ar"]
    if direct is not None and row["method"] == "measured":
        return "combustion.ar", direct
    if row["carbon_content_ad"] is not None and moisture is not None and row["moisture_ad"] is not None:
        return "combustion.ad", row["carbon_content_ad"] * (HUNDRED - moisture) / (HUNDRED - row["moisture_ad"])
    if row.get("carbon_content_d") is not None and moisture is not None:
        return "combustion.d", row["carbon_content_d"] * (HUNDRED - moisture) / HUNDRED
    if direct is not None:
        return "combustion.ar", direct
    return "combustion.heat", None if per_heat is None else heat_value * per_heat


def _line(row: pd.Series) -> Row:
    rules = rule_set("power", row["month"])
    coal = FUELS[row["fuel"]].coal
    filed_heat = row["net_calorific_value"]
    heat_value = filed_heat if filed_heat is not None else row["default_net_calorific_value"]
    own = None if coal else row["carbon_per_heat"]
    per_heat = own if own is not None else row["default_carbon_per_heat"]
    formula, raw = _carbon(row, heat_value, per_heat)
    used = raw
    if raw is not None and stream_state(row["stream_id"]) in rules.rounded_before_product:
        used = _rounded(raw, rules.decimals("carbon_content_ar", gas=counted_as_gas(row["stream_id"])))
    rate = row["table_rate"]
    if rate is None and row["source_document"]:
        rate = row["oxidation_rate"]
    provisional = rate is None
    rate = HUNDRED if rate is None else rate
    above, below = co2_per_carbon()
    consumption, by_heat = row["fuel_consumption"], formula == "combustion.heat"
    emission = None if used is None else consumption * used * rate * above / (below * HUNDRED)
    tonnes = None if emission is None else _rounded(emission, rules.decimals("emission"))
    heat_id = row["id_net_calorific_value"] if by_heat and filed_heat is None else ""
    carbon_id = row["id_carbon_per_heat"] if by_heat and own is None else ""
    substituted = [
        "net_calorific_value" if heat_id else "",
        "carbon_per_heat" if carbon_id else "",
        "oxidation_rate" if provisional else "",
    ]
    return {
        "source": "combustion",
        "level": "total",
        "gas": "CO2",
        "activity": consumption,
        "carbon_content_raw": raw,
        "carbon_content_ar": used,
        "net_calorific_value": heat_value,
        "carbon_per_heat": per_heat if by_heat else None,
        "oxidation_rate": rate,
        "grid_factor": None,
        "heat": None if heat_value is None else consumption * heat_value,
        "tonnes": tonnes,
        "tco2": tonnes,
        "formula": formula,
        "factors": " ".join(part for part in (heat_id, carbon_id, row["id_rate"]) if part),
        "substituted": " ".join(part for part in substituted if part),
        "rule_set": rules.id,
        "provisional": provisional,
    }


def _electricity(parameter: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    bought = parameter[parameter["parameter"] == "purchased_electricity"]
    bought = bought[bought["month"].map(lambda month: rule_set("power", month).counts("electricity")).astype(bool)]
    if bought.empty:
        return pd.DataFrame(columns=LINE_COLUMNS)
    lines = bought[UNIT_KEY].assign(
        stream_id="", source="electricity", gas="CO2", activity=bought["value"].map(Decimal)
    )
    lines["grid_factor"], ids = factors.as_of_many("grid", lines[["month"]].assign(kind="report", area="全国"))

    def tonnes(row: pd.Series) -> Decimal:
        return _rounded(row["activity"] * row["grid_factor"], rule_set("power", row["month"]).decimals("emission"))

    lines["tco2"] = lines["tonnes"] = lines.apply(tonnes, axis=1)
    lines["level"] = "total"
    lines["formula"], lines["factors"], lines["substituted"], lines["provisional"] = "electricity.grid", ids, "", False
    lines["rule_set"] = lines["month"].map(lambda month: rule_set("power", month).id)
    absent = [name for name in LINE_COLUMNS if name not in lines]
    return lines.assign(**{name: np.full(len(lines), None, dtype=object) for name in absent})


def _months(parameter: pd.DataFrame, lines: pd.DataFrame, reporting: pd.DataFrame) -> pd.DataFrame:
    wide = _pivot(parameter[parameter["stream_id"] == ""], UNIT_KEY)
    burnt = (
        lines[lines["source"] == "combustion"]
        .groupby(UNIT_KEY, as_index=False)
        .agg(tco2=("tco2", "sum"), fuel_heat=("heat", "sum"), provisional=("provisional", "any"))
    )
    frame = wide.merge(burnt, on=UNIT_KEY, how="left").merge(
        reporting[["plant_id", "unit_id", "capacity"]], on=["plant_id", "unit_id"], how="left"
    )
    frame = frame.astype(object).where(frame.notna(), None)
    computed = frame.apply(_rates, axis=1, result_type="expand")
    result = pd.concat([frame[UNIT_KEY].astype("str"), computed], axis=1)
    return result.sort_values(UNIT_KEY, ignore_index=True)[UNIT_MONTH_COLUMNS]


def _over(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    return above / below if above is not None and below else None


def _rates(row: pd.Series) -> Row:
    generation, heat, boiler = row["power_generation"], row["heat_supplied"], row.get("boiler_heat")
    ratio = _over(None if heat is None else heat * 100, boiler)
    if ratio is None:
        filed = row.get("heat_supply_ratio")
        ratio = filed if filed is not None else (ZERO if not heat else None)
    fuel, emission, hours = row["fuel_heat"], row["tco2"], row["run_hours"]
    coal = _over(fuel, constant("gj_per_tce").value)
    work = None if hours is None or row["capacity"] is None else hours * row["capacity"]

    def part(amount: Decimal | None, share: Decimal | None, output: Decimal | None) -> Decimal | None:
        return None if amount is None or share is None else _over(amount * share / HUNDRED, output)

    power_share = None if ratio is None else HUNDRED - ratio
    return {
        "tco2": emission,
        "fuel_heat": fuel,
        "power_generation": generation,
        "power_supplied": row["power_supplied"],
        "heat_supplied": heat,
        "run_hours": hours,
        "load_factor": _over(None if generation is None else generation * 100, work) or row["load_factor"],
        "heat_supply_ratio": ratio,
        "generation_coal_rate": part(coal, power_share, generation),
        "heat_coal_rate": part(coal, ratio, heat),
        "generation_intensity": part(emission, power_share, generation),
        "heat_intensity": part(emission, ratio, heat),
        **dict.fromkeys(("output", "intensity", "secondary_energy_share")),  # of industrial units
        "provisional": bool(row["provisional"]),
    }


def _industry(sector: str, tables: dict[str, pd.DataFrame], factors: Factors) -> Accounts:
    return industry_accounts(sector, tables["parameter"], tables["facility"], factors)


# Sector → its accounts row by row, in the order in which they are put together.
PLAIN: dict[str, Callable[[dict[str, pd.DataFrame], Factors], Accounts]] = {
    "power": _power,
    **{sector: partial(_industry, sector) for sector in SECTORS},
}
