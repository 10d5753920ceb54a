"""Shapes: the column dictionary and the pandera schemas built from it. No check of shape is declared anywhere else."""

from schemas.column import Column, Table
from schemas.filing_tables import FILING_TABLES
from schemas.register_tables import REGISTER_TABLES
from schemas.result_tables import RESULT_TABLES

TABLES: dict[str, Table] = {table.name: table for table in (*FILING_TABLES, *REGISTER_TABLES, *RESULT_TABLES)}

__all__ = ["FILING_TABLES", "REGISTER_TABLES", "RESULT_TABLES", "TABLES", "Column", "Table"]
