"""What was odd in one recognised table, said with its cell, its row and the key that tells it from its neighbours."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mrv.intake.columns import ReadColumn
from mrv.intake.faults import NO_CALENDAR, NORMALISED, UNKNOWN_COLUMN, UNREADABLE, WORKBOOK_TRAP, Faults
from mrv.intake.grid import Grid
from mrv.intake.header import FROM_HEAD, Header
from schemas import TABLES
from schemas.column import Table

# A file with a million bad cells needs one explanation, not a million; the last one named stands for all that follow.
MOST_PER_COLUMN = 1000

CALENDAR_KINDS = ("not_a_date", "not_a_month")


# How a date that cannot be read should have been written.
CALENDAR_FORMS = {"not_a_month": "YYYY-MM", "not_a_date": "YYYY-MM-DD", "not_a_time": "YYYY-MM-DD hh:mm:ss"}


@dataclass(frozen=True)
class BlockView:
    """A table that was read: columns as read and as written, the account of its rows, and where each line stands."""

    grid: Grid
    header: Header
    read: dict[str, ReadColumn]
    raw: pd.DataFrame
    lines: pd.DataFrame
    positions: np.ndarray
    accepted: np.ndarray

    @property
    def table(self) -> Table:
        return TABLES[self.header.table]

    def row(self, line: int) -> dict[str, str]:
        """Canonical texts of one row, with plant, month and sector even where the table has no such column."""
        row = {name: str(result.values.iat[line]) for name, result in self.read.items()}
        return row | {name: str(self.lines[name].iat[line]) for name in FROM_HEAD}

    def cell(self, line: int, column: str) -> str:
        return self.grid.cell(self.positions[line], self.header.columns[column])

    def at(self, line: int, column: str) -> dict[str, str]:
        """Where a cell is and what stands in it, as keywords of `Faults.add`."""
        return {
            "table": self.header.table,
            "sheet": self.grid.sheet,
            "cell": self.cell(line, column),
            "value": str(self.raw[column].iat[line]).strip(),
            "column": column,
            "label": self.header.labels[column],
        }


def item_of(table: Table, column: str, row: dict[str, str]) -> str:
    """What tells this fault from others of the same plant, unit, stream, month and parameter: row key and column."""
    own = [
        row[key] for key in table.key if key not in {"plant_id", "sector", "unit_id", "stream_id", "month", "parameter"}
    ]
    return ":".join([*own, column])


def cell_faults(view: BlockView, faults: Faults) -> None:
    """Cells that cannot be read, cells without a usable value, and cells that were normalised."""
    odd = _odd_cells(view)
    for name in view.header.columns:
        by_kind: dict[str, list[int]] = {}
        for line, kind in sorted(view.read[name].faults.items()):
            if view.accepted[line] and (line, name) not in odd:
                by_kind.setdefault(kind, []).append(line)
        for kind, found in by_kind.items():
            _unreadable(view, name, kind, found, faults)
        _normalised(view, name, {line for line, column in odd if column == name}, faults)
    for (line, name), kind in odd.items():
        row = view.row(line)
        faults.add(WORKBOOK_TRAP, row=row, item=item_of(view.table, name, row), kind=kind, **view.at(line, name))


def _odd_cells(view: BlockView) -> dict[tuple[int, str], str]:
    """Formulas never calculated and error values among the understood cells of candidate rows."""
    if not view.grid.odd:
        return {}
    names = {place: name for name, place in view.header.columns.items()}
    line_at = {int(position): line for line, position in enumerate(view.positions)}
    return {
        (line_at[row], names[place]): kind
        for (row, place), kind in sorted(view.grid.odd.items())
        if row in line_at and place in names and view.accepted[line_at[row]]
    }


def _unreadable(view: BlockView, name: str, kind: str, found: list[int], faults: Faults) -> None:
    for line in found[:MOST_PER_COLUMN]:
        row = view.row(line)
        last = line == found[MOST_PER_COLUMN - 1] if len(found) > MOST_PER_COLUMN else False
        count = len(found) - MOST_PER_COLUMN + 1 if last else 1
        item = item_of(view.table, name, row)
        code = NO_CALENDAR if kind in CALENDAR_KINDS else UNREADABLE
        expected = CALENDAR_FORMS.get(kind, "")
        faults.add(code, row=row, item=item, kind=kind, count=count, expected=expected, **view.at(line, name))


def _normalised(view: BlockView, name: str, odd: set[int], faults: Faults) -> None:
    """One note per plant, month, column and kind, at the first such cell, with the number of cells."""
    result, stored_text = view.read[name], view.grid.stored_text
    notes = dict(result.notes)
    if stored_text is not None and view.table.by_name[name].kind == "decimal":
        readable = (result.values != "").to_numpy(dtype=bool)
        for line in np.flatnonzero(stored_text[view.positions, view.header.columns[name]] & readable).tolist():
            if line not in result.faults:
                notes.setdefault(line, "text_number")
    groups: dict[tuple[str, str, str, str], list[int]] = {}
    if notes:
        keys = [view.lines[key].tolist() for key in ("plant_id", "month", "sector")]
        for line, kind in sorted(notes.items()):
            if view.accepted[line] and line not in odd:
                groups.setdefault((kind, *(values[line] for values in keys)), []).append(line)
    for (kind, plant, month, sector), found in groups.items():
        faults.add(
            NORMALISED,
            row={"plant_id": plant, "month": month, "sector": sector},
            item=f"{view.header.table}.{name}:{kind}",
            kind=kind,
            count=len(found),
            read_as=result.values.iat[found[0]],
            **view.at(found[0], name),
        )


def overflow_faults(view: BlockView, overflow: Iterable[int], faults: Faults) -> None:
    """Rows of a text file with more cells than the header."""
    for line in list(overflow)[:MOST_PER_COLUMN]:
        number = view.grid.numbers[view.positions[line]]
        faults.add(
            UNREADABLE,
            table=view.header.table,
            sheet=view.grid.sheet,
            cell=f"R{number}C{view.header.width + 1}",
            row=view.row(line),
            item=f"row:{number}",
            expected=str(view.header.width),
            kind="too_many_fields",
            column="",
            label="",
            count=1,
        )


def merged_fault(grid: Grid, header: Header, name: str, spans: list[tuple[int, int, int]], faults: Faults) -> None:
    """Merged cells among the data of one column; `spans`: (top, bottom, column) of each, positions in the grid."""
    top, _, column = min(spans)
    faults.add(
        WORKBOOK_TRAP,
        table=header.table,
        sheet=grid.sheet,
        cell=grid.cell(top, column),
        item=f"{grid.sheet}:{name}",
        value=grid.text(top, column),
        kind="merged_cells",
        column=name,
        label=header.labels[name],
        count=len(spans),
    )


def header_faults(view: BlockView, body: pd.DataFrame, faults: Faults, helpers: frozenset[str]) -> None:
    """Columns that mean nothing here but hold data, and headers that name another unit than the column's own."""
    if not view.accepted.any():
        return
    grid, header = view.grid, view.header
    line = int(np.flatnonzero(view.accepted)[0])
    row = {name: view.lines[name].iat[line] for name in FROM_HEAD}
    for place, text in header.ignored.items():
        if text in helpers:
            continue
        filled = (body[place].str.strip() != "").to_numpy(dtype=bool) & view.accepted
        if filled.any() and (grid.workbook or place < header.width):
            name = text or str(grid.where(place))
            faults.add(
                UNKNOWN_COLUMN,
                table=header.table,
                sheet=grid.sheet,
                row=row,
                cell=grid.cell(header.last, place),
                item=f"{header.table}:{name}",
                value=text,
                column=name,
                count=int(filled.sum()),
            )
    for name, unit in header.other_units.items():
        faults.add(
            UNREADABLE,
            table=header.table,
            sheet=grid.sheet,
            row=row,
            cell=grid.cell(header.last, header.columns[name]),
            item=f"{header.table}.{name}:unit",
            value=unit,
            expected=TABLES[header.table].by_name[name].unit,
            kind="unit_in_header",
            column=name,
            label=header.labels[name],
            count=1,
        )
