"""The cover of the report: whose it is, the figures of the year, what is still open, who signs, and the contents."""

from decimal import Decimal
from typing import Any

from mrv.reporting import industry_cover
from mrv.reporting.annual_book import LINE, PROVISIONAL_FILL, Book, height
from mrv.reporting.annual_context import SECTOR
from mrv.reporting.annual_document import Line
from mrv.reporting.annual_items import Words, item_words, sector_words, unit_words
from mrv.reporting.sheet_styles import PALETTE, as_decimal, number_format, write_value


def _first(book: Book, item: str, table: str) -> str:
    line = next(book.report.find(item, table), None)
    return next(iter(line.cells.values()))["reported"] if line else ""


def _sum(book: Book, item: str) -> Decimal | None:
    """Sum of the yearly values of an item over the units."""
    year = book.report.year
    values = [as_decimal(line.cells[year]["reported"]) for line in _of_guide(book, item) if year in line.cells]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _of_guide(book: Book, item: str) -> list[Line]:
    return [line for line in book.report.find(item) if line.table.startswith("C.")]


def cover(book: Book, sheet: Any) -> None:
    """Fills the first sheet: what and whose it is, the figures of the year, what is still open, who signs, and the contents."""
    report = book.report
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    for position, width in enumerate((3, 52, 30, 12, 26)):
        sheet.set_column(position, position, width)
    titles: tuple[tuple[Words, int, int], ...] = (
        (("企业温室气体排放报告", "Annual greenhouse gas emission report"), 24, 44),
        (sector_words(report.sector), 16, 30),
    )
    row = 2
    for words, size, tall in titles:
        middle = book.styles(align="center", bold=True, font_size=size, font_color=PALETTE["band"])
        sheet.merge_range(row, 1, row, 4, book.text(words), middle)
        sheet.set_row(row, tall)
        quiet = book.styles(align="center", font_size=10, font_color=PALETTE["soft"])
        sheet.merge_range(row + 1, 1, row + 1, 4, book.other(words), quiet)
        row += 2
    row += 1
    facts: list[tuple[Words, str]] = [
        (("报告年度", "Report year"), report.year),
        (("重点排放单位", "Key emitter"), _first(book, "name", "C.1") or report.plant_id),
        (("统一社会信用代码", "Unified social credit code"), _first(book, "credit_code", "C.1")),
        (("企业编号", "Plant"), report.plant_id),
        (("核算依据", "Accounting guide"), report.rules.document),
        (("规则集", "Rule set"), f"{report.rules.id}　{book.text((report.rules.title_zh, report.rules.title_en))}"),
    ]
    for words, text in facts:
        _fact(book, sheet, row, words, text)
        row += 1
    row = _figures(book, sheet, row + 1)
    row = _open(book, sheet, row + 1)
    row = _signatures(book, sheet, row + 1)
    _contents(book, sheet, row + 1)


def _fact(book: Book, sheet: Any, row: int, words: Words, text: str) -> None:
    book.both(words, sheet, row, 1, book.styles(bg_color=PALETTE["header"], indent=1, **LINE), bold=True)
    sheet.merge_range(row, 2, row, 4, text or "—", book.styles(text_wrap=True, indent=1, **LINE))
    sheet.set_row(row, height(text, 82, 14, 22))


def _heading(book: Book, sheet: Any, row: int, words: Words) -> None:
    style = book.styles(bold=True, font_size=12, font_color=PALETTE["band"], bottom=2, bottom_color=PALETTE["band"])
    for column in range(2, 5):
        sheet.write_blank(row, column, None, style)
    book.both(words, sheet, row, 1, style, size=12, bold=True)
    sheet.set_row(row, 24)


def _figures_of_units(book: Book) -> list[industry_cover.Figure]:
    """The figures of a power plant: words, value, unit and whether provisional; sums over the units."""
    year = book.report.year
    total = next(book.report.find("total_emission"), None)
    allowance = [line for line in book.report.find("allowance", "ALLOCATION") if not line.unit_id]
    position = allowance[0].cells[year] if allowance else {"reported": "", "provisional": "no"}
    figures: list[industry_cover.Figure] = [
        (
            item_words("", "total_emission"),
            total.cells[year]["reported"] if total else "",
            "tCO2",
            total is not None and total.cells[year]["provisional"] == "yes",
        )
    ]
    for item, unit in (
        ("unit_combustion_emission", "tCO2"),
        ("electricity_emission", "tCO2"),
        ("power_generation", "MWh"),
        ("heat_supplied", "GJ"),
    ):
        amount = _sum(book, item)
        if amount is not None:
            unsure = any(line.cells[year]["provisional"] == "yes" for line in _of_guide(book, item))
            words = (
                ("其中：化石燃料燃烧排放", "of which fossil fuel combustion")
                if item.startswith("unit_")
                else item_words("", item)
            )
            figures.append((words, f"{amount:f}", unit, unsure))
    figures.append(
        (("配额测算值合计", "Allowances (estimate)"), position["reported"], "t", position["provisional"] == "yes")
    )
    return figures


