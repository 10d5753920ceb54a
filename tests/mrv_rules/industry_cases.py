"""Small cases of the industrial sectors: an honest plant, alone or with parts of other sectors, and its account."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from mrv.accounting.account import account
from mrv.accounting.accounts import nothing
from mrv.screening.case import Case
from tests.mrv_rules import honest_industry
from tests.mrv_rules.cases import AS_OF, MONTH, PLANT

Tables = dict[str, pd.DataFrame]


def together(*parts: tuple[str, Tables], months: Sequence[str] = (MONTH,)) -> Case:
    """A plant with parts of several sectors, some of its months judged, nothing computed."""
    names = sorted({name for _, tables in parts for name in tables})
    frames = {
        name: pd.concat([tables[name] for _, tables in parts if name in tables], ignore_index=True) for name in names
    }
    filings = [(PLANT, sector, month) for sector, _ in parts for month in months]
    return Case(frames, nothing(), pd.DataFrame(filings, columns=["plant_id", "sector", "month"]), AS_OF)


def plant(sector: str) -> Case:
    """The honest plant of one industrial sector."""
    return together((sector, honest_industry.tables(sector)))


def accounted(case: Case) -> Case:
    """The case with the emissions that follow from its tables."""
    return replace(case, accounts=account(case.tables))
