"""Naming the cell that a canonical value came from."""

import json
import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def _columns(column_map: str) -> dict[str, str | int]:
    return json.loads(column_map) if column_map else {}


def cell_of(row: int, column_map: str, column: str, sheet: str) -> str:
    """The cell of `column` in file row `row`: `D7` in a workbook, `R7C4` in a text file.

    `column_map` is the JSON of a wide row (canonical column to letter or number). Empty text when the file has no such
    column (a value taken from the head of the sheet, or one that was never there). A filing zip names its member in
    `sheet`, so a numbered column is `R7C4` there as well.
    """
    where = _columns(column_map).get(column)
    if where is None:
        return ""
    return f"{where}{row}" if sheet and isinstance(where, str) else f"R{row}C{where}"


def row_and_column(cell: str) -> tuple[int, int]:
    """Row and column of a cell as numbers: `D7` is (7, 4), `R7C4` is (7, 4); (0, 0) for none."""
    if found := re.fullmatch(r"R(\d+)C(\d+)", cell):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"([A-Z]+)(\d+)", cell):
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(found[2]), column
    return 0, 0


def sheet_and_cell(sheet: str, cell: str) -> str:
    """Where a value stands, as a person writes it: `Sheet!D7`, or the one of the two that is known; empty text for none."""
    return "!".join(part for part in (sheet, cell) if part)
