"""Runs the schema of a table over a whole batch and says which cells break its shape.

One call per table and batch, never one per filing: pandera costs about 0.1 s per frame however small.
"""

from typing import Any

import pandas as pd

from schemas import TABLES
from schemas.column import Table

# Above this many rows polars is faster even with its import; results are the same (proved by the tests).
LARGE = 300_000

FAILURE_COLUMNS = ["position", "column", "kind", "value"]


class SchemaProgramError(Exception):
    """A check crashed or a frame is not canonical: a fault of the program, never of a user."""


def build(table: str, backend: str = "pandas") -> Any:
    """The pandera schema of a canonical table for `pandas` or `polars`."""
    return _backend(backend).schema(TABLES[table])


def _backend(name: str) -> Any:
    if name == "polars":
        from schemas import polars_backend

        return polars_backend
    if name == "pandas":
        from schemas import pandas_backend

        return pandas_backend
    raise ValueError(f"no such backend: {name}")


def validate(table: str, frame: pd.DataFrame, backend: str | None = None) -> pd.DataFrame:
    """Which cells of a canonical frame break its shape.

    Parameters
    ----------
    table : name in `schemas.TABLES`
    frame : canonical frame of any number of filings
    backend : `pandas`, `polars`, or None to choose by size

    Returns
    -------
    DataFrame with `position` (row position in `frame`), `column`, `kind` (see `schemas.shapes`), `value` (text of the
    cell), sorted by position, column and kind; empty when all is well.

    Raises
    ------
    SchemaProgramError when the frame lacks a column or a check crashes.
    """
    definition = TABLES[table]
    if list(frame.columns) != definition.names:
        raise SchemaProgramError(f"{table}: not the canonical columns: {list(frame.columns)}")
    if frame.empty:
        return pd.DataFrame(columns=FAILURE_COLUMNS)
    chosen = backend or ("polars" if len(frame) > LARGE else "pandas")
    fresh = frame.reset_index(drop=True)
    found = _backend(chosen).failures(definition, fresh)
    if found["position"].isna().any():
        crashed = sorted(set(found.loc[found["position"].isna(), "check"].astype(str)))
        raise SchemaProgramError(f"{table}: checks crashed or a column has the wrong type: {crashed}")
    return _tidy(definition, fresh, found)


def _tidy(table: Table, frame: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    if found.empty:
        return pd.DataFrame(columns=FAILURE_COLUMNS)
    parts = found["check"].astype(str).str.partition(":")
    tidy = pd.DataFrame({"position": found["position"].astype(int), "column": parts[0], "kind": parts[2]})
    tidy = tidy.drop_duplicates().sort_values(["position", "column", "kind"], ignore_index=True)
    columns = {name: frame[name].astype(str).to_numpy() for name in tidy["column"].unique()}
    tidy["value"] = [
        columns[column][position] for position, column in zip(tidy["position"], tidy["column"], strict=True)
    ]
    return tidy
