"""The checks of shape of a canonical table as a Great Expectations suite."""

import os
from collections.abc import Callable

import pandas as pd

from schemas import TABLES
from schemas.column import Table
from schemas.pandas_backend import derive, within
from schemas.shapes import PATTERNS, Shape, column_shapes, table_shapes

TIMES = {"date": r"\d{4}-\d{2}-\d{2}", "timestamp": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"}


def validator() -> Callable[[str, pd.DataFrame], int]:
    """A function of table name and canonical frame that gives the number of failed cells.

    Checks over several columns, and ranges of numbers written as text, are derived as verdict columns exactly as for
    pandera. Raises ImportError where Great Expectations is not installed.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("filings")
    known = gx.expectations
    batches, suites = {}, {}

    def expected(shape: Shape) -> object:
        if shape.kind == "required":
            return known.ExpectColumnValuesToNotBeInSet(column=shape.column, value_set=[""])
        if shape.kind in PATTERNS or shape.kind in TIMES:
            pattern = PATTERNS.get(shape.kind) or TIMES[shape.kind]
            return known.ExpectColumnValuesToMatchRegex(column=shape.column, regex=f"^(?:{pattern})?$")
        if shape.kind == "choice":
            return known.ExpectColumnValuesToBeInSet(column=shape.column, value_set=["", *shape.choices])
        return known.ExpectColumnValuesToBeInSet(column=shape.name, value_set=[True])

    def check(name: str, frame: pd.DataFrame) -> int:
        table = TABLES[name]
        if name not in suites:
            batches[name] = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
            shapes = [shape for column in table.columns for shape in column_shapes(column)] + table_shapes(table)
            suites[name] = gx.ExpectationSuite(name=name, expectations=[expected(shape) for shape in shapes])
        batch = batches[name].get_batch(batch_parameters={"dataframe": _verdicts(table, frame)})
        result = batch.validate(suites[name], result_format={"result_format": "COMPLETE"})
        return sum(len(one.result.get("unexpected_index_list") or ()) for one in result.results)

    return check


def _verdicts(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    ranges = {
        shape.name: within(frame[shape.column], shape.low, shape.high)
        for column in table.columns
        for shape in column_shapes(column)
        if shape.kind == "range"
    }
    return derive(table, frame).assign(**ranges)
