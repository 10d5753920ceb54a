"""The data dictionary as a page: every canonical table and the vocabulary, from the column dictionary itself."""

from decimal import Decimal

from schemas import FILING_TABLES, REGISTER_TABLES, RESULT_TABLES
from schemas.choices import SECTORS
from schemas.column import Column, Table
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS, UNIT_LABELS, Parameter

GROUPS = (
    ("每月填报的表 / Tables filed every month", FILING_TABLES),
    ("档案与表计 / Register and meters", REGISTER_TABLES),
    ("结果 / Results", RESULT_TABLES),
)
KINDS = {
    "text": "文本 / text",
    "decimal": "数字 / number",
    "date": "日期 / date",
    "month": "月份 / month",
    "timestamp": "时刻 / time",
    "choice": "选项 / choice",
    "integer": "整数 / integer",
    "hash": "SHA-256",
    "json": "JSON",
}
LEVELS = {"stream": "燃料 / fuel", "unit": "机组 / unit"}


def page() -> str:
    """`docs/data-dictionary.md`: tables with their columns, then parameters, fuels and materials; Chinese and English."""
    lines = ["# 数据字典 / Data dictionary", ""]
    lines += ["由 `schemas/` 中的字段字典生成，请勿手工修改。带 ● 的列必填；范围是物理上可能的界限，超出即拒收。", ""]
    lines += [
        "Made from the column dictionary in `schemas/`; not edited by hand. ● marks a required column; the range is what is",
        "physically possible, and a value outside is refused.",
        "",
    ]
    for title, tables in GROUPS:
        lines += [f"## {title}", ""]
        for table in tables:
            lines += _table(table)
    return "\n".join([*lines, *_parameters(), *_streams()]) + "\n"


def _table(table: Table) -> list[str]:
    lines = [f"### `{table.name}` {table.zh} / {table.en}", ""]
    if table.sheet:
        lines += [f"工作表 / sheet: {table.sheet}", ""]
    lines += [f"主键 / key: {', '.join(f'`{name}`' for name in table.key)}", ""]
    head = ("列 / column", "名称 / label", "类型 / kind", "单位 / unit", "小数 / decimals", "必填 / required")
    lines += [_row(*head, "范围 / range", "选项 / choices", "条款 / clause"), "|---" * 9 + "|"]
    lines += [_column(column) for column in table.columns]
    return [*lines, ""]


def _column(column: Column) -> str:
    labels = zip(column.choices, column.choice_labels, strict=True)
    return _row(
        f"`{column.name}`",
        f"{column.zh} / {column.en}",
        KINDS[column.kind],
        UNIT_LABELS.get(column.unit, column.unit),
        "" if column.decimals is None else str(column.decimals),
        "●" if column.required else "",
        _range(column.low, column.high),
        "<br>".join(f"`{code}` {zh} / {en}" for code, (zh, en) in labels),
        column.clause,
    )


def _parameters() -> list[str]:
    head = ("参数 / parameter", "名称 / label", "层级 / level", "行业 / sectors", "单位 / unit", "小数 / decimals")
    lines = ["## 参数表 / Parameters", ""]
    lines += ["气体燃料另有计量单位的，写在分号之后。 / Behind a semicolon: for fuels counted as gas.", ""]
    lines += [_row(*head, "范围 / range"), "|---" * 7 + "|"]
    return [*lines, *(_parameter(entry) for entry in PARAMETERS.values()), ""]


def _parameter(entry: Parameter) -> str:
    sectors = [" / ".join(label) for code, label in SECTORS.items() if code in entry.sectors]
    unit, gas_unit = (UNIT_LABELS.get(text, text) for text in (entry.unit, entry.gas_unit))
    return _row(
        f"`{entry.parameter}`",
        f"{entry.zh} / {entry.en}",
        LEVELS[entry.level],
        "<br>".join(sectors),
        _both(unit, gas_unit),
        _both(str(entry.decimals), str(entry.gas_decimals)),
        _both(_range(entry.low, entry.high), _range(entry.gas_low, entry.gas_high)),
    )


def _streams() -> list[str]:
    lines = ["## 燃料 / Fuels", "", _row("编码 / code", "名称 / label", "单位 / unit", "煤 / coal"), "|---" * 4 + "|"]
    for code, fuel in FUELS.items():
        unit = UNIT_LABELS.get(fuel.unit, fuel.unit)
        lines.append(_row(f"`{code}`", f"{fuel.zh} / {fuel.en}", unit, "●" if fuel.coal else ""))
    lines += ["", "## 物料 / Materials", ""]
    lines += [_row("编码 / code", "名称 / label", "行业 / sector", "单位 / unit"), "|---" * 4 + "|"]
    for (sector, code), material in MATERIALS.items():
        unit = UNIT_LABELS.get(material.unit, material.unit)
        lines.append(_row(f"`{code}`", f"{material.zh} / {material.en}", " / ".join(SECTORS[sector]), unit))
    return lines


def _both(solid: str, gas: str) -> str:
    return solid if solid == gas else f"{solid}; {gas}"


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f"≥ {low:f}"
    return f"≤ {high:f}" if low is None else f"{low:f} – {high:f}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
