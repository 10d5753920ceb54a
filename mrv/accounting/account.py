"""The one entry of accounting: which function computes which sector. A new sector is one more line in `SECTORS`."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from emission_factors import Factors, factors
from mrv.accounting import power
from mrv.accounting.accounts import Accounts, nothing
from mrv.accounting.register import groups, reporting_units
from mrv.accounting.unit_months import unit_months
from mrv.accounting.unit_years import unit_years
from schemas import TABLES


@dataclass(frozen=True)
class Sector:
    """How a sector is computed: its emission lines; and whether it has units with hours, load and allowances of their own."""

    lines: Callable[[pd.DataFrame, pd.DataFrame, Factors], pd.DataFrame]
    units: bool


SECTORS: dict[str, Sector] = {"power": Sector(power.lines, units=True)}


def account(tables: dict[str, pd.DataFrame], tables_of_factors: Factors | None = None) -> Accounts:
    """Emissions of a batch of plants, every sector by its own rules.

    Parameters
    ----------
    tables : canonical frames of accepted rows; uses `parameter` (one row per key), `unit` and `plant` (both may be absent)
    tables_of_factors : factor tables, the shipped ones when not given

    Returns
    -------
    Accounts; a sector that is not known yet contributes nothing (its filings are told so by the catalogue).
    """
    numbers = tables_of_factors or factors()
    parameter = tables["parameter"]
    units, plants = _register(tables, "unit"), _register(tables, "plant")
    members, reporting = groups(units), reporting_units(units, plants)
    parts = []
    for name, sector in SECTORS.items():
        rows = parameter[parameter["sector"] == name]
        if rows.empty:
            continue
        lines = sector.lines(rows, reporting, numbers)
        months = unit_months(rows, lines, members) if sector.units else nothing().unit_months
        parts.append(Accounts(lines, months, unit_years(months, lines, reporting, members, numbers)))
    if not parts:
        return nothing()
    if len(parts) == 1:
        return parts[0]
    return Accounts(
        pd.concat([part.lines for part in parts], ignore_index=True),
        pd.concat([part.unit_months for part in parts], ignore_index=True),
        pd.concat([part.unit_years for part in parts], ignore_index=True),
    )


def _register(tables: dict[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """A register frame, empty when the batch has none."""
    if name in tables and not tables[name].empty:
        return tables[name]
    return pd.DataFrame({column: pd.Series(dtype="str") for column in TABLES[name].names})
