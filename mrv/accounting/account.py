"""The one entry of accounting: which function computes which sector. A new sector is one more line in `SECTORS`."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial

import pandas as pd

from emission_factors import Factors, factors
from mrv.accounting import aluminium, cement, industry_units, industry_years, power, steel
from mrv.accounting.accounts import Accounts, nothing
from mrv.accounting.industry import Sectoral
from mrv.accounting.plant_months import plant_months
from mrv.accounting.register import groups, reporting_units
from mrv.accounting.unit_months import unit_months
from mrv.accounting.unit_years import unit_years
from schemas import empty


@dataclass(frozen=True)
class Register:
    """What accounting takes from the register: power units and their groups, and the facilities of the other sectors."""

    members: pd.DataFrame
    reporting: pd.DataFrame
    facilities: pd.DataFrame


@dataclass(frozen=True)
class Sector:
    """How a sector is computed, and whether the result of a unit (or merged group) depends on its own rows alone."""

    compute: Callable[[pd.DataFrame, Register, Factors], Accounts]
    units_stand_alone: bool = False


def _power(rows: pd.DataFrame, register: Register, numbers: Factors) -> Accounts:
    lines = power.lines(rows, register.reporting, numbers)
    months = unit_months(rows, lines, register.members)
    years = unit_years(months, lines, register.reporting, register.members, numbers)
    return Accounts(lines, months, years, plant_months(rows, lines))


def _industry(
    sector: str,
    lines_of: Callable[[Sectoral], pd.DataFrame],
    product: str,
    rows: pd.DataFrame,
    register: Register,
    numbers: Factors,
) -> Accounts:
    lines = lines_of(Sectoral.of(sector, rows, register.facilities, numbers))
    months = industry_units.unit_months(rows, lines)
    years = industry_years.unit_years(rows, months, lines, register.facilities, numbers, product)
    return Accounts(lines, months, years, plant_months(rows, lines, product))


# Sector → how it is computed; of an industrial sector also the product that its intensity and its allowances are per tonne of.
SECTORS: dict[str, Sector] = {
    "power": Sector(_power, units_stand_alone=True),
    "cement": Sector(partial(_industry, "cement", cement.lines, "clinker_output")),
    "aluminium": Sector(partial(_industry, "aluminium", aluminium.lines, "aluminium_output")),
    "steel": Sector(partial(_industry, "steel", steel.lines, "crude_steel_output")),
}


def account(tables: dict[str, pd.DataFrame], tables_of_factors: Factors | None = None) -> Accounts:
    """Emissions of a batch of plants, every sector by its own rules.

    Parameters
    ----------
    tables : canonical frames of accepted rows; uses `parameter` (one row per key), `unit`, `facility` and `plant` (these may be
        absent)
    tables_of_factors : factor tables, the shipped ones when not given

    Returns
    -------
    Accounts; a sector that is not known yet contributes nothing (its filings are told so by the catalogue). A plant with parts of
    several sectors has its accounts part by part: each is a result of its own.
    """
    numbers = tables_of_factors or factors()
    parameter = tables["parameter"]
    units, plants, facilities = (_register(tables, name) for name in ("unit", "plant", "facility"))
    register = Register(groups(units), reporting_units(units, plants), facilities)
    mine = {name: parameter[parameter["sector"] == name] for name in SECTORS}
    parts = [SECTORS[name].compute(rows, register, numbers) for name, rows in mine.items() if len(rows)]
    if not parts:
        return nothing()
    if len(parts) == 1:
        return parts[0]
    return Accounts(
        **{
            table.name: pd.concat([getattr(part, table.name) for part in parts], ignore_index=True)
            for table in fields(Accounts)
        }
    )


def _register(tables: dict[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """A register frame, empty when the batch has none."""
    return tables[name] if name in tables and not tables[name].empty else empty(name)
