"""The sheets without months: register, estimate of allowances, factor rows, and what blocks."""

from typing import Any

from mrv.reporting.annual_book import LINE, PROVISIONAL_FILL, Book, height
from mrv.reporting.annual_document import Line
from mrv.reporting.annual_items import Words, method_words, stream_words, unit_words, value_words
from mrv.reporting.annual_places import column_words, place_words
from mrv.reporting.annual_words import TOLD_BY_CELL, half, short
from mrv.reporting.sheet_styles import PALETTE, number_format, write_value


def plant_sheet(book: Book, code: str, lines: list[Line]) -> None:
    """C.1: one line per item."""
    sheet = book.sheet(code, book.report.titles[code], landscape=False)
    for position, width in enumerate((6, 44, 54, 26)):
        sheet.set_column(position, position, width)
    book.header(sheet, 2, [("序号", "No."), ("项目", "Item"), ("内容", "Content"), ("说明", "Notes")])
    for row, line in enumerate(lines, start=3):
        cell = line.cells[book.report.year]
        sheet.write_number(row, 0, row - 2, book.styles(align="center", **LINE))
        book.both(line.words, sheet, row, 1, book.styles(text_wrap=True, **LINE))
        text = cell["reported"] + (f" {unit_words(line.unit)}" if cell["reported"] and line.unit else "")
        sheet.write_string(row, 2, text, book.styles(text_wrap=True, **LINE))
        hint = book.styles(font_size=9, font_color=PALETTE["soft"], **LINE)
        sheet.write_string(row, 3, half(cell["reason"], book.lang), hint)
        sheet.set_row(row, height(text, 54, 14, 24))
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)


def column_sheet(book: Book, code: str, lines: list[Line], hint: Words = ("", "")) -> None:
    """A table with a column per unit (C.2, allowances); lines of the plant stand in a last column."""
    sheet = book.sheet(code, book.report.titles[code])
    units = list(dict.fromkeys(line.unit_id for line in lines))
    items = list(
        dict.fromkeys(line.item for line in sorted(lines, key=lambda line: (line.unit_id == "", line.row_code)))
    )
    by_key = {(line.item, line.unit_id): line for line in lines}
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 11)
    sheet.set_column(2, 1 + len(units), 26)
    if any(hint):
        sheet.write_string(1, 0, book.text(hint), book.styles(font_size=9, font_color=PALETTE["required"]))
    names = [place_words(book.report, unit) for unit in units]
    book.header(sheet, 2, [("项目", "Item"), ("单位", "Unit of measure"), *names])
    sheet.set_row(2, max(height(f"{main}\n{small}", 22, 14, 32) for main, small in names))
    for row, item in enumerate(items, start=3):
        present = [by_key[item, unit] for unit in units if (item, unit) in by_key]
        book.both(present[0].words, sheet, row, 0, book.styles(text_wrap=True, **LINE))
        sheet.write_string(row, 1, unit_words(present[0].unit), book.styles(align="center", **LINE))
        for column, unit in enumerate(units, start=2):
            line = by_key.get((item, unit))
            cell = line.cells[book.report.year] if line else None
            if line and cell and not cell["reported"] and line.item == "allocation_class":
                sheet.write_string(
                    row, column, book.text(value_words(code, item, "")), book.styles(align="center", **LINE)
                )
            elif line and cell and line.table == "C.2":
                _text_cell(book, sheet, row, column, line)
            else:
                told = cell["reason"] if cell and not cell["reported"] and cell["reason"] in TOLD_BY_CELL else ""
                book.value(sheet, row, column, line or present[0], {**cell, "reason": told} if cell else None)
        sheet.set_row(row, 30)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)


def _text_cell(book: Book, sheet: Any, row: int, column: int, line: Line) -> None:
    cell = line.cells[book.report.year]
    text = book.text(value_words(line.table, line.item, cell["reported"]))
    if not text:
        style = book.styles(align="center", font_color=PALETTE["soft"], **LINE)
        sheet.write_string(row, column, short(cell["reason"], book.lang), style)
    else:
        sheet.write_string(row, column, text, book.styles(align="center", text_wrap=True, **LINE))


