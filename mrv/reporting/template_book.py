"""What every sheet of the template shares: the workbook, its drop-down lists, and the frame of a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pandas import DataFrame
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mrv.reporting.sheet_styles import AUTHOR, Styles, number_format, text_width
from mrv.reporting.template_sectors import PAGES, SectorPages
from schemas import TABLES, Column
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS, UNIT_LABELS, fuel_of, unit_of
from schemas.vocabulary.parameters import counted_as_gas

HEADER_ROW = 3  # zero-based: the title, the hint and the bands stand above
FIRST_ROW = HEADER_ROW + 1
META_SHEET = "_tanheng"
TEMPLATE_PREFIX, TEMPLATE_VERSION = "tanheng-", "1"


@dataclass(frozen=True)
class Place:
    """A value cell: where it stands and what it holds (None when it is still to be filled in).

    `beside`: columns of the same line by name; `texts`: what the choices of the line hold as labels.
    """

    sheet: str
    row: int
    column: int
    value: Decimal | None
    beside: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return self._at(self.column)

    def cell(self, name: str) -> str:
        """Where another column of the same line stands."""
        return self._at(self.beside[name])

    def _at(self, column: int) -> str:
        return f"'{self.sheet}'!{xl_rowcol_to_cell(self.row, column, row_abs=True, col_abs=True)}"


@dataclass(frozen=True)
class Block:
    """The data area of a table sheet: its columns, its rows as text, and how to point at a whole column."""

    sheet: str
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    last_row: int

    def range(self, name: str) -> str:
        letter = xl_col_to_name(self.columns.index(name))
        return f"'{self.sheet}'!${letter}${FIRST_ROW + 1}:${letter}${self.last_row + 1}"


@dataclass
class Book:
    """One template being written. `lists` maps a drop-down list to its range on the hidden sheet."""

    workbook: Any
    styles: Styles
    plant: dict[str, str]
    units: DataFrame
    meters: DataFrame
    month: str
    sector: str
    previous: dict[str, DataFrame]
    prefilled: dict[str, DataFrame]
    facilities: DataFrame
    lists: dict[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> SectorPages:
        """How the workbook of this sector is laid out."""
        return PAGES[self.sector]

    def header(self, column: Column) -> str:
        """The label of a column as a page shows it: a unit has the word of the sector, a number its unit of measure."""
        return self.pages.unit_header if column.name == "unit_id" else header_text(column)

    def sheet_name(self, table: str) -> str:
        return self.pages.names.get(table, TABLES[table].sheet)

    def filled(self, table: str) -> list[dict[str, str]]:
        """The rows given for this month, as dictionaries of text."""
        return self._mine(self.prefilled, table)

    def before(self, table: str, months: int) -> list[dict[str, str]]:
        """The rows of the month `months` earlier."""
        month = shift_month(self.month, -months)
        return [row for row in self._mine(self.previous, table) if row["month"] == month]

    def _mine(self, frames: Mapping[str, DataFrame], table: str) -> list[dict[str, str]]:
        """Rows of this sector: another part of the plant may have a unit of the same name."""
        if table not in frames:
            return []
        return [row for row in records(frames[table]) if row.get("sector", self.sector) in ("", self.sector)]


def records(frame: DataFrame) -> list[dict[str, str]]:
    """The rows of a canonical frame, taken by columns: a text column hands out its values far faster than a row."""
    columns = [frame[name].tolist() for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def shift_month(month: str, by: int) -> str:
    """`2026-01` shifted by -1 is `2025-12`."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04d}-{number + 1:02d}"


def stream_label(stream_id: str) -> str:
    """A stream as a person writes it: `烟煤#2` for `bituminous_coal#2`; the code itself when the vocabulary has no such stream."""
    code = fuel_of(stream_id)
    label = FUELS[code].zh if code in FUELS else _MATERIAL_LABELS.get(code, code)
    return label + stream_id[len(code) :]


_MATERIAL_LABELS = {material: entry.zh for (_, material), entry in MATERIALS.items()}


def parameter_label(parameter: str) -> str:
    return PARAMETERS[parameter].zh if parameter in PARAMETERS else parameter


def measure(parameter: str, stream_id: str, sector: str = "") -> tuple[str, int | None, Decimal | None, Decimal | None]:
    """Unit label, decimals, low and high of a quantity; nothing is known of one outside the vocabulary.

    In a sector where the quantity is a net one it may be below zero.
    """
    if parameter not in PARAMETERS:
        return "", None, None, None
    entry, unit = PARAMETERS[parameter], unit_of(parameter, stream_id)
    net = sector in entry.negative_in
    if counted_as_gas(stream_id):
        return UNIT_LABELS[unit], entry.gas_decimals, None if net else entry.gas_low, entry.gas_high
    return UNIT_LABELS[unit], entry.decimals, None if net else entry.low, entry.high


def choice_label(column: Column, code: str) -> str:
    """The Chinese label of a code; what is no code of the column stays as it is."""
    return column.choice_labels[column.choices.index(code)][0] if code in column.choices else code


def shown(table: str, name: str, text: str) -> str:
    """A canonical cell as the workbook shows it: labels in place of codes."""
    column = TABLES[table].by_name[name]
    if name == "stream_id":
        return stream_label(text)
    if name == "parameter":
        return parameter_label(text)
    return choice_label(column, text)


def header_text(column: Column) -> str:
    return f"{column.zh}（{UNIT_LABELS.get(column.unit, column.unit)}）" if column.unit else column.zh


