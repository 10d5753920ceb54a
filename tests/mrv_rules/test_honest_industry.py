"""Honest steel works, cement plants and smelters are left alone, whatever of their tables is there."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mrv.screening.case import Case
from mrv.screening.catalogue import catalogue
from mrv.screening.engine import screen
from schemas import TABLES
from tests.mrv_rules import honest_industry, honest_plant
from tests.mrv_rules.cases import MONTHS
from tests.mrv_rules.industry_cases import accounted, together

PLANTS = [("steel",), ("cement",), ("aluminium",), ("power", "steel"), ("power", "cement", "aluminium")]


def honest(sectors: tuple[str, ...], months: Sequence[str] = MONTHS) -> Case:
    """The honest plant of these sectors with its account; the months that are judged are all unless said otherwise."""
    parts = [(name, honest_plant.tables() if name == "power" else honest_industry.tables(name)) for name in sectors]
    return accounted(together(*parts, months=months))


@pytest.mark.parametrize("sectors", PLANTS, ids="+".join)
def test_an_honest_plant_is_left_alone(sectors: tuple[str, ...]) -> None:
    rows = screen(honest(sectors), list(catalogue().values()))
    assert rows[["rule", "sector", "unit_id", "month", "parameter", "value", "expected"]].to_dict("records") == []


@pytest.mark.parametrize("sectors", PLANTS, ids="+".join)
def test_absent_tables_are_borne(sectors: tuple[str, ...]) -> None:
    """A table that is not there never makes a rule crash; without any parameter, nothing is said."""
    whole = honest(sectors, MONTHS[-1:])
    for name in ["parameter", "facility", "evidence", "plant", "unit", "*"]:
        kept = {} if name == "*" else {table: frame for table, frame in whole.tables.items() if table != name}
        rows = screen(replace(whole, tables=kept), list(catalogue().values()))
        assert set(rows["sector"]) <= set(sectors)
        assert name != "*" or rows.empty


@pytest.mark.parametrize("sector", honest_industry.SECTORS)
def test_the_frames_are_canonical(sector: str) -> None:
    for name, frame in honest_industry.tables(sector).items():
        assert list(frame.columns) == list(TABLES[name].names)
        assert not frame.duplicated(list(TABLES[name].key)).any()
