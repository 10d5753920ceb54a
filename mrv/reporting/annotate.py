"""The officer's own workbook back: cells coloured and commented, and a first sheet that lists every finding with links."""

import copy
import json
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from mrv.reporting.annotate_csv import annotate_csv
from mrv.reporting.finding_list import (
    COLUMNS,
    TITLES,
    Finding,
    Language,
    cells_of_row,
    comment_of,
    summary,
    word,
    worst,
)
from mrv.reporting.sheet_styles import AUTHOR, FONT, FORMULA_LIKE, PALETTE, SEVERITY_FILL
from mrv.reporting.workbook_package import UNREADABLE, formula_results, settled

__all__ = ["annotate", "annotate_csv"]

_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_LIST_HEADER, _LIST_FIRST = 4, 5
# What a cell looked like before it was marked, kept in hidden columns of the list so that a second return starts clean.
_MARKS = len(COLUMNS) + 2
_MARK_NAMES = ("原工作表", "原单元格", "原填充", "原批注")


def annotate(original: bytes, findings: Sequence[Finding], lang: Language = "zh") -> bytes:
    """A marked copy of a workbook, as xlsx (or xlsm) bytes; the original bytes are not touched.

    `findings` are the objects of `mrv check --json`, listed in the order given. A cell takes the colour of its worst
    finding and one comment for all of them; values, formulas, validations and the rest stay as they are. A finding
    without a cell, or with one outside the used area of its sheet, is listed without a link. Marks of an earlier return
    are taken off first. Where the original is no workbook openpyxl can open (a zip, an old .xls), the list alone comes
    back. The same arguments give the same bytes.
    """
    workbook = _opened(original)
    results = formula_results(original, workbook)
    _take_off_earlier_marks(workbook)
    places = [_cell_of(workbook, finding) for finding in findings]
    marks = _mark(findings, places, lang)
    _resize_comments(workbook)
    _write_list(workbook, findings, places, marks, lang)
    stream = BytesIO()
    workbook.save(stream)
    titles = [sheet.title for sheet in workbook.worksheets]
    return settled(stream.getvalue(), titles, results)


def _opened(original: bytes) -> Workbook:
    macros = b"xl/vbaProject.bin" in original
    try:
        return load_workbook(BytesIO(original), keep_vba=macros, rich_text=True)
    except UNREADABLE:
        empty = Workbook()
        for sheet in list(empty.worksheets):
            empty.remove(sheet)
        return empty


def _cell_of(workbook: Workbook, finding: Finding) -> Cell | None:
    """The cell a finding names, None when there is none inside the used area; of merged cells the first."""
    sheet, address = finding.get("sheet") or "", finding.get("cell") or ""
    if sheet not in workbook.sheetnames or not _ADDRESS.fullmatch(address):
        return None
    worksheet = workbook[sheet]
    letters, row = coordinate_from_string(address)
    column = column_index_from_string(letters)
    if not isinstance(worksheet, Worksheet) or row > worksheet.max_row or column > worksheet.max_column:
        return None
    cell = worksheet.cell(row, column)
    if isinstance(cell, MergedCell):
        area = next(area for area in worksheet.merged_cells.ranges if address in area)
        cell = worksheet.cell(area.min_row, area.min_col)
    return cell if isinstance(cell, Cell) else None


