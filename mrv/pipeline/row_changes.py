"""What differs between two sets of rows of one filing table, field by field."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from schemas import TABLES
from schemas.location import cell_of
from schemas.vocabulary import PARAMETERS

PLACE = frozenset({"file_sha256", "sheet", "cell", "row", "column_map"})
Row = dict[str, Any]
Words = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One difference: a field of a row that both versions have (`changed`), or a whole row (`added`, `removed`: `field` is empty).

    `key` : what names the row. `unit` : of the value. `before`, `after` : as understood; of a whole row its fields, as text.
    `fields` : of a whole row, what it says by column. `from_place`, `to_place` : (sheet, cell) in the files of the two versions, empty texts where there is none.
    """

    kind: str
    table: str
    key: dict[str, str]
    field: str
    label: tuple[str, str]
    unit: str
    before: str
    after: str
    from_place: tuple[str, str]
    to_place: tuple[str, str]
    fields: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def difference(self) -> Decimal | None:
        """after − before, exact; None where either is no number."""
        try:
            return Decimal(self.after) - Decimal(self.before)
        except InvalidOperation:
            return None


def changes(table: str, old: pd.DataFrame, new: pd.DataFrame) -> list[Change]:
    """The differences between two frames of a table, ordered by key and column; location columns aside.

    Rows are matched by the table's key. A row without a partner is matched to one that differs from it in a single field (a key that was
    corrected); only what is left then is called added or removed.
    """
    said = [name for name in TABLES[table].names if name not in PLACE]
    key = list(TABLES[table].key)
    left, right = _without_equal(said, old, new)
    pairs = [*_matched(left, right, key)]
    for name in said:
        pairs += _matched(left, right, [other for other in said if other != name])
    found = [change for before, after in pairs for change in _fields(table, said, before, after)]
    found += [_whole(table, "removed", row) for row in left] + [_whole(table, "added", row) for row in right]
    return sorted(found, key=lambda one: (list(one.key.values()), said.index(one.field) if one.field else -1, one.kind))


def _without_equal(said: list[str], old: pd.DataFrame, new: pd.DataFrame) -> tuple[list[Row], list[Row]]:
    """The rows of each side that the other does not hold as well; a row that is there twice needs two."""
    sides = [frame.to_dict("records") for frame in (old, new)]
    counts = [Counter(_text(row, said) for row in side) for side in sides]
    common = counts[0] & counts[1]
    rest: list[list[Row]] = []
    for side in sides:
        spare, kept = Counter(common), []
        for row in side:
            text = _text(row, said)
            if spare[text]:
                spare[text] -= 1
            else:
                kept.append(row)
        rest.append(kept)
    return rest[0], rest[1]


def _matched(left: list[Row], right: list[Row], names: list[str]) -> list[tuple[Row, Row]]:
    """Takes rows that agree in some columns out of both lists and returns them as pairs, in the order of the files."""
    waiting: dict[Hashable, list[Row]] = defaultdict(list)
    for row in reversed(right):
        waiting[_text(row, names)].append(row)
    pairs, alone = [], []
    for row in left:
        partners = waiting[_text(row, names)]
        if partners:
            pairs.append((row, partners.pop()))
        else:
            alone.append(row)
    taken = {id(after) for _, after in pairs}
    left[:] = alone
    right[:] = [row for row in right if id(row) not in taken]
    return pairs


def _text(row: Row, names: list[str]) -> Words:
    return tuple(row[name] for name in names)


def _fields(table: str, said: list[str], before: Row, after: Row) -> Iterator[Change]:
    for name in said:
        if before[name] != after[name]:
            yield Change(
                "changed",
                table,
                {column: before[column] for column in TABLES[table].key},
                name,
                _label(table, name, after),
                _unit(table, name, after),
                before[name],
                after[name],
                _place(before, name),
                _place(after, name),
            )


def _whole(table: str, kind: str, row: Row) -> Change:
    definition = TABLES[table]
    key = {name: row[name] for name in definition.key}
    fields = [name for name in definition.names if name not in PLACE and name not in key and row[name]]
    text = " ".join(f"{name}={row[name]}" for name in fields)
    column = "value" if "value" in row else next((name for name in fields if _place(row, name)[1]), "")
    where, nowhere = _place(row, column), ("", "")
    ends = ("", text, nowhere, where) if kind == "added" else (text, "", where, nowhere)
    label = _label(table, "value", row) if table == "parameter" else (definition.zh, definition.en)
    said = {name: str(row[name]) for name in fields}
    return Change(kind, table, key, "", label, _unit(table, "value", row), *ends, said)


def _label(table: str, name: str, row: Row) -> tuple[str, str]:
    """What a field is called: a value by its parameter."""
    if name == "value" and row.get("parameter") in PARAMETERS:
        parameter = PARAMETERS[row["parameter"]]
        return parameter.zh, parameter.en
    column = TABLES[table].by_name[name]
    return column.zh, column.en


def _unit(table: str, name: str, row: Row) -> str:
    if name == "value":
        return str(row.get("unit", ""))
    return TABLES[table].by_name[name].unit


def _place(row: Row, name: str) -> tuple[str, str]:
    """Sheet and cell of a field; the rows of `parameter` know the cell of their value, which stands for the whole row."""
    if "cell" in row:
        return row["sheet"], row["cell"]
    return row["sheet"], cell_of(int(row["row"]), row["column_map"], name, row["sheet"]) if name else ""
