"""Rows of a filing in one line each, for tests of the industrial sectors."""

import pandas as pd

from schemas import TABLES, empty
from schemas.vocabulary.parameters import unit_of

MONTH = "2026-06"


def row(
    sector: str, unit_id: str, stream_id: str, parameter: str, value: str, month: str = MONTH, **cells: str
) -> dict[str, str]:
    """One canonical `parameter` row of plant P1, measured unless `cells` say otherwise."""
    blank = dict.fromkeys(TABLES["parameter"].names, "")
    filed = {"plant_id": "P1", "sector": sector, "unit_id": unit_id, "stream_id": stream_id, "month": month}
    unit = unit_of(parameter, stream_id)
    return blank | filed | {"parameter": parameter, "value": value, "unit": unit, "method": "measured"} | cells


def tables(rows: list[dict[str, str]], *facilities: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Canonical frames of some rows, and of facilities of plant P1."""
    frame = pd.DataFrame(rows, columns=TABLES["parameter"].names, dtype="str")
    blank = dict.fromkeys(TABLES["facility"].names, "") | {"plant_id": "P1"}
    register = pd.DataFrame([blank | one for one in facilities], dtype="str") if facilities else empty("facility")
    return {"parameter": frame, "facility": register}
