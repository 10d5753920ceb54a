"""The workbook of an annual report: its styles, its two languages, and how a reported value is written."""

import math
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from mrv.reporting.annual_document import Cell, Line, Report
from mrv.reporting.annual_items import Words, side, value_words
from mrv.reporting.annual_words import half, short
from mrv.reporting.sheet_styles import AUTHOR, PALETTE, Styles, as_decimal, number_format, text_width, write_value

A3, A4 = 8, 9
PROVISIONAL_FILL = PALETTE["warn_fill"]
OVERRULED_INK = "#1F4E9E"
LINE = {"border": 1, "border_color": PALETTE["line"]}


class Book:
    """An open workbook with the report and the language it is written in first."""

    def __init__(self, report: Report, lang: str) -> None:
        self.report, self.lang = report, lang
        self.stream = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.workbook = xlsxwriter.Workbook(self.stream, options)
        title = self.text(("企业温室气体排放报告", "Annual greenhouse gas emission report"))
        # The moment a workbook was made would make every copy different; the end of the report year stands in its place.
        created = datetime(int(report.year), 12, 31)  # noqa: DTZ001 - a label, not a moment
        self.workbook.set_properties(
            {"title": f"{title} {report.plant_id} {report.year}", "author": AUTHOR, "created": created}
        )
        self.styles = Styles(self.workbook)
        self.names: dict[str, str] = {}  # of the sheets, by code
        self.titles: dict[str, str] = {}

    def text(self, words: Words) -> str:
        """The words in the language of the workbook."""
        return words[side(self.lang)]

    def other(self, words: Words) -> str:
        """The words in the other language."""
        return words[1 - side(self.lang)]

    def sheet(self, code: str, words: Words, paper: int = A4, landscape: bool = True) -> Any:
        """A sheet with its title in both languages in the first row; the report in the second."""
        name = (f"表{code} " if self.lang == "zh" else f"{code} ") if code.startswith("C.") else ""
        short_title = self.text(words)
        self.names[code] = _sheet_name(name + short_title)
        sheet = self.workbook.add_worksheet(self.names[code])
        sheet.hide_gridlines(2)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(self.text(("&L&F　&A&R第 &P 页，共 &N 页", "&L&F  &A&RPage &P of &N")))
        number = (f"表{code}　" if self.lang == "zh" else f"Table {code}  ") if code.startswith("C.") else ""
        self.titles[code] = number + self.text(words)
        sheet.set_row(0, 26)
        sheet.write_rich_string(
            0,
            0,
            self.font(bold=True, font_size=14, font_color=PALETTE["band"]),
            self.titles[code],
            self.font(font_size=9, font_color=PALETTE["soft"]),
            f"　{self.other(words)}",
            self.styles(),
        )
        return sheet

    def font(self, **properties: Any) -> Any:
        """A format for a part of a rich text."""
        return self.styles(**properties)

    def both(
        self, words: Words, sheet: Any, row: int, column: int, cell: Any, size: int = 10, bold: bool = False
    ) -> None:
        """Words in the language of the workbook with the other language small beside them."""
        main, small = self.text(words), self.other(words)
        if not small or small == main:
            sheet.write_string(row, column, main, cell)
            return
        strong = self.font(bold=bold, font_size=size)
        sheet.write_rich_string(
            row, column, strong, main, self.font(font_size=8, font_color=PALETTE["soft"]), f"  {small}", cell
        )

    def header(self, sheet: Any, row: int, labels: Iterable[Words], first: int = 0) -> None:
        """A row of column headers: the language of the workbook above, the other below."""
        style = self.styles.header()
        for position, words in enumerate(labels, start=first):
            main, small = self.text(words), self.other(words)
            if small and small != main:
                parts = (self.font(bold=True), main, self.font(font_size=8, font_color=PALETTE["soft"]), f"\n{small}")
                sheet.write_rich_string(row, position, *parts, style)
            else:
                sheet.write_string(row, position, main, style)
        sheet.set_row(row, 32)

    def value(self, sheet: Any, row: int, column: int, line: Line, cell: Cell | None, bold: bool = False) -> None:
        """A reported value: a real number with its own decimals where a float holds it, a label for a code, else why it is blank."""
        if cell is None:
            sheet.write_blank(row, column, None, self.styles(bg_color=PALETTE["void"], **LINE))
            return
        text, reason = cell["reported"], cell["reason"]
        properties: dict[str, Any] = {"bold": bold, **LINE}
        if cell["provisional"] == "yes" and text:
            properties["bg_color"] = PROVISIONAL_FILL
        if not text:
            style = self.styles(align="center", font_size=9, font_color=PALETTE["soft"], **LINE)
            sheet.write_string(row, column, short(reason, self.lang), style)
            return
        if reason:
            properties["font_color"] = OVERRULED_INK
            sheet.write_comment(row, column, half(reason, self.lang), {"x_scale": 2, "y_scale": 1, "author": AUTHOR})
        number = as_decimal(text)
        label = self.text(value_words(line.table, line.item, text))
        if number is None or label != text:
            sheet.write_string(row, column, label, self.styles(text_wrap=True, align="center", **properties))
            return
        places = len(text.partition(".")[2])
        write_value(
            sheet, row, column, text, self.styles(num_format=number_format(places), align="right", **properties)
        )

    def close(self) -> bytes:
        self.workbook.close()
        return self.stream.getvalue()


def _sheet_name(text: str) -> str:
    """A title as a sheet name: at most 31 characters and none a workbook refuses."""
    return "".join("-" if character in "[]:*?/\\'" else character for character in text)[:31].strip()


def label_width(main: str, small: str) -> float:
    """Width of words in two sizes, in characters of the larger."""
    return text_width(main) + (0.8 * text_width(f"  {small}") if small and small != main else 0)


def height(text: str, width: float, line: float = 13.5, least: float = 18) -> float:
    """Row height [points] at which a wrapped text is seen in full in a column of a width in characters."""
    lines = sum(max(1, math.ceil(text_width(part) / max(width, 1))) for part in text.split("\n"))
    return max(least, lines * line + 4)
