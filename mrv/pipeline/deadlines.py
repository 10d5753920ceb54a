"""Who is late: the calendar of monthly deposits, as findings."""

from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd

from mrv.findings.build import build, from_faults
from mrv.pipeline.corrections import shanghai_day, statutory_day
from mrv.screening.catalogue import catalogue
from mrv.screening.deadlines import late_deposits, missing_deposits


def deadline_findings(plants: pd.DataFrame, deposits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Findings for months not deposited in time.

    Parameters
    ----------
    plants : canonical register frame
    deposits : every version of every deposit (plant_id, sector, month, received_at ISO 8601)
    as_of : the day of judgement

    Returns
    -------
    Findings as `mrv.findings.build.build` makes them. A plant owes every month from its first deposit, or from January of
    the current year, to the last month that has ended.
    """
    rules = catalogue()
    faults = []
    for (plant_id, sector), _ in plants.groupby(["plant_id", "sector"], sort=True):
        mine = deposits[(deposits["plant_id"] == plant_id) & (deposits["sector"] == sector)]
        owed = months_since(mine["month"], as_of)[:-1]
        who = pd.DataFrame({"plant_id": [plant_id], "sector": [sector]})
        due = {month: statutory_day(str(sector), month) for month in {*owed, *mine["month"]}}
        faults.append(missing_deposits(who, mine, owed, as_of, due.get))
        faults.append(late_deposits(mine.assign(deposited_on=days_of(mine["received_at"])), due.get))
    found = pd.concat(faults, ignore_index=True) if faults else pd.DataFrame()
    if found.empty:
        return build(pd.DataFrame(), rules)
    return build(from_faults(found.assign(file_sha256=""), rules), rules)


def months_since(deposited: Iterable[str], as_of: date) -> list[str]:
    """The months a plant owes: from its first deposit, or from January of the current year, to the month of `as_of`, which runs still."""
    first = min([*deposited, f"{as_of.year}-01"])
    return [str(month) for month in pd.period_range(first, as_of.isoformat()[:7], freq="M")]


def days_of(moments: Iterable[str]) -> list[date]:
    """The day of each moment (ISO 8601) where the plants are."""
    return [shanghai_day(datetime.fromisoformat(text.replace("Z", "+00:00"))) for text in moments]
