"""Formats and habits shared by the workbooks we write: one palette, widths that fit Chinese text, exact numbers."""

import math
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import east_asian_width

FONT = "微软雅黑"
PALETTE = {
    "ink": "#1F2933",
    "soft": "#6B7780",
    "band": "#2F5D73",
    "header": "#DCE8EE",
    "input": "#FFF8D6",
    "locked": "#F3F4F5",
    "void": "#E4E7EA",
    "line": "#C5CDD3",
    "required": "#C00000",
    "good": "#1E7B4C",
    "warn_fill": "#FFE3A8",
    "bad_fill": "#F9CFCB",
}
# The colour of a cell by the severity of its worst finding (RGB without the leading #, as both libraries take it).
SEVERITY_FILL = {"blocks": "F4B6AE", "must_answer": "FFD98A", "note": "CBD6E2"}
AUTHOR = "碳衡"
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
FORMULA_LIKE = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
)  # what a spreadsheet may take for a formula when the text is typed again


class Styles:
    """Formats of one xlsxwriter workbook, each made once; `styles(bold=True)` adds to the house style."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(properties.items())
        if key not in self._made:
            house = {"font_name": FONT, "font_size": 10, "font_color": PALETTE["ink"], "valign": "vcenter"}
            self._made[key] = self._workbook.add_format(house | properties)
        return self._made[key]

    def title(self) -> Any:
        return self(bold=True, font_size=14, font_color=PALETTE["band"])

    def hint(self) -> Any:
        return self(font_size=9, font_color=PALETTE["soft"])

    def band(self) -> Any:
        return self(bold=True, font_size=9, font_color="#FFFFFF", bg_color=PALETTE["band"], align="center")

    def header(self, required: bool = False) -> Any:
        """A column header. The red star of a required column is a number format: the text stays the pure label."""
        star = {"font_color": PALETTE["required"], "num_format": '@" *"'} if required else {}
        return self(bold=True, text_wrap=True, align="center", bg_color=PALETTE["header"], **_BOX, **star)

    def input(self, num_format: str = "General", **more: Any) -> Any:
        return self(locked=False, bg_color=PALETTE["input"], num_format=num_format, **_BOX, **more)

    def locked(self, num_format: str = "General", **more: Any) -> Any:
        return self(**{"bg_color": PALETTE["locked"], "num_format": num_format, **_BOX, **more})


_BOX = {"border": 1, "border_color": PALETTE["line"]}


def number_format(decimals: int | None) -> str:
    """The number format that shows `decimals` places; General when the number of places is not fixed."""
    if decimals is None:
        return "General"
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def text_width(text: str) -> int:
    """Width in character cells; a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def header_width(label: str, at_least: float) -> float:
    """Column width at which a label stands in at most three lines."""
    return max(at_least, math.ceil(text_width(label) / 3) + 3)


def as_decimal(text: str) -> Decimal | None:
    """The number a cell text stands for, or None when it is not a finite number."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def write_value(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """Write canonical text: a number where Excel's 15 digits hold it, otherwise the text itself, else a blank."""
    number = as_decimal(text)
    if not text:
        sheet.write_blank(row, column, None, style)
    elif number is not None and Decimal(f"{float(number):.15g}") == number:
        sheet.write_number(row, column, float(number), style)
    else:
        sheet.write_string(row, column, text, style)


class _EmptyText(str):
    """The result of a formula that shows nothing. xlsxwriter takes a plain empty text for "no result yet"."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


_EMPTY_TEXT = _EmptyText()


def cached(value: Decimal | str | None) -> float | str:
    """What a formula cell shows before the first recalculation; None shows as an empty text."""
    if value is None or value == "":
        return _EMPTY_TEXT
    return value if isinstance(value, str) else float(value)
