"""The workbook of a control plan → canonical rows, each with the cells it was read from."""

import hashlib
from dataclasses import dataclass, field

import pandas as pd

from mrv.intake.archive import unpack
from mrv.intake.columns import read_column
from mrv.intake.grid import Grid
from mrv.intake.reading import folded
from mrv.intake.refusal import Deadline, Refusal, RefusedError
from mrv.intake.result import Limits
from mrv.intake.words import without_brackets
from mrv.intake.workbook import is_workbook, read_workbook
from schemas import TABLES
from schemas.file_name import plain_name
from schemas.vocabulary import PLAN_ITEMS, PLAN_SECTIONS

HEAD = ("plant_id", "sector", "version", "valid_from", "valid_to")
UNIT = "unit"  # of measure: no column of the plan, since it follows from the parameter
HEADER_LINES = 12
Cell = tuple[str, str]  # sheet, cell


@dataclass
class PlanFile:
    """A plan as read.

    `head`: `plant_id, sector, version, valid_from, valid_to` as canonical texts; `lines`, `sections`: canonical frames; `places`:
    the cell of (table, row, column), of a head field under (`head`, 0, column), of an item's text under (`item`, 0, item), empty or
    not; `units`: the unit of measure written on each line, which the plan does not keep; `unread`: cells whose text means nothing in their
    column; `missing`: parts without a sheet.
    """

    name: str
    sha256: str
    size: int
    head: dict[str, str] = field(default_factory=dict)
    lines: pd.DataFrame = field(default_factory=pd.DataFrame)
    sections: pd.DataFrame = field(default_factory=pd.DataFrame)
    places: dict[tuple[str, int, str], Cell] = field(default_factory=dict)
    unread: list[tuple[Cell, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)


def read_plan(name: str, data: bytes) -> PlanFile | Refusal:
    """Reads the workbook of a plan; a Refusal when it is no workbook, or has no sheet B.1."""
    name, sha256 = plain_name(name), hashlib.sha256(data).hexdigest()
    limits = Limits()
    deadline = Deadline(limits.seconds)
    try:
        members = unpack(data, limits, deadline)
        if not is_workbook(members):
            raise RefusedError("not_a_filing", what="archive")
        grids, _ = read_workbook(members, limits, deadline)
    except RefusedError as refused:
        return Refusal(name, sha256, refused.code, refused.params)
    plan = PlanFile(name, sha256, len(data))
    parts: dict[str, list[Grid]] = {}
    for grid in grids:
        parts.setdefault(grid.sheet.strip()[:3].upper(), []).append(grid)
    if "B.1" not in parts:
        looked = {"looked_for_zh": "B.1 版本与修订", "looked_for_en": "B.1"}
        return Refusal(name, sha256, "no_known_table", looked)
    plan.missing = [part for part in PLAN_SECTIONS if part != "B.7" and part not in parts]
    texts, lines = [], []
    for part in PLAN_SECTIONS:
        for grid in parts.get(part, []):
            header = _header(grid) if part in ("B.4", "B.5") else None
            if header is None:
                texts += _texts(grid, part, plan)
            else:
                lines.append(_lines(grid, *header, plan))
    _frames(plan, texts, lines)
    return plan


def _header(grid: Grid) -> tuple[int, dict[int, str]] | None:
    """The line of a parameter table's header and the column each of its cells names."""
    known: dict[str, str] = {}
    for column in TABLES["control_plan"].columns:
        for label in (column.name, column.zh, without_brackets(column.zh), column.en):
            known.setdefault(folded(label), column.name)
    unit = TABLES["parameter"].by_name["unit"]
    for label in (unit.name, unit.zh, unit.en):
        known.setdefault(folded(label), UNIT)
    for line, cells in enumerate(grid.head(HEADER_LINES)):
        found = {place: known[folded(text)] for place, text in enumerate(cells) if folded(text) in known}
        if "parameter" in found.values() and len(set(found.values())) >= 3:
            return line, found
    return None


def _texts(grid: Grid, part: str, plan: PlanFile) -> list[tuple[str, str, str, Cell]]:
    """Items and their texts (section, item, text, cell); on B.1 also the head of the plan."""
    items = {}
    for entry in PLAN_ITEMS.values():
        if entry.section == part:
            items.update({folded(label): entry.item for label in (entry.item, entry.zh, entry.en)})
    heads = {}
    for name in HEAD:
        column = TABLES["control_plan"].by_name[name]
        heads.update({folded(label): name for label in (name, column.zh, column.en)})
    found = []
    for line in range(len(grid.frame)):
        label = folded(grid.text(line, 0).rstrip("*").strip())
        text = grid.text(line, 1) if grid.frame.shape[1] > 1 else ""
        where = (grid.sheet, grid.cell(line, 1))
        if part == "B.1" and label in heads and heads[label] not in plan.head:
            _head(plan, heads[label], text, where, grid.date1904)
        elif label in items:
            plan.places.setdefault(("item", 0, items[label]), where)
            if not text:
                continue
            found.append((part, items[label], text, where))
    return found


def _head(plan: PlanFile, name: str, text: str, where: Cell, date1904: bool) -> None:
    read = read_column(TABLES["control_plan"].by_name[name], pd.Series([text], dtype="str"), date1904)
    plan.head[name] = str(read.values.iloc[0])
    plan.places["head", 0, name] = where
    if read.faults:
        plan.unread.append((where, text))


def _lines(grid: Grid, line: int, columns: dict[int, str], plan: PlanFile) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows below a header, as canonical texts, and the cells they stand in."""
    body = grid.frame.iloc[line + 1 :]
    typed = body[list(columns)].apply(lambda column: column.str.strip())
    body = body[(typed != "").any(axis=1)]
    values, cells = {}, {}
    for place, name in columns.items():
        if name == UNIT:
            values[name] = body[place].str.strip().reset_index(drop=True)
            cells[name] = [grid.cell(int(row), place) for row in body.index]
            continue
        column = TABLES["control_plan"].by_name[name]
        read = read_column(column, body[place].reset_index(drop=True), grid.date1904)
        values[name] = read.values
        cells[name] = [grid.cell(int(row), place) for row in body.index]
        for number in read.faults:
            plan.unread.append(((grid.sheet, cells[name][number]), str(body[place].iloc[number])))
    places = pd.DataFrame(cells).assign(sheet=grid.sheet)
    return pd.DataFrame(values).reset_index(drop=True), places


def _frames(
    plan: PlanFile, texts: list[tuple[str, str, str, Cell]], lines: list[tuple[pd.DataFrame, pd.DataFrame]]
) -> None:
    """Puts what the sheets say into canonical frames, each row with the head of the plan."""
    for name in HEAD:
        plan.head.setdefault(name, "")
    names = TABLES["control_plan"].names
    frame = pd.concat([values for values, _ in lines], ignore_index=True) if lines else pd.DataFrame()
    plan.units = frame.reindex(columns=[UNIT], fill_value="")[UNIT].fillna("").astype("str").tolist()
    frame = frame.reindex(columns=names, fill_value="").fillna("")
    for name in HEAD:
        frame[name] = plan.head[name]
    plan.lines = frame.astype("str")
    placed = pd.concat([places for _, places in lines], ignore_index=True) if lines else pd.DataFrame()
    for number, row in enumerate(placed.fillna("").to_dict("records")):
        for name, cell in row.items():
            if name != "sheet" and cell:
                plan.places["control_plan", number, str(name)] = (row["sheet"], cell)
    own = {name: plan.head[name] for name in ("plant_id", "sector", "version")}
    rows = [{**own, "section": section, "item": item, "text": text} for section, item, text, _ in texts]
    plan.sections = pd.DataFrame(rows, columns=TABLES["plan_section"].names, dtype="str")
    for number, (*_, where) in enumerate(texts):
        plan.places["plan_section", number, "text"] = where
