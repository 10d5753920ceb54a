"""Tables as published: typed columns for whoever queries them, in Parquet and in DuckDB alike."""

import pyarrow as pa
import pyarrow.compute as pc

from mrv.storage.arrow import SCALE, decimals
from schemas.column import Column, Table
from schemas.vocabulary import UNIT_LABELS

SQL_TYPES = {
    "decimal": f"DECIMAL(38,{SCALE})",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "integer": "BIGINT",
}
TEXT_TWIN = {("parameter", "value")}  # what was filed is also published digit for digit, as `value_text`


def columns(table: Table) -> list[tuple[str, str, str]]:
    """Name, SQL type and comment of each published column, in order.

    A comment is the label in both languages with the unit: `入炉煤量 / Coal fired [t]`.
    """
    found = []
    for column in table.columns:
        found.append((column.name, SQL_TYPES.get(column.kind, "VARCHAR"), comment(column)))
        if (table.name, column.name) in TEXT_TWIN:
            twin = f"{column.zh}（填报原文） / {column.en} (as written)"
            found.append((f"{column.name}_text", "VARCHAR", twin))
    return found


def comment(column: Column) -> str:
    """The label of a column in both languages, with its unit."""
    unit = f" [{UNIT_LABELS.get(column.unit, column.unit)}]" if column.unit else ""
    return f"{column.zh} / {column.en}{unit}"


def to_typed(table: Table, arrow: pa.Table) -> pa.Table:
    """The published form of canonical texts.

    Numbers become decimal128(38, 12), dates dates, times moments in UTC, each null where absent; texts stay texts, the
    absent one empty, because empty is part of some keys. ValueError for a text that is not of its kind.
    """
    typed: dict[str, pa.ChunkedArray] = {}
    for column in table.columns:
        texts = arrow[column.name]
        typed[column.name] = _typed(table, column, texts)
        if (table.name, column.name) in TEXT_TWIN:
            typed[f"{column.name}_text"] = texts
    return pa.table(typed)


def _typed(table: Table, column: Column, texts: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.kind not in SQL_TYPES or column.kind == "integer":
        return texts
    try:
        if column.kind == "decimal":
            return decimals(texts)
        present = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
        return pc.cast(present, pa.date32() if column.kind == "date" else pa.timestamp("us", tz="UTC"))
    except (pa.ArrowInvalid, ValueError) as error:
        raise ValueError(f"{table.name}.{column.name}: not canonical: {error}") from None
