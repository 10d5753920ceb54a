"""What reading a file gives: the intake, its frames, and the limits it was read under."""

from dataclasses import dataclass, field

import pandas as pd

ROW_COLUMNS = ["table", "sheet", "row", "plant_id", "month", "sector", "disposition", "reason"]
FAULT_COLUMNS = [
    *("code", "table", "sheet", "cell", "plant_id", "sector", "unit_id", "stream_id"),
    *("month", "parameter", "item", "value", "expected", "params"),
]
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """How large a file may be; beyond any of these it is refused before it can hurt the machine.

    `text_file_bytes`, `csv_rows` hold for CSV and Parquet, which may carry the meters of a whole province. `area`
    bounds the rectangle that a sheet's values span, because a sheet is read as a rectangle. `seconds` is the time for
    20 MB; a larger file is given proportionally more.
    """

    file_bytes: int = 20 * MEGABYTE
    text_file_bytes: int = 600 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    ratio: int = 100
    entries: int = 2000
    sheets: int = 64
    cells: int = 200_000
    area: int = 4_000_000
    csv_rows: int = 5_000_000
    csv_columns: int = 1000
    cell_characters: int = 32_767
    seconds: float = 10.0


@dataclass(frozen=True)
class Understood:
    """How one sheet (or text file) was understood, so that it can be shown before anything is used.

    `columns`: header text as written to canonical column; `ignored`: header texts that mean nothing here.
    """

    sheet: str
    table: str
    header_row: int
    columns: dict[str, str]
    ignored: list[str]


@dataclass
class Intake:
    """One file as read.

    `tables`: candidate canonical frames (all text), rows as in the file; the index of each frame is the position of the
    row in `rows`, so a row that the schema check refuses can be marked there. `rows`: one line per row met
    (`ROW_COLUMNS`). `faults`: what was odd while reading (`FAULT_COLUMNS`, `params` is JSON). `attachments`: evidence
    files of a zip.
    """

    name: str
    sha256: str
    size: int
    kind: str
    encoding: str = ""
    template: tuple[str, str] | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    faults: pd.DataFrame = field(default_factory=pd.DataFrame)
    understood: list[Understood] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)
