"""Executes the checks of shape with pandera on pandas."""

from functools import cache

import pandas as pd
import pandera.pandas as pa

from schemas.column import Table
from schemas.shapes import PATTERNS, Shape, column_shapes, expectation, known_stream, table_shapes


def _check(shape: Shape) -> pa.Check:
    def test(values: pd.Series) -> pd.Series:
        absent = values == ""
        if shape.kind == "required":
            return ~absent
        if shape.kind in PATTERNS:
            return absent | values.str.fullmatch(PATTERNS[shape.kind])
        if shape.kind == "choice":
            return absent | values.isin(shape.choices)
        if shape.kind == "date":
            return absent | (values.str.fullmatch(r"\d{4}-\d{2}-\d{2}") & _is_time(values, "%Y-%m-%d"))
        if shape.kind == "timestamp":
            return absent | (values.str.endswith("Z") & _is_time(values, "%Y-%m-%dT%H:%M:%SZ"))
        return within(values, shape.low, shape.high)

    return pa.Check(test, error=shape.name)


def _is_time(values: pd.Series, form: str) -> pd.Series:
    return pd.to_datetime(values, format=form, errors="coerce").notna()


def within(values: pd.Series, low: object, high: object) -> pd.Series:
    """Whether numbers lie between bounds (scalars, series or None); text that is no number passes: it is another fault."""
    numbers = pd.to_numeric(values, errors="coerce")
    verdict = pd.Series(True, index=values.index)
    if low is not None:
        verdict &= ~(numbers < (low if isinstance(low, pd.Series) else float(low)))  # type: ignore[arg-type]
    if high is not None:
        verdict &= ~(numbers > (high if isinstance(high, pd.Series) else float(high)))  # type: ignore[arg-type]
    return verdict


def derive(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with one boolean verdict column per check that needs several columns, named as the check."""
    verdicts: dict[str, pd.Series] = {}
    if table.name == "parameter":
        parts = ["sector", "parameter", "stream_id"]
        codes = frame.groupby(parts, sort=False, dropna=False).ngroup().to_numpy()
        combinations = frame[parts].drop_duplicates()
        expected = pd.DataFrame(
            [vars(expectation(*combination)) for combination in combinations.itertuples(index=False)]
        ).reindex(codes)
        expected.index = frame.index
        named = (frame["parameter"] == "") | (frame["unit"] == "") | ~expected["known"].astype(bool)
        verdicts = {
            "parameter:known": expected["known"],
            "parameter:of_sector": expected["of_sector"],
            "stream_id:level": expected["level"],
            "unit:unit_of_measure": named | (frame["unit"] == expected["unit"]),
            "value:parameter_range": within(frame["value"], expected["low"], expected["high"]),
            "stream_id:stream": expected["stream"],
        }
    else:
        for shape in table_shapes(table):
            if shape.kind == "known":
                known = {name: expectation("", name, "").known for name in frame["parameter"].unique()}
                verdicts[shape.name] = frame["parameter"].map(known)
            elif shape.kind == "stream":
                streams = {name: known_stream(name) for name in frame["stream_id"].unique()}
                verdicts[shape.name] = frame["stream_id"].map(streams)
    unique = Shape(table.key[-1], "unique").name
    verdicts[unique] = ~frame.duplicated(list(table.key), keep="first")
    for column in table.key:
        if table.by_name[column].required:
            verdicts[unique] |= frame[column] == ""  # null keys never equal each other
    return frame.assign(**{name: verdict.astype(bool) for name, verdict in verdicts.items()})


@cache
def schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of a canonical table on pandas."""
    columns = {
        column.name: pa.Column(
            int if column.kind == "integer" else str, [_check(shape) for shape in column_shapes(column)], nullable=False
        )
        for column in table.columns
    }
    for shape in table_shapes(table):
        columns[shape.name] = pa.Column(bool, pa.Check(lambda verdict: verdict, error=shape.name))
    return pa.DataFrameSchema(columns, strict=True, name=table.name)


def failures(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Failed checks of a frame with a fresh 0..n-1 index: columns `position`, `check`."""
    try:
        schema(table).validate(derive(table, frame), lazy=True)
    except pa.errors.SchemaErrors as error:
        return error.failure_cases[["index", "check", "failure_case"]].rename(columns={"index": "position"})
    return pd.DataFrame({"position": [], "check": [], "failure_case": []})
