"""Sheets that only industrial reports have: the list of meters, the days of flue-gas monitoring, other published values."""

from itertools import groupby

from mrv.reporting.annual_book import LINE, Book, height
from mrv.reporting.annual_document import Line
from mrv.reporting.annual_items import Words, method_words, stream_words, unit_words
from mrv.reporting.annual_places import place_words
from mrv.reporting.annual_words import half
from mrv.reporting.sheet_styles import PALETTE, number_format, write_value

TAKEN, OTHER, DIFFERENCE = "1", "2", "3"


def meter_sheet(book: Book, code: str, lines: list[Line]) -> None:
    """A row per registered meter, then what is to be said of the staff."""
    sheet = book.sheet(code, book.report.titles[code])
    year = book.report.year
    of_meters = [line for line in lines if line.stream_id]
    items = list(dict.fromkeys(line.item for line in of_meters))
    words = {line.item: line.words for line in of_meters}
    units = {line.item: line.unit for line in of_meters}
    for position, width in enumerate((26, 16, *(18,) * max(len(items), 4))):
        sheet.set_column(position, position, width)
    row = 2
    if of_meters:
        labels = [_with_unit(words[item], units[item]) for item in items]
        book.header(sheet, row, [("安装位置", "Where"), ("表计编号", "Meter"), *labels])
        row += 1
    for (unit_id, meter), group in groupby(of_meters, key=lambda line: (line.unit_id, line.stream_id)):
        text = book.styles(text_wrap=True, **LINE)
        place = book.text(place_words(book.report, unit_id))
        sheet.write_string(row, 0, place, text)
        sheet.write_string(row, 1, meter, text)
        for line in group:
            book.value(sheet, row, 2 + items.index(line.item), line, line.cells[year])
        sheet.set_row(row, max(30, height(place, 26)))
        row += 1
    row += 1
    book.header(sheet, row, [("项目", "Item"), ("内容", "Content")])
    for line in (one for one in lines if not one.stream_id):
        row += 1
        book.both(line.words, sheet, row, 0, book.styles(text_wrap=True, **LINE))
        book.value(sheet, row, 1, line, line.cells[year])
        sheet.set_row(row, height("".join(line.words), 24, least=30))
    sheet.freeze_panes(3, 2)


def _with_unit(words: Words, unit: str) -> Words:
    suffix = f" {unit_words(unit)}" if unit else ""
    return words[0] + suffix, words[1] + suffix


def day_sheet(book: Book, code: str, lines: list[Line]) -> None:
    """A band per place, a row per day, a column per quantity."""
    sheet = book.sheet(code, book.report.titles[code])
    items = {line.item: line for line in sorted(lines, key=lambda line: line.row_code)}
    columns = list(items)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, len(columns), 19)
    labels = [_with_unit(line.words, line.unit) for line in items.values()]
    book.header(sheet, 2, [("日期", "Day"), *labels])
    row = 3
    for unit_id, group in groupby(lines, key=lambda line: line.unit_id):
        of_unit = list(group)
        style = book.styles(bold=True, font_color="#FFFFFF", bg_color=PALETTE["band"], **LINE)
        name = book.text(place_words(book.report, unit_id))
        for column in range(1 + len(columns)):
            sheet.write_string(row, column, "" if column else name, style)
        row += 1
        for day in sorted({period for line in of_unit for period in line.cells}):
            sheet.write_string(row, 0, day, book.styles(align="center", **LINE))
            for line in of_unit:
                book.value(sheet, row, 1 + columns.index(line.item), line, line.cells.get(day))
            row += 1
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)


def alternative_sheet(book: Book, code: str, lines: list[Line]) -> None:
    """A row per published value that was not taken: the two values, where each comes from, and the tonnes between them."""
    sheet = book.sheet(code, book.report.titles[code])
    for position, width in enumerate((22, 42, 11, 11, 50, 11, 50, 18)):
        sheet.set_column(position, position, width)
    hint = (
        "年度排放量按“采用值”核算；最后一列为改用“其他值”时全年排放量的变化。",
        "The year is computed with the value taken; the last column is the change of the year with the other value.",
    )
    sheet.write_string(1, 0, book.text(hint), book.styles.hint())
    labels = (
        ("对象", "Subject"),
        ("参数（其他值）", "Parameter (other value)"),
        ("单位", "Unit"),
        ("采用值", "Taken"),
        ("采用值的来源", "Source of the value taken"),
        ("其他值", "Other"),
        ("其他值的来源", "Source of the other value"),
        ("差异 tCO₂", "Difference tCO₂"),
    )
    book.header(sheet, 2, labels)
    year = book.report.year
    for row, (_, group) in enumerate(groupby(lines, key=lambda line: (line.stream_id, line.item)), start=3):
        by_code = {line.row_code: line for line in group}
        taken, other, difference = (by_code[one].cells[year] for one in (TAKEN, OTHER, DIFFERENCE))
        text = book.styles(text_wrap=True, font_size=9, **LINE)
        book.both(stream_words(by_code[OTHER].stream_id), sheet, row, 0, book.styles(text_wrap=True, **LINE))
        book.both(by_code[OTHER].words, sheet, row, 1, book.styles(text_wrap=True, **LINE))
        sheet.write_string(row, 2, unit_words(by_code[OTHER].unit), book.styles(align="center", **LINE))
        sources = []
        for column, cell in ((3, taken), (5, other)):
            _number(book, sheet, row, column, cell["reported"])
            parts = (
                cell["source_document"],
                book.text(method_words(code, cell["method"])),
                half(cell["reason"], book.lang),
            )
            sources.append("；".join(filter(None, parts)) if book.lang == "zh" else "; ".join(filter(None, parts)))
            sheet.write_string(row, column + 1, sources[-1], text)
        _number(book, sheet, row, 7, difference["reported"], bold=True)
        sheet.set_row(row, max(30, *(height(source, 46, 12.5) for source in sources)))
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)


def _number(book: Book, sheet: object, row: int, column: int, text: str, bold: bool = False) -> None:
    places = len(text.partition(".")[2])
    style = book.styles(num_format=number_format(places), align="right", bold=bold, **LINE)
    write_value(sheet, row, column, text, style)
