"""Words for the kinds of fault that intake and the schema check name by a code (`params["kind"]`)."""

import re

from mrv.screening.rule import Text

FAULT_KINDS: dict[str, Text] = {
    # intake: cells that cannot be read
    "not_a_number": Text("不是数字", "not a number"),
    "ambiguous_separator": Text(
        "逗号含义不明，可能是小数点也可能是千分位", "the comma may be a decimal or a thousands separator"
    ),
    "percent_in_other_unit": Text("数字带百分号，而单位不是%", "a percent sign on a quantity whose unit is not %"),
    "not_a_date": Text("不是日期", "not a date"),
    "not_a_month": Text("不是月份", "not a month"),
    "not_a_time": Text("不是时间", "not a time"),
    "too_many_fields": Text("该行的列数多于表头", "the row has more cells than the header"),
    "unit_in_header": Text("表头写明了另一种计量单位", "the header names another unit of measure"),
    "hash_differs": Text("与所附文件的校验值不符", "differs from the hash of the file attached"),
    "file_absent": Text("不在提交的压缩包中", "is not in the zip"),
    "file_empty": Text("是 0 字节的空文件", "is empty (0 bytes)"),
    "negative": Text("时段用量为负", "a negative quantity of an interval"),
    # intake: what was normalised
    "full_width": Text("全角字符已转为半角", "full-width characters were made half-width"),
    "percent": Text("带百分号的数字已按百分数读取", "a number with a percent sign was read as per cent"),
    "thousands_separator": Text("千分位逗号已去除", "thousands separators were removed"),
    "scientific": Text("科学计数法已展开", "scientific notation was written out"),
    "rewritten": Text("数字写法已规范", "the notation of the number was tidied"),
    "text_number": Text("以文本格式保存的数字已按数字读取", "a number stored as text was read as a number"),
    "day_number": Text("Excel日期序号已转为日期", "an Excel day number was read as a date"),
    "time_dropped": Text("日期后的时刻已忽略", "the time of day behind a date was ignored"),
    "day_dropped": Text("日期已按所在月份读取", "a date was read as its month"),
    "nothing_mark": Text("“/”“无”等已按空白读取", "a mark for nothing (/, -, 无) was read as empty"),
    # intake: traps of a workbook
    "hidden_sheet": Text("隐藏的工作表中有数据", "a hidden sheet holds data"),
    "merged_cells": Text("数据区有合并单元格", "cells are merged among the data"),
    "formula_without_value": Text("公式没有保存计算结果", "a formula was saved without its result"),
    "error_cell": Text("单元格是错误值（如 #REF!、#DIV/0!）", "the cell is an error value (#REF!, #DIV/0!, …)"),
    "unknown_template": Text("不是本系统发布的模板版本", "not a template version that was issued here"),
    "issued_for_another": Text("与模板下发对象不一致", "not what this template was issued for"),
    # schema check
    "required": Text("必填项为空", "required, but empty"),
    "decimal": Text("不是数字", "not a number"),
    "integer": Text("不是整数", "not a whole number"),
    "range": Text("超出可能范围", "outside the possible range"),
    "parameter_range": Text("超出可能范围", "outside the possible range"),
    "choice": Text("不在可选项内", "not one of the choices"),
    "date": Text("不是日期", "not a date"),
    "month": Text("不是月份", "not a month"),
    "timestamp": Text("不是时间", "not a time"),
    "hash": Text("不是SHA-256校验值", "not a SHA-256 value"),
    "json": Text("不是JSON文本", "not JSON"),
    "known": Text("参数名称不在参数表中", "not a parameter of the vocabulary"),
    "of_sector": Text("该参数不属于本行业", "the parameter does not belong to this sector"),
    "level": Text("燃料参数须填燃料，机组参数不填燃料", "a fuel quantity needs a fuel, a unit quantity must have none"),
    "stream": Text("燃料或物料名称不在目录中", "not a fuel or material of the vocabulary"),
    "unit_of_measure": Text("计量单位不是规定单位", "not the unit of measure of this parameter"),
    "unique": Text("同一项目填报了不同的数值", "different values under one key"),
    # judged after reading
    "future": Text("日期尚未到来", "the date has not come yet"),
}


def kind_label(code: str) -> Text:
    """Words of a kind; the code itself when it is none of them."""
    return FAULT_KINDS.get(code, Text(code, code))


NUMBER = Text(
    "请只填数字，如 {number}；单位另在“计量单位”列或表头中",
    "write the number only, e.g. {number}; the unit has its own column or stands in the header",
)
FORM = Text("请按 {expected} 的形式填写", "write it in the form {expected}")
CHOICE = Text("请选填：{expected}", "choose one of: {expected}")
# What to write instead of a cell that cannot be read, by the kind of fault.
ADVICE: dict[str, Text] = {
    "not_a_number": NUMBER,
    "decimal": NUMBER,
    "integer": Text("请只填整数，如 {number}", "write a whole number only, e.g. {number}"),
    "ambiguous_separator": Text(
        "请去掉千分位逗号，小数点用“.”，如 1234.5",
        "leave out thousands separators and use a decimal point, e.g. 1234.5",
    ),
    "percent_in_other_unit": Text(
        "请去掉百分号，按“计量单位”列或表头的单位填写数字",
        "leave out the percent sign and write the number in the unit of its column",
    ),
    "unit_in_header": Text(
        "请将该列数值换算为以 {expected} 计，并改正表头", "convert the column to {expected} and correct the header"
    ),
    "too_many_fields": Text(
        "该行应为 {expected} 列；内容中含逗号的，请用英文双引号括起",
        "the row should have {expected} cells; put a text that holds commas in double quotes",
    ),
    "hash_differs": Text(
        "请确认所附文件无误后，将校验值改为 {expected} 或留空",
        "check the file attached, then write {expected} or leave it empty",
    ),
    "choice": CHOICE,
}
_NUMBER = re.compile(r"[-+]?\d[\d,，]*(?:\.\d+)?")


def advice(kind: str, known: dict[str, str]) -> Text:
    """What to write in a cell that cannot be read; a number is shown as it can be seen in the cell.

    known : fields and parameters of the fault: `value` as written, `expected`, `expected_en`.
    """
    words = ADVICE.get(kind, FORM)
    expected = known.get("expected", "")
    if words is FORM and not expected:
        words = Text("请按模板的要求填写", "fill it in as the template asks")
    seen = _NUMBER.search(known.get("value", ""))
    number = re.sub("[,，]", "", seen.group()) if seen else "123.45"
    if kind == "integer":
        number = number.split(".")[0] if seen else "123"
    english = known.get("expected_en", expected)
    return Text(words.zh.format(number=number, expected=expected), words.en.format(number=number, expected=english))
