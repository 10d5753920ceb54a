"""Executes the checks of shape with pandera on polars: about twice as fast as pandas on a national batch."""

from collections.abc import Callable
from functools import cache

import pandas as pd
import pandera.polars as pa
import polars as pl

from schemas.column import Table
from schemas.shapes import PATTERNS, Shape, column_shapes, expectation, known_stream, table_shapes


def _expression(shape: Shape, column: pl.Expr) -> pl.Expr:
    absent = column == ""
    if shape.kind == "required":
        return ~absent
    if shape.kind in PATTERNS:
        return absent | column.str.contains(f"^(?:{PATTERNS[shape.kind]})$")
    if shape.kind == "choice":
        return absent | column.is_in(list(shape.choices))
    if shape.kind == "date":
        shaped = column.str.contains(r"^\d{4}-\d{2}-\d{2}$")
        return absent | (shaped & column.str.to_date("%Y-%m-%d", strict=False).is_not_null())
    if shape.kind == "timestamp":
        valid = column.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", strict=False).is_not_null()
        return absent | (column.str.ends_with("Z") & valid)
    numbers = column.cast(pl.Float64, strict=False)
    verdict = pl.lit(True)
    if shape.low is not None:
        verdict = verdict & ~(numbers < float(shape.low)).fill_null(False)
    if shape.high is not None:
        verdict = verdict & ~(numbers > float(shape.high)).fill_null(False)
    return verdict


def _check(shape: Shape) -> pa.Check:
    test: Callable[..., pl.LazyFrame] = lambda data: data.lazyframe.select(_expression(shape, pl.col(data.key)))
    return pa.Check(test, error=shape.name)


def derive(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with one boolean verdict column per check that needs several columns, named as the check."""
    unique = Shape(table.key[-1], "unique").name
    key = [column for column in table.key if table.by_name[column].required]
    some_null = pl.any_horizontal([pl.col(column) == "" for column in key])
    if table.name == "parameter":
        parts = ["sector", "parameter", "stream_id"]
        combinations = frame.select(parts).unique(maintain_order=True)
        expected = combinations.hstack(
            pl.DataFrame(
                [vars(expectation(*row)) for row in combinations.iter_rows()], infer_schema_length=None
            ).rename(lambda name: f"expected_{name}")
        )
        number = pl.col("value").cast(pl.Float64, strict=False)
        outside = (number < pl.col("expected_low")) | (number > pl.col("expected_high"))
        frame = (
            frame.join(expected, on=parts, how="left", maintain_order="left")
            .with_columns(
                (
                    (pl.col("parameter") == "")
                    | (pl.col("unit") == "")
                    | ~pl.col("expected_known")
                    | (pl.col("unit") == pl.col("expected_unit"))
                ).alias("unit:unit_of_measure"),
                (~outside.fill_null(False)).alias("value:parameter_range"),
            )
            .rename(
                {
                    "expected_known": "parameter:known",
                    "expected_of_sector": "parameter:of_sector",
                    "expected_level": "stream_id:level",
                    "expected_stream": "stream_id:stream",
                }
            )
            .drop("expected_unit", "expected_low", "expected_high")
        )
    else:
        for shape in table_shapes(table):
            if shape.kind in {"known", "stream"}:
                names = frame[shape.column].unique().to_list()
                good = [
                    name
                    for name in names
                    if (expectation("", name, "").known if shape.kind == "known" else known_stream(name))
                ]
                frame = frame.with_columns(pl.col(shape.column).is_in(good).alias(shape.name))
    first = pl.struct(table.key).is_first_distinct()
    return frame.with_columns((first | some_null).alias(unique))


@cache
def schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of a canonical table on polars."""
    columns = {
        column.name: pa.Column(
            pl.Int64 if column.kind == "integer" else pl.String,
            [_check(shape) for shape in column_shapes(column)],
            nullable=False,
        )
        for column in table.columns
    }
    for shape in table_shapes(table):
        holds: Callable[..., pl.LazyFrame] = lambda data: data.lazyframe.select(pl.col(data.key))
        columns[shape.name] = pa.Column(pl.Boolean, pa.Check(holds, error=shape.name))
    return pa.DataFrameSchema(columns, name=table.name)


def failures(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Failed checks of a pandas frame with a fresh 0..n-1 index: columns `position`, `check`."""
    polars = pl.from_pandas(frame).with_columns(pl.col(pl.String).fill_null(""))
    try:
        schema(table).validate(derive(table, polars), lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.select(
            pl.col("index").alias("position"), "check", pl.col("failure_case").cast(pl.String)
        )
        return cases.to_pandas()
    return pd.DataFrame({"position": [], "check": [], "failure_case": []})