def _figures(book: Book, sheet: Any, row: int) -> int:
    _heading(book, sheet, row, ("主要结果", "Results"))
    figures = FIGURES.get(book.report.sector, industry_cover.figures)(book)
    for number, (words, text, unit, unsure) in enumerate(figures, start=row + 1):
        strong = number == row + 1
        places = len(text.partition(".")[2])
        fill = {"bg_color": PROVISIONAL_FILL} if unsure and text else {}
        size = 14 if strong else 11
        book.both(words, sheet, number, 1, book.styles(indent=1, **LINE), bold=strong)
        style = book.styles(
            num_format=number_format(places), align="right", bold=strong, font_size=size, **fill, **LINE
        )
        if text:
            write_value(sheet, number, 2, text, style)
        else:
            sheet.write_string(number, 2, "—", book.styles(align="right", **LINE))
        sheet.write_string(number, 3, unit_words(unit), book.styles(align="center", **LINE))
        mark = ("暂定", "provisional") if unsure and text else ("", "")
        book.both(mark, sheet, number, 4, book.styles(font_color=PALETTE["required"], **LINE))
        sheet.set_row(number, 26 if strong else 20)
    return row + len(figures) + 1


def _open_of_units(book: Book) -> list[tuple[Words, int, str]]:
    """What is still open in the report of a power plant besides the blocking findings: words, count, table."""
    year = book.report.year
    months: set[str] = set()
    for line in _of_guide(book, "unit_emission"):
        months |= {period for period, cell in line.cells.items() if cell["reason"].startswith("未存证")}
    rate = sum(
        cell["provisional"] == "yes" and len(period) == 7
        for line in _of_guide(book, "oxidation_rate")
        for period, cell in line.cells.items()
    )
    unsure = sum(line.cells[year]["provisional"] == "yes" for line in book.report.tables.get("FACTORS", []))
    totals = next((line.table for line in _of_guide(book, "unit_emission")), "")
    return [
        (("有机组未存证的月份", "months not deposited for a unit"), len(months), totals),
        (("碳氧化率暂定的机组燃料月", "fuel-months with a provisional oxidation rate"), rate, "C.3"),
        (("未确证或征求意见稿的因子、参数", "factor rows that are uncertain or from a draft"), unsure, "FACTORS"),
    ]


# Sector → what its cover shows; all others show what is common to industry.
FIGURES = {SECTOR: _figures_of_units}
STILL_OPEN = {SECTOR: _open_of_units}


def _open(book: Book, sheet: Any, row: int) -> int:
    """What stands in the way of sealing the report."""
    _heading(book, sheet, row, ("封存前须处理", "To be settled before the report is sealed"))
    findings = next(book.report.find("blocking_findings", "PENDING"), None)
    blocking = findings.cells[book.report.year]["reported"] if findings else "0"
    entries: list[tuple[Words, int, str]] = [
        (("阻断性问题", "blocking findings"), int(blocking or 0), "PENDING"),
        *STILL_OPEN.get(book.report.sector, industry_cover.still_open)(book),
    ]
    link = book.styles(font_color=PALETTE["band"], underline=1, indent=1, **LINE)
    for number, (words, count, code) in enumerate(entries, start=row + 1):
        book.both(words, sheet, number, 1, book.styles(indent=1, text_wrap=True, **LINE))
        fill = {"bg_color": PROVISIONAL_FILL} if count else {"font_color": PALETTE["good"]}
        sheet.write_number(number, 2, count, book.styles(align="right", bold=True, **fill, **LINE))
        name = book.names.get(code, "")
        sheet.merge_range(number, 3, number, 4, "", link)
        if name:
            sheet.write_url(number, 3, f"internal:'{name}'!A1", link, book.titles[code])
        sheet.set_row(number, 22)
    return row + len(entries) + 1


def _signatures(book: Book, sheet: Any, row: int) -> int:
    words = (
        ("编制人", "Prepared by"),
        ("审核人", "Reviewed by"),
        ("单位盖章", "Seal of the plant"),
        ("日期", "Date"),
    )
    for number, pair in enumerate(words, start=row):
        book.both(pair, sheet, number, 1, book.styles(indent=1))
        sheet.merge_range(number, 2, number, 3, "", book.styles(bottom=1, bottom_color=PALETTE["ink"]))
        sheet.set_row(number, 26)
    note = book.text(
        (
            "填报值按存证数据核算；“核查值”在核查完成前为空。本报告不代替全国碳市场管理平台填报。",
            "Reported values are computed from the deposits; verified values are empty until verification. "
            "This report does not replace the filing on the national platform.",
        )
    )
    last = row + len(words)
    sheet.merge_range(last, 1, last, 4, note, book.styles(font_size=9, font_color=PALETTE["soft"], text_wrap=True))
    sheet.set_row(last, 32)
    return last + 1


def _contents(book: Book, sheet: Any, row: int) -> None:
    _heading(book, sheet, row, ("目录", "Contents"))
    link = book.styles(font_color=PALETTE["band"], underline=1)
    for number, (code, name) in enumerate(book.names.items(), start=row + 1):
        sheet.write_url(number, 1, f"internal:'{name}'!A1", link, book.titles[code])
