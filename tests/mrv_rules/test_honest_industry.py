"""Honest steel works, cement plants and smelters are left alone, whatever of their tables is there."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

from mrv.accounting.account import account
from mrv.screening.case import Case
from mrv.screening.catalogue import catalogue
from mrv.screening.engine import screen
from schemas import TABLES
from tests.mrv_rules import honest_industry, honest_plant
from tests.mrv_rules.cases import AS_OF, MONTHS, PLANT

Tables = dict[str, pd.DataFrame]


def together(*parts: Tables) -> Tables:
    """The tables of one plant with parts of several sectors."""
    names = {name for part in parts for name in part}
    return {
        name: pd.concat([part[name] for part in parts if name in part], ignore_index=True) for name in sorted(names)
    }


PLANTS = {
    **{(sector,): honest_industry.tables(sector) for sector in honest_industry.SECTORS},
    ("power", "steel"): together(honest_plant.tables(), honest_industry.tables("steel")),
    ("power", "cement", "aluminium"): together(
        honest_plant.tables(), honest_industry.tables("cement"), honest_industry.tables("aluminium")
    ),
}


def honest(sectors: tuple[str, ...], months: Sequence[str] = MONTHS) -> Case:
    """The honest plant of these sectors with its account; the months that are judged are all unless said otherwise."""
    tables = {name: frame.copy() for name, frame in PLANTS[sectors].items()}
    filings = [(PLANT, sector, month) for sector in sectors for month in months]
    return Case(tables, account(tables), pd.DataFrame(filings, columns=["plant_id", "sector", "month"]), AS_OF)


@pytest.mark.parametrize("sectors", PLANTS, ids="+".join)
def test_an_honest_plant_is_left_alone(sectors: tuple[str, ...]) -> None:
    rows = screen(honest(sectors), list(catalogue().values()))
    assert rows[["rule", "sector", "unit_id", "month", "parameter", "value", "expected"]].to_dict("records") == []


@pytest.mark.parametrize("sectors", PLANTS, ids="+".join)
def test_absent_tables_are_borne(sectors: tuple[str, ...]) -> None:
    """A table that is not there never makes a rule crash; without any parameter, nothing is said."""
    whole = honest(sectors, MONTHS[-1:])
    for name in [*sorted(whole.tables), "*"]:
        kept = {} if name == "*" else {table: frame for table, frame in whole.tables.items() if table != name}
        rows = screen(replace(whole, tables=kept), list(catalogue().values()))
        assert set(rows["sector"]) <= set(sectors)
        assert name != "*" or rows.empty


@pytest.mark.parametrize("sector", honest_industry.SECTORS)
def test_the_frames_are_canonical(sector: str) -> None:
    for name, frame in honest_industry.tables(sector).items():
        assert list(frame.columns) == list(TABLES[name].names)
        assert not frame.duplicated(list(TABLES[name].key)).any()
