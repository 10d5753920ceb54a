"""The list of what was odd while reading; each entry carries a rule code, the place and the parameters of its words."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from mrv.intake.result import FAULT_COLUMNS

UNKNOWN_TEMPLATE = "SCH-02"
UNREADABLE = "SCH-10"
NO_CALENDAR = "SCH-13"  # the code the schema check has for the same cell, so that it is told once
WORKBOOK_TRAP = "SCH-15"
NORMALISED = "SCH-16"
UNKNOWN_COLUMN = "SCH-17"
NO_FILE = "SCH-21"

_ROW_FIELDS = ("plant_id", "sector", "unit_id", "stream_id", "month", "parameter")


class Faults:
    """Collects faults in the order they are met."""

    def __init__(self) -> None:
        self._records: list[dict[str, str]] = []

    def add(
        self,
        code: str,
        *,
        table: str = "",
        sheet: str = "",
        cell: str = "",
        row: Mapping[str, Any] | None = None,
        item: str = "",
        value: str = "",
        expected: str = "",
        **params: object,
    ) -> None:
        """One fault. `row` gives plant, sector, unit, stream, month and parameter; other keywords become `params`."""
        record = dict.fromkeys(FAULT_COLUMNS, "")
        for name in _ROW_FIELDS:
            record[name] = str((row or {}).get(name, ""))
        texts = {key: str(text) for key, text in sorted(params.items())}
        record |= {"code": code, "table": table, "sheet": sheet, "cell": cell, "item": item, "value": value}
        record |= {"expected": expected, "params": json.dumps(texts, ensure_ascii=False)}
        self._records.append(record)

    def frame(self) -> pd.DataFrame:
        """All faults as text, columns `FAULT_COLUMNS`."""
        return pd.DataFrame(self._records, columns=FAULT_COLUMNS, dtype="str")
