"""The monthly weighting of coal moisture and heat value (入炉煤加权计算表): live formulas, with the values they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pandas import DataFrame

from mrv.accounting.decimals import round_half_up
from mrv.reporting.calculation_page import SIGN, close_workbook, open_workbook, set_page, sheet_names
from mrv.reporting.sheet_styles import PALETTE, Styles, as_decimal, cached, header_width, number_format, write_value
from mrv.reporting.template_book import header_text, records, stream_label
from schemas import TABLES
from schemas.vocabulary import PARAMETERS

Row = dict[str, str]
Key = tuple[str, str, str, str]  # plant, month, unit, coal
_HEADER = 10  # zero-based row of the header
_MEASURED = ("moisture_ar", "net_calorific_value")
_RESULT = 3  # column of the results above the table
# Where the month's results stand, as Excel counts rows.
_ROW_OF = {"fuel_consumption": 4, "moisture_ar": 5, "net_calorific_value": 6}


@dataclass(frozen=True)
class Month:
    """The results of one sheet: the month's coal [t] and its weighted means [%, GJ/t]; None where no day has both."""

    values: dict[str, Decimal | None]


def coal_workbook(daily_coal: DataFrame) -> bytes:
    """Monthly weighting of total moisture and heat value by daily coal, as xlsx bytes; same frame, same bytes.

    `daily_coal` is a canonical frame. One sheet per plant, unit, coal and month: each day's coal FC [t], Mar [%] and
    NCV [GJ/t], the products FC·Mar and FC·NCV, and at the top the month: Σ FC, Σ(FC·Mar)/Σ FC, Σ(FC·NCV)/Σ FC, over the
    days that have both numbers, with the number of days that burned coal without a measurement. The first sheet sums up.
    Source: CETS-VG-01.01-V02 tables 8 and 9.
    """
    groups: dict[Key, list[Row]] = {}
    rows = records(daily_coal)
    for row in sorted(rows, key=lambda row: [row[name] for name in ("plant_id", "day", "unit_id", "stream_id")]):
        key = (row["plant_id"], row["day"][:7], row["unit_id"], row["stream_id"])
        groups.setdefault(key, []).append(row)
    stream, workbook, styles = open_workbook("入炉煤加权计算表", [key[1] for key in groups])
    if groups:
        names = sheet_names(["汇总", *(f"{unit} {stream_label(coal)} {month}" for _, month, unit, coal in groups)])
        summary = workbook.add_worksheet(names[0])
        months = [
            _coal_sheet(workbook.add_worksheet(name), styles, key, days)
            for name, (key, days) in zip(names[1:], groups.items(), strict=True)
        ]
        _coal_summary(summary, styles, names[1:], list(groups), months)
    return close_workbook(stream, workbook)


def _numbers(days: Sequence[Row], name: str) -> list[Decimal | None]:
    return [as_decimal(day[name]) for day in days]


def _weighted(days: Sequence[Row], name: str) -> Decimal | None:
    """Σ(FC·x)/Σ FC over the days that have both, rounded as the month's value is reported."""
    pairs = zip(_numbers(days, "fuel_consumption"), _numbers(days, name), strict=True)
    both = [(coal, value) for coal, value in pairs if coal is not None and value is not None]
    weight = sum((coal for coal, _ in both), Decimal(0))
    products = sum((coal * value for coal, value in both), Decimal(0))
    return round_half_up(products / weight, PARAMETERS[name].decimals) if weight else None


def _unmeasured(days: Sequence[Row], name: str) -> int:
    """Days that burned coal and have no measurement."""
    pairs = zip(_numbers(days, "fuel_consumption"), _numbers(days, name), strict=True)
    return sum(coal is not None and coal > 0 and value is None for coal, value in pairs)


def _coal_sheet(sheet: Any, styles: Styles, key: Key, days: list[Row]) -> Month:
    plant_id, month, unit_id, stream_id = key
    set_page(sheet, styles, f"入炉煤加权计算表　{month}　{plant_id}　{unit_id}　{stream_label(stream_id)}", _HEADER)
    sheet.set_portrait()
    sheet.write_string(1, 0, "月度值＝Σ（每日煤量×每日值）÷Σ每日煤量，只计煤量和检测值都有的日子。", styles.hint())
    table = TABLES["daily_coal"].by_name
    labels = [
        header_text(table["day"]),
        header_text(table["fuel_consumption"]),
        *(header_text(table[name]) for name in _MEASURED),
        "煤量×全水（t·%）",
        "煤量×发热量（GJ）",
    ]
    for position, label in enumerate(labels):
        sheet.set_column(position, position, header_width(label, 18.0))
        sheet.write_string(_HEADER, position, label, styles.header())
    sheet.set_row(_HEADER, 34)
    first, last = _HEADER + 2, _HEADER + 1 + len(days)
    for line, day in enumerate(days, start=_HEADER + 1):
        _day(sheet, styles, line, day)
    month_values = _results(sheet, styles, days, first, last)
    sheet.write_string(last + 1, 0, SIGN, styles())
    return month_values


