"""The frame of the annual report: things × twelve months as arrays, and how blocks of them become canonical rows.

A matrix has shape (n, 12): one row per plant, unit and stream, one column per month; numbers are `Decimal` or None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import RuleSet
from mrv.accounting.decimals import round_half_up, to_decimal
from mrv.accounting.inputs import choose
from schemas import TABLES
from schemas.vocabulary import PARAMETERS

MONTHS = 12
KEY = ["plant_id", "unit_id", "stream_id"]
Place = tuple[np.ndarray, np.ndarray, np.ndarray]  # which rows of a frame are on the grid, their line and their month

as_text = np.frompyfunc(lambda value: "" if value is None else format(value, "f"), 1, 1)
is_present = np.frompyfunc(lambda value: value is not None, 1, 1)


def present(values: np.ndarray) -> np.ndarray:
    """Where an object array of any shape holds a value."""
    return is_present(values).astype(bool)


@dataclass(frozen=True, eq=False)
class Grid:
    """Lines of the report (plant, unit, stream) over the months of a year. `keys`: columns `KEY`, each line once."""

    keys: pd.DataFrame
    year: str

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def periods(self) -> list[str]:
        return [f"{self.year}-{number:02d}" for number in range(1, MONTHS + 1)]

    @cached_property
    def _index(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_frame(self.keys[KEY])

    def place(self, frame: pd.DataFrame) -> Place:
        """Where the rows of a frame with columns plant_id, unit_id, stream_id and month stand."""
        lines = self._index.get_indexer(pd.MultiIndex.from_frame(frame[KEY])) if len(self) else np.full(len(frame), -1)
        months = pd.Index(self.periods).get_indexer(frame["month"])
        found = (lines >= 0) & (months >= 0)
        return found, lines[found], months[found]

    def put(self, place: Place, values: Any, absent: Any = None) -> np.ndarray:
        """A matrix with the values of a frame at their places."""
        matrix = np.full((len(self), MONTHS), absent, dtype=object)
        found, lines, months = place
        matrix[lines, months] = np.asarray(values, dtype=object)[found]
        return matrix

    def add(self, place: Place, values: Any) -> np.ndarray:
        """A matrix with the sums of the values that share a place; None where there is none."""
        matrix = np.full((len(self), MONTHS), None, dtype=object)
        found, lines, months = place
        for line, month, value in zip(lines, months, np.asarray(values, dtype=object)[found], strict=True):
            if value is not None:
                before = matrix[line, month]
                matrix[line, month] = value if before is None else before + value
        return matrix

    def gather(self, place: Place, texts: Iterable[str]) -> np.ndarray:
        """A matrix with the different texts that share a place, joined by semicolons."""
        matrix = np.full((len(self), MONTHS), "", dtype=object)
        found, lines, months = place
        for line, month, text in zip(lines, months, np.asarray(texts, dtype=object)[found], strict=True):
            before = matrix[line, month]
            if not before:
                matrix[line, month] = text
            elif text and text not in before.split("; "):
                matrix[line, month] = f"{before}; {text}"
        return matrix


class Filed:
    """Rows that name a parameter, on a grid, asked for parameter by parameter. Merged units share a line.

    rows : columns `KEY`, month, parameter, and the texts that are asked for.
    """

    def __init__(self, grid: Grid, rows: pd.DataFrame) -> None:
        self.grid = grid
        self._columns = {name: rows[name].to_numpy(dtype=object) for name in rows.columns}
        found, self._lines, self._months = grid.place(rows)
        self._on_grid = np.flatnonzero(found)
        codes, names = pd.factorize(self._columns["parameter"][self._on_grid])
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(names)))
        self._where = dict(zip(names, np.split(order, ends[:-1]), strict=True)) if len(names) else {}
        self._none = np.empty(0, dtype=int)

    def _at(self, parameter: str, column: str) -> tuple[Place, np.ndarray]:
        where = self._where.get(parameter, self._none)
        place = (np.ones(len(where), dtype=bool), self._lines[where], self._months[where])
        return place, self._columns[column][self._on_grid[where]]

    def value(self, parameter: str) -> np.ndarray:
        """The filed numbers; those of merged units added up."""
        place, texts = self._at(parameter, "value")
        return self.grid.add(place, to_decimal(texts))

    def text(self, parameter: str, column: str) -> np.ndarray:
        """A column of the filed rows, such as `method` or `source_document`."""
        return self.grid.gather(*self._at(parameter, column))

    def first_text(self, parameters: Sequence[str], column: str) -> np.ndarray:
        """Of several parameters the first that has a text."""
        result = self.text(parameters[0], column)
        for parameter in parameters[1:]:
            other = self.text(parameter, column)
            result = np.where(result == "", other, result)
        return result

    def all_texts(self, parameters: Sequence[str], column: str) -> np.ndarray:
        """The different texts of several parameters."""
        where = np.concatenate([self._where.get(parameter, self._none) for parameter in parameters])
        place = (np.ones(len(where), dtype=bool), self._lines[where], self._months[where])
        return self.grid.gather(place, self._columns[column][self._on_grid[where]])

    def anything(self) -> np.ndarray:
        """Which lines have a row of any parameter in a month, booleans (n, 12)."""
        result = np.zeros((len(self.grid), MONTHS), dtype=bool)
        result[self._lines, self._months] = True
        return result


def choose_matrix(*candidates: np.ndarray) -> np.ndarray:
    """The first candidate that is not None, cell by cell."""
    return choose(*(candidate.ravel() for candidate in candidates)).reshape(candidates[0].shape)


def places_of(rules: RuleSet, name: str, gas: bool = False) -> int:
    """Decimals of the report: of the rule set, else of the vocabulary."""
    try:
        return rules.decimals(name, gas)
    except KeyError:
        entry = PARAMETERS[name]
        return entry.gas_decimals if gas else entry.decimals


def rounded(values: np.ndarray, rules: RuleSet, name: str, gas: np.ndarray | None = None) -> np.ndarray:
    """Values at the decimals of the report. gas : which lines are counted in 10^4 Nm3."""
    if gas is None or not gas.any():
        return round_half_up(values, places_of(rules, name))
    result = values.copy()
    for kind in (True, False):
        result[gas == kind] = round_half_up(values[gas == kind], places_of(rules, name, kind))
    return result


def sum_of(matrix: np.ndarray) -> np.ndarray:
    """Sum of each line over the months that hold a value, shape (n,); None for a line without any."""
    result = np.empty(len(matrix), dtype=object)
    for line, values in enumerate(matrix):
        known = [value for value in values if value is not None]
        result[line] = sum(known) if known else None
    return result


def mean_of(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean of each line, shape (n,): months without value or weight do not count; None where no weight is left.

    A year whose months are all equal has that value, digit for digit, whatever the weights.
    """
    result = np.full(len(matrix), None, dtype=object)
    for line, (values, shares) in enumerate(zip(matrix, weights, strict=True)):
        pairs = [(v, w) for v, w in zip(values, shares, strict=True) if v is not None and w is not None]
        total = sum((weight for _, weight in pairs), Decimal(0))
        if not total:
            continue
        if len({value for value, _ in pairs}) == 1:
            result[line] = pairs[0][0]
        else:
            result[line] = sum((value * weight for value, weight in pairs), Decimal(0)) / total
    return result


