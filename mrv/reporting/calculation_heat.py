"""The heat calculation (供热量计算表): live formulas, with the values they have."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pandas import DataFrame
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mrv.accounting.decimals import round_half_up
from mrv.accounting.heat import heat_of_deliveries
from mrv.reporting.calculation_page import SIGN, close_workbook, open_workbook, set_page, sheet_names
from mrv.reporting.sheet_styles import (
    PALETTE,
    Styles,
    as_decimal,
    cached,
    header_width,
    number_format,
    write_value,
)
from mrv.reporting.template_book import choice_label, header_text, records
from schemas import TABLES
from schemas.vocabulary import PARAMETERS

Row = dict[str, str]
HEAT_PLACES = PARAMETERS["heat_supplied"].decimals
# The cells of the constants on a heat sheet; the formulas of the rows point at them.
_CONSTANTS = {
    "reference_enthalpy": ("20 °C 水的焓（kJ/kg）", "$D$4"),
    "reference_temperature": ("热水基准温度（°C）", "$D$5"),
    "specific_heat": ("水的比热容（kJ/(kg·K)）", "$D$6"),
    "heater_efficiency": ("换热器效率", "$D$7"),
}
_HEAT_HEADER = 9  # zero-based row of the header
_HEAT_COLUMNS = (
    *("unit_id", "delivery", "route", "medium", "mass", "temperature", "pressure", "enthalpy"),
    *("return_mass", "return_temperature", "return_enthalpy", "makeup_mass", "makeup_temperature", "makeup_enthalpy"),
    *("formula", "heat", "filed", "difference", "note"),
)
_HEAT_LABELS = {
    "enthalpy": ("供出焓（kJ/kg）", 11.0),
    "return_enthalpy": ("回水（疏水）焓（kJ/kg）", 12.0),
    "makeup_enthalpy": ("补水焓（kJ/kg）", 11.0),
    "formula": ("计算公式", 34.0),
    "heat": ("供热量计算值（GJ）", 15.0),
    "filed": ("供热量填报值（GJ）", 15.0),
    "difference": ("差异（GJ）", 12.0),
    "note": ("说明", 34.0),
}
# Formula as a person reads it, and as Excel computes it; {column} stands for the cell of that column in the row.
_HEAT_FORMULAS = {
    "heat_direct": (
        "（供出量×供出焓－回水量×回水焓－补水量×补水焓）÷1000",
        "({mass}*{enthalpy}-{return_mass}*{return_enthalpy}-{makeup_mass}*{makeup_enthalpy})/1000",
    ),
    "heat_direct_simplified": (
        "供出量×（供出焓－20 °C水的焓）÷1000",
        "{mass}*({enthalpy}-{reference_enthalpy})/1000",
    ),
    "heat_indirect_drain": (
        "疏水量×（蒸汽焓－疏水焓）÷1000",
        'IF({return_mass}="",{mass},{return_mass})*({enthalpy}-{return_enthalpy})/1000',
    ),
    "heat_indirect_loop": (
        "（供水量×供水焓－回水量×回水焓－补水量×补水焓）÷1000÷换热器效率",
        "({mass}*{enthalpy}-{return_mass}*{return_enthalpy}-{makeup_mass}*{makeup_enthalpy})"
        "/(1000*{heater_efficiency})",
    ),
    "heat_hot_water": (
        "供水量×（供水温度－基准温度）×比热容÷1000",
        "{mass}*({temperature}-{reference_temperature})*{specific_heat}/1000",
    ),
}
_WHERE = {"supply": "供出", "return": "回水（疏水）", "makeup": "补水"}
_WHY = {
    "no_temperature": "温度未填",
    "no_pressure": "压力未填",
    "out_of_range": "温度或压力超出水和水蒸气性质的范围",
    "not_steam": "状态不是蒸汽，请核对压力是否误填为表压",
    "not_water": "状态不是水，请核对温度和压力",
    "no_mass": "供出量未填",
    "no_return_or_makeup": "缺少回水或补水数据，无法按间接供热计算",
}


def heat_workbook(heat_flow: DataFrame, constants: Mapping[str, Decimal]) -> bytes:
    """The heat calculation of each plant and month (供热量计算表), as xlsx bytes; the same arguments give the same bytes.

    `heat_flow` is a canonical frame. `constants` are the keyword arguments of `heat_of_deliveries`: `reference_enthalpy`
    [kJ/kg], `reference_temperature` [°C], `specific_heat` [kJ/(kg·K)], `heater_efficiency` [fraction]. A sheet shows
    temperature, pressure and enthalpy [kJ/kg, IAPWS-IF97, two decimals] of each delivery, its formula and heat [GJ], and
    the total of each unit. A delivery that cannot be computed says why. Source: CETS-VG-01.01-V02 table 15.
    """
    worked = records(heat_of_deliveries(heat_flow, **constants))
    rows = [{**filed, **result} for filed, result in zip(records(heat_flow), worked, strict=True)]
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in sorted(rows, key=lambda row: [row[name] for name in ("plant_id", "month", "unit_id", "delivery")]):
        groups.setdefault((row["plant_id"], row["month"]), []).append(row)
    stream, workbook, styles = open_workbook("供热量计算表", [month for _, month in groups])
    names = sheet_names([" ".join(key) for key in groups])
    for name, ((plant_id, month), deliveries) in zip(names, groups.items(), strict=True):
        _heat_sheet(workbook.add_worksheet(name), styles, plant_id, month, deliveries, constants)
    return close_workbook(stream, workbook)


def _heat_sheet(
    sheet: Any, styles: Styles, plant_id: str, month: str, rows: list[Row], constants: Mapping[str, Decimal]
) -> None:
    set_page(sheet, styles, f"供热量计算表　{month}　{plant_id}", _HEAT_HEADER)
    sheet.set_paper(8)  # A3: nineteen columns
    sheet.write_string(1, 0, "焓按 IAPWS-IF97 计算，保留两位小数；温度、压力为当月平均值。", styles.hint())
    sheet.write_string(2, 0, "计算参数", styles(bold=True))
    for row, (name, (label, _)) in enumerate(_CONSTANTS.items(), start=3):
        sheet.merge_range(row, 0, row, 2, label, styles.locked())
        write_value(sheet, row, 3, str(constants[name]), styles.locked(align="right"))
    for position, name in enumerate(_HEAT_COLUMNS):
        column = TABLES["heat_flow"].by_name.get(name) if name not in _HEAT_LABELS else None
        label, width = (header_text(column), 12.0) if column else _HEAT_LABELS[name]
        sheet.set_column(position, position, header_width(label, {"route": 22.0, "delivery": 18.0}.get(name, width)))
        sheet.write_string(_HEAT_HEADER, position, label, styles.header())
    sheet.set_row(_HEAT_HEADER, 42)
    line, totals = _HEAT_HEADER + 1, []
    for unit_id in dict.fromkeys(row["unit_id"] for row in rows):
        first, amounts = line, []
        for delivery in (row for row in rows if row["unit_id"] == unit_id):
            amounts.append(_heat_row(sheet, styles, line, delivery))
            line += 1
        totals.append((line, sum((amount for amount in amounts if amount is not None), Decimal(0))))
        _heat_total(sheet, styles, line, f"{unit_id} 合计", first, totals[-1][1])
        line += 1
    column = xl_col_to_name(_HEAT_COLUMNS.index("heat"))
    cells = "+".join(f"{column}{row + 1}" for row, _ in totals)
    _strip(sheet, styles, line, "全厂合计")
    whole = sum((total for _, total in totals), Decimal(0))
    sheet.write_formula(line, _HEAT_COLUMNS.index("heat"), f"={cells}", _result(styles), cached(whole))
    sheet.write_string(line + 2, 0, SIGN, styles())


def _heat_row(sheet: Any, styles: Styles, line: int, row: Row) -> Decimal | None:
    """One delivery; returns its heat rounded as it is reported, None when there is none."""
    cells = {name: xl_rowcol_to_cell(line, position) for position, name in enumerate(_HEAT_COLUMNS)}
    cells |= {name: cell for name, (_, cell) in _CONSTANTS.items()}
    exact = as_decimal(row["heat"])
    heat = round_half_up(exact, HEAT_PLACES) if exact is not None else None
    filed = as_decimal(row["filed"])
    for position, name in enumerate(_HEAT_COLUMNS):
        column = TABLES["heat_flow"].by_name.get(name)
        if name == "formula":
            words = _HEAT_FORMULAS[row["formula"]][0] if row["formula"] else "—"
            sheet.write_string(line, position, words, styles.locked(text_wrap=True))
        elif name == "heat":
            if heat is None:
                sheet.write_blank(line, position, None, _result(styles))
            else:
                formula = f"=ROUND({_HEAT_FORMULAS[row['formula']][1].format(**cells)},{HEAT_PLACES})"
                sheet.write_formula(line, position, formula, _result(styles), cached(heat))
        elif name == "difference":
            gap = None if heat is None or filed is None else heat - filed
            formula = f'=IF(COUNT({cells["heat"]},{cells["filed"]})=2,{cells["heat"]}-{cells["filed"]},"")'
            sheet.write_formula(line, position, formula, styles.locked(number_format(HEAT_PLACES)), cached(gap))
        elif name == "note":
            sheet.write_string(line, position, _heat_note(row), styles.locked(text_wrap=True))
        elif name in ("filed", "enthalpy", "return_enthalpy", "makeup_enthalpy"):
            write_value(sheet, line, position, row[name], styles.locked(number_format(2), align="right"))
        elif column is not None and column.kind == "decimal":
            write_value(sheet, line, position, row[name], styles.locked(number_format(column.decimals), align="right"))
        elif column is not None:
            sheet.write_string(line, position, choice_label(column, row[name]), styles.locked())
    sheet.set_row(line, 30)
    return heat


def _heat_note(row: Row) -> str:
    if row["reason"]:
        where, _, why = row["reason"].rpartition(":")
        return f"未计算：{_WHERE.get(where, '')}{_WHY[why]}"
    return "无回水、补水数据，按简化公式" if row["simplification"] else ""


def _heat_total(sheet: Any, styles: Styles, line: int, label: str, first: int, total: Decimal) -> None:
    _strip(sheet, styles, line, label)
    position = _HEAT_COLUMNS.index("heat")
    letter = xl_col_to_name(position)
    sheet.write_formula(line, position, f"=SUM({letter}{first + 1}:{letter}{line})", _result(styles), cached(total))


def _strip(sheet: Any, styles: Styles, line: int, label: str) -> None:
    for position in range(len(_HEAT_COLUMNS)):
        sheet.write_blank(line, position, None, styles.locked(bg_color=PALETTE["header"]))
    sheet.write_string(line, 0, label, styles.locked(bold=True, bg_color=PALETTE["header"]))


def _result(styles: Styles) -> Any:
    return styles.locked(number_format(HEAT_PLACES), bold=True, align="right", bg_color=PALETTE["header"])
