"""Who is late: the calendar of monthly deposits, as findings."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from emission_factors import NoRuleSet, deadline, rule_set
from mrv.findings.build import build, from_faults
from mrv.screening.catalogue import catalogue
from mrv.screening.deadlines import late_deposits, missing_deposits

ZONE = ZoneInfo("Asia/Shanghai")  # the days of the deadlines are days where the plants are


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
        first = min([*mine["month"], f"{as_of.year}-01"])
        owed = [str(month) for month in pd.period_range(first, as_of.isoformat()[:7], freq="M")[:-1]]
        who = pd.DataFrame({"plant_id": [plant_id], "sector": [sector]})
        due = {month: _deadline(str(sector), month) for month in {*owed, *mine["month"]}}
        faults.append(missing_deposits(who, mine, owed, as_of, due.get))
        days = [
            datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(ZONE).date() for text in mine["received_at"]
        ]
        faults.append(late_deposits(mine.assign(deposited_on=days), due.get))
    found = pd.concat(faults, ignore_index=True) if faults else pd.DataFrame()
    if found.empty:
        return build(pd.DataFrame(), rules)
    return build(from_faults(found.assign(file_sha256=""), rules), rules)


def _deadline(sector: str, month: str) -> date | None:
    try:
        return deadline(rule_set(sector, month), month)
    except NoRuleSet:
        return None
