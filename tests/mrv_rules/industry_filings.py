"""Small industrial filings for the tests of rules: rows in, a case with its accounts out."""

import pandas as pd

from mrv.accounting.account import account
from mrv.screening.case import Case
from tests.accounting.filing import row, tables
from tests.mrv_rules.cases import Key

MONTH = "2026-06"
Rows = list[dict[str, str]]


def case(rows: Rows, *facilities: dict[str, str], **more: pd.DataFrame) -> Case:
    """A case of plant P1 in which the last month of each sector is judged and the earlier ones are history."""
    made = tables(rows, *facilities) | more
    filed = made["parameter"]
    last = filed.groupby(["plant_id", "sector"], as_index=False)["month"].max()
    return Case(made, account(made), last)


def filing(sector: str, values: dict[tuple[str, str, str], str], month: str = MONTH, **changes: str | None) -> Rows:
    """Rows of (unit, stream, parameter) → value; `changes` name parameters to change everywhere, or to leave out (None)."""
    merged = {place: changes.get(place[2], value) for place, value in values.items()}
    return [row(sector, *place, value, month) for place, value in merged.items() if value is not None]


def key(unit_id: str, stream_id: str = "", parameter: str = "", item: str = "", month: str = MONTH) -> Key:
    """What a finding of a test is about."""
    return unit_id, stream_id, month, parameter, item
