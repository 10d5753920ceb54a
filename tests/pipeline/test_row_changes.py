"""Any one cell of any filing table, changed: the difference names exactly that field, and nothing when nothing changed."""

from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mrv.intake import Intake, read_file
from mrv.pipeline.deposit import month_of
from mrv.pipeline.row_changes import PLACE, changes
from mrv.simulation import filing_zip
from mrv.simulation.files import FILING_HEADER
from schemas import FILING_TABLES, TABLES, empty
from schemas.location import cell_of
from tests.pipeline.plants import COAL, FIRST_GAS, JANUARY, csv_of, tables

MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@cache
def frames() -> dict[str, pd.DataFrame]:
    """All rows of a generated filing as read; a row of my own for the tables that the generator leaves empty."""
    read = read_file("1.zip", filing_zip(tables(), COAL, JANUARY))
    assert isinstance(read, Intake)
    result = {}
    for definition in FILING_TABLES:
        frame = read.tables.get(definition.name, empty(definition.name)).reset_index(drop=True)
        if frame.empty:
            row: dict[str, Any] = {column.name: f"{column.name}-1" for column in definition.columns}
            row |= {"row": 2, "column_map": "{}", "sheet": "", "file_sha256": "a" * 64}
            frame = pd.DataFrame([row], columns=definition.names)
        result[definition.name] = frame
    return result


CELLS = [(table.name, name) for table in FILING_TABLES for name in table.names if name not in PLACE]


@pytest.mark.parametrize(("table", "column"), CELLS)
def test_every_column_of_every_table(table: str, column: str) -> None:
    old = frames()[table]
    position = len(old) // 2
    new = old.copy()
    new.loc[position, column] = str(old.loc[position, column]) + "7"
    (found,) = changes(table, old, new)
    assert (found.kind, found.table, found.field) == ("changed", table, column)
    assert (found.before, found.after) == (old.loc[position, column], new.loc[position, column])
    assert found.key == {name: old.loc[position, name] for name in TABLES[table].key}
    assert found.label[0] and found.label[1]


@given(st.sampled_from(CELLS), st.integers(0, 10**6), TEXT, st.randoms(use_true_random=False))
@MANY
def test_one_cell_changed_is_that_field_whatever_the_order(
    cell: tuple[str, str], number: int, text: str, chance: Any
) -> None:
    table, column = cell
    old = frames()[table]
    position = number % len(old)
    assume(text != old.loc[position, column])
    new = old.copy()
    new.loc[position, column] = text
    order = list(range(len(new)))
    chance.shuffle(order)
    new = new.iloc[order].assign(file_sha256="b" * 64)
    # A key that was changed into that of a neighbour is two rows of one key: a contradiction, not one field.
    assume(not new.duplicated(list(TABLES[table].key), keep=False).any())
    (found,) = changes(table, old, new)
    assert (found.kind, found.field, found.before, found.after) == ("changed", column, old.loc[position, column], text)


@given(st.sampled_from([table.name for table in FILING_TABLES]), st.randoms(use_true_random=False))
@MANY
def test_nothing_changed_is_nothing(table: str, chance: Any) -> None:
    old = frames()[table]
    order = list(range(len(old)))
    chance.shuffle(order)
    moved = old.iloc[order].assign(file_sha256="b" * 64, sheet="elsewhere")
    assert changes(table, old, moved) == []


@given(st.sampled_from([table.name for table in FILING_TABLES]), st.integers(0, 10**6))
@MANY
def test_a_row_that_comes_or_goes(table: str, number: int) -> None:
    whole = frames()[table]
    position = number % len(whole)
    less = whole.drop(index=position)
    (gone,) = changes(table, whole, less)
    (come,) = changes(table, less, whole)
    assert (gone.kind, come.kind) == ("removed", "added")
    assert gone.key == come.key == {name: whole.loc[position, name] for name in TABLES[table].key}
    assert gone.before == come.after and gone.after == come.before == ""
    assert gone.from_place == come.to_place and gone.to_place == come.from_place == ("", "")


def test_places_are_those_of_each_file() -> None:
    """The value moves down a line in the second file; a wide row names its column by the map of its own file."""
    first, second = csv_of(FIRST_GAS), csv_of(FIRST_GAS)
    lines = second.split(b"\r\n")
    hours = next(number for number, line in enumerate(lines) if b",run_hours," in line)
    lines[hours] = lines[hours].replace(b"run_hours,", b"run_hours,1", 1)
    moved = b"\r\n".join([lines[0], lines[hours], *lines[1:hours], *lines[hours + 1 :]])
    old, new = (read_file("a.csv", data) for data in (first, moved))
    assert isinstance(old, Intake) and isinstance(new, Intake)
    (found,) = changes("parameter", old.tables["parameter"], new.tables["parameter"])
    assert found.field == "value" and found.from_place == ("", f"R{hours + 1}C7") and found.to_place == ("", "R2C7")
    daily = frames()["daily_coal"]
    other = daily.copy()
    other.loc[3, "moisture_ar"] = "1"
    (wide,) = changes("daily_coal", daily, other)
    row = daily.loc[3]
    assert wide.from_place == (row["sheet"], cell_of(row["row"], row["column_map"], "moisture_ar", row["sheet"]))
    assert wide.from_place[1]


FILED = [
    (table.name, column.name)
    for table in FILING_TABLES
    for column in table.columns
    if column.template and column.name not in table.key and column.name != "evidence_file"
    if len(tables().get(table.name, ())) and (table.name != "parameter" or column.name in FILING_HEADER)
]


@given(st.sampled_from(FILED), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_a_cell_of_a_filing_through_the_reader(cell: tuple[str, str], number: int) -> None:
    """The same through bytes: one cell of a filing zip is changed, valid or not, and read again with the rest."""
    table, column = cell
    frame = tables()[table]
    mine = frame.index[(frame["plant_id"] == COAL) & (month_of(table, frame) == JANUARY)]
    assume(len(mine) > 0)
    position = mine[number % len(mine)]
    changed = frame.copy()
    changed.loc[position, column] = str(frame.loc[position, column]) + "1"
    files = [filing_zip(tables() | {table: one}, COAL, JANUARY) for one in (frame, changed)]
    old, new = (read_file("1.zip", data) for data in files)
    assert isinstance(old, Intake) and isinstance(new, Intake)
    found = [
        one
        for name in (definition.name for definition in FILING_TABLES)
        for one in changes(name, *(side.tables.get(name, empty(name)) for side in (old, new)))
    ]
    assert [(one.kind, one.table, one.field) for one in found] == [("changed", table, column)]
    assert found[0].from_place == found[0].to_place and found[0].from_place[1]