def header_note(column: Column) -> str:
    """English label, unit, decimals, range and clause of a column, for the note of its header."""
    lines = [column.en + (f" [{column.unit}]" if column.unit else "")]
    if column.required:
        lines.append("必填")
    if column.decimals is not None:
        lines.append(f"保留{column.decimals}位小数")
    limits = range_words(column.low, column.high)
    if limits:
        lines.append(f"合理范围：{limits}")
    if column.kind == "date":
        lines.append("日期，如 2026-05-31")
    if column.clause and "/" not in column.clause:
        lines.append(f"依据：{column.clause}")
    return "\n".join(lines)


def range_words(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"{low}～{high}"
    if low is None:
        return f"不大于{high}" if high is not None else ""
    return f"不小于{low}"


def write_header(book: Book, sheet: Any, column: int, label: str, note: str, required: bool, width: float) -> None:
    """One header cell with its note, and the width of its column."""
    sheet.set_column(column, column, width)
    sheet.write_string(HEADER_ROW, column, label, book.styles.header(required))
    height = 18 * (note.count("\n") + 2)
    sheet.write_comment(HEADER_ROW, column, note, {"author": AUTHOR, "width": 190, "height": height, "font_size": 9})


def range_validation(low: Decimal | None, high: Decimal | None, title: str, message: str) -> dict[str, Any]:
    """A number within its hard range: outside it Excel warns, and the person may still insist."""
    rule: dict[str, Any] = {"validate": "decimal", "error_type": "warning", "error_title": "请核对数值"}
    if low is not None and high is not None:
        rule |= {"criteria": "between", "minimum": float(low), "maximum": float(high)}
    elif high is not None:
        rule |= {"criteria": "<=", "value": float(high)}
    else:
        rule |= {"criteria": ">=", "value": float(low) if low is not None else -1e15}
    limits = range_words(low, high)
    rule["error_message"] = f"应填数字{'，合理范围 ' + limits if limits else ''}。确认无误可选择“是”继续。"
    return rule | prompt(title, message)


def list_validation(source: Sequence[str] | str, strict: bool, title: str = "", message: str = "") -> dict[str, Any]:
    """A drop-down list; a strict one takes nothing else."""
    rule: dict[str, Any] = {"validate": "list", "source": source, "error_type": "stop" if strict else "warning"}
    rule |= {"error_title": "请从下拉列表选择", "error_message": "此处应为下拉列表中的一项。"}
    return rule | (prompt(title, message) if message else {})


def prompt(title: str, message: str) -> dict[str, str]:
    """The hint Excel shows beside a selected cell, within its limits of 32 and 255 characters."""
    return {"input_title": title[:32], "input_message": message[:255]}


def open_page(book: Book, sheet: Any, title: str, hint: str, last_column: int, frozen_columns: int = 0) -> None:
    """Title, hint, protection and print set-up, the same on every sheet."""
    sheet.hide_gridlines(2)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, f"{title}　{book.month}　{book.plant['name']}", book.styles.title())
    sheet.write_string(1, 0, hint, book.styles.hint())
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.ignore_errors({"number_stored_as_text": "A1:AZ2000"})  # a unit or meter may be called 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&C第 &P 页，共 &N 页&R" + f"{book.plant['plant_id']}  {book.month}")
    if frozen_columns or last_column:
        sheet.freeze_panes(FIRST_ROW, frozen_columns)
        sheet.repeat_rows(0, HEADER_ROW)
        sheet.set_row(HEADER_ROW, 42)


def write_meta(book: Book, sheet: Any, lists: dict[str, Iterable[str]], helpers: Sequence[str]) -> None:
    """The very hidden sheet: what this workbook is, and the long drop-down lists.

    `helpers` are the headers of columns that only help the person and are no part of a table.
    """
    facts = {
        "template": TEMPLATE_PREFIX + book.sector,
        "version": TEMPLATE_VERSION,
        "plant_id": book.plant["plant_id"],
        "month": book.month,
        "sector": book.sector,
        "helper_columns": "；".join(helpers),
    }
    for row, (name, value) in enumerate(facts.items()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    for column, (name, items) in enumerate(lists.items(), start=3):
        entries = list(items) or [""]
        for row, item in enumerate(entries):
            sheet.write_string(row, column, item)
        letter = xl_col_to_name(column)
        book.lists[name] = f"={META_SHEET}!${letter}$1:${letter}${len(entries)}"
    sheet.very_hidden()
    sheet.protect()


def unit_width(label: str) -> float:
    """A width at which the header of the unit column stands in one line, with its star."""
    return max(10.0, text_width(label) + 4.0)


def column_width(column: Column) -> float:
    """A width at which the values of a column are readable."""
    by_kind = {"decimal": 12.0, "date": 12.0, "month": 10.0}
    by_name = {"unit_id": 10.0, "stream_id": 14.0, "source_document": 30.0, "evidence_file": 34.0, "description": 44.0}
    by_name |= {"remark": 34.0, "report_number": 18.0, "laboratory": 24.0, "parameter": 24.0, "delivery": 18.0}
    if column.choices:
        return max(text_width(label) for label, _ in column.choice_labels) + 4.0
    return by_name.get(column.name, by_kind.get(column.kind, 15.0))


def cell_format(column: Column) -> str:
    """Number format of a column: decimals, date, or text where Excel would otherwise change what is typed."""
    if column.kind == "decimal":
        return number_format(column.decimals)
    return "yyyy-mm-dd" if column.kind == "date" else "@"
