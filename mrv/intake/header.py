"""Recognising a table by its header words: wherever the header stands, in any order, in either language or codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from mrv.intake.grid import Grid
from mrv.intake.reading import folded
from mrv.intake.words import without_brackets
from schemas import TABLES
from schemas.vocabulary import canonical_unit

HEADER_LINES = 30
FILED = (
    *("parameter", "daily_coal", "coal_analysis", "heat_flow", "meter_total", "event", "flue_gas_daily", "evidence"),
)
# Columns that the head of a sheet or the template's own sheet may give instead.
FROM_HEAD = ("plant_id", "sector", "month")
# Computed from the evidence when it is there, but a list of files kept elsewhere may state it.
_ALSO_READ = {"evidence_sha256"}
# What the field calls a unit where it is no power unit; the workbooks of the industrial sectors use the first.
UNIT_WORDS = (
    *("生产线/工序编号", "生产线编号", "工序编号", "设施编号", "电解系列编号", "Line or process", "Process", "Line"),
)
_ALSO_CALLED = {"unit_id": UNIT_WORDS}
_LEAST_SHARE = 0.6
_LEAST_COLUMNS = 3

# Units often written in a header beside the one the column is kept in; needed to tell a unit from a remark.
_OTHER = """
kg g 千克 公斤 克 万t 万吨 kwh 千瓦时 度 万kwh 万千瓦时 kj kj/kg mj j/g kcal kcal/kg cal/g 大卡 大卡/千克 大卡/kg
千卡/千克 千焦/千克 兆焦 m3 nm3 k ℃ °c °f kpa pa bar 公斤力 kgf/cm2 mpa mj/kg min 分钟 s 天 d
"""
_OTHER_UNITS = frozenset(_OTHER.split())
_SAME_UNIT = {"mj/kg": "gj/t", "℃": "°c", "兆焦/千克": "mj/kg", "兆帕": "mpa", "摄氏度": "°c"}


@dataclass(frozen=True)
class Header:
    """A table found in a grid: `first`, `last` line of its header; `columns` canonical name to grid column."""

    table: str
    first: int
    last: int
    columns: dict[str, int]
    labels: dict[str, str]
    ignored: dict[int, str]
    width: int  # columns up to the last one with a header word
    other_units: dict[str, str]  # canonical column to the unit its header names instead of its own
    score: tuple[float, int]


@cache
def _names(table: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Header word to canonical columns it may mean: as written, and folded. Codes come before labels."""
    exact: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    columns = [column for column in TABLES[table].columns if column.template or column.name in _ALSO_READ]
    for attribute in ("name", "zh", "en"):
        for column in columns:
            label = getattr(column, attribute)
            exact.setdefault(label, []).append(column.name)
            for form in (folded(label), folded(without_brackets(label))):
                if column.name not in loose.setdefault(form, []):
                    loose[form].append(column.name)
    for name, words in _ALSO_CALLED.items():
        for word in words if name in TABLES[table].names else ():
            loose.setdefault(folded(word), []).append(name)
    return exact, loose


@lru_cache(maxsize=65_536)
def _meanings(table: str, text: str) -> tuple[str, ...]:
    """Canonical columns a header cell may mean, best first."""
    exact, loose = _names(table)
    clean = text.strip().strip("*＊：:").strip()
    found = [*exact.get(clean, ()), *loose.get(folded(clean), ()), *loose.get(folded(without_brackets(clean)), ())]
    return tuple(dict.fromkeys(found))


def _assign(table: str, cells: list[list[str]]) -> tuple[dict[str, int], dict[str, str]]:
    """Columns of one header line; `cells` holds for each grid column the texts that may name it, best first.

    `Unit` is the English label of `unit_id` and also the code `unit` badly cased: words with one meaning choose first.
    """
    meanings = {}
    for place, texts in enumerate(cells):
        for text in texts:
            if text and (found := _meanings(table, text)):
                meanings[place] = (text, found)
                break
    columns: dict[str, int] = {}
    labels: dict[str, str] = {}
    for place, (text, found) in sorted(meanings.items(), key=lambda item: (len(item[1][1]), item[0])):
        free = next((name for name in found if name not in columns), None)
        if free is not None:
            columns[free], labels[free] = place, text
    return columns, labels


