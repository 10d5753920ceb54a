"""Yearly totals of each reporting unit and its allowance position."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from emission_factors import Factors, NoFactor, allocation_class, heat_benchmark, rule_set
from mrv.accounting import allowance
from mrv.accounting.accounts import UNIT_YEAR_COLUMNS
from mrv.accounting.inputs import sorted_codes
from mrv.accounting.unit_months import sums

ZERO, HUNDRED = Decimal(0), Decimal(100)
# From the firmest to the least certain: a position is as certain as the weakest number in it.
CERTAINTY = ("official", "stoichiometric", "secondary", "uncertain", "draft")


def unit_years(
    months: pd.DataFrame, lines: pd.DataFrame, reporting: pd.DataFrame, members: pd.DataFrame, factors: Factors
) -> pd.DataFrame:
    """Totals of the months given and the allowances they earn.

    Parameters
    ----------
    months : `unit_months` of the batch
    lines : its emission lines (electricity lines count where the rule set says so)
    reporting : `mrv.accounting.register.reporting_units`
    members : `mrv.accounting.register.groups`
    factors : benchmarks and coefficients

    Returns
    -------
    DataFrame with `UNIT_YEAR_COLUMNS`. A unit without benchmark (oil, IGCC, …) has an allowance equal to its emissions. The sum
    runs over the months that are there: `months` says how many.
    """
    if months.empty:
        return pd.DataFrame(columns=UNIT_YEAR_COLUMNS)
    key = ["plant_id", "sector", "unit_id", "year"]
    frame = months.assign(year=months["month"].str[:4])
    years, codes = sorted_codes(frame, key)
    count = len(years)
    for name in ("tco2", "power_generation", "power_supplied", "heat_supplied", "run_hours"):
        years[name] = sums(frame[name], codes, count)
    years["months"] = frame.groupby(codes)["month"].nunique().reindex(range(count)).to_numpy()
    years["provisional"] = frame["provisional"].astype(bool).groupby(codes).any().reindex(range(count)).to_numpy()
    # Load factor of a year: ΣW over Σ(W/X), that is over the capacity-hours behind each month.
    usable = [
        bool(factor) and power is not None
        for factor, power in zip(frame["load_factor"], frame["power_generation"], strict=True)
    ]
    base = [
        power * HUNDRED / factor if good else None
        for power, factor, good in zip(frame["power_generation"], frame["load_factor"], usable, strict=True)
    ]
    output = [power if good else None for power, good in zip(frame["power_generation"], usable, strict=True)]
    bases, outputs = sums(base, codes, count), sums(output, codes, count)
    years["load_factor"] = [
        power * HUNDRED / hours if hours else None for power, hours in zip(outputs, bases, strict=True)
    ]
    years["electricity"] = _electricity(lines, years, members)
    years = years.merge(
        reporting[["plant_id", "unit_id", "unit_class", "capacity", "cooling_mode"]],
        on=["plant_id", "unit_id"],
        how="left",
    )
    ratio_heat = [
        heat * ratio if heat is not None and ratio is not None else None
        for heat, ratio in zip(frame["fuel_heat"], frame["heat_supply_ratio"], strict=True)
    ]
    to_heat, fuel = sums(ratio_heat, codes, count), sums(frame["fuel_heat"], codes, count)
    years["heat_share"] = [
        part / whole if part is not None and whole else ZERO for part, whole in zip(to_heat, fuel, strict=True)
    ]
    positions = pd.DataFrame([_position(row, factors) for row in years.to_dict("records")], index=years.index)
    return pd.concat([years, positions], axis=1)[UNIT_YEAR_COLUMNS]


def _electricity(lines: pd.DataFrame, years: pd.DataFrame, members: pd.DataFrame) -> list[Decimal]:
    """Emission of purchased electricity of each unit-year; a merged unit's counts with its group."""
    bought = lines[lines["source"] == "electricity"]
    group = bought[["plant_id", "unit_id"]].merge(members, on=["plant_id", "unit_id"], how="left")["group"]
    unit = group.fillna(bought["unit_id"].reset_index(drop=True))
    index = pd.MultiIndex.from_frame(years[["plant_id", "unit_id", "year"]])
    codes = index.get_indexer(pd.MultiIndex.from_arrays([bought["plant_id"], unit, bought["month"].str[:4]]))
    totals = sums(bought["tco2"][codes >= 0], codes[codes >= 0], len(years))
    return [total or ZERO for total in totals]


