"""Where a number of a home comes from: the rows of a plant, computed anew and explained."""

from typing import Any

import pandas as pd

from mrv.accounting.account import account
from mrv.accounting.explain import explain
from mrv.pipeline.deposit import factors_of, registers
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from schemas import FILING_TABLES


def trace(home: Home, control: Control, plant_id: str, period: str, item: str | None) -> dict[str, Any] | None:
    """The explanation document of a month or a year of a plant; None when the plant has deposited nothing in that year."""
    lake = Lake(home.lake)
    tables: dict[str, pd.DataFrame] = {
        table.name: lake.read(table.name, [int(period[:4])], [plant_id]) for table in FILING_TABLES
    }
    if tables["parameter"].empty:
        return None
    for name, frame in registers(control).items():
        tables[name] = frame[frame["plant_id"] == plant_id].reset_index(drop=True)
    factors = factors_of(control)
    return explain(tables, account(tables, factors), factors, plant_id, period, item)
