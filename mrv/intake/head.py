"""What stands at the head of a workbook: the template's own sheet, and labelled cells such as 企业编号 or 月份."""

import re
from dataclasses import dataclass, field

from mrv.intake.dates import read_month
from mrv.intake.grid import Grid
from mrv.intake.header import FROM_HEAD, HEADER_LINES
from mrv.intake.reading import folded
from mrv.intake.words import choice_reader
from schemas import TABLES
from schemas.choices import SECTORS

META_SHEET = "_tanheng"
TEMPLATE_PREFIX = "tanheng-"
KNOWN_VERSIONS = ("1",)
_REACH = 5  # how many cells to the right of its label a value may stand

_COLUMNS = TABLES["parameter"].by_name
_LABELS = {folded(form): name for name in FROM_HEAD for c in [_COLUMNS[name]] for form in (c.name, c.zh, c.en)}
# Beside 企业编号 in a header row stands the next label, never a value.
_ANY_LABEL = {folded(form) for t in TABLES.values() for c in t.columns for form in (c.name, c.zh, c.en)}
_read_sector = choice_reader(_COLUMNS["sector"])


@dataclass
class Head:
    """`template`: (id, version) or None; `values`: plant_id, month, sector as far as they are given.

    `helpers`: headers of columns that the template itself adds to help the person; they are no part of any table.
    """

    template: tuple[str, str] | None = None
    values: dict[str, str] = field(default_factory=dict)
    helpers: frozenset[str] = frozenset()

    @property
    def known_template(self) -> bool:
        """Whether the template, if any is named, is one this program issued."""
        if self.template is None:
            return True
        identity, version = self.template
        return identity.removeprefix(TEMPLATE_PREFIX) in SECTORS and version in KNOWN_VERSIONS


def _understood(name: str, text: str, date1904: bool) -> str:
    """A value of the head in canonical form; empty when it cannot be read (the head is no row, so nothing is lost)."""
    if name == "month":
        month = read_month(text, date1904)
        return "" if month.fault else month.value
    if name == "sector":
        sector = _read_sector(text).value
        return sector if sector in SECTORS else ""
    return text.strip()


def read_head(grids: list[Grid], properties: dict[str, str]) -> Head:
    """The template's identity and what it says about plant, month and sector."""
    stated = {key.removeprefix("tanheng_"): value for key, value in properties.items() if key.startswith("tanheng_")}
    date1904 = False
    for grid in grids:
        if grid.sheet.rpartition("/")[2] == META_SHEET:  # of several workbooks in a zip the sheets carry their file
            date1904 = grid.date1904
            stated |= {line[0]: line[1] for line in grid.head(HEADER_LINES) if len(line) > 1 and line[0]}
    head = Head()
    if stated.get("template"):
        head.template = (stated["template"], stated.get("version", ""))
        stated.setdefault("sector", stated["template"].removeprefix(TEMPLATE_PREFIX))
    head.helpers = frozenset(re.split("[;；]", stated.get("helper_columns", ""))) - {""}
    values = {name: _understood(name, stated.get(name, ""), date1904) for name in FROM_HEAD}
    head.values = {name: value for name, value in values.items() if value}
    return head


def labelled_cells(grid: Grid, lines: int) -> dict[str, tuple[str, int, int]]:
    """Plant, month and sector written beside their label in the first `lines`: name to (value, line, column)."""
    found: dict[str, tuple[str, int, int]] = {}
    for line, texts in enumerate(grid.head(lines)):
        for place, text in enumerate(texts):
            label, colon, rest = text.replace("：", ":").partition(":")
            name = _LABELS.get(folded(label))
            if name is None or name in found:
                continue
            beside = [(rest.strip(), place)] if colon and rest.strip() else _beside(texts, place)
            if not beside or folded(beside[0][0]) in _ANY_LABEL:
                continue
            written, column = beside[0]
            if value := _understood(name, written, grid.date1904):
                found[name] = (value, line, column)
    return found


def _beside(texts: list[str], place: int) -> list[tuple[str, int]]:
    """Texts within reach to the right of a cell, with their columns."""
    return [(text, column) for column, text in enumerate(texts[: place + _REACH + 1]) if column > place and text]
