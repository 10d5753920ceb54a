"""The report tables with a column per month: a band per unit, a band per fuel, a row per item."""

import math
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from mrv.reporting.annual_book import A3, LINE, Book, height, label_width
from mrv.reporting.annual_document import Cell, Line
from mrv.reporting.annual_items import method_words, stream_words, unit_words
from mrv.reporting.annual_places import column_words, place_words, register_text
from mrv.reporting.annual_words import TOLD_BY_CELL, half
from mrv.reporting.sheet_styles import PALETTE

WIDTHS = (4, 31, 9, *(12.5,) * 12, 14, 13, 24, 34)
LEAD = (("行", "Row"), ("项目", "Item"), ("单位", "Unit"))
TAIL = (("取值方式", "Method"), ("数据来源", "Source"), ("说明", "Notes"))
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EMISSIONS = {"unit_combustion_emission", "unit_emission", "total_emission", "electricity_emission"}
EMISSIONS |= {"facility_emission", "enterprise_emission"}


def spans(book: Book, periods: Iterable[str]) -> str:
    """Months as a person writes them: `1—3月、5月`, the year as 全年."""
    numbers = [int(period[5:]) for period in periods if len(period) == 7]
    year = any(len(period) == 4 for period in periods)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if book.lang == "en":
        names = [
            MONTH_NAMES[run[0] - 1] if len(run) == 1 else f"{MONTH_NAMES[run[0] - 1]}–{MONTH_NAMES[run[-1] - 1]}"
            for run in runs
        ]
        return ", ".join([*names, *(["year"] if year else [])])
    names = [f"{run[0]}月" if len(run) == 1 else f"{run[0]}—{run[-1]}月" for run in runs]
    return "、".join([*names, *(["全年"] if year else [])])


def told(book: Book, line: Line, texts: dict[str, str]) -> str:
    """Texts of the months as one: the text alone when it holds for all months with a value, else each with its months."""
    by_text: dict[str, list[str]] = {}
    for period, text in texts.items():
        if text:
            by_text.setdefault(text, []).append(period)
    if not by_text:
        return ""
    valued = [period for period, cell in line.cells.items() if cell["reported"] and period in texts]
    if len(by_text) == 1 and set(next(iter(by_text.values()))) >= set(valued) and len(valued) > 0:
        return next(iter(by_text))
    colon, stop = ("：", "\n") if book.lang == "zh" else (": ", "\n")
    return stop.join(f"{spans(book, periods)}{colon}{text}" for text, periods in by_text.items())


def method_of(book: Book, line: Line) -> str:
    months = {
        period: book.text(method_words(line.table, cell["method"]))
        for period, cell in line.cells.items()
        if len(period) == 7
    }
    return told(book, line, months)


def source_of(book: Book, line: Line) -> str:
    """Documents a row comes from; the files of the months are counted here and listed on the sheet of sources."""
    documents: dict[str, int] = {}
    for cell in line.cells.values():
        for document in filter(None, cell["source_document"].split("; ")):
            documents[document] = documents.get(document, 0) + 1
    named = sorted(documents, key=lambda document: (-documents[document], document))
    if len(named) <= 2:
        return "；".join(named) if book.lang == "zh" else "; ".join(named)
    first = named[0]
    return book.text((f"{first} 等{len(named)}份（见“数据来源”）", f"{first} and {len(named) - 1} more (see Sources)"))


def notes_of(book: Book, line: Line) -> str:
    reasons = {
        period: half(cell["reason"], book.lang) if cell["reason"] not in TOLD_BY_CELL else ""
        for period, cell in line.cells.items()
    }
    by_text: dict[str, list[str]] = {}
    for period, text in reasons.items():
        if text:
            by_text.setdefault(text, []).append(period)
    colon = "：" if book.lang == "zh" else ": "
    return "\n".join(f"{spans(book, periods)}{colon}{text}" for text, periods in by_text.items())


def month_sheet(book: Book, code: str, lines: list[Line]) -> None:
    """One report table with columns 1 to 12 and the year."""
    with_year = any(len(period) == 4 for line in lines for period in line.cells)
    sheet = book.sheet(code, book.report.titles[code], A3)
    for position, width in enumerate(WIDTHS):
        sheet.set_column(position, position, width)
    months = [(f"{number}月", MONTH_NAMES[number - 1]) for number in range(1, 13)]
    legend = book.text(
        (
            "黄底：暂定　蓝字：与存证值不同或有说明　“/”：不适用　“—”：本月未填报　“未存证”：该月没有存证",
            "yellow: provisional   blue: differs from the deposit or has a note   /: not applicable   —: not filed this month",
        )
    )
    sheet.write_string(1, 0, legend, book.styles.hint())
    book.header(sheet, 2, [*LEAD, *months, ("全年", "Year"), *TAIL])
    if not with_year:
        sheet.set_column(15, 15, None, None, {"hidden": True})
    for position, tell in enumerate((method_of, source_of, notes_of), start=16):
        if not any(tell(book, line) for line in lines):
            sheet.set_column(position, position, None, None, {"hidden": True})
    row = 3
    for unit_id, of_unit in groupby(lines, key=lambda line: line.unit_id):
        row = _band(book, sheet, row, unit_id)
        for stream_id, of_stream in groupby(of_unit, key=lambda line: line.stream_id):
            if stream_id:
                style = book.styles(bold=True, bg_color=PALETTE["locked"], indent=1, **LINE)
                sheet.merge_range(row, 0, row, len(WIDTHS) - 1, "", style)
                book.both(stream_words(stream_id), sheet, row, 0, style, bold=True)
                row += 1
            for line in of_stream:
                _row(book, sheet, row, line)
                row += 1
    sheet.freeze_panes(3, 3)
    sheet.repeat_rows(2)
    sheet.print_area(0, 0, row - 1, len(WIDTHS) - 1)


