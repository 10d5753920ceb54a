"""One row of a report table: the values of twelve months and the year, with method, source, reason and provisional mark."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mrv.reporting.annual_context import Context
from mrv.reporting.annual_grid import Grid, Rows, as_text, with_year
from mrv.reporting.annual_words import both_many

CALCULATED = "calculated"


@dataclass(eq=False)
class Series:
    """An item of every line of a grid.

    months : numbers (n, 12), rounded; year : numbers (n,), rounded; unit : text or (n,); the others text or (n, 12), the
    `year_` twins text or (n,).
    """

    item: str
    months: np.ndarray
    year: np.ndarray
    unit: Any = ""
    method: Any = CALCULATED
    source: Any = ""
    reason: Any = ""
    provisional: Any = "no"
    year_method: Any = CALCULATED
    year_reason: Any = ""
    year_provisional: Any = "no"
    absent_year_reason: Any = ""  # of a year without a value whose months have different reasons


def marks(context: Context, missing: np.ndarray, provisional: np.ndarray) -> dict[str, Any]:
    """The `provisional` fields and the reason of the year of a series that rests on these months."""
    reason, unsure = context.year_state(missing, provisional)
    return {"provisional": provisional, "year_reason": reason, "year_provisional": unsure}


def write(rows: Rows, table: str, code: str, grid: Grid, series: Series, keep: np.ndarray | None = None) -> None:
    """Adds a series to the rows of the report; `keep` (n,) leaves lines out."""
    shape = series.months.shape
    months = {
        name: np.broadcast_to(np.asarray(getattr(series, name), dtype=object), shape)
        for name in ("method", "source", "reason", "provisional")
    }
    blank = as_text(series.months) == ""
    # A month without a value was not determined in any way.
    months["method"] = np.where(blank, "", months["method"])
    keys, absent = grid.keys, as_text(series.year) == ""
    # A year without a value has the reason of its months where they all have the same one.
    same = (months["reason"] == months["reason"][:, :1]).all(axis=1)
    no_year = np.where(same, months["reason"][:, 0], series.absent_year_reason)
    cells = {
        "method": with_year(months["method"], np.where(absent, "", series.year_method).astype(object)),
        "source_document": with_year(months["source"], ""),
        "reason": with_year(months["reason"], np.where(absent, no_year, series.year_reason).astype(object)),
        "provisional": with_year(months["provisional"], np.where(absent, "no", series.year_provisional).astype(object)),
        "unit": _text(series.unit, shape[0]),
    }
    reported = with_year(as_text(series.months), as_text(series.year))
    if keep is not None:
        keys, reported = keys[keep], reported[keep]
        cells = {name: values[keep] for name, values in cells.items()}
    rows.add(table, code, series.item, keys, reported, [*grid.periods, grid.year], **cells)


def _text(value: Any, count: int) -> np.ndarray:
    return np.full(count, value, dtype=object) if isinstance(value, str) else value


def joined_reasons(*reasons: np.ndarray) -> np.ndarray:
    """Several matrices of reasons as one."""
    result = reasons[0]
    for other in reasons[1:]:
        result = both_many(result, other)
    return result
