"""One recognised table of one grid → candidate canonical rows, a line of account for every row, and the faults met."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mrv.intake.block_faults import BlockView, cell_faults, header_faults, merged_fault, overflow_faults
from mrv.intake.columns import ReadColumn, read_column, settle_percents
from mrv.intake.dates import local_months
from mrv.intake.faults import Faults
from mrv.intake.grid import Grid
from mrv.intake.header import FROM_HEAD, Header
from mrv.intake.skipped import first_texts, reasons
from schemas import TABLES
from schemas.column import Table

_MONTH = r"[12][0-9]{3}-(0[1-9]|1[0-2])"
_OVERFLOW = "too_many_fields"


@dataclass
class Block:
    """`frame`: candidate rows, index = position in `lines`; `lines`: one per row met (`ROW_COLUMNS`)."""

    table: str
    frame: pd.DataFrame
    lines: pd.DataFrame


def constant(text: str, index: pd.Index) -> pd.Series:
    """A column of one text."""
    return pd.Series(text, index=index, dtype="str")


def _outcome(reason: np.ndarray, accepted: np.ndarray) -> dict[str, pd.Series]:
    """Disposition and reason of each line, made from their few distinct words (many times faster for a large file)."""
    codes = np.where(accepted, 0, np.where(reason == _OVERFLOW, 1, 2))
    words = pd.array(["accepted", "refused", "ignored"], dtype="str")
    why, distinct = (np.zeros(len(reason), dtype=int), [""]) if accepted.all() else pd.factorize(reason)
    return {
        "disposition": pd.Series(words.take(codes)),
        "reason": pd.Series(pd.array(list(distinct), dtype="str").take(why)),
    }


def _body(grid: Grid, header: Header, faults: Faults) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    """Lines below the header that are not blank, their first text, and their positions in the grid."""
    body = grid.frame.iloc[header.last + 1 :]
    if grid.merged:
        body = _fill_merged(grid, header, body.copy(), faults)
    first = first_texts(body)
    kept = np.array([text != "" for text in first], dtype=bool)
    positions = np.arange(header.last + 1, len(grid.frame))[kept]
    return body[kept].reset_index(drop=True), [text for text in first if text], positions


def _fill_merged(grid: Grid, header: Header, body: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Names merged over several rows hold for each of them; a number is never copied. Both are pointed out."""
    names = {place: name for name, place in header.columns.items()}
    spans: dict[str, list[tuple[int, int, int]]] = {}
    for (top, left), (bottom, right) in grid.merged:
        column = next((place for place in range(left, right + 1) if place in names), None)
        if column is None or top <= header.last or not grid.text(top, left):
            continue
        spans.setdefault(names[column], []).append((top, bottom, column))
        if TABLES[header.table].by_name[names[column]].kind != "decimal" and left == right:
            body.iloc[top - header.last - 1 : bottom - header.last, column] = grid.text(top, left)
    for name, found in spans.items():
        merged_fault(grid, header, name, found, faults)
    return body


def _overflowing(grid: Grid, header: Header, body: pd.DataFrame) -> np.ndarray:
    """Lines of a text file that go on beyond the header's last column: an unquoted separator shifted their cells."""
    beyond = np.zeros(len(body), dtype=bool)
    if not grid.workbook:
        for place in range(header.width, body.shape[1]):
            beyond |= (body[place].str.strip() != "").to_numpy(dtype=bool)
    return beyond


def _nothing_but_formulas(grid: Grid, body: pd.DataFrame, positions: np.ndarray) -> np.ndarray:
    """Lines in which no cell holds anything but a formula that was never calculated: nobody has filled in a thing there."""
    lines = [line for (line, _), kind in grid.odd.items() if kind == "formula_without_value"]
    if not lines:
        return np.zeros(len(body), dtype=bool)
    formulas = np.bincount(lines, minlength=len(grid.frame))[positions]
    texts = sum(
        ((body[place].str.strip() != "").to_numpy(dtype=int) for place in body.columns), np.zeros(len(body), int)
    )
    result: np.ndarray = (formulas > 0) & (formulas == texts)
    return result


