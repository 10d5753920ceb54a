"""The annual report of one plant as a tree of rows, and as a JSON document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from emission_factors import rule_set
from mrv.reporting.annual_context import natural
from mrv.reporting.annual_items import Words, item_words, table_words, value_words
from mrv.reporting.annual_words import half
from schemas.vocabulary import ENTERPRISE_UNIT

Cell = dict[str, str]


@dataclass
class Line:
    """One row of a report table: its cells by period."""

    sector: str
    table: str
    row_code: str
    unit_id: str
    stream_id: str
    item: str
    unit: str
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        return item_words(self.table, self.item, self.sector)


@dataclass
class Report:
    """A report of one plant and year: its tables in order, each a list of lines in order."""

    plant_id: str
    sector: str
    year: str
    titles: dict[str, Words]
    tables: dict[str, list[Line]]

    def __post_init__(self) -> None:
        self.rules = rule_set(self.sector, f"{self.year}-12")

    def find(self, item: str, table: str = "", unit_id: str | None = None) -> Iterator[Line]:
        """Lines of an item, of all units or of one."""
        for code, lines in self.tables.items():
            for line in lines:
                if line.item == item and table in ("", code) and unit_id in (None, line.unit_id):
                    yield line

    def cells(self) -> Iterator[Cell]:
        for lines in self.tables.values():
            for line in lines:
                yield from line.cells.values()


def report_of(rows: pd.DataFrame) -> Report:
    """The tree of a canonical `annual_report` frame of one plant and year, in whatever order its rows stand.

    ValueError when the frame is empty or holds several reports.
    """
    keys = rows[["plant_id", "sector", "year"]].drop_duplicates()
    if len(keys) != 1:
        raise ValueError(f"not the rows of one report: {len(keys)} plants, sectors and years")
    plant_id, sector, year = keys.iloc[0]
    lines: dict[tuple[str, ...], Line] = {}
    for row in rows.to_dict("records"):
        key = tuple(row[name] for name in ("table", "row_code", "unit_id", "stream_id", "item"))
        if key not in lines:
            lines[key] = Line(
                sector, row["table"], row["row_code"], row["unit_id"], row["stream_id"], row["item"], row["unit"]
            )
        names = ("reported", "verified", "method", "source_document", "reason", "provisional")
        lines[key].cells[row["period"]] = {name: row[name] for name in names}
    titles = table_words(sector, year)
    tables: dict[str, list[Line]] = {code: [] for code in titles}
    for line in sorted(lines.values(), key=_order):
        line.cells = dict(sorted(line.cells.items(), key=lambda pair: (len(pair[0]) == 4, pair[0])))
        tables.setdefault(line.table, []).append(line)
    return Report(plant_id, sector, year, titles, {code: found for code, found in tables.items() if found})


# What a row of such a table is about is its item; its row codes number the values of one item.
BY_ITEM = ("ALTERNATIVES",)


def _order(line: Line) -> tuple[Any, ...]:
    """Rows as they are written: the plant behind its units, the enterprise behind its lines and processes.

    Lettered rows (`G`) sum up a unit behind its fuels, numbered ones (`01`) begin with the unit; of a dotted code (`A.01`) the letter
    is a block, and within a block the rows of a stream stand together.
    """
    block, dot, _ = line.row_code.partition(".")
    where = (line.unit_id == "", line.unit_id == ENTERPRISE_UNIT, natural(line.unit_id))
    of_unit = not dot and (line.stream_id == "") != line.row_code.isdigit()
    about = line.item if line.table in BY_ITEM else ""
    return (*where, block if dot else "", of_unit, natural(line.stream_id), about, natural(line.row_code), line.item)


def annual_document(rows: pd.DataFrame) -> dict[str, Any]:
    """The report as one JSON object; numbers are exact strings, absent values null.

    rows : canonical `annual_report` frame of one plant and year. ValueError when it is empty or holds several reports.
    """
    report = report_of(rows)
    total = next(report.find("total_emission"), None)
    whole = total.cells[report.year] if total else None
    return {
        "report": {
            "plant_id": report.plant_id,
            "sector": report.sector,
            "year": report.year,
            "rule_set": report.rules.id,
            "document": report.rules.document,
            "total_emission": (whole["reported"] or None) if whole else None,
            "provisional": any(cell["provisional"] == "yes" for cell in report.cells()),
        },
        "tables": [
            {
                "code": code,
                "title": {"zh": report.titles[code][0], "en": report.titles[code][1]}
                if code in report.titles
                else None,
                "rows": [_line(line) for line in lines],
            }
            for code, lines in report.tables.items()
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "row_code": line.row_code,
        "unit_id": line.unit_id or None,
        "stream_id": line.stream_id or None,
        "item": line.item,
        "label": dict(zip(("zh", "en"), line.words, strict=True)),
        "unit": line.unit or None,
        "values": [_value(line, period, cell) for period, cell in line.cells.items()],
    }


def _value(line: Line, period: str, cell: Cell) -> dict[str, Any]:
    words = value_words(line.table, line.item, cell["reported"])
    reason = cell["reason"]
    result: dict[str, Any] = {
        "period": period,
        "reported": cell["reported"] or None,
        "verified": cell["verified"] or None,
        "method": cell["method"] or None,
        "source_document": cell["source_document"] or None,
        "reason": {"zh": half(reason, "zh"), "en": half(reason, "en")} if reason else None,
        "provisional": cell["provisional"] == "yes",
    }
    if cell["reported"] and words[0] != cell["reported"]:
        result["label"] = {"zh": words[0], "en": words[1]}
    return result
