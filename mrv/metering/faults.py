"""What was odd in the readings: one fault per rule, meter and month, in the columns that intake's faults have."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

DECREASED = "XRC-04"  # a register went backwards with neither a replacement nor a plausible roll-over
UNAVAILABLE = "MTR-05"  # a month of the meter's life without any usable quantity
UNREGISTERED = "SCH-14"  # a meter that is not in the register
NEGATIVE = "MTR-04"  # a negative quantity of an interval
CONTRADICTING = "MTR-01"  # different values for one instant
OTHER_UNIT = "MTR-02"  # readings in another unit than the meter's
OVERLAPPING = "MTR-03"  # readings closer together than the interval they claim to cover

COLUMNS = [
    "code", "table", "sheet", "cell", "plant_id", "sector", "unit_id", "stream_id", "month", "parameter",
    "item", "value", "expected", "params",
]  # fmt: skip


def fault(
    code: str, meter: Mapping[Any, Any], month: str, value: str = "", expected: str = "", **params: object
) -> dict[str, str]:
    """One fault of a meter in a month; `params` are for the words and travel as canonical JSON."""
    known = {name: meter.get(name, "") for name in ("plant_id", "unit_id", "stream_id", "parameter")}
    return {
        **dict.fromkeys(COLUMNS, ""),
        **known,
        "code": code,
        "table": "meter_reading",
        "month": month,
        "item": meter["meter_id"],
        "value": value,
        "expected": expected,
        "params": json.dumps(params, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    }


def frame(faults: list[dict[str, str]]) -> pd.DataFrame:
    """The faults as a text frame in a fixed order."""
    table = pd.DataFrame(faults, columns=COLUMNS, dtype="str")
    return table.sort_values(["plant_id", "item", "month", "code"], ignore_index=True)