def _read_all(table: Table, raw: pd.DataFrame, defaults: dict[str, str], date1904: bool) -> dict[str, ReadColumn]:
    read: dict[str, ReadColumn] = {}
    nothing = constant("", raw.index)
    for column in table.columns:
        default = defaults.get(column.name, "")
        if column.name in raw:
            result = read_column(column, raw[column.name], date1904)
            if default and (absent := result.values == "").any():
                result.values = result.values.mask(absent, default)
        else:
            result = ReadColumn(constant(default, raw.index) if default else nothing)
        read[column.name] = result
    for column in table.columns:
        result = read[column.name]
        if column.kind == "decimal" and "percent" in result.notes.values():
            own = read["unit"].values if "unit" in read else constant(column.unit, raw.index)
            settle_percents(result, raw[column.name], (own == "%").to_numpy(dtype=bool))
    return read


def _months(table: str, read: dict[str, ReadColumn], index: pd.Index) -> pd.Series:
    """The month each row belongs to, as far as the row says."""
    if "month" in read:
        return read["month"].values
    if table == "meter_reading":
        distinct = pd.factorize(read["timestamp"].values)
        return pd.Series(local_months(pd.Series(distinct[1], dtype="str")).array.take(distinct[0]), index=index)
    day = read["day"] if "day" in read else read["start"]
    months = day.values.str.slice(0, 7)
    return months.where(months.str.fullmatch(_MONTH), "")


def take(
    grid: Grid,
    header: Header,
    defaults: dict[str, str],
    sha256: str,
    faults: Faults,
    helpers: frozenset[str] = frozenset(),
) -> Block:
    """Read one recognised table.

    Parameters
    ----------
    grid, header : where the table stands
    defaults : plant_id, month, sector for rows that do not say
    sha256 : of the file, for the location columns
    faults : receives what is odd; only rows that are candidates raise faults of their own
    helpers : headers of columns the template adds for the person, which nobody needs to be told are not read
    """
    table = TABLES[header.table]
    body, first, positions = _body(grid, header, faults)
    raw = pd.DataFrame({name: body[place] for name, place in header.columns.items()}, index=body.index)
    reason = reasons(body, first, raw, header, grid.workbook)
    # The formulas of a spare row of the template: a program that saved the workbook left them without results.
    reason[_nothing_but_formulas(grid, body, positions) & (reason == "")] = "not_filled"
    overflow = np.flatnonzero(_overflowing(grid, header, body) & (reason == ""))
    reason[overflow] = _OVERFLOW
    read = _read_all(table, raw, defaults, grid.date1904)
    accepted = reason == ""
    numbers = grid.numbers[positions]
    lines = pd.DataFrame(
        {
            "table": constant(header.table, raw.index),
            "sheet": constant(grid.sheet, raw.index),
            "row": numbers.astype(np.int64),
            "plant_id": read["plant_id"].values,
            "month": _months(header.table, read, raw.index),
            "sector": read["sector"].values if "sector" in read else constant(defaults.get("sector", ""), raw.index),
            **_outcome(reason, accepted),
        }
    )
    _tidy_ignored(lines, accepted, defaults)
    frame = _canonical(table, read, grid, header, numbers, sha256)
    view = BlockView(grid, header, read, raw, lines, positions, accepted)
    cell_faults(view, faults)
    overflow_faults(view, overflow, faults)
    header_faults(view, body, faults, helpers)
    return Block(header.table, frame[accepted], lines)


def _tidy_ignored(lines: pd.DataFrame, accepted: np.ndarray, defaults: dict[str, str]) -> None:
    """An ignored row (合计, 示例) may hold any text where plant and month stand; those words are no plant or month."""
    if accepted.all():
        return
    odd = ~accepted & ~lines["month"].str.fullmatch(_MONTH).to_numpy(dtype=bool)
    for name in FROM_HEAD:
        lines.loc[odd, name] = defaults.get(name, "")


def _canonical(
    table: Table, read: dict[str, ReadColumn], grid: Grid, header: Header, numbers: np.ndarray, sha256: str
) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {column.name: read[column.name].values for column in table.columns}
    index = columns["plant_id"].index
    if "file_sha256" in columns:
        columns["file_sha256"] = constant(sha256, index)
        columns["sheet"] = constant(grid.sheet, index)
    if "row" in columns:
        where = {name: grid.where(place) for name, place in header.columns.items()}
        columns["row"] = pd.Series(numbers.astype(np.int64), index=index)
        columns["column_map"] = constant(json.dumps(where, ensure_ascii=False), index)
    if "cell" in columns:
        place = grid.where(header.columns["value"]) if "value" in header.columns else ""
        texts = pd.Series(numbers.astype("str"), index=index, dtype="str")
        columns["cell"] = place + texts if grid.workbook else "R" + texts + f"C{place}"
    return pd.DataFrame(columns, columns=table.names)
