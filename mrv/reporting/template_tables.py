"""The table sheets of the template: one row per report, day, delivery, meter, event or document."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from emission_factors import RuleSet, fuel_group
from mrv.reporting.sheet_styles import as_decimal, cached, header_width, text_width, write_value
from mrv.reporting.template_book import (
    FIRST_ROW,
    HEADER_ROW,
    Block,
    Book,
    cell_format,
    column_width,
    header_note,
    header_text,
    list_validation,
    open_page,
    prompt,
    range_validation,
    records,
    shown,
    unit_width,
    write_header,
)
from mrv.reporting.template_quantities import TemplateRow
from schemas import TABLES, Column
from schemas.vocabulary import FUELS, fuel_of

Row = dict[str, str]


@dataclass(frozen=True)
class Layout:
    """How one table looks: the rows known beforehand, the columns that identify them, and how much room is left."""

    table: str
    hint: str
    seeds: Sequence[Row]
    seed_key: tuple[str, ...]
    spare: int
    locked: tuple[str, ...] = ()  # columns a person does not change in a row known beforehand
    bands: dict[str, tuple[str, str]] = field(default_factory=dict)  # title over the columns from first to last
    frozen: int = 2
    paper: int = 9  # A4; wide tables print on A3
    pages_wide: int = 1
    helper: tuple[str, str, float] | None = None  # a column for reading only: name in the rows, header, width


def write_tables(book: Book, rules: RuleSet, rows: list[TemplateRow]) -> dict[str, Block]:
    """Fill every table sheet. Returns each table's block, for the formulas that look at it."""
    coal = list(dict.fromkeys((row.unit_id, row.stream_id) for row in rows if _is_coal(row.stream_id)))
    layouts: dict[str, Callable[[], Layout]] = {
        "coal_analysis": lambda: _coal_analysis(book, coal),
        "daily_coal": lambda: _daily_coal(book, coal),
        "heat_flow": lambda: _heat_flow(book),
        "meter_total": lambda: _meter_total(book),
        "event": lambda: Layout("event", book.pages.event_hint, [], (), 15, frozen=1),
        "flue_gas_daily": lambda: _flue_gas(book),
        "evidence": lambda: _evidence(book, rules, rows),
    }
    return {table: _write(book, layouts[table]()) for table in book.pages.tables}


def _is_coal(stream_id: str) -> bool:
    fuel = FUELS.get(fuel_of(stream_id))
    return fuel is not None and fuel.coal


def _coal_analysis(book: Book, coal: list[tuple[str, str]]) -> Layout:
    return Layout(
        "coal_analysis",
        "每份检测报告一行，照报告原样填写；元素碳、氢、硫、水分、发热量应出自同一样品。未出报告的行留空。",
        [{"unit_id": unit, "stream_id": stream, "month": book.month} for unit, stream in coal],
        ("unit_id", "stream_id"),
        10,
        bands={
            "样品": ("unit_id", "month"),
            "报告与机构": ("report_number", "accreditation_valid_to"),
            "采样到出具报告": ("sampled_on", "issued_on"),
            "检测结果": ("basis", "net_calorific_value_ar"),
            "样品与留样": ("sample_mass", "retained_until"),
            "标准与人员": ("sampling_standard", "signatory"),
            "附件": ("evidence_file", "evidence_file"),
        },
        paper=8,
        pages_wide=3,
    )


def _daily_coal(book: Book, coal: list[tuple[str, str]]) -> Layout:
    return Layout(
        "daily_coal",
        "每天、每个煤种一行，日期已预置。没有入炉的日子填 0；水分、发热量填当日实测值，没有则留空。",
        [{"unit_id": unit, "stream_id": stream, "day": day} for unit, stream in coal for day in _days(book)],
        ("unit_id", "stream_id", "day"),
        0,
        locked=("unit_id", "stream_id", "day"),
        frozen=3,
    )


def _days(book: Book) -> list[str]:
    last = monthrange(int(book.month[:4]), int(book.month[5:]))[1]
    return [f"{book.month}-{day:02d}" for day in range(1, last + 1)]


def _flue_gas(book: Book) -> Layout:
    watched = sorted(book.facilities.loc[book.facilities["flue_gas_monitoring"] == "yes", "unit_id"])
    return Layout(
        "flue_gas_daily",
        "装有烟气二氧化碳自动监测的设施每天一行，填当日均值，日期已预置；停产的日子整行留空。没有自动监测的不填。",
        [{"unit_id": unit, "day": day} for unit in watched for day in _days(book)],
        ("unit_id", "day"),
        0 if watched else 10,
        locked=("unit_id", "day"),
        frozen=2,
    )


def _heat_flow(book: Book) -> Layout:
    kept = ("unit_id", "delivery", "route", "medium")
    seeds = [{name: row[name] for name in kept} | {"month": book.month} for row in book.before("heat_flow", 1)]
    return Layout(
        "heat_flow",
        "每条供热管线一行，温度、压力填当月平均值，压力为绝对压力。上月的管线已预置；没有供热则不填。",
        seeds,
        ("unit_id", "delivery"),
        12,
    )