def factor_sheet(book: Book, code: str, lines: list[Line]) -> None:
    """Every factor row used, the uncertain ones first and marked."""
    sheet = book.sheet(code, book.report.titles[code])
    widths = (52, 14, 12, 14, 66, 42)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    labels = (
        ("因子行", "Factor row"),
        ("数值", "Value"),
        ("单位", "Unit"),
        ("确定程度", "Certainty"),
        ("来源与条款", "Source and clause"),
        ("说明", "Notes"),
    )
    book.header(sheet, 2, labels)
    year = book.report.year
    for row, line in enumerate(sorted(lines, key=lambda one: one.cells[year]["provisional"] != "yes"), start=3):
        cell = line.cells[year]
        fill = {"bg_color": PROVISIONAL_FILL} if cell["provisional"] == "yes" else {}
        text = book.styles(text_wrap=True, **fill, **LINE)
        name = book.text(line.words) if line.item.startswith("decimals.") else line.item
        sheet.write_string(row, 0, name, text)
        # As it stands in the document, digit for digit.
        places = len(cell["reported"].partition(".")[2])
        number = book.styles(num_format=number_format(places), align="right", **fill, **LINE)
        write_value(sheet, row, 1, cell["reported"], number)
        sheet.write_string(row, 2, unit_words(line.unit), book.styles(align="center", **fill, **LINE))
        certainty = book.text(method_words("FACTORS", cell["method"]))
        sheet.write_string(row, 3, certainty, book.styles(align="center", **fill, **LINE))
        sheet.write_string(row, 4, cell["source_document"], text)
        reason = half(cell["reason"], book.lang)
        sheet.write_string(row, 5, reason, text)
        tall = max(height(line.item, 52), height(cell["source_document"], 66), height(reason, 42))
        sheet.set_row(row, tall)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)


def pending_sheet(book: Book, code: str, lines: list[Line]) -> None:
    """How many blocking findings each month has and what they are worth, then each of them."""
    sheet = book.sheet(code, book.report.titles[code])
    for position, width in enumerate((14, 12, 16, 12, 80, 16)):
        sheet.set_column(position, position, width)
    sums = {line.item: line for line in lines if line.item in ("blocking_findings", "blocking_impact")}
    book.header(sheet, 2, [("期间", "Period"), ("问题数", "Findings"), ("排放影响 tCO₂", "Effect tCO₂")])
    row = 3
    for period, cell in sums["blocking_findings"].cells.items():
        is_year = len(period) == 4
        style = book.styles(bold=is_year, align="center", **LINE)
        sheet.write_string(row, 0, book.text(("全年", "Year")) if is_year else period, style)
        fill = {"bg_color": PROVISIONAL_FILL} if cell["reported"] != "0" else {}
        write_value(sheet, row, 1, cell["reported"], book.styles(bold=is_year, align="right", **fill, **LINE))
        effect = sums["blocking_impact"].cells[period]["reported"]
        style = book.styles(bold=is_year, num_format=number_format(2), align="right", **LINE)
        write_value(sheet, row, 2, effect, style)
        row += 1
    found = [line for line in lines if line.item not in sums]
    row += 1
    if not found:
        nothing = ("没有阻断性问题。", "Nothing blocks the report.")
        sheet.write_string(row, 0, book.text(nothing), book.styles(bold=True, font_color=PALETTE["good"]))
        return
    labels = (
        ("规则", "Rule"),
        *column_words(book.report.sector),
        ("期间", "Period"),
        ("问题", "What is wrong"),
        ("排放影响 tCO₂", "Effect tCO₂"),
    )
    book.header(sheet, row, labels)
    for line in sorted(found, key=lambda one: (one.row_code, min(one.cells), one.unit_id, one.stream_id, one.item)):
        for period, cell in line.cells.items():
            row += 1
            middle = book.styles(align="center", **LINE)
            message = half(cell["reason"], book.lang)
            stream = book.text(stream_words(line.stream_id))
            for column, text in enumerate((line.row_code, line.unit_id, stream, period)):
                sheet.write_string(row, column, text, middle)
            sheet.write_string(row, 4, message, book.styles(text_wrap=True, **LINE))
            style = book.styles(num_format=number_format(2), align="right", **LINE)
            write_value(sheet, row, 5, cell["reported"], style)
            sheet.set_row(row, height(message, 80))