def _position(row: dict[str, Any], factors: Factors) -> dict[str, Any]:
    """Allowance position of one unit-year; empty where a needed number is absent."""
    month = f"{row['year']}-12"
    rules = rule_set("power", month)
    emitted = row["tco2"] or ZERO
    counted = emitted + (row["electricity"] if rules.surrendered("electricity") else ZERO)
    result: dict[str, Any] = dict.fromkeys(UNIT_YEAR_COLUMNS[UNIT_YEAR_COLUMNS.index("allocation_class") : -1])
    result.pop("provisional", None)
    result |= {"tco2_surrender": counted, "allowance_factors": "", "allowance_certainty": ""}
    unit_class, capacity = row["unit_class"], row["capacity"]
    if not isinstance(unit_class, str) or not isinstance(capacity, Decimal):
        return result
    benchmark_class = allocation_class(unit_class, capacity)
    if benchmark_class is None:
        return result | {"allowance": allowance.whole_tonnes_down(counted), "gap": ZERO}
    plan = rules.allocation_plan(month)
    amount = row[plan.basis] if plan else None
    if amount is None:
        return result
    try:
        electricity = factors.as_of("benchmarks", month, purpose="allocation", benchmark=benchmark_class)
        heat = factors.as_of("benchmarks", month, purpose="allocation", benchmark=heat_benchmark(benchmark_class))
    except NoFactor:
        return result
    corrections = _corrections(row, month, factors)
    for_power = allowance.whole_tonnes_down(
        allowance.electricity_allowance(amount, electricity.value, *corrections.values())
    )
    for_heat = allowance.whole_tonnes_down(allowance.heat_allowance(row["heat_supplied"] or ZERO, heat.value))
    weakest = max((electricity.certainty, heat.certainty), key=CERTAINTY.index)
    return result | {
        "allocation_class": benchmark_class,
        "benchmark_electricity": electricity.value,
        "benchmark_heat": heat.value,
        "load_factor_correction": corrections["load"],
        "allowance_electricity": for_power,
        "allowance_heat": for_heat,
        "allowance": for_power + for_heat,
        "gap": counted - for_power - for_heat,
        "allowance_factors": f"{electricity.id} {heat.id}",
        "allowance_certainty": weakest,
    }


@lru_cache(maxsize=1024)
def _coefficient(factors: Factors, month: str, name: str) -> Decimal | None:
    found = factors.find("allocation_coefficients", month, name=name)
    return None if found is None else found.value


def _corrections(row: dict[str, Any], month: str, factors: Factors) -> dict[str, Decimal]:
    """Correction factors of the plan in force: cooling and heat up to 2022, load throughout."""
    one = allowance.ONE

    def coefficient(name: str) -> Decimal | None:
        return _coefficient(factors, month, name)

    result = {"load": one, "cooling": one, "heat": one}
    if row["unit_class"] == "conventional_coal" and row["load_factor"] is not None:
        factor = allowance.load_correction(row["load_factor"], coefficient)
        places = coefficient("load_correction_decimals")
        result["load"] = factor if places is None else allowance.correction_rounded(factor, int(places))
    if row["unit_class"] != "gas":
        result["cooling"] = coefficient(f"cooling_{row['cooling_mode'] or 'water'}") or one
    slope = coefficient("heat_supply_slope_gas" if row["unit_class"] == "gas" else "heat_supply_slope_coal")
    if slope is not None:
        result["heat"] = allowance.heat_supply_correction(row["heat_share"] / HUNDRED, slope)
    return result