def _meter_total(book: Book) -> Layout:
    closing = {row["meter_id"]: row["closing_reading"] for row in book.before("meter_total", 1)}
    kept = (
        *("unit_id", "meter_id", "stream_id", "parameter", "multiplier", "specified_accuracy"),
        *("calibrated_accuracy", "calibrated_on", "calibration_valid_to"),
    )
    meters = records(book.meters[book.meters["reading_kind"] == "register"])
    seeds = [
        {name: meter[name] for name in kept}
        | {"month": book.month, "opening_reading": closing.get(meter["meter_id"], "")}
        for meter in meters
    ]
    return Layout(
        "meter_total",
        "期初表码取自上月期末；只需填期末表码，本月用量＝（期末－期初）×倍率，自动得出。换表、归零请在"
        f"“{book.sheet_name('event')}”说明。",
        seeds,
        ("meter_id",),
        6,
        locked=("unit_id", "month", "meter_id", "stream_id", "parameter"),
        frozen=3,
    )


_FILED = ("fuel", "material", "production")  # of an industrial stream also what is filed only where it was measured
# Not part of the table: a line whose file is not named yet stays an empty line.
EXPECTED = ("expected", "应提交材料", 70.0)


def _evidence(book: Book, rules: RuleSet, rows: list[TemplateRow]) -> Layout:
    """One line for each quantity of which the rule set wants evidence, with the documents it names."""
    known = {(row["unit_id"], row["stream_id"], row["parameter"]): row for row in book.before("parameter", 1)}
    known |= {(row["unit_id"], row["stream_id"], row["parameter"]): row for row in book.filled("parameter")}
    seeds: list[Row] = []
    for unit_id, stream_id in dict.fromkeys((row.unit_id, row.stream_id) for row in rows):
        mine = [row for row in rows if (row.unit_id, row.stream_id) == (unit_id, stream_id)]
        kind = mine[0].kind or (fuel_group(fuel_of(stream_id)) if stream_id else "unit")
        have = {row.parameter for row in mine if row.required or (row.kind and row.group in _FILED)}
        state = known.get((unit_id, stream_id, "fuel_consumption"), {}).get("state", "")
        scheme = known.get((unit_id, stream_id, "carbon_content_ad"), {}).get("carbon_scheme", "")
        for parameter in dict.fromkeys(item.parameter for item in rules.deposit):
            filed = parameter in have or (parameter == "carbon_content_ar" and "carbon_content_ad" in have)
            usual = [item for item in rules.deposit if item.parameter == parameter and kind in item.applies_to]
            if not filed or not usual:
                continue
            items = rules.deposit_for(parameter, kind or "", state, scheme) or usual[-1:]
            documents = [document for item in items for document in item.documents]
            words = "；".join(document.zh + ("（盖章）" if document.sealed else "") for document in documents)
            seed = {"unit_id": unit_id, "stream_id": stream_id, "month": book.month, "parameter": parameter}
            seeds.append(seed | {EXPECTED[0]: words})
    hint = "每份支撑材料一行：填文件名，与随同提交的文件一致。应提交的材料已逐项列出，可增加行。"
    locked = ("unit_id", "stream_id", "month", "parameter")
    key = ("unit_id", "stream_id", "parameter")
    return Layout("evidence", hint, seeds, key, 15, locked=locked, helper=EXPECTED)


def _merged(book: Book, layout: Layout) -> list[tuple[Row, bool]]:
    """Rows known beforehand, filled with what is given for them, then whatever else is given. Nothing given is lost."""
    waiting: dict[tuple[str, ...], list[Row]] = {}
    for given in book.filled(layout.table):
        waiting.setdefault(tuple(given[name] for name in layout.seed_key), []).append(given)
    merged: list[tuple[Row, bool]] = []
    for seed in layout.seeds:
        queue = waiting.get(tuple(seed[name] for name in layout.seed_key))
        helper = {layout.helper[0]: seed[layout.helper[0]]} if layout.helper else {}
        merged.append((queue.pop(0) | helper if queue else seed, True))
    return merged + [(row, False) for queue in waiting.values() for row in queue]


