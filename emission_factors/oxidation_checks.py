"""What may be wrong with a file of oxidation rates, and how it is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from emission_factors.fuel_groups import FUEL_GROUPS, fuels_meant
from emission_factors.table import (
    CERTAINTIES,
    MONTH,
    NUMBER,
    Entry,
    FactorRow,
    entries_of,
    overlaps,
    package_rows,
    row_of,
)

COLUMNS: dict[str, str] = {
    "fuel_group": "燃料",
    "boiler_type": "锅炉类型",
    "altitude_from": "海拔下限",
    "altitude_to": "海拔上限",
    "oxidation_rate": "碳氧化率",
    "valid_from": "生效月份",
    "valid_to": "失效月份",
    "source": "来源",
    "published": "发布日期",
    "certainty": "确定性",
    "note": "备注",
}
REQUIRED = ("fuel_group", "boiler_type", "altitude_from", "altitude_to", "oxidation_rate", "valid_from", "source")
BOILER_TYPES = {"煤粉炉": "pulverised", "循环流化床": "cfb", "其他": "other"}
GROUP_WORDS = {"煤": "coal", "燃煤": "coal", "焦炭": "coke", "燃油": "oil", "燃气": "gas"}

BY_LABEL = {label: name for name, label in COLUMNS.items()} | {name: name for name in COLUMNS}


@dataclass(frozen=True)
class ImportFault:
    """What is wrong with an imported file: where, the text as written, and the words with the way to mend it."""

    line: int  # line of the file, 1 = header; 0 = the file as a whole
    column: str
    value: str
    zh: str
    en: str


def header_faults(written: list[str], header: list[str]) -> Iterator[ImportFault]:
    """Unknown, repeated and missing columns; `header` holds the known name of each column as written, or empty."""
    for cell, name in zip(written, header, strict=True):
        if not name:
            known = "、".join(f"{column}（{label}）" for column, label in COLUMNS.items())
            yield ImportFault(
                1,
                cell,
                cell,
                f"不认识的列“{cell}”。可用的列：{known}。",
                f"Unknown column {cell!r}. Known: {', '.join(COLUMNS)}.",
            )
        elif header.count(name) > 1:
            yield ImportFault(
                1, name, cell, f"列“{cell}”重复。请只保留一列。", f"Column {cell!r} stands twice. Keep one."
            )
    for name in REQUIRED:
        if name not in header:
            yield ImportFault(
                1,
                name,
                "",
                f"缺少列 {name}（{COLUMNS[name]}）。请补上该列。",
                f"Column {name} is missing. Add it.",
            )


def cell_faults(line: int, cells: dict[str, str]) -> Iterator[ImportFault]:
    """Missing words, bad numbers and months of one line."""

    def fault(column: str, zh: str, en: str) -> ImportFault:
        return ImportFault(
            line, column, cells[column], f"{COLUMNS[column]}“{cells[column]}”{zh}", f"{column} {cells[column]!r} {en}"
        )

    for column in ("fuel_group", "oxidation_rate", "valid_from", "source"):
        if not cells[column]:
            yield fault(column, "为空。请填写。", "is empty. Fill it in.")
    group = GROUP_WORDS.get(cells["fuel_group"], cells["fuel_group"])
    if group and not fuels_meant(group):
        words = "、".join(FUEL_GROUPS)
        yield fault(
            "fuel_group",
            f"不是已知燃料。请填写 {words} 或燃料代码。",
            f"is no known fuel. Write one of {', '.join(FUEL_GROUPS)} or a fuel code.",
        )
    boiler = cells["boiler_type"]
    if boiler and boiler not in BOILER_TYPES and boiler not in BOILER_TYPES.values():
        yield fault(
            "boiler_type",
            f"不是已知锅炉类型。请填写 {'、'.join(BOILER_TYPES)}，或留空表示全部类型。",
            f"is no known boiler type. Write one of {', '.join(BOILER_TYPES.values())}, or leave it empty for all.",
        )
    numbers = {}
    for column in ("altitude_from", "altitude_to", "oxidation_rate"):
        if cells[column] and not NUMBER.fullmatch(cells[column]):
            yield fault(column, "不是数字。请只写数字。", "is no number. Write the number alone.")
        elif cells[column]:
            numbers[column] = Decimal(cells[column])
    rate = numbers.get("oxidation_rate")
    if rate is not None and not 1 < rate <= 100:
        yield fault(
            "oxidation_rate",
            "应大于1且不超过100。请按百分数填写，例如 99。",
            "must lie above 1 and up to 100. Write it in per cent, for example 99.",
        )
    if {"altitude_from", "altitude_to"} <= set(numbers) and numbers["altitude_from"] >= numbers["altitude_to"]:
        yield fault("altitude_to", "应大于海拔下限。请更正。", "must be above altitude_from. Correct one of them.")
    months = [column for column in ("valid_from", "valid_to") if cells[column]]
    for column in months:
        if not MONTH.fullmatch(cells[column]):
            yield fault(column, "不是月份。请写作 2026-01。", "is no month. Write it like 2026-01.")
    if len(months) == 2 and all(MONTH.fullmatch(cells[c]) for c in months) and cells["valid_from"] > cells["valid_to"]:
        yield fault("valid_to", "早于生效月份。请更正。", "is before valid_from. Correct one of them.")
    if cells["certainty"] and cells["certainty"] not in CERTAINTIES:
        words = ", ".join(CERTAINTIES)
        yield fault("certainty", f"不是 {words} 之一。请更正。", f"is none of {words}. Correct it.")


def overlap(line: int, other: int | str) -> ImportFault:
    """The fault of a line that answers the same question as another line of the file or a row of the package."""
    zh, en = (
        (f"第{other}行", f"line {other}") if isinstance(other, int) else (f"内置数值 {other}", f"built-in row {other}")
    )
    return ImportFault(
        line,
        "",
        "",
        f"该行与{zh}在同一时间对同一燃料、锅炉类型和海拔都有效。请缩短有效期或海拔范围。",
        f"The line and {en} hold for the same fuel, boiler type, altitude and time. Shorten one of them.",
    )


def clashes(rows: list[dict[str, str]], places: dict[str, int]) -> list[ImportFault]:
    """Overlaps between the rows and with the package's own; where there are none, holes between altitude ranges."""
    read = [row_of("oxidation", row) for row in rows]
    entries = [entry for row in (*package_rows("oxidation"), *read) for entry in entries_of(row)]
    faults = [overlap(places[other.id], places.get(one.id, one.id)) for one, other in overlaps("oxidation", entries)]
    # a fuel with rates of its own in the general table must not get a second one either
    general = [row for row in package_rows("fuels") if row.column("parameter") == "oxidation_rate"]
    for row in read:
        for other in general:
            if other.column("sector") == "power" and _same_fuel_and_time(row, other):
                faults.append(overlap(places[row.id], other.id))
    return faults or [*_holes([entry for row in read for entry in entries_of(row)], places)]


def _same_fuel_and_time(row: FactorRow, other: FactorRow) -> bool:
    ends_after = not other.valid_to or row.valid_from <= other.valid_to
    starts_before = not row.valid_to or not other.valid_from or other.valid_from <= row.valid_to
    return ends_after and starts_before and other.column("fuel") in fuels_meant(row.column("fuel_group"))


def _holes(entries: list[Entry], places: dict[str, int]) -> Iterator[ImportFault]:
    told: set[str] = set()
    for entry in entries:
        if entry.low is None or entry.row.id in told:
            continue
        below = [
            other
            for other in entries
            if other.key == entry.key
            and other.high is not None
            and other.high <= entry.low
            and other.row.holds_in(entry.row.valid_from)
        ]
        nearest = max((other.high for other in below if other.high is not None), default=entry.low)
        if nearest < entry.low:
            told.add(entry.row.id)
            yield ImportFault(
                places[entry.row.id],
                "altitude_from",
                str(entry.low),
                f"海拔 {nearest} 至 {entry.low} 米没有数值（上限不含在内）。请把下限写作 {nearest}，或补上缺少的行。",
                f"No rate from {nearest} to {entry.low} m (the upper end is not included). "
                f"Write {nearest} as the lower end, or add the missing line.",
            )
