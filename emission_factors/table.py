"""One row of a table, what a table is keyed by, and how rows are read, checked and kept apart in time."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

from emission_factors.fuel_groups import fuels_meant

HERE = Path(__file__).parent / "tables"
COMMON = ("id", "value", "unit", "valid_from", "valid_to", "published", "source", "clause", "certainty", "note")
CERTAINTIES = ("official", "secondary", "uncertain", "draft", "stoichiometric")

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_FIRST, _LAST = "0000-01", "9999-12"


@dataclass(frozen=True)
class TableSpec:
    """What a table is keyed by.

    A cell of a key column may hold several words separated by spaces: the row then stands for each of them. The key
    `fuel` is read from a column `fuel_group` where the table has one (a group or a single fuel). An empty cell of a
    `wild` key column stands for any word. `range_key` names a number that must lie in [from, to). A key of `defaults` may be
    left out of a question.
    """

    keys: tuple[str, ...]
    wild: tuple[str, ...] = ()
    range_key: str = ""
    fuel_groups: bool = False
    defaults: tuple[tuple[str, str], ...] = ()


# Where documents disagree every candidate is a row of its own: the rule set picks one, `guide` unless it says otherwise.
GUIDE = "guide"
_CANDIDATE = (("candidate", GUIDE),)

SPECS: dict[str, TableSpec] = {
    "fuels": TableSpec(("sector", "fuel", "parameter", "candidate"), defaults=_CANDIDATE),
    "process_factors": TableSpec(("sector", "subject", "parameter", "candidate"), defaults=_CANDIDATE),
    "substitution": TableSpec(("sector", "fuel", "parameter", "unit_class"), fuel_groups=True),
    "oxidation": TableSpec(
        ("sector", "fuel", "boiler_type"), wild=("boiler_type",), range_key="altitude", fuel_groups=True
    ),
    "grid": TableSpec(("kind", "area")),
    "benchmarks": TableSpec(("purpose", "benchmark")),
    "allocation_coefficients": TableSpec(("name",)),
    "gwp": TableSpec(("assessment", "gas")),
    "constants": TableSpec(("name",)),
    "thresholds": TableSpec(("rule", "name")),
}


@dataclass(frozen=True)
class FactorRow:
    """One number from a document.

    `valid_from` and `valid_to` are months `YYYY-MM`, both included; empty is open. `certainty` is one of
    `CERTAINTIES`. `columns` are the key and further columns of the table as (name, text) pairs.
    """

    id: str
    table: str
    value: Decimal
    text: str  # the value as it stands in the document
    unit: str
    valid_from: str
    valid_to: str
    published: str
    source: str
    clause: str
    certainty: str
    note: str
    superseded_by: str
    columns: tuple[tuple[str, str], ...]

    def column(self, name: str) -> str:
        """Text of a key or further column; KeyError when the table has no such column."""
        return dict(self.columns)[name]

    def holds_in(self, month: str) -> bool:
        """Whether the row is valid in a month `YYYY-MM`."""
        return (self.valid_from or _FIRST) <= month <= (self.valid_to or _LAST)


@dataclass(frozen=True)
class Entry:
    """A row as filed under one of the keys it stands for."""

    key: tuple[str, ...]
    low: Decimal | None
    high: Decimal | None
    row: FactorRow

    def meets(self, other: "Entry") -> bool:
        """Whether some month and some value of the range fall under both entries (their keys being equal)."""
        mine, its = self.row, other.row
        in_time = (mine.valid_from or _FIRST) <= (its.valid_to or _LAST) and (its.valid_from or _FIRST) <= (
            mine.valid_to or _LAST
        )
        starts_below = self.low is None or other.high is None or self.low < other.high
        ends_above = self.high is None or other.low is None or other.low < self.high
        return in_time and starts_below and ends_above

    def covers(self, number: Decimal | None) -> bool:
        """Whether the range covers a number; an unknown number is covered only by a row without limits."""
        if number is None:
            return self.low is None and self.high is None
        return (self.low is None or self.low <= number) and (self.high is None or number < self.high)


def row_of(table: str, cells: Mapping[str, str]) -> FactorRow:
    """A checked row from the cells of a line; ValueError names what is wrong with it."""
    row_id = cells.get("id", "")
    for name in ("id", "value", "unit", "source", "certainty"):
        if not cells.get(name):
            raise ValueError(f"{table}: row {row_id!r} has no {name}")
    if not NUMBER.fullmatch(cells["value"]):
        raise ValueError(f"{table}: row {row_id!r}: value {cells['value']!r} is no plain decimal number")
    if cells["certainty"] not in CERTAINTIES:
        raise ValueError(f"{table}: row {row_id!r}: certainty {cells['certainty']!r} is not one of {CERTAINTIES}")
    start, end = cells.get("valid_from", ""), cells.get("valid_to", "")
    if any(month and not MONTH.fullmatch(month) for month in (start, end)):
        raise ValueError(f"{table}: row {row_id!r}: months are written YYYY-MM")
    if start and end and start > end:
        raise ValueError(f"{table}: row {row_id!r}: valid_from {start} is after valid_to {end}")
    return FactorRow(
        table=table,
        value=Decimal(cells["value"]),
        text=cells["value"],
        superseded_by=cells.get("superseded_by", ""),
        columns=tuple(
            (name, text) for name, text in cells.items() if name not in (*COMMON, "superseded_by") and name is not None
        ),
        **{name: cells.get(name, "") for name in COMMON if name != "value"},  # type: ignore[arg-type]
    )


def entries_of(row: FactorRow) -> Iterator[Entry]:
    """The row under each key it stands for; none when a later row supersedes it."""
    if row.superseded_by:
        return
    spec, columns = SPECS[row.table], dict(row.columns)
    words: list[tuple[str, ...]] = []
    for key in spec.keys:
        source = "fuel_group" if key == "fuel" and spec.fuel_groups else key
        cell = tuple(columns[source].split())
        if source == "fuel_group":
            cell = tuple(fuel for word in cell for fuel in fuels_meant(word))
        if not cell and key not in spec.wild:
            raise ValueError(f"{row.table}: row {row.id!r} has no {source} that is known")
        words.append(cell or ("",))
    low, high = (columns.get(f"{spec.range_key}_{end}", "") for end in ("from", "to"))
    for key_words in product(*words):
        yield Entry(key_words, Decimal(low) if low else None, Decimal(high) if high else None, row)


def overlaps(table: str, entries: Iterable[Entry]) -> list[tuple[FactorRow, FactorRow]]:
    """Pairs of rows that would both answer the same question, in the order of the rows."""
    wild = [SPECS[table].keys.index(key) for key in SPECS[table].wild]
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(tuple(w for i, w in enumerate(entry.key) if i not in wild), []).append(entry)
    found: dict[tuple[str, str], tuple[FactorRow, FactorRow]] = {}
    for group in groups.values():
        for position, one in enumerate(group):
            for other in group[position + 1 :]:
                if one.meets(other) and all(
                    not one.key[i] or not other.key[i] or one.key[i] == other.key[i] for i in wild
                ):
                    found.setdefault((one.row.id, other.row.id), (one.row, other.row))
    return list(found.values())


@cache
def package_rows(table: str) -> tuple[FactorRow, ...]:
    """The rows of a table that ship with the package; KeyError for an unknown table, ValueError for a bad row."""
    if table not in SPECS:
        raise KeyError(f"no table {table!r}; there are {', '.join(SPECS)}")
    with (HERE / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(row_of(table, cells) for cells in csv.DictReader(handle))
