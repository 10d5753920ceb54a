"""A sheet or text file as a rectangle of texts, before anything is understood."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mrv.intake.sheet_xml import column_letters

Place = tuple[int, int]  # (row, column), both zero-based positions in the grid


@dataclass
class Grid:
    """`frame`: columns 0…n-1 of text, one line per record as in the file; `numbers`: the file row of each line.

    `stored_text`: cells that a workbook stores as text (None for text files). `odd`: cells without a usable value, kind
    (`formula_without_value`, `error_cell`) by place. `merged`: (first, last) places of merged ranges.
    """

    sheet: str
    frame: pd.DataFrame
    numbers: np.ndarray
    workbook: bool = False
    hidden: bool = False
    stored_text: np.ndarray | None = None
    odd: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    date1904: bool = False

    def where(self, column: int) -> str | int:
        """The column as the file names it: a letter in a workbook, a number in a text file."""
        return column_letters(column) if self.workbook else column + 1

    def text(self, line: int, column: int) -> str:
        """The stripped text of one cell."""
        return str(self.frame.iat[line, column]).strip()

    def cell(self, line: int, column: int) -> str:
        """The cell as the file names it: `D7` or `R7C4`."""
        row = self.numbers[line]
        return f"{column_letters(column)}{row}" if self.workbook else f"R{row}C{column + 1}"

    def head(self, lines: int) -> list[list[str]]:
        """The first lines as lists of stripped text."""
        return [[text.strip() for text in line] for line in self.frame.head(lines).to_numpy().tolist()]