def _mark(
    findings: Sequence[Finding], places: Sequence[Cell | None], lang: Language
) -> list[tuple[str, str, str, str]]:
    """Colour and comment each cell once. Returns what each looked like before."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    cells: dict[tuple[str, str], Cell] = {}
    for finding, cell in zip(findings, places, strict=True):
        if cell is not None:
            key = (cell.parent.title, cell.coordinate)
            grouped.setdefault(key, []).append(finding)
            cells[key] = cell
    before = []
    for key, found in grouped.items():
        cell = cells[key]
        own = cell.comment.text if cell.comment else ""
        before.append((*key, _fill_text(cell.fill), own))
        cell.fill = PatternFill("solid", fgColor=SEVERITY_FILL[worst(found)])
        text = comment_of(found, lang)
        cell.comment = Comment(f"{own}\n\n{text}" if own else text, AUTHOR)
    return before


def _fill_text(fill: Any) -> str:
    """A pattern fill as text; empty for a gradient, which is then not restored."""
    fill = copy.copy(fill)  # a cell hands out a proxy that is of no fill class
    if not isinstance(fill, PatternFill):
        return ""
    colours = [[c.type, c.value, c.tint] for c in (fill.fgColor, fill.bgColor)]
    return json.dumps([fill.fill_type, *colours])


def _fill_of(text: str) -> PatternFill | None:
    try:
        kind, front, back = json.loads(text)
        colours = [Color(**{name: value, "tint": tint}) for name, value, tint in (front, back)]
        return PatternFill(kind, fgColor=colours[0], bgColor=colours[1])
    except (ValueError, TypeError):  # written by someone else's hand: leave the cell as it is
        return None


def _take_off_earlier_marks(workbook: Workbook) -> None:
    """Undo an earlier return: the list sheet goes, the cells look again as the officer had them."""
    for title in TITLES.values():
        if title not in workbook.sheetnames or not isinstance(sheet := workbook[title], Worksheet):
            continue
        names = tuple(sheet.cell(_LIST_HEADER, _MARKS + index).value for index in range(len(_MARK_NAMES)))
        if names != _MARK_NAMES:
            continue
        for row in sheet.iter_rows(min_row=_LIST_FIRST, min_col=_MARKS, max_col=_MARKS + 3, values_only=True):
            name, address, fill, comment = ("" if value is None else str(value) for value in row)
            cell = _cell_of(workbook, {"sheet": name, "cell": address})
            if cell is None:
                continue
            if (earlier := _fill_of(fill)) is not None:
                cell.fill = earlier
            cell.comment = Comment(comment, AUTHOR) if comment else None
        workbook.remove(sheet)


def _resize_comments(workbook: Workbook) -> None:
    """openpyxl forgets how large a comment was; give each the room its text needs."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None:
                    lines = sum(len(line) // 20 + 1 for line in cell.comment.text.split("\n"))
                    cell.comment.width, cell.comment.height = 300, 24 + 17 * min(lines, 26)


def _write_list(
    workbook: Workbook,
    findings: Sequence[Finding],
    places: Sequence[Cell | None],
    marks: Sequence[tuple[str, str, str, str]],
    lang: Language,
) -> None:
    sheet = workbook.create_sheet(TITLES[lang], 0)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False  # a group of selected sheets would take every edit together
    _text(sheet.cell(1, 1), TITLES[lang], Font(name=FONT, size=14, bold=True, color=PALETTE["band"][1:]))
    _text(sheet.cell(2, 1), summary(findings, lang), Font(name=FONT, size=11, bold=True))
    _text(sheet.cell(3, 1), word("advice", lang), Font(name=FONT, size=9, color=PALETTE["soft"][1:]))
    edge = Side(style="thin", color=PALETTE["line"][1:])
    box, wrap = Border(left=edge, right=edge, top=edge, bottom=edge), Alignment(wrap_text=True, vertical="top")
    plain, head = Font(name=FONT, size=10), Font(name=FONT, size=10, bold=True)
    for position, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(_LIST_HEADER, position)
        _text(cell, getattr(column, lang), head)
        cell.fill, cell.border = PatternFill("solid", fgColor=PALETTE["header"][1:]), box
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    severity_at = [column.name for column in COLUMNS].index("severity") + 1
    place_at = [column.name for column in COLUMNS].index("place") + 1
    fills = {code: PatternFill("solid", fgColor=colour) for code, colour in SEVERITY_FILL.items()}
    for number, (finding, target) in enumerate(zip(findings, places, strict=True), start=1):
        row = _LIST_FIRST + number - 1
        for position, value in enumerate(cells_of_row(number, finding, lang), start=1):
            cell = sheet.cell(row, position)
            if isinstance(value, str):
                _text(cell, value, plain)
            else:
                cell.value, cell.font = value, plain
                cell.number_format = "0" if position == 1 else "#,##0.00"
            cell.border, cell.alignment = box, wrap
        sheet.cell(row, severity_at).fill = fills[finding["severity"]]
        if target is not None and workbook[target.parent.title].sheet_state == "visible":
            _link(sheet.cell(row, place_at), target)
    _keep_marks(sheet, marks)
    sheet.freeze_panes = sheet.cell(_LIST_FIRST, place_at + 1)
    sheet.auto_filter.ref = f"A{_LIST_HEADER}:{get_column_letter(len(COLUMNS))}{_LIST_HEADER + max(len(findings), 1)}"
    sheet.sheet_properties.tabColor = "C0392B"
    sheet.row_dimensions[_LIST_HEADER].height = 32
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = f"{_LIST_HEADER}:{_LIST_HEADER}"


def _text(cell: Cell | MergedCell, text: str, font: Font) -> None:
    """Text that stays text: never taken for a formula, neither now nor when the cell is edited."""
    cell.value = text
    cell.data_type = "s"
    cell.font = copy.copy(font)
    if text.startswith(FORMULA_LIKE):
        cell.quotePrefix = True


def _link(cell: Cell | MergedCell, target: Cell) -> None:
    location = f"{quote_sheetname(target.parent.title)}!{target.coordinate}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)
    cell.font = Font(name=FONT, size=10, color="1F5FA8", underline="single")


def _keep_marks(sheet: Worksheet, marks: Sequence[tuple[str, str, str, str]]) -> None:
    plain = Font(name=FONT, size=10)
    for row, mark in enumerate((_MARK_NAMES, *marks), start=_LIST_HEADER):
        for index, text in enumerate(mark):
            _text(sheet.cell(row, _MARKS + index), text, plain)
    for index in range(len(_MARK_NAMES)):
        sheet.column_dimensions[get_column_letter(_MARKS + index)].hidden = True
