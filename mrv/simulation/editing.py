"""Small edits of canonical frames: one cell, one row, with the certainty that they hit what they mean."""

from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from mrv.simulation.model import PlantedFault, PlantYears, Row, canonical_frame


class Place(NamedTuple):
    """Where a fault is planted."""

    plant_id: str
    unit_id: str
    stream_id: str
    month: str

    def fault(self, parameter: str, rule: str, zh: str, en: str) -> PlantedFault:
        """The record of a fault planted here."""
        return PlantedFault(*self, parameter, rule, zh, en)


class Editor:
    """Edits a copy of plant-years in place. Every edit that finds no row, or more than one, raises `LookupError`."""

    def __init__(self, clean: PlantYears) -> None:
        self.tables = clean.copy().tables

    def rows(self, table: str, **key: str) -> pd.Index:
        """Index of the rows with these values."""
        frame = self.tables[table]
        keep = pd.Series(True, index=frame.index)
        for column, value in key.items():
            keep &= frame[column] == value
        if not keep.any():
            raise LookupError(f"{table}: no row with {key}")
        return frame.index[keep]

    def _one(self, table: str, key: dict[str, str]) -> int:
        found = self.rows(table, **key)
        if len(found) != 1:
            raise LookupError(f"{table}: {len(found)} rows with {key}")
        return int(found[0])

    def get(self, table: str, column: str, **key: str) -> str:
        """One cell."""
        return str(self.tables[table].at[self._one(table, key), column])

    def put(self, table: str, column: str, value: str, **key: str) -> None:
        """Overwrite one cell."""
        self.tables[table].at[self._one(table, key), column] = value

    def value(self, place: Place, parameter: str) -> Decimal:
        """A filed value."""
        return Decimal(self.get("parameter", "value", **place._asdict(), parameter=parameter))

    def file(self, place: Place, parameter: str, value: Decimal) -> None:
        """Overwrite a filed value."""
        self.put("parameter", "value", format(value, "f"), **place._asdict(), parameter=parameter)

    def remove(self, table: str, rows: pd.Index) -> None:
        """Take rows out of a table."""
        self.tables[table] = self.tables[table].drop(rows).reset_index(drop=True)

    def add(self, table: str, row: Row) -> None:
        """Put one row into a table, in the order of its key."""
        joined = [*self.tables[table].to_dict("records"), row]
        self.tables[table] = canonical_frame(table, joined)

    def days(self, place: Place) -> pd.Index:
        """The daily coal rows of a place."""
        found = self.rows("daily_coal", plant_id=place.plant_id, unit_id=place.unit_id, stream_id=place.stream_id)
        return found[self.tables["daily_coal"].loc[found, "day"].str.startswith(place.month)]

    def report(self, place: Place) -> Row:
        """The laboratory report of a place, as a copy of its row."""
        return dict(self.tables["coal_analysis"].loc[self._one("coal_analysis", place._asdict())])

    def reprint(self, place: Place, **cells: str) -> None:
        """Overwrite cells of the laboratory report of a place."""
        for column, value in cells.items():
            self.put("coal_analysis", column, value, **place._asdict())
