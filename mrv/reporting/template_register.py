"""The register as the workbook shows it, for reading only: the sheet 机组 of a power plant, 生产线与工序 of the other sectors."""

import math
from collections.abc import Sequence

from pandas import DataFrame
from xlsxwriter.utility import xl_rowcol_to_cell

from mrv.reporting.sheet_styles import header_width, text_width, write_value
from mrv.reporting.template_book import (
    FIRST_ROW,
    Book,
    cell_format,
    column_width,
    header_note,
    open_page,
    records,
    shown,
    stream_label,
    unit_width,
    write_header,
)
from schemas import TABLES, Column
from schemas.vocabulary import PROCESSES

UNIT_COLUMNS: tuple[str, ...] = (
    "unit_id",
    "name",
    "unit_class",
    "product_class",
    "capacity",
    "boiler_type",
    "cooling_mode",
    "fuels",
)
UNIT_COLUMNS += ("merged_with", "standby", "boiler_code", "turbine_code", "generator_code", "pressure_class")
UNIT_COLUMNS += ("commissioned_on", "closed_on")
_STREAMS = ("fuels", "materials")
_ALWAYS = ("unit_id", "name", "process", "fuels", "materials")


def write_units(book: Book) -> dict[str, str]:
    """Fill 机组. Returns the cell of each unit's rated capacity [MW]."""
    units = book.units.sort_values("unit_id", kind="stable")
    _write(book, "unit", units, UNIT_COLUMNS)
    column = UNIT_COLUMNS.index("capacity")
    return {
        unit_id: f"'{book.pages.register_sheet}'!{xl_rowcol_to_cell(FIRST_ROW + index, column, True, True)}"
        for index, unit_id in enumerate(units["unit_id"])
    }


def write_facilities(book: Book) -> None:
    """Fill 生产线与工序, the enterprise first, as on the other sheets. Columns that say nothing of any facility of the plant are left out."""
    order = book.facilities["process"].map(list(PROCESSES).index)
    facilities = (
        book.facilities.assign(order=order).sort_values(["order", "unit_id"], kind="stable").drop(columns="order")
    )
    told = [name for name in facilities.columns if name in _ALWAYS or facilities[name].ne("").any()]
    _write(book, "facility", facilities, [name for name in told if name not in ("plant_id", "sector")])


def _write(book: Book, table_name: str, register: DataFrame, columns: Sequence[str]) -> None:
    table, name = TABLES[table_name], book.pages.register_sheet
    sheet = book.workbook.get_worksheet_by_name(name)
    shown_columns = [table.by_name[column] for column in columns]
    open_page(book, sheet, name, "登记信息，只读。与实际不符时请先变更登记，不要在此修改。", len(shown_columns), 2)
    widths: list[float] = []
    for position, column in enumerate(shown_columns):
        label = book.header(column)
        width = 36.0 if column.name in _STREAMS and table_name == "facility" else column_width(column)
        widths.append(unit_width(label) if column.name == "unit_id" else header_width(label, width))
        write_header(book, sheet, position, label, header_note(column), False, widths[position])
    for index, record in enumerate(records(register)):
        tall = 1
        for position, column in enumerate(shown_columns):
            style = book.styles.locked(_format(table_name, column), text_wrap=True)
            text = record[column.name]
            if column.name in _STREAMS:
                text = "；".join(stream_label(part.strip()) for part in text.split(";") if part.strip())
                tall = max(tall, math.ceil(text_width(text) / (widths[position] - 4)))
            if column.kind == "decimal":
                write_value(sheet, FIRST_ROW + index, position, text, style)
            else:
                sheet.write_string(FIRST_ROW + index, position, shown(table_name, column.name, text), style)
        sheet.set_row(FIRST_ROW + index, 15 * tall)


def _format(table_name: str, column: Column) -> str:
    """Numbers of a facility stand as registered: a line of 5000 t/d has no decimals to show."""
    return "General" if table_name == "facility" and column.kind == "decimal" else cell_format(column)
