"""Parquet of meter readings → grid. pyarrow is imported when such a file is read, not before."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mrv.intake.grid import Grid
from mrv.intake.refusal import RefusedError
from mrv.intake.result import Limits
from mrv.intake.workbook import float_text

if TYPE_CHECKING:
    import pyarrow as pa


def _texts(column: pa.ChunkedArray, limits: Limits) -> pd.Series:
    """One column as text; what is no plain value (lists, structures) becomes empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        lengths = sum(
            pc.sum(pc.take(pc.binary_length(chunk.dictionary), chunk.indices)).as_py() or 0 for chunk in column.chunks
        )
        if lengths > limits.text_file_bytes:
            raise RefusedError("hostile_zip_bomb", entry="parquet")
        column = column.cast(kind.value_type)
    if pa.types.is_floating(kind):
        values = column.to_pandas().to_numpy(dtype=float)
        return pd.Series(
            ["" if np.isnan(v) else float_text(v) if np.isfinite(v) else str(v) for v in values], dtype="str"
        )
    if pa.types.is_timestamp(kind):
        moments = column.cast(pa.timestamp("us", kind.tz)).to_pandas()
        if kind.tz:
            moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
        texts = pd.Series(np.datetime_as_string(moments.to_numpy().astype("datetime64[us]"), unit="us"), dtype="str")
        texts = texts.str.replace(r"\.0+$", "", regex=True) + ("Z" if kind.tz else "")
        return texts.where(moments.notna(), "")
    try:
        return column.cast(pa.large_string()).to_pandas().fillna("").astype("str")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pd.Series("", index=range(len(column)), dtype="str")


def read_parquet(data: bytes, limits: Limits) -> Grid:
    """All columns as text under a first line of their names, as the same table would stand in a CSV.

    Raises RefusedError: `damaged`, `too_many_rows`, `too_many_columns`, `hostile_zip_bomb`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        head = pq.ParquetFile(io.BytesIO(data))
        meta, schema = head.metadata, head.schema_arrow
        if meta.num_rows > limits.csv_rows:
            raise RefusedError("too_many_rows", limit=limits.csv_rows)
        if len(schema) > limits.csv_columns:
            raise RefusedError("too_many_columns", limit=limits.csv_columns)
        unpacked = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
        if unpacked > limits.text_file_bytes:
            raise RefusedError("hostile_zip_bomb", entry="parquet")
        words = [
            field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        table = pq.ParquetFile(io.BytesIO(data), read_dictionary=words).read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RefusedError("damaged", detail="parquet") from error
    columns = {}
    for place, name in enumerate(table.column_names):
        texts = _texts(table.column(place), limits)
        columns[place] = pd.concat([pd.Series([name], dtype="str"), texts], ignore_index=True)
    return Grid("", pd.DataFrame(columns), np.arange(1, table.num_rows + 2))
