"""What accounting returns: tables of exact decimals (`decimal.Decimal` in object columns, `None` where absent)."""

from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

# One row per plant, sector, unit, stream, month and source that emits.
LINE_COLUMNS = [
    "plant_id",
    "sector",
    "unit_id",
    "stream_id",
    "month",
    "source",
    "level",  # `total` adds up to the enterprise; `process` and `cofiring` break it down and are never added
    "gas",
    "activity",  # consumption [t or 1e4Nm3] or electricity [MWh]; what `inputs` begins with in an industrial sector
    "carbon_content_raw",  # carbon content as received before rounding [tC/t or tC/1e4Nm3]
    "carbon_content_ar",  # as used
    "net_calorific_value",  # as used [GJ/t or GJ/1e4Nm3]
    "carbon_per_heat",  # as used [tC/GJ]; None when carbon was measured
    "oxidation_rate",  # as used [%]
    "grid_factor",  # [tCO2/MWh], electricity only
    "heat",  # [GJ]
    "tonnes",  # of the gas itself [t]
    "tco2",  # rounded where the rule set says [tCO2e]
    "inputs",  # industrial sectors: ((parameter, value), …) in the order of the formula; None for power
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
    "output",  # product of an industrial line, process or enterprise [t]
    "intensity",  # [tCO2e/t]
    "secondary_energy_share",  # share of own secondary energy in the fuel heat of a co-firing unit [%]
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
    "output",  # [t], industrial sectors
    "intensity",  # [tCO2e/t]
    "balance_value",  # 行业平衡值 [tCO2e/t], None where none is published
    "allowance_low",  # whole tonnes: the least and the most that the plan can give while the balance value is not known
    "allowance_high",
    "provisional",
]


# One row per plant, sector and month: the enterprise as a whole, and what its processes and co-firing units explain of it.
PLANT_MONTH_COLUMNS = [
    "plant_id",
    "sector",
    "month",
    "tco2",  # Σ lines of level `total`
    "process",  # Σ lines of level `process`; None where none was filed
    "cofiring",
    "other",  # tco2 − process − cofiring; None where neither was filed
    "output",  # [t]
    "intensity",  # [tCO2e/t]
    "provisional",
]
TOTAL = "total"


@dataclass(frozen=True)
class Accounts:
    """The emissions of a batch of plants."""

    lines: pd.DataFrame
    unit_months: pd.DataFrame
    unit_years: pd.DataFrame
    plant_months: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PLANT_MONTH_COLUMNS))


def total_of(lines: pd.DataFrame) -> Decimal:
    """Emission of the enterprise [tCO2e]: the lines of level `total`; a breakdown is never added to it."""
    counted = lines.loc[lines["level"] == TOTAL, "tco2"]
    return sum((value for value in counted if value is not None), Decimal(0))


def nothing() -> Accounts:
    """Accounts of no plants."""
    return Accounts(
        pd.DataFrame(columns=LINE_COLUMNS),
        pd.DataFrame(columns=UNIT_MONTH_COLUMNS),
        pd.DataFrame(columns=UNIT_YEAR_COLUMNS),
    )