def _write(book: Book, layout: Layout) -> Block:
    table = TABLES[layout.table]
    name = book.sheet_name(layout.table)
    sheet = book.workbook.get_worksheet_by_name(name)
    columns = [column for column in table.columns if column.template and column.name != "plant_id"]
    open_page(book, sheet, name, layout.hint, len(columns), layout.frozen)
    sheet.set_paper(layout.paper)
    sheet.fit_to_pages(layout.pages_wide, 0)
    for position, column in enumerate(columns):
        label = book.header(column)
        width = unit_width(label) if column.name == "unit_id" else header_width(label, column_width(column))
        write_header(book, sheet, position, label, header_note(column), column.required, width)
    if layout.helper:
        write_header(book, sheet, len(columns), layout.helper[1], "Documents to deposit", False, layout.helper[2])
    _bands(book, sheet, layout, [column.name for column in columns])
    rows = _merged(book, layout)
    for index, (row, seeded) in enumerate(rows):
        for position, column in enumerate(columns):
            locked = seeded and column.name in layout.locked
            _cell(book, sheet, layout.table, FIRST_ROW + index, position, column, row, locked, columns)
        if layout.helper and seeded:
            words = row[layout.helper[0]]
            sheet.write_string(FIRST_ROW + index, len(columns), words, book.styles.locked(text_wrap=True))
            sheet.set_row(FIRST_ROW + index, 15 if text_width(words) < layout.helper[2] else 28)
    first_spare = FIRST_ROW + len(rows)
    for row_number in range(first_spare, first_spare + layout.spare):
        for position, column in enumerate(columns):
            _cell(book, sheet, layout.table, row_number, position, column, {}, False, columns)
    last = max(first_spare + layout.spare - 1, FIRST_ROW)
    for position, column in enumerate(columns):
        _validate(book, sheet, position, column, last)
    return Block(name, tuple(column.name for column in columns), [row for row, _ in rows], last)


def _bands(book: Book, sheet: Any, layout: Layout, names: Sequence[str]) -> None:
    for title, (first, last) in layout.bands.items():
        start, end = names.index(first), names.index(last)
        if start == end:
            sheet.write_string(HEADER_ROW - 1, start, title, book.styles.band())
        else:
            sheet.merge_range(HEADER_ROW - 1, start, HEADER_ROW - 1, end, title, book.styles.band())


def _cell(
    book: Book,
    sheet: Any,
    table: str,
    row: int,
    position: int,
    column: Column,
    values: Row,
    locked: bool,
    columns: list[Column],
) -> None:
    text = values.get(column.name, "")
    centred: dict[str, Any] = {} if column.kind == "decimal" or column.name in _LONG else {"align": "center"}
    style = (book.styles.locked if locked else book.styles.input)(cell_format(column), **centred)
    if table == "meter_total" and column.name == "quantity" and _follows(values):
        _quantity(book, sheet, row, position, values, columns)
    elif column.name == "month" and not values:
        # A spare row takes the month of the workbook as soon as its first cell is filled in.
        first = xl_rowcol_to_cell(row, 0, col_abs=True)
        sheet.write_formula(row, position, f'=IF({first}="","","{book.month}")', style, cached(None))
    elif column.kind == "decimal":
        write_value(sheet, row, position, text, style)
    elif column.kind == "date" and (day := _day(text)):
        sheet.write_datetime(row, position, datetime(day.year, day.month, day.day), style)  # noqa: DTZ001
    elif text:
        sheet.write_string(row, position, shown(table, column.name, text), style)
    else:
        sheet.write_blank(row, position, None, style)


_LONG = frozenset({"description", "remark", "evidence_file", "laboratory", "retained_place", "item"})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _quantity(book: Book, sheet: Any, row: int, position: int, values: Row, columns: list[Column]) -> None:
    """Quantity of a meter by formula; a person may overwrite it, for instance after a change of meters."""
    names = [column.name for column in columns]
    opening, closing, factor = (
        xl_rowcol_to_cell(row, names.index(name)) for name in ("opening_reading", "closing_reading", "multiplier")
    )
    formula = f'=IF(COUNT({opening},{closing},{factor})=3,ROUND(({closing}-{opening})*{factor},6),"")'
    sheet.write_formula(row, position, formula, book.styles.input(), cached(meter_quantity(values)))


def _follows(values: Row) -> bool:
    """Whether the quantity is what the readings give, so that the cell may hold the formula."""
    written = as_decimal(values.get("quantity", ""))
    return not values.get("quantity") or written == meter_quantity(values | {"quantity": ""})


def meter_quantity(values: Row) -> Decimal | None:
    """(closing − opening) × multiplier of one meter row, None when one of them is missing."""
    if as_decimal(values.get("quantity", "")) is not None:
        return as_decimal(values["quantity"])
    numbers = [as_decimal(values.get(name, "")) for name in ("opening_reading", "closing_reading", "multiplier")]
    opening, closing, factor = numbers
    return None if opening is None or closing is None or factor is None else (closing - opening) * factor


def _validate(book: Book, sheet: Any, position: int, column: Column, last: int) -> None:
    rule: dict[str, Any] | None = None
    label = header_text(column)
    if column.choices:
        rule = list_validation([word for word, _ in column.choice_labels], strict=True)
    elif column.name in book.lists:
        rule = list_validation(book.lists[column.name], strict=False)
    elif column.kind == "decimal":
        words = f"保留{column.decimals}位小数" if column.decimals is not None else "填数字"
        rule = range_validation(column.low, column.high, label, words)
    elif column.kind == "date":
        rule = {"validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2100, 12, 31)}
        rule |= {"error_type": "warning", "error_title": "请核对日期", "error_message": "应填日期，如 2026-05-31。"}
        rule |= prompt(column.zh, "填日期，如 2026-05-31")
    if rule:
        sheet.data_validation(FIRST_ROW, position, last, position, rule)
