"""Workbook → grids. calamine reads the values; one pass over the XML says what values do not show."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from mrv.intake.archive import repack
from mrv.intake.grid import Grid, Place
from mrv.intake.refusal import Deadline, RefusedError
from mrv.intake.result import Limits
from mrv.intake.sheet_xml import SheetFacts, sheet_facts, string_lengths
from mrv.intake.workbook_safety import check_parts
from mrv.intake.workbook_xml import custom_properties, percent_styles, sheet_parts


def float_text(value: float) -> str:
    """A stored number as plain decimal text with the 15 digits Excel shows: 0.5206999999999999 is 0.5207."""
    return format(Decimal(f"{value:.15g}"), "f")


def _text(value: object, percent: bool) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        plain = float_text(value)
        # 12.3 % is stored as 0.123: give back what the person sees.
        return f"{format((Decimal(plain) * 100).normalize(), 'f')}%" if percent else plain
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _grid(name: str, values: Sequence[Sequence[object]], facts: SheetFacts) -> Grid:
    width = max([facts.last_column + 1, *(len(line) for line in values)])
    height = max(len(values), facts.last_row + 1)
    texts = [
        [_text(value, (row, column) in facts.percents) for column, value in enumerate(line)]
        + [""] * (width - len(line))
        for row, line in enumerate(values)
    ]
    texts += [[""] * width for _ in range(height - len(texts))]
    stored_text = np.zeros((height, width), dtype=bool)
    for row, line in enumerate(values):
        stored_text[row, : len(line)] = [isinstance(value, str) and value != "" for value in line]
    odd = dict.fromkeys(facts.uncached, "formula_without_value") | dict.fromkeys(facts.errors, "error_cell")
    for (row, column), shown in (facts.uncached | facts.errors).items():
        texts[row][column] = shown
        stored_text[row, column] = False
    frame = pd.DataFrame(texts, columns=range(width), dtype="str")
    return Grid(name, frame, np.arange(1, height + 1), workbook=True, stored_text=stored_text, odd=odd)


def _merged(ranges: Iterable[tuple[Place, Place]], grid: Grid) -> list[tuple[Place, Place]]:
    """Merged ranges in order, cut to where the sheet holds values."""
    height, width = grid.frame.shape
    inside = [(first, last) for first, last in sorted(ranges) if first[0] < height and first[1] < width]
    return [(first, (min(last[0], height - 1), min(last[1], width - 1))) for first, last in inside]


def is_workbook(members: dict[str, bytes]) -> bool:
    """Whether the archive is an Office Open XML workbook.

    Raises RefusedError `not_a_filing` for the office formats that look alike.
    """
    if members.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument"):
        raise RefusedError("not_a_filing", what="ods")
    if "[Content_Types].xml" not in members:
        return False
    for part, what in (("xl/workbook.bin", "xlsb"), ("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx")):
        if part in members:
            raise RefusedError("not_a_filing", what=what)
    return any(name.startswith("xl/") for name in members)


@contextmanager
def _damaged(detail: str) -> Iterator[None]:
    """Whatever calamine raises over a file means that the file is damaged."""
    try:
        yield
    except (CalamineError, ValueError, OSError) as error:
        raise RefusedError("damaged", detail=detail) from error
    except BaseException as error:
        # A panic on its Rust side arrives as an exception that is no `Exception` and has no importable name.
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedError("damaged", detail=detail) from error


def read_workbook(members: dict[str, bytes], limits: Limits, deadline: Deadline) -> tuple[list[Grid], dict[str, str]]:
    """The worksheets in order as grids, and the custom document properties.

    Raises RefusedError: a `hostile_…` code, `too_many_sheets`, `too_many_cells`, `cell_too_long`, `too_slow`,
    `damaged`.
    """
    check_parts(members)
    parts, date1904 = sheet_parts(members)
    if len(parts) > limits.sheets:
        raise RefusedError("too_many_sheets", count=len(parts), limit=limits.sheets)
    percent = percent_styles(members.get("xl/styles.xml"))
    lengths = string_lengths(members["xl/sharedStrings.xml"], limits) if "xl/sharedStrings.xml" in members else []
    facts, cells = {}, 0
    for name, path in parts.items():
        deadline.check()
        if path not in members or "worksheets/" not in path:
            continue
        facts[name] = sheet_facts(members[path], name, limits, percent, lengths)
        cells += facts[name].cells
        if cells > limits.cells:
            raise RefusedError("too_many_cells", sheet=name, limit=limits.cells)
    deadline.check()
    with _damaged("xl/workbook.xml"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(repack(members)))
    grids = []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet or meta.name not in facts:
            continue
        deadline.check()
        with _damaged(meta.name):
            sheet = book.get_sheet_by_name(meta.name)
            values = sheet.to_python(skip_empty_area=False)
        grid = _grid(meta.name, values, facts[meta.name])
        grid.hidden = meta.visible != SheetVisibleEnum.Visible
        grid.merged = _merged(sheet.merged_cell_ranges or [], grid)
        grid.date1904 = date1904
        grids.append(grid)
    return grids, custom_properties(members.get("docProps/custom.xml"))
