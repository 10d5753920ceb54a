"""Long parameter rows to wide frames of exact decimals, one column per parameter that the accounting asks for."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mrv.accounting.decimals import to_decimal

STREAM_KEY = ["plant_id", "sector", "unit_id", "stream_id", "month"]
UNIT_KEY = ["plant_id", "sector", "unit_id", "month"]


def wide(
    parameter: pd.DataFrame, key: list[str], names: Sequence[str], texts: Sequence[tuple[str, str]] = ()
) -> pd.DataFrame:
    """One row per key, sorted by it, with a column of `Decimal` (None where not filed) per parameter name.

    parameter : canonical frame of accepted rows (one row per key and parameter). texts : pairs of a parameter name and a
    canonical column (`method`, `source_document`), each kept as `<name>:<column>` (empty where not filed), so that a default
    can be told from a measurement.
    """
    chosen = parameter["parameter"].isin(names)
    rows = parameter.loc[chosen, [*key, "parameter", "value", *dict.fromkeys(column for _, column in texts)]]
    frame, codes = sorted_codes(rows, key)
    values = to_decimal(rows["value"])
    kind, kinds = pd.factorize(rows["parameter"])
    number = {name: place for place, name in enumerate(kinds)}
    places = {name: np.flatnonzero(kind == number.get(name, -1)) for name in names}
    columns: dict[str, np.ndarray] = {}
    for name in names:
        column = np.full(len(frame), None, dtype=object)
        column[codes[places[name]]] = values[places[name]]
        columns[name] = column
    for name, part in texts:
        text = np.full(len(frame), "", dtype=object)
        text[codes[places[name]]] = rows[part].iloc[places[name]].to_numpy(dtype=object)
        columns[f"{name}:{part}"] = text
    return pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis=1)


def sorted_codes(rows: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The distinct keys of a frame, sorted, and the number of each row's key among them (rows,).

    Long text keys are compared once per distinct text of a column, never row by row.
    """
    combined = np.zeros(len(rows), dtype=np.int64)
    names = []
    for column in key:
        code, distinct = pd.factorize(rows[column], sort=True)
        names.append(pd.Series(distinct, dtype=rows[column].dtype))
        combined = combined * max(len(distinct), 1) + code
    codes, keys = pd.factorize(combined, sort=True)
    columns: dict[str, pd.Series] = {}
    for column, distinct in zip(reversed(key), reversed(names), strict=True):
        size = max(len(distinct), 1)
        columns[column] = distinct.take(keys % size).reset_index(drop=True)
        keys = keys // size
    return pd.DataFrame({column: columns[column] for column in key}), codes


def each_distinct(texts: pd.Series, function: Callable[[str], Any]) -> pd.Series:
    """The function of each text, called once per distinct text; same index as `texts`."""
    codes, distinct = pd.factorize(texts)
    return pd.Series([function(text) for text in distinct]).take(codes).set_axis(texts.index)


def present(values: np.ndarray | pd.Series) -> np.ndarray:
    """Where an object array holds a value: boolean array."""
    return np.asarray(pd.notna(values), dtype=bool)


def choose(*candidates: np.ndarray) -> np.ndarray:
    """The first candidate that is not None, element by element."""
    result = candidates[0].copy()
    for candidate in candidates[1:]:
        gaps = ~present(result)
        result[gaps] = candidate[gaps]
    return result


def only(mask: np.ndarray | pd.Series, values: np.ndarray | pd.Series) -> np.ndarray:
    """The values where the mask holds, None elsewhere."""
    result = np.full(len(values), None, dtype=object)
    where = np.asarray(mask, dtype=bool)
    result[where] = np.asarray(values, dtype=object)[where]
    return result
