"""The workbook of a data quality control plan: a sheet for each part of 附录B, drop-down lists, filled from what is known."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from pandas import DataFrame
from xlsxwriter.utility import xl_col_to_name

from mrv.reporting.sheet_styles import AUTHOR, Styles, header_width, text_width
from mrv.reporting.template_book import header_note, list_validation, measure, parameter_label, records
from mrv.reporting.template_book import shown as shown_cell
from schemas import TABLES, Column
from schemas.choices import SECTORS
from schemas.vocabulary import PARAMETERS, PLAN_SECTIONS, plan_items
from schemas.vocabulary.fuels import stream_label

LINE_SHEETS = {"B.4": "B.4 燃料与活动数据", "B.5": "B.5 生产数据与其他参数"}
TEXT_SHEETS = {
    "B.1": "B.1 版本与修订",
    "B.2": "B.2 单位基本情况",
    "B.3": "B.3 边界与设施",
    "B.5": "B.5 采样与检测方案",
    "B.6": "B.6 内部质量保证",
    "B.7": "B.7 烟气监测",
}
ORDER = ("B.1", "B.2", "B.3", "lines B.4", "lines B.5", "B.5", "B.6", "B.7")
HEAD = ("plant_id", "sector", "version", "valid_from", "valid_to")
COLUMNS = (
    *("unit_id", "stream_id", "parameter", "method", "description", "meter_id", "location", "fc_source"),
    *("carbon_scheme", "frequency", "accuracy_class", "calibration_frequency", "recording_frequency"),
    *("missing_data_treatment", "department"),
)
OF_STREAMS = ("stream_id", "fc_source", "carbon_scheme")
UNIT_HEADER = "计量单位"
SPARE_ROWS = 20
LIST_SHEET = "_lists"
WIDTHS = {"description": 36.0, "parameter": 24.0, "stream_id": 14.0, "missing_data_treatment": 24.0, "location": 18.0}
FREQUENCIES = ("连续", "每日", "每批次", "每月", "每季度", "每半年", "每年")
FACILITIES = {
    "unit": ("unit_id", "name", "unit_class", "capacity", "fuels", "merged_with", "commissioned_on", "closed_on"),
    "facility": ("unit_id", "name", "process", "capacity", "capacity_unit", "fuels", "materials", "commissioned_on"),
}
LINE_HEAD_ROW, TEXT_HEAD_ROW = 2, 2


def columns_of(section: str) -> tuple[str, ...]:
    """The columns of a parameter sheet: those of streams stand on B.4 alone."""
    return COLUMNS if section == "B.4" else tuple(name for name in COLUMNS if name not in OF_STREAMS)


def section_of(parameter: str) -> str:
    """The part in which a parameter stands: B.4 for what a fuel or material has, else B.5."""
    return "B.4" if parameter in PARAMETERS and PARAMETERS[parameter].level == "stream" else "B.5"


def plan_workbook(
    head: Mapping[str, str],
    lines: DataFrame,
    texts: Mapping[tuple[str, str], str],
    register: Mapping[str, DataFrame],
    streams: Sequence[str],
) -> bytes:
    """The workbook as xlsx bytes; the same arguments always give the same bytes.

    head : `plant_id, sector, version, valid_from, valid_to`. lines : canonical `control_plan` rows to start from. texts : by section
    and item. register : canonical frames of the plant (`plant`, `unit`, `facility`, `meter`). streams : of the drop-down list.
    ValueError for a sector that is none or a `valid_from` that is no day.
    """
    sector = head["sector"]
    if sector not in SECTORS:
        raise ValueError(f"no sector {sector!r}")
    created = datetime.combine(date.fromisoformat(head["valid_from"]), datetime.min.time())
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = Styles(workbook)
    names = {name: str(value) for name, value in register["plant"].iloc[0].items()} if len(register["plant"]) else {}
    title = f"{names.get('name', head['plant_id'])} 数据质量控制方案 {head['version']}"
    workbook.set_properties({"title": title, "author": AUTHOR, "created": created})
    sheets = {part: workbook.add_worksheet(_sheet_name(part)) for part in ORDER if _stands(part, sector)}
    lists = _lists(workbook, head["sector"], lines, register, streams)
    for part, sheet in sheets.items():
        if part.startswith("lines "):
            _line_sheet(sheet, styles, part.removeprefix("lines "), title, lines, lists)
        else:
            _text_sheet(sheet, styles, part, title, head, texts, register)
    workbook.close()
    return stream.getvalue()


def shown(table: str, name: str, text: str) -> str:
    """A canonical cell as the workbook shows it; materials by their label too."""
    return stream_label(text)[0] if name == "stream_id" else shown_cell(table, name, text)


def _sheet_name(part: str) -> str:
    return LINE_SHEETS[part.removeprefix("lines ")] if part.startswith("lines ") else TEXT_SHEETS[part]


def _stands(part: str, sector: str) -> bool:
    return part.startswith("lines ") or bool(plan_items(sector, part))


def _lists(
    workbook: Any, sector: str, lines: DataFrame, register: Mapping[str, DataFrame], streams: Sequence[str]
) -> dict[str, str]:
    """The long drop-down lists on a hidden sheet: column → range."""
    units = {*lines["unit_id"], *register["unit"]["unit_id"], *register["facility"]["unit_id"]}
    known = [name for name, entry in PARAMETERS.items() if sector in entry.sectors]
    entries = {
        "unit_id": sorted(units),
        "stream_id": [
            shown("control_plan", "stream_id", name) for name in dict.fromkeys([*streams, *lines["stream_id"]]) if name
        ],
        "meter_id": sorted({*register["meter"]["meter_id"], *lines["meter_id"]} - {""}),
        "B.4": [parameter_label(name) for name in known if section_of(name) == "B.4"],
        "B.5": [parameter_label(name) for name in known if section_of(name) == "B.5"],
    }
    sheet = workbook.add_worksheet(LIST_SHEET)
    sheet.very_hidden()
    ranges = {}
    for column, (name, values) in enumerate(entries.items()):
        for row, value in enumerate(values):
            sheet.write_string(row, column, value)
        letter = xl_col_to_name(column)
        ranges[name] = f"={LIST_SHEET}!${letter}$1:${letter}${len(values)}" if values else ""
    return ranges


def _line_sheet(
    sheet: Any, styles: Styles, section: str, title: str, lines: DataFrame, lists: Mapping[str, str]
) -> None:
    table, names = TABLES["control_plan"], columns_of(section)
    headers = [(table.by_name[name].zh, table.by_name[name], name) for name in names]
    at = names.index("parameter") + 1
    headers.insert(at, (UNIT_HEADER, Column("unit", UNIT_HEADER, "Unit of measure"), "unit"))
    _open(
        sheet,
        styles,
        f"{section} {PLAN_SECTIONS[section][0]}",
        title,
        "黄色单元格填写；每行一个参数，实测参数须写明缺失数据处理方法（保守）。",
    )
    for column, (label, definition, name) in enumerate(headers):
        sheet.set_column(column, column, WIDTHS.get(name, header_width(label, 11.0)))
        required = definition.required or name in ("description", "frequency", "department")
        sheet.write_string(LINE_HEAD_ROW, column, label, styles.header(required))
        sheet.write_comment(LINE_HEAD_ROW, column, header_note(definition), {"author": AUTHOR, "font_size": 9})
    sheet.set_row(LINE_HEAD_ROW, 44)
    rows = [row for row in records(lines) if section_of(row["parameter"]) == section]
    first, last = LINE_HEAD_ROW + 1, LINE_HEAD_ROW + len(rows) + SPARE_ROWS
    for number in range(first, last + 1):
        row = rows[number - first] if number - first < len(rows) else {}
        for column, (_, _, name) in enumerate(headers):
            if name == "unit":
                text = measure(row["parameter"], row["stream_id"])[0] if row else ""
                sheet.write_string(number, column, text, styles.locked())
            else:
                text = shown("control_plan", name, row[name]) if row else ""
                sheet.write_string(number, column, text, styles.input("@", text_wrap=True))
    for column, (_, definition, name) in enumerate(headers):
        source = _choices(definition, name, section, lists)
        if source:
            strict = name in ("parameter", "method", "fc_source", "carbon_scheme")
            sheet.data_validation(first, column, last, column, list_validation(source, strict))
    sheet.freeze_panes(LINE_HEAD_ROW + 1, at)


def _choices(column: Column, name: str, section: str, lists: Mapping[str, str]) -> list[str] | str:
    if name == "parameter":
        return lists[section]
    if column.choices:
        return [zh for zh, _ in column.choice_labels]
    if name in ("frequency", "recording_frequency", "calibration_frequency"):
        return list(FREQUENCIES)
    return lists.get(name, "")


def _text_sheet(
    sheet: Any,
    styles: Styles,
    section: str,
    title: str,
    head: Mapping[str, str],
    texts: Mapping[tuple[str, str], str],
    register: Mapping[str, DataFrame],
) -> None:
    _open(
        sheet, styles, f"{section} {TEXT_SHEETS[section].partition(' ')[2]}", title, "黄色单元格填写；带星号的为必填。"
    )
    for column, (label, width) in enumerate((("项目", 24.0), ("内容", 80.0), ("填写说明", 60.0))):
        sheet.set_column(column, column, width)
        sheet.write_string(TEXT_HEAD_ROW, column, label, styles.header())
    row = TEXT_HEAD_ROW + 1
    if section == "B.1":
        for name in HEAD:
            field = TABLES["control_plan"].by_name[name]
            fixed = name in ("plant_id", "sector")
            sheet.write_string(row, 0, field.zh, styles.header(name != "valid_to"))
            style = styles.locked() if fixed else styles.input("@")
            sheet.write_string(row, 1, shown("control_plan", name, head[name]), style)
            hint = "日期，如 2027-01-01；没有失效日期的留空，直到下一版本生效" if name.startswith("valid") else field.en
            sheet.write_string(row, 2, hint, styles.hint())
            row += 1
    for entry in plan_items(head["sector"], section):
        text = texts.get((section, entry.item), "")
        sheet.write_string(row, 0, entry.zh, styles.header(entry.required))
        sheet.write_string(row, 1, text, styles.input("@", text_wrap=True, valign="top"))
        sheet.write_string(
            row, 2, f"{entry.hint_zh}\n{entry.hint_en}", styles(font_size=9, text_wrap=True, valign="top")
        )
        sheet.set_row(row, max(32, 15 * (1 + text_width(text) // 78)))
        row += 1
    if section == "B.3":
        for name in ("unit", "facility"):
            row = _facilities(sheet, styles, name, register[name], row + 1)
    sheet.freeze_panes(TEXT_HEAD_ROW + 1, 1)


def _facilities(sheet: Any, styles: Styles, name: str, frame: DataFrame, row: int) -> int:
    """What the register holds, to be compared with the text above; not read back."""
    if frame.empty:
        return row
    table = TABLES[name]
    sheet.write_string(row, 0, f"档案中的{table.zh}（仅供对照）", styles(bold=True))
    for number, entry in enumerate(records(frame), start=row + 1):
        entry = entry | {"fuels": "、".join(stream_label(part.strip())[0] for part in entry["fuels"].split(";"))}
        words = [f"{table.by_name[one].zh} {shown(name, one, entry[one])}" for one in FACILITIES[name] if entry[one]]
        sheet.write_string(number, 1, "；".join(words), styles.locked(text_wrap=True))
        sheet.set_row(number, 32)
    return row + len(frame) + 1


def _open(sheet: Any, styles: Styles, heading: str, title: str, hint: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, f"{heading}　{title}", styles.title())
    sheet.write_string(1, 0, hint, styles.hint())
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, LINE_HEAD_ROW)
    sheet.set_footer("&L&A&C第 &P 页，共 &N 页")