def _day(sheet: Any, styles: Styles, line: int, day: Row) -> None:
    table, row = TABLES["daily_coal"].by_name, line + 1
    sheet.write_string(line, 0, day["day"], styles.locked(align="center"))
    for position, name in enumerate(("fuel_consumption", *_MEASURED), start=1):
        style = styles.locked(number_format(table[name].decimals), align="right")
        write_value(sheet, line, position, day[name], style)
    coal = as_decimal(day["fuel_consumption"])
    for position, letter, name in ((4, "C", "moisture_ar"), (5, "D", "net_calorific_value")):
        value = as_decimal(day[name])
        product = None if coal is None or value is None else coal * value
        formula = f'=IF(COUNT(B{row},{letter}{row})=2,B{row}*{letter}{row},"")'
        sheet.write_formula(line, position, formula, styles.locked("#,##0.0000", align="right"), cached(product))


def _results(sheet: Any, styles: Styles, days: list[Row], first: int, last: int) -> Month:
    """The month's results above the table, and how many days lack a measurement."""
    coal = f"$B${first}:$B${last}"
    amounts = [amount for amount in _numbers(days, "fuel_consumption") if amount is not None]
    values: dict[str, Decimal | None] = {"fuel_consumption": sum(amounts, Decimal(0)) if amounts else None}
    lines: list[tuple[str, str, Decimal | int | None, int]] = [
        ("月入炉煤量（t）", f'=IF(COUNT({coal})=0,"",SUM({coal}))', values["fuel_consumption"], 2)
    ]
    for name, letter, product in (("moisture_ar", "C", "E"), ("net_calorific_value", "D", "F")):
        values[name] = _weighted(days, name)
        decimals = PARAMETERS[name].decimals
        weight = f"SUMPRODUCT(ISNUMBER(${letter}${first}:${letter}${last})*1,{coal})"
        formula = f'=IFERROR(ROUND(SUM(${product}${first}:${product}${last})/{weight},{decimals}),"")'
        unit = PARAMETERS[name].unit
        lines.append((f"{PARAMETERS[name].zh}月加权平均（{unit}）", formula, values[name], decimals))
    for name, letter in (("moisture_ar", "C"), ("net_calorific_value", "D")):
        missing = _unmeasured(days, name)
        formula = f"=SUMPRODUCT(ISNUMBER({coal})*({coal}>0)*NOT(ISNUMBER(${letter}${first}:${letter}${last})))"
        lines.append((f"有煤量而无{TABLES['daily_coal'].by_name[name].zh}的天数（天）", formula, missing, 0))
    for row, (label, formula, value, decimals) in enumerate(lines, start=3):
        sheet.merge_range(row, 0, row, _RESULT - 1, label, styles.locked())
        warn = {"font_color": PALETTE["required"]} if row > 5 and value else {}
        style = styles.locked(number_format(decimals), bold=True, align="right", bg_color=PALETTE["header"], **warn)
        shown = value if isinstance(value, Decimal) or value is None else Decimal(value)
        sheet.write_formula(row, _RESULT, formula, style, cached(shown))
    return Month(values)


def _coal_summary(sheet: Any, styles: Styles, names: list[str], keys: list[Key], months: list[Month]) -> None:
    set_page(sheet, styles, "入炉煤加权计算汇总", 3)
    headers = ("企业编号", "月份", "机组编号", "煤种", "月入炉煤量（t）", "收到基全水（%）", "收到基低位发热量（GJ/t）")
    for position, label in enumerate(headers):
        sheet.set_column(position, position, header_width(label, 16.0))
        sheet.write_string(3, position, label, styles.header())
    for line, (name, key, month) in enumerate(zip(names, keys, months, strict=True), start=4):
        for position, text in enumerate((*key[:3], stream_label(key[3]))):
            sheet.write_string(line, position, text, styles.locked())
        for position, (quantity, row) in enumerate(_ROW_OF.items(), start=4):
            cell = f"'{name}'!$D${row}"
            style = styles.locked(number_format(PARAMETERS[quantity].decimals), align="right")
            sheet.write_formula(line, position, f"={cell}", style, cached(month.values[quantity]))