def _band(book: Book, sheet: Any, row: int, unit_id: str) -> int:
    """The band above the rows of a unit, or of the plant as a whole; a merged group names its units."""
    words = place_words(book.report, unit_id)
    label = register_text(book.report, "name", unit_id) if unit_id else ""
    merged = [
        line.unit_id
        for line in book.report.find("merged_with", "C.2")
        if unit_id and next(iter(line.cells.values()))["reported"] == unit_id
    ]
    if merged:
        label = book.text((f"（合并填报：{'、'.join(merged)}）", f"(reported together: {', '.join(merged)})"))
    style = book.styles(bold=True, font_color="#FFFFFF", bg_color=PALETTE["band"], **LINE)
    text = "　".join(part for part in (book.text(words), label, book.other(words)) if part)
    sheet.merge_range(row, 0, row, len(WIDTHS) - 1, text, style)
    return row + 1


def _row(book: Book, sheet: Any, row: int, line: Line) -> None:
    bold = line.item in EMISSIONS
    styles, write = book.styles, sheet.write_string
    plain = styles(bold=bold, text_wrap=True, **LINE)
    code = line.row_code if not line.row_code.isdigit() else str(int(line.row_code))
    total = ("合计", "Σ")
    write(row, 0, book.text(total) if code == "Z" else code, styles(bold=bold, align="center", **LINE))
    book.both(line.words, sheet, row, 1, plain, bold=bold)
    write(row, 2, unit_words(line.unit), styles(align="center", bold=bold, **LINE))
    year = book.report.year
    for position in range(12):
        book.value(sheet, row, 3 + position, line, line.cells.get(f"{year}-{position + 1:02d}"), bold)
    book.value(sheet, row, 15, line, line.cells.get(year), True)
    texts = (method_of(book, line), source_of(book, line), notes_of(book, line))
    small = styles(font_size=9, text_wrap=True, indent=1, **LINE)
    lines = math.ceil(label_width(book.text(line.words), book.other(line.words)) / (WIDTHS[1] - 1))
    tall = max(19.0, lines * 14 + 4)
    for position, text in enumerate(texts, start=16):
        write(row, position, text, small)
        tall = max(tall, height(text, WIDTHS[position] * 1.1 - 2, 12.5))
    sheet.set_row(row, tall)


def source_sheet(book: Book) -> None:
    """Month by month where each number of the report comes from, and why it differs from the deposit."""
    words = ("数据来源", "Sources")
    sheet = book.sheet("SOURCES", words)
    widths = (9, 10, 14, 34, 11, 18, 12, 60, 46)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    labels = (
        ("报告表", "Table"),
        *column_words(book.report.sector),
        ("项目", "Item"),
        ("期间", "Period"),
        ("填报值", "Reported"),
        ("取值方式", "Method"),
        ("数据来源", "Source document"),
        ("差异或缺失原因", "Reason for a difference"),
    )
    book.header(sheet, 2, labels)
    row = 3
    for code, lines in book.report.tables.items():
        by_month = any(len(period) == 7 for line in lines for period in line.cells)
        for line in lines if code.startswith("C.") and by_month else ():
            for period, cell in line.cells.items():
                if cell["source_document"] or cell["reason"]:
                    _source(book, sheet, row, line, period, cell)
                    row += 1
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, max(row - 1, 2), len(labels) - 1)
    sheet.repeat_rows(2)


def _source(book: Book, sheet: Any, row: int, line: Line, period: str, cell: Cell) -> None:
    text = book.styles(font_size=9, text_wrap=True, **LINE)
    middle = book.styles(font_size=9, align="center", **LINE)
    source = cell["source_document"].replace("; ", "；" if book.lang == "zh" else "; ")
    reason = half(cell["reason"], book.lang)
    write = sheet.write_string
    write(row, 0, line.table, middle)
    write(row, 1, line.unit_id, middle)
    write(row, 2, book.text(stream_words(line.stream_id)), middle)
    write(row, 3, book.text(line.words), text)
    write(row, 4, period, middle)
    book.value(sheet, row, 5, line, {**cell, "reason": "" if cell["reported"] else cell["reason"]})
    write(row, 6, book.text(method_words(line.table, cell["method"])), middle)
    write(row, 7, source, text)
    write(row, 8, reason, text)
    sheet.set_row(row, max(height(source, 66, 12.5, 15), height(reason, 50, 12.5, 15)))
