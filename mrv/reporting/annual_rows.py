"""The annual report as canonical rows: the tables of the rule set of the year, and what stands behind them.

Tables are `C.1` … as the rule set names them, then our own: `ALLOCATION` (the estimate of allowances), `FACTORS` (every factor
row used; `method` holds its certainty), of the industrial sectors `ALTERNATIVES` (other published values and the tonnes between)
and `UNLISTED` (filed, not counted), and `PENDING` (findings that block the report). `period` is a month or the year.
`reported` is the exact text at the decimals of the rule set; codes stay codes, the workbook shows their labels. `verified` is empty
until a verification case states a value: nothing is copied into it. `reason` says in both languages, Chinese before the bar, why a
value differs from the deposit or is absent. A yearly number is `provisional` when a month of it is, or when a month is missing.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from emission_factors import Factors, NoRuleSet, factors, rule_set
from mrv.accounting.accounts import Accounts
from mrv.reporting import annual_auxiliary, annual_closing, annual_production, annual_register, annual_units
from mrv.reporting.annual_context import SECTOR, Context, context, empty
from mrv.reporting.annual_grid import Rows
from mrv.reporting.industry_tables import ALUMINIUM, CEMENT, STEEL, industry_rows

Writer = Callable[[Rows, Context, str], None]
Report = Callable[[dict[str, pd.DataFrame], Accounts, pd.DataFrame, str, Factors], pd.DataFrame]
PLANT, UNITS = annual_register.plant, annual_register.units
FUELS, BOUGHT = annual_units.combustion, annual_units.electricity
TOTALS, METHODS, AUXILIARY = annual_production.production, annual_production.determination, annual_auxiliary.auxiliary
WITH_ELECTRICITY: tuple[Writer, ...] = (PLANT, UNITS, FUELS, BOUGHT, TOTALS, METHODS, AUXILIARY)
WITHOUT: tuple[Writer, ...] = (PLANT, UNITS, FUELS, TOTALS, METHODS, AUXILIARY)


def _power(
    tables: dict[str, pd.DataFrame], accounts: Accounts, findings: pd.DataFrame, year: str, factors_: Factors
) -> pd.DataFrame:
    """The reports of the power plants: emissions and energy of a year are sums of the monthly rounded rows."""
    here = context(tables, accounts, findings, year, factors_)
    if here.parameter.empty:
        return empty("annual_report")
    rows = Rows(year, SECTOR)
    writers = WITH_ELECTRICITY if here.rules.counts("electricity") else WITHOUT
    for table, write in zip(here.rules.report_tables, writers, strict=True):
        write(rows, here, table.code)
    annual_closing.allocation(rows, here)
    annual_closing.factors_used(rows, here)
    annual_closing.pending(rows, here)
    return rows.frame()


# Sector → what writes its reports. A new sector is one more line.
SECTOR_REPORTS: dict[str, Report] = {
    SECTOR: _power,
    "cement": partial(industry_rows, CEMENT, "cement"),
    "aluminium": partial(industry_rows, ALUMINIUM, "aluminium"),
    "steel": partial(industry_rows, STEEL, "steel"),
}


def annual_rows(
    tables: dict[str, pd.DataFrame],
    accounts: Accounts,
    findings: pd.DataFrame,
    year: str,
    tables_of_factors: Factors | None = None,
) -> pd.DataFrame:
    """The annual reports of all plants of a batch that filed anything in a year, one per plant and sector.

    Parameters
    ----------
    tables : canonical frames of accepted rows; `parameter`, `unit`, `facility`, `plant`, `meter`, `evidence`, `coal_analysis` and
        `flue_gas_daily` are used
    accounts : what was computed from them
    findings : canonical `finding` frame of the batch; those that block stand in `PENDING`
    year : report year `YYYY`
    tables_of_factors : factor tables the accounts were computed with, the shipped ones when not given

    Returns
    -------
    DataFrame with the columns of `schemas.TABLES["annual_report"]`, plant by plant in the order of the sectors and tables; empty
    when nobody filed anything, or no rule set holds in the year. Emissions and quantities of a year are sums of the monthly rounded
    rows; heat value and carbon are weighted by consumption, carbon per heat by heat, hours by capacity in a merged group; the total
    of the plant is a whole number.
    """
    parts = []
    for sector, write in SECTOR_REPORTS.items():
        try:
            rule_set(sector, f"{year}-12")
        except NoRuleSet:
            continue
        rows = write(tables, accounts, findings, year, tables_of_factors or factors())
        if len(rows):
            parts.append(rows)
    if not parts:
        return empty("annual_report")
    if len(parts) == 1:
        return parts[0]
    frame = pd.concat(parts, ignore_index=True)
    order = np.argsort(pd.factorize(frame["plant_id"], sort=True)[0], kind="stable")
    return frame.iloc[order].reset_index(drop=True)