def _score(table: str, columns: Iterable[str]) -> tuple[float, int]:
    """Share of the required columns that are there, and how many columns are."""
    present = set(columns)
    needed = {c.name for c in TABLES[table].columns if c.required and c.name not in FROM_HEAD}
    return len(needed & present) / len(needed), len(present)


def _unit_named(column: str, table: str, label: str) -> str:
    """The unit a header names in brackets when it is not the column's own, else empty."""
    own = TABLES[table].by_name[column].unit
    inside = label.strip().strip("*＊：:")[len(without_brackets(label)) :].strip("()（）[]【】 ")
    written = folded(inside)
    written = _SAME_UNIT.get(written, written)
    if not own or not written or written in {folded(own), _SAME_UNIT.get(folded(own), "")}:
        return ""
    known = canonical_unit(inside)
    return inside if written in _OTHER_UNITS or (known is not None and known != own) else ""


def _candidates(lines: list[list[str]], filled: list[list[str]], line: int) -> list[tuple[int, list[list[str]]]]:
    """Header lines that may begin at `line`: that line alone, or two lines with a merged upper one."""
    single = [[text] for text in lines[line]]
    found = [(line, single)]
    if line + 1 < len(lines) and sum(bool(text) for text in lines[line + 1]) >= 2:
        upper, lower = filled[line], filled[line + 1]
        found.append((line + 1, [[f"{a}{b}", b, a] for a, b in zip(upper, lower, strict=True)]))
    return found


def _merged_filled(grid: Grid, lines: list[list[str]]) -> list[list[str]]:
    """The first lines with the text of a merged range in all of its cells."""
    filled = [list(line) for line in lines]
    for (top, left), (bottom, right) in grid.merged:
        for row in range(top, min(bottom + 1, len(filled))):
            for column in range(left, min(right + 1, len(filled[row]))):
                filled[row][column] = lines[top][left]
    return filled


def find_header(grid: Grid, tables: Iterable[str] = FILED) -> Header | None:
    """The best header within the first 30 lines of a grid, or None when no table is recognised.

    A table is recognised by three columns or more and 60 % of its required ones, plant, sector and month aside.
    """
    lines = grid.head(HEADER_LINES + 1)
    filled = _merged_filled(grid, lines)
    best: Header | None = None
    for line in range(min(HEADER_LINES, len(lines))):
        if best and best.score[0] == 1 and line > best.last:
            break
        if sum(bool(text) for text in lines[line]) < 2:
            continue
        for last, cells in _candidates(lines, filled, line):
            for table in tables:
                columns, labels = _assign(table, cells)
                score = _score(table, columns)
                if score[0] < _LEAST_SHARE or score[1] < _LEAST_COLUMNS or (best and score <= best.score):
                    continue
                best = _header(table, (line, last), columns, labels, cells, score)
    return best


def _header(
    table: str,
    span: tuple[int, int],
    columns: dict[str, int],
    labels: dict[str, str],
    cells: list[list[str]],
    score: tuple[float, int],
) -> Header:
    taken = set(columns.values())
    ignored = {place: texts[0] for place, texts in enumerate(cells) if place not in taken}
    other = {name: unit for name, label in labels.items() if (unit := _unit_named(name, table, label))}
    ordered = {name: columns[name] for name in TABLES[table].names if name in columns}
    width = 1 + max(place for place, texts in enumerate(cells) if any(texts))
    return Header(table, *span, ordered, {name: labels[name] for name in ordered}, ignored, width, other, score)