class Rows:
    """Collects blocks of cells and turns them into the canonical `annual_report` frame."""

    def __init__(self, year: str, sector: str) -> None:
        self.year, self.sector = year, sector
        self._columns: dict[str, list[np.ndarray]] = {name: [] for name in TABLES["annual_report"].names}

    def add(
        self,
        table: str,
        row_code: str,
        item: Any,
        keys: pd.DataFrame,
        reported: np.ndarray,
        periods: Sequence[str] | np.ndarray | None = None,
        **cells: Any,
    ) -> None:
        """Adds one item of every line.

        Parameters
        ----------
        item, row_code : a text, or an array (n,) with one per line
        keys : columns `KEY` (n lines)
        reported : texts of shape (n, p)
        periods : the p periods, or an array of shape (n,); the year when not given (p = 1)
        cells : unit, method, source_document, reason, provisional: a text, or an array of shape (n,), (n, 1) or (n, p)
        """
        if not len(keys):
            return
        reported = reported.reshape(len(keys), -1)
        shape = reported.shape
        if periods is None:
            periods = [self.year] * shape[1]
        values: dict[str, Any] = {name: keys[name].to_numpy(dtype=object)[:, None] for name in KEY}
        values |= {"sector": self.sector, "year": self.year, "table": table, "row_code": _column(row_code)}
        values |= {"item": _column(item), "reported": reported, "verified": ""}
        several = isinstance(periods, np.ndarray)
        values["period"] = _column(periods) if several else np.array(periods, dtype=object)[None, :]
        for name in ("unit", "method", "source_document", "reason"):
            values[name] = _column(cells.get(name, ""))
        values["provisional"] = _column(cells.get("provisional", "no"))
        for name, parts in self._columns.items():
            parts.append(np.broadcast_to(np.asarray(values[name], dtype=object), shape).ravel())

    def frame(self) -> pd.DataFrame:
        """All blocks, plant by plant, in the order they were added."""
        nothing = np.empty(0, dtype=object)
        columns = {name: np.concatenate(parts) if parts else nothing for name, parts in self._columns.items()}
        frame = pd.DataFrame(columns, dtype="str")
        order = np.argsort(pd.factorize(frame["plant_id"], sort=True)[0], kind="stable")
        return frame.iloc[order].reset_index(drop=True)


def _column(value: Any) -> Any:
    """An array (n,) as one cell per line; texts and arrays of two dimensions as they are."""
    return value[:, None] if isinstance(value, np.ndarray) and value.ndim == 1 else value


def with_year(months: np.ndarray, year: np.ndarray | str) -> np.ndarray:
    """A matrix (n, 12) with the column of the year behind it, shape (n, 13)."""
    last = np.full(len(months), year, dtype=object) if isinstance(year, str) else year
    return np.concatenate([months, last[:, None]], axis=1)
