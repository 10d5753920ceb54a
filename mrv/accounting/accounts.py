"""What accounting returns: tables of exact decimals (`decimal.Decimal` in object columns, `None` where absent)."""

from dataclasses import dataclass

import pandas as pd

# One row per plant, sector, unit, stream, month and source that emits.
LINE_COLUMNS = [
    "plant_id",
    "sector",
    "unit_id",
    "stream_id",
    "month",
    "source",
    "gas",
    "activity",  # consumption [t or 1e4Nm3] or electricity [MWh]
    "carbon_content_raw",  # carbon content as received before rounding [tC/t or tC/1e4Nm3]
    "carbon_content_ar",  # as used
    "net_calorific_value",  # as used [GJ/t or GJ/1e4Nm3]
    "carbon_per_heat",  # as used [tC/GJ]; None when carbon was measured
    "oxidation_rate",  # as used [%]
    "grid_factor",  # [tCO2/MWh], electricity only
    "heat",  # [GJ]
    "tco2",  # rounded where the rule set says [tCO2]
    "formula",
    "factors",  # ids of the factor rows used, joined by a space
    "substituted",  # names of substituted parameters, joined by a space; empty when everything was filed
    "rule_set",
    "provisional",  # bool
]

# One row per plant, sector, unit (or merged group) and month: totals, rates and intensities.
UNIT_MONTH_COLUMNS = [
    "plant_id",
    "sector",
    "unit_id",
    "month",
    "tco2",
    "fuel_heat",  # [GJ]
    "power_generation",  # [MWh]
    "power_supplied",  # [MWh]
    "heat_supplied",  # [GJ]
    "run_hours",  # [h]
    "load_factor",  # recomputed [%]
    "heat_supply_ratio",  # [%]
    "generation_coal_rate",  # [tce/MWh]
    "heat_coal_rate",  # [tce/GJ]
    "generation_intensity",  # [tCO2/MWh]
    "heat_intensity",  # [tCO2/GJ]
    "provisional",
]

# One row per plant, sector, unit (or merged group) and year: yearly totals and the allowance position.
UNIT_YEAR_COLUMNS = [
    "plant_id",
    "sector",
    "unit_id",
    "year",
    "months",  # number of months with data
    "tco2",  # sum of the monthly rounded rows
    "tco2_surrender",  # the part that counts for surrender
    "power_generation",
    "power_supplied",
    "heat_supplied",
    "run_hours",
    "load_factor",  # [%]
    "allocation_class",
    "benchmark_electricity",
    "benchmark_heat",
    "load_factor_correction",
    "allowance_electricity",  # whole tonnes
    "allowance_heat",  # whole tonnes
    "allowance",  # whole tonnes
    "gap",  # tco2_surrender - allowance
    "allowance_factors",  # ids joined by a space
    "allowance_certainty",  # official, draft, …: the weakest of the rows used
    "provisional",
]


@dataclass(frozen=True)
class Accounts:
    """The emissions of a batch of plants."""

    lines: pd.DataFrame
    unit_months: pd.DataFrame
    unit_years: pd.DataFrame


def nothing() -> Accounts:
    """Accounts of no plants."""
    return Accounts(
        pd.DataFrame(columns=LINE_COLUMNS),
        pd.DataFrame(columns=UNIT_MONTH_COLUMNS),
        pd.DataFrame(columns=UNIT_YEAR_COLUMNS),
    )
