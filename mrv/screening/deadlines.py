"""Months that were not deposited, or too late: what the nightly run asks of the calendar, as faults."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pandas as pd

from mrv.screening.shape_faults import COLUMNS


def missing_deposits(
    plants: pd.DataFrame,
    deposited: pd.DataFrame,
    months: Iterable[str],
    as_of: date,
    deadline: Callable[[str], date | None],
) -> pd.DataFrame:
    """CMP-01: plants and months without a deposit after the deadline has passed.

    Parameters
    ----------
    plants : columns plant_id, sector: who must deposit
    deposited : columns plant_id, month (and sector, where a plant has several): what is there
    months : YYYY-MM, the months asked for
    as_of : the day of judgement; the deadline itself is still in time
    deadline : last day of a month's deposit, None for a month without one

    Returns
    -------
    Faults (columns of `shape_faults.COLUMNS`), sorted by plant, sector and month. `params`: `deadline`, `days` since then.
    """
    due = {month: deadline(month) for month in sorted(set(months))}
    late = [month for month, day in due.items() if day is not None and as_of > day]
    key = ["plant_id", "sector", "month"] if "sector" in deposited.columns else ["plant_id", "month"]
    there = set(deposited[key].itertuples(index=False, name=None))
    found = []
    for plant in (
        plants[["plant_id", "sector"]].drop_duplicates().sort_values(["plant_id", "sector"]).to_dict("records")
    ):
        for month in late:
            if tuple({**plant, "month": month}[name] for name in key) not in there:
                found.append(_fault("CMP-01", plant, month, due[month], as_of))
    return pd.DataFrame(found, columns=COLUMNS, dtype="str")


def late_deposits(deposits: pd.DataFrame, deadline: Callable[[str], date | None]) -> pd.DataFrame:
    """CMP-02: deposits whose first version came after the deadline.

    deposits : columns plant_id, sector, month and `deposited_on` (date), one row per version. Returns faults as
    `missing_deposits` does, `value` the day of the first deposit.
    """
    first = deposits.sort_values("deposited_on", kind="stable").drop_duplicates(["plant_id", "sector", "month"])
    found = []
    for one in first.sort_values(["plant_id", "sector", "month"]).to_dict("records"):
        due = deadline(one["month"])
        if due is not None and one["deposited_on"] > due:
            found.append(
                {**_fault("CMP-02", one, one["month"], due, one["deposited_on"]), "value": str(one["deposited_on"])}
            )
    return pd.DataFrame(found, columns=COLUMNS, dtype="str")


def _fault(code: str, plant: dict[str, Any], month: str, due: date | None, day: date) -> dict[str, str]:
    assert due is not None
    params = {"deadline": str(due), "days": str((day - due).days)}
    return {
        **dict.fromkeys(COLUMNS, ""),
        "code": code,
        "plant_id": plant["plant_id"],
        "sector": plant["sector"],
        "month": month,
        "expected": f"≤ {due}",
        "params": json.dumps(params),
    }
