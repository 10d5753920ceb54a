"""Synthetic plant-years: canonical frames, and the faults planted in them."""

from dataclasses import dataclass, field

import pandas as pd

from schemas import TABLES
from schemas.vocabulary import unit_of

DEPOSITED = (
    "parameter",
    "daily_coal",
    "coal_analysis",
    "heat_flow",
    "meter_total",
    "event",
    "flue_gas_daily",
    "evidence",
)
REGISTERED = ("plant", "unit", "facility", "meter", "control_plan", "plan_section", "meter_reading")

Row = dict[str, str]


@dataclass
class PlantYears:
    """Canonical frames by table name (text; location columns empty, `row` 0): the eight filing tables and the register.

    Rows are sorted by the key of their table, with a fresh 0..n-1 index.
    """

    tables: dict[str, pd.DataFrame]

    def copy(self) -> "PlantYears":
        """An independent copy."""
        return PlantYears({name: frame.copy() for name, frame in self.tables.items()})


@dataclass(frozen=True)
class PlantedFault:
    """One fault put into honest data on purpose. `rule` is the code that must find it, at the place named."""

    plant_id: str
    unit_id: str
    stream_id: str
    month: str
    parameter: str
    rule: str
    zh: str
    en: str


@dataclass
class Book:
    """Rows of a plant while they are being written, by table."""

    plant_id: str
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in (*DEPOSITED, *REGISTERED[:-1])})

    def write(self, table: str, **row: str) -> None:
        """Add one row; columns not named stay empty."""
        self.rows[table].append({"plant_id": self.plant_id, **row})

    def parameter(
        self, unit_id: str, stream_id: str, month: str, parameter: str, value: str, method: str, **rest: str
    ) -> None:
        """Add one row of the `parameter` table, in the one canonical unit of the vocabulary."""
        self.write(
            "parameter", sector="power", unit_id=unit_id, stream_id=stream_id, month=month, parameter=parameter, value=value,
            unit=unit_of(parameter, stream_id), method=method, **rest,
        )  # fmt: skip


def canonical_frame(table: str, rows: list[Row]) -> pd.DataFrame:
    """Rows as a canonical frame: every column of the dictionary, empty text where a row names none, sorted by key."""
    definition = TABLES[table]
    columns = {}
    for column in definition.columns:
        if column.kind == "integer":
            columns[column.name] = pd.Series(0, index=range(len(rows)), dtype="int64")
        else:
            columns[column.name] = pd.Series([row.get(column.name, "") for row in rows], dtype="str")
    frame = pd.DataFrame(columns)
    return frame.sort_values(list(definition.key), kind="stable", ignore_index=True)
