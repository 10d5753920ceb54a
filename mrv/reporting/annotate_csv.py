"""A CSV filing back as a workbook: its rows as read, coloured and commented, behind the list of findings."""

import codecs
import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from mrv.reporting.finding_list import (
    COLUMNS,
    TITLES,
    Finding,
    Language,
    cells_of_row,
    clean,
    comment_of,
    summary,
    word,
    worst,
)
from mrv.reporting.sheet_styles import AUTHOR, FORMULA_LIKE, MAX_COLUMNS, MAX_ROWS, PALETTE, SEVERITY_FILL, Styles

_ADDRESS = re.compile(r"R([1-9][0-9]*)C([1-9][0-9]*)")
_DELIMITERS = ",;\t|"
DATA_SHEET = {"zh": "文件内容", "en": "File"}
Address = tuple[int, int]  # zero-based row and column of the sheet, as the file counts lines and fields


def annotate_csv(original: bytes, findings: Sequence[Finding], lang: Language = "zh") -> bytes:
    """A new workbook with the rows of a CSV file, marked like `annotate` marks a workbook.

    Each record stands in the sheet row of the line it begins on, so that `R7C4` is the cell D7. A finding whose cell is
    not in the file, or beyond what a sheet can hold, is listed without a link. The same arguments give the same bytes.
    """
    records = _records(original)
    addresses = [_address(finding, records) for finding in findings]
    marked: dict[Address, list[Finding]] = {}
    for finding, address in zip(findings, addresses, strict=True):
        if address is not None:
            marked.setdefault(address, []).append(finding)
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"author": AUTHOR, "created": _EPOCH})
    styles = Styles(workbook)
    listing, data = workbook.add_worksheet(TITLES[lang]), workbook.add_worksheet(DATA_SHEET[lang])
    _write_list(listing, styles, findings, addresses, lang)
    _write_records(data, styles, records, marked, lang)
    workbook.close()
    return stream.getvalue()


# A workbook states when it was made; a fixed moment keeps the bytes the same for the same findings.
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001


def _decoded(original: bytes) -> str:
    """The text as filing CSVs are written: a byte-order mark, else UTF-8, else GB18030."""
    if original.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return original.decode("utf-16", errors="replace")
    try:
        return original.decode("utf-8-sig")
    except UnicodeDecodeError:
        return original.decode("gb18030", errors="replace")


def _records(original: bytes) -> dict[int, list[str]]:
    """Records by the zero-based line each begins on; blank lines hold none."""
    text = _decoded(original)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        return _read(text, delimiter, csv.QUOTE_MINIMAL)
    except csv.Error:  # an unclosed quotation mark: every line stands for itself
        return _read(text, delimiter, csv.QUOTE_NONE)


def _read(text: str, delimiter: str, quoting: Literal[0, 3]) -> dict[int, list[str]]:
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=quoting == csv.QUOTE_MINIMAL
    )
    records: dict[int, list[str]] = {}
    start = 0
    for record in reader:
        if any(record):
            records[start] = record
        start = reader.line_num
    return records


def _address(finding: Finding, records: dict[int, list[str]]) -> Address | None:
    """The sheet cell of a finding, None when the file has no such cell or a sheet cannot hold it."""
    found = _ADDRESS.fullmatch(finding.get("cell") or "")
    if finding.get("sheet") or found is None:
        return None
    row, column = int(found[1]) - 1, int(found[2]) - 1
    inside = column < len(records.get(row, ())) and row < MAX_ROWS and column < MAX_COLUMNS
    return (row, column) if inside else None


def _write_list(
    sheet: Any, styles: Styles, findings: Sequence[Finding], addresses: Sequence[Address | None], lang: Language
) -> None:
    sheet.write_string(0, 0, TITLES[lang], styles.title())
    sheet.write_string(1, 0, summary(findings, lang), styles(bold=True, font_size=11))
    sheet.write_string(2, 0, word("advice", lang), styles.hint())
    for position, column in enumerate(COLUMNS):
        sheet.set_column(position, position, column.width)
        sheet.write_string(3, position, getattr(column, lang), styles.header())
    for number, (finding, address) in enumerate(zip(findings, addresses, strict=True), start=1):
        row = number + 3
        for position, value in enumerate(cells_of_row(number, finding, lang)):
            name = COLUMNS[position].name
            look: dict[str, Any] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": PALETTE["line"]}
            if name == "severity":
                look["bg_color"] = f"#{SEVERITY_FILL[finding['severity']]}"
            if not isinstance(value, str):
                sheet.write_number(row, position, value, styles(num_format="#,##0.00" if position else "0", **look))
            elif name == "place" and address is not None:
                target = f"internal:'{DATA_SHEET[lang]}'!{xl_rowcol_to_cell(*address)}"
                sheet.write_url(row, position, target, styles(font_color="#1F5FA8", underline=1, **look), value)
            else:
                sheet.write_string(row, position, value, _as_text(styles, value, **look))
    sheet.freeze_panes(4, 4)
    sheet.autofilter(3, 0, 3 + max(len(findings), 1), len(COLUMNS) - 1)
    sheet.set_row(3, 32)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


def _as_text(styles: Styles, text: str, **look: Any) -> Any:
    """A format under which the text stays text even when the cell is edited."""
    return styles(**look, quote_prefix=True) if text.startswith(FORMULA_LIKE) else styles(**look)


def _write_records(
    sheet: Any, styles: Styles, records: dict[int, list[str]], marked: dict[Address, list[Finding]], lang: Language
) -> None:
    for row, record in records.items():
        if row >= MAX_ROWS:
            break
        for column, text in enumerate(record[:MAX_COLUMNS]):
            found = marked.get((row, column), [])
            look = {"bg_color": f"#{SEVERITY_FILL[worst(found)]}"} if found else {}
            written = clean(text)
            sheet.write_string(row, column, written, _as_text(styles, written, **look))
            if found:
                comment = comment_of(found, lang)
                height = 24 + 17 * min(sum(len(line) // 20 + 1 for line in comment.split("\n")), 26)
                sheet.write_comment(row, column, comment, {"author": AUTHOR, "width": 300, "height": height})
    sheet.set_column(0, max((len(record) for record in records.values()), default=1) - 1, 16)
    sheet.freeze_panes(1, 0)
