"""Canonical frames to Arrow tables and back, and Arrow tables to the same Parquet bytes every time."""

import io
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.column import Column, Table

SCALE = 12  # decimals of an exact number in a store
EXACT = pa.decimal128(38, SCALE)
ROW_GROUP = 131_072  # rows
PERIOD_COLUMNS = ("month", "year", "period", "day", "start", "timestamp")  # the first one a table has dates its rows
_STEP = Decimal(1).scaleb(-SCALE)
_ROUNDING = Context(prec=38, rounding=ROUND_HALF_UP)


def period_column(table: Table) -> str | None:
    """The column whose text begins with the year of a row; None for tables whose rows have no time of their own."""
    return next((name for name in PERIOD_COLUMNS if name in table.by_name), None)


def to_arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """A canonical frame as Arrow texts (integers as int64), rows ordered by the key of the table and then by the rest.

    Raises ValueError when the columns are not the canonical ones, or a cell is not a text (absent is the empty text).
    """
    if list(frame.columns) != table.names:
        raise ValueError(f"{table.name}: not the canonical columns: {list(frame.columns)}")
    columns = {column.name: _column(table, column, frame[column.name]) for column in table.columns}
    order = [*table.key, *(name for name in table.names if name not in table.key)]
    return pa.table(columns).sort_by([(name, "ascending") for name in order]).combine_chunks()


def to_frame(table: Table, arrow: pa.Table) -> pd.DataFrame:
    """The canonical frame of an Arrow table that may hold more columns, or lack some added to the dictionary since."""
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name not in arrow.column_names:
            empty, dtype = (0, "int64") if column.kind == "integer" else ("", "str")
            columns[column.name] = pd.Series([empty] * arrow.num_rows, dtype=dtype)
        else:
            columns[column.name] = arrow[column.name].to_pandas().astype("int64" if column.kind == "integer" else "str")
    return pd.DataFrame(columns)


def decimals(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Exact numbers decimal128(38, 12) from their texts; empty text gives null.

    A number with more than 12 decimals is rounded half-up to 12, one with more than 26 digits before the point gives
    null: the text beside it stays the record. ValueError for a text that is no number.
    """
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    try:
        return pc.cast(texts, EXACT)
    except pa.ArrowInvalid:  # some number does not fit: take each by itself
        return pa.chunked_array([pa.array([_rounded(text) for text in texts.to_pylist()], EXACT)])


def encode(arrow: pa.Table) -> bytes:
    """The Parquet file of a table: no time, no host, no order of writing in it, so the same rows are the same bytes."""
    buffer = io.BytesIO()
    pq.write_table(
        arrow.replace_schema_metadata(None),
        buffer,
        row_group_size=ROW_GROUP,
        version="2.6",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
    )
    return buffer.getvalue()


def decode(data: bytes) -> pa.Table:
    """The table in the bytes of a Parquet file."""
    return pq.read_table(io.BytesIO(data))


def _column(table: Table, column: Column, values: pd.Series) -> pa.ChunkedArray:
    kind = pa.int64() if column.kind == "integer" else pa.string()
    try:
        array = pa.Array.from_pandas(values, type=kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise ValueError(f"{table.name}.{column.name}: not canonical: {error}") from None
    if array.null_count:
        raise ValueError(f"{table.name}.{column.name}: absent is the empty text, never null")
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _rounded(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a number: {text!r}") from None
    try:
        return number.quantize(_STEP, context=_ROUNDING)
    except InvalidOperation:
        return None
