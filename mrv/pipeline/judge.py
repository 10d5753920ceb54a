"""Accounting, screening and impact of a batch: what every use case does between reading and showing."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from emission_factors import Factors
from mrv.accounting.account import account
from mrv.accounting.accounts import Accounts
from mrv.findings.build import build, from_faults, ordered
from mrv.findings.impact import with_impact
from mrv.pipeline.batch import REGISTER, Batch
from mrv.screening.case import Case
from mrv.screening.catalogue import catalogue
from mrv.screening.engine import not_run, screen
from schemas import FILING_TABLES, TABLES

DEPOSITED = frozenset(table.name for table in FILING_TABLES)


@dataclass(frozen=True)
class Judgement:
    """What a batch comes to: emissions, findings in reading order, and the rules that had nothing to look at."""

    accounts: Accounts
    findings: pd.DataFrame
    not_run: pd.DataFrame
    case: Case


def judge(
    batch: Batch,
    factors: Factors,
    register: dict[str, pd.DataFrame] | None = None,
    history: dict[str, pd.DataFrame] | None = None,
    as_of: date | None = None,
    deposited: bool = False,
) -> Judgement:
    """Compute and screen a batch.

    Parameters
    ----------
    batch : accepted rows of the filings that are judged
    factors : factor tables
    register : canonical plant, unit, meter and control_plan frames; those found in the files are used where it has none
    history : canonical frames of earlier filings; a month that the batch itself holds is taken from the batch
    as_of : the day of judgement
    deposited : the filings are deposits, or about to be: their evidence is owed, and a filing that came with none owes all of it

    Returns
    -------
    Judgement; findings concern the filings of the batch only, never history.
    """
    tables = merged(batch, register or {}, history or {})
    accounts = account(tables, factors)
    focus = batch.filings[["plant_id", "sector", "month"]].drop_duplicates(ignore_index=True)
    case = Case(tables, accounts, focus, as_of, batch.faults, batch.attachments, deposited)
    rules = catalogue()
    found = screen(case, list(rules.values()))
    parts = [part for part in (from_faults(batch.faults, rules), found) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else found
    findings = ordered(with_impact(build(rows, rules), tables, accounts, factors))
    return Judgement(accounts, findings, not_run(case, list(rules.values())), case)


def merged(
    batch: Batch, register: dict[str, pd.DataFrame], history: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The canonical frames a batch is judged with: its own rows, earlier filings, the register."""
    tables: dict[str, pd.DataFrame] = {}
    own = batch.filings[["plant_id", "month"]].drop_duplicates()
    for name, definition in TABLES.items():
        if name in REGISTER:
            known = register.get(name)
            frame = known if known is not None and len(known) else batch.tables.get(name)
            if frame is not None:
                tables[name] = frame
            continue
        parts = [batch.tables[name]] if name in batch.tables else []
        if name in history:
            parts.append(_earlier(history[name], own) if name in DEPOSITED else history[name])
        if parts:
            frame = pd.concat(parts, ignore_index=True)
            tables[name] = frame.drop_duplicates(list(definition.key), keep="first").reset_index(drop=True)
    tables.setdefault("parameter", pd.DataFrame({name: pd.Series(dtype="str") for name in TABLES["parameter"].names}))
    return tables


def _earlier(history: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Rows of history whose plant and month the batch does not hold itself."""
    if "month" in history.columns:
        months = history["month"]
    elif "day" in history.columns:
        months = history["day"].str[:7]
    elif "start" in history.columns:
        months = history["start"].str[:7]
    else:
        return history
    held = pd.MultiIndex.from_frame(own)
    return history[~pd.MultiIndex.from_arrays([history["plant_id"], months]).isin(held)]
