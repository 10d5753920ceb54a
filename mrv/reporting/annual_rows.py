"""The annual report as canonical rows: the tables of the rule set of the year, and what stands behind them.

Tables are `C.1` … as the rule set names them, then three of our own: `ALLOCATION` (the estimate of allowances), `FACTORS` (every
factor row used; `method` holds its certainty) and `PENDING` (findings that block the report). `period` is a month or the year.
`reported` is the exact text at the decimals of the rule set; codes stay codes, the workbook shows their labels. `verified` is empty
until a verification case states a value: nothing is copied into it. `reason` says in both languages, Chinese before the bar, why a
value differs from the deposit or is absent. A yearly number is `provisional` when a month of it is, or when a month is missing.
"""

from collections.abc import Callable

import pandas as pd

from emission_factors import Factors, NoRuleSet, factors, rule_set
from mrv.accounting.accounts import Accounts
from mrv.reporting import annual_auxiliary, annual_closing, annual_production, annual_register, annual_units
from mrv.reporting.annual_context import SECTOR, Context, context, empty
from mrv.reporting.annual_grid import Rows

Writer = Callable[[Rows, Context, str], None]
PLANT, UNITS = annual_register.plant, annual_register.units
FUELS, BOUGHT = annual_units.combustion, annual_units.electricity
TOTALS, METHODS, AUXILIARY = annual_production.production, annual_production.determination, annual_auxiliary.auxiliary
WITH_ELECTRICITY: tuple[Writer, ...] = (PLANT, UNITS, FUELS, BOUGHT, TOTALS, METHODS, AUXILIARY)
WITHOUT: tuple[Writer, ...] = (PLANT, UNITS, FUELS, TOTALS, METHODS, AUXILIARY)


def annual_rows(
    tables: dict[str, pd.DataFrame],
    accounts: Accounts,
    findings: pd.DataFrame,
    year: str,
    tables_of_factors: Factors | None = None,
) -> pd.DataFrame:
    """The annual reports of all power plants of a batch that filed anything in a year.

    Parameters
    ----------
    tables : canonical frames of accepted rows; `parameter`, `unit`, `plant`, `evidence` and `coal_analysis` are used
    accounts : what was computed from them
    findings : canonical `finding` frame of the batch; those that block stand in `PENDING`
    year : report year `YYYY`
    tables_of_factors : factor tables the accounts were computed with, the shipped ones when not given

    Returns
    -------
    DataFrame with the columns of `schemas.TABLES["annual_report"]`, plant by plant in the order of the tables; empty when no
    power plant filed anything, or no rule set holds in the year. Emissions and energy of a year are sums of the monthly rounded
    rows; heat value and carbon are weighted by consumption, carbon per heat by heat, hours by capacity in a merged group; the total
    of the plant is a whole number.
    """
    try:
        report_tables = rule_set(SECTOR, f"{year}-12").report_tables
    except NoRuleSet:
        return empty("annual_report")
    here = context(tables, accounts, findings, year, tables_of_factors or factors())
    if here.parameter.empty:
        return empty("annual_report")
    rows = Rows(year, SECTOR)
    writers = WITH_ELECTRICITY if here.rules.counts("electricity") else WITHOUT
    for table, write in zip(report_tables, writers, strict=True):
        write(rows, here, table.code)
    annual_closing.allocation(rows, here)
    annual_closing.factors_used(rows, here)
    annual_closing.pending(rows, here)
    return rows.frame()
