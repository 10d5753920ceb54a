"""Shapes: the column dictionary and the pandera schemas built from it. No check of shape is declared anywhere else."""

import pandas as pd

from schemas.column import Column, Table
from schemas.filing_tables import FILING_TABLES
from schemas.register_tables import REGISTER_TABLES
from schemas.result_tables import RESULT_TABLES

TABLES: dict[str, Table] = {table.name: table for table in (*FILING_TABLES, *REGISTER_TABLES, *RESULT_TABLES)}


def empty(table: str) -> pd.DataFrame:
    """A canonical frame of a table without rows; KeyError for a table that the dictionary does not know."""
    return pd.DataFrame(
        {
            column.name: pd.Series(dtype="int64" if column.kind == "integer" else "str")
            for column in TABLES[table].columns
        }
    )


__all__ = ["FILING_TABLES", "REGISTER_TABLES", "RESULT_TABLES", "TABLES", "Column", "Table", "empty"]
