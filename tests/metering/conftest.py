"""Small canonical frames for the metering tests. Session-wide, so that hypothesis may use them."""

from collections.abc import Callable, Iterable

import pandas as pd
import pytest

from schemas import TABLES

Frame = Callable[..., pd.DataFrame]


def _frame(table: str, rows: Iterable[dict[str, str]]) -> pd.DataFrame:
    names = TABLES[table].names
    return pd.DataFrame([{**dict.fromkeys(names, ""), **row} for row in rows], columns=names).astype("str")


@pytest.fixture(scope="session")
def frame() -> Frame:
    """`frame(table, rows)`: a canonical frame from rows that name only what matters."""
    return _frame


@pytest.fixture(scope="session")
def meters() -> Frame:
    """`meters(*rows)`: meter rows; the first is an hourly interval meter unless told otherwise."""
    usual = {
        "plant_id": "P1",
        "unit_id": "1",
        "meter_id": "M1",
        "parameter": "power_generation",
        "reading_kind": "interval",
        "unit": "MWh",
        "multiplier": "1",
    }
    return lambda *rows: _frame("meter", [{**usual, **row} for row in rows])


@pytest.fixture(scope="session")
def readings() -> Frame:
    """`readings({local time: value}, meter_id="M1", …)`: readings at Asia/Shanghai local times."""

    def build(values: dict[str, str] | list[tuple[str, str]], **common: str) -> pd.DataFrame:
        pairs = list(values.items()) if isinstance(values, dict) else values
        usual = {"plant_id": "P1", "meter_id": "M1", "unit": "MWh", "quality": "good", **common}
        instants = [pd.Timestamp(local, tz="Asia/Shanghai").tz_convert("UTC") for local, _ in pairs]
        return _frame(
            "meter_reading",
            [
                {**usual, "timestamp": instant.strftime("%Y-%m-%dT%H:%M:%SZ"), "value": value}
                for instant, (_, value) in zip(instants, pairs, strict=True)
            ],
        )

    return build


@pytest.fixture(scope="session")
def events() -> Frame:
    """`events((meter, start, end), …)`: meter replacements of plant P1."""
    return lambda *items: _frame(
        "event",
        [
            {
                "plant_id": "P1",
                "unit_id": "1",
                "event": "meter_replacement",
                "item": item,
                "start": start,
                "end": end,
            }
            for item, start, end in items
        ],
    )
