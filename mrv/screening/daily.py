"""The days of a month: coal of each day, days a unit stood still, days that should have coal and have none."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from mrv.screening.case import Case, hours_in_month, numbers

UNIT_MONTH = ["plant_id", "unit_id", "month"]
STANDSTILL = ("stop", "overhaul")
_OPEN_END = "9999-12-31"


def days_of_coal(case: Case) -> pd.DataFrame:
    """The daily table as floats, index = position: keys, `day`, `month`, `fuel_consumption` [t], `moisture_ar` [%],
    `net_calorific_value` [GJ/t], `sample_mass` [kg]."""
    filed = case.table("daily_coal")
    rows = filed[["plant_id", "unit_id", "stream_id", "day"]].assign(month=filed["day"].str[:7])
    for name in ("fuel_consumption", "moisture_ar", "net_calorific_value", "sample_mass"):
        rows[name] = numbers(filed[name])
    return rows


def members(case: Case) -> pd.DataFrame:
    """Which registered units a reporting unit consists of: `plant_id`, `unit_id` (a unit, or a merged group), `member`."""
    register = case.table("unit").drop_duplicates(["plant_id", "unit_id"])
    group = register["merged_with"].where(register["merged_with"] != "", register["unit_id"])
    own = pd.DataFrame({"plant_id": register["plant_id"], "unit_id": group, "member": register["unit_id"]})
    alone = own.assign(unit_id=own["member"])
    return pd.concat([own, alone]).drop_duplicates(ignore_index=True)


def standstills(case: Case) -> pd.DataFrame:
    """Declared stops and overhauls: `plant_id`, `unit_id`, `start`, `end` (open ends far in the future)."""
    rows = case.table("event")
    rows = rows[rows["event"].isin(STANDSTILL)]
    return rows[["plant_id", "unit_id", "start"]].assign(end=rows["end"].where(rows["end"] != "", _OPEN_END))


def standing(case: Case, rows: pd.DataFrame, day: pd.Series, whole_days: bool) -> pd.Series:
    """Whether the reporting unit of each row stood still on a day, all its members at once.

    rows : columns plant_id, unit_id. day : ISO dates on the same index. whole_days : only days between the first and the last
    of a standstill count, because a unit may run for hours on both. A unit that is not registered is its own member.
    """
    stops = standstills(case)
    if stops.empty or rows.empty:
        return pd.Series(False, index=rows.index)
    near = rows[rows["plant_id"].isin(stops["plant_id"])]
    asked = near[["plant_id", "unit_id"]].assign(day=day.reindex(near.index), place=near.index)
    asked = asked.merge(members(case), on=["plant_id", "unit_id"], how="left")
    asked["member"] = asked["member"].fillna(asked["unit_id"])
    pairs = asked.merge(stops.rename(columns={"unit_id": "member"}), on=["plant_id", "member"])
    if whole_days:
        inside = (pairs["start"] < pairs["day"]) & (pairs["day"] < pairs["end"])
    else:
        inside = (pairs["start"] <= pairs["day"]) & (pairs["day"] <= pairs["end"])
    stood = pairs[inside].drop_duplicates(["place", "member"]).groupby("place").size()
    all_members = asked.groupby("place")["member"].nunique()
    still = stood.reindex(all_members.index).fillna(0) == all_members
    return still.reindex(rows.index).fillna(False).astype(bool)


def missing_days(case: Case) -> pd.DataFrame:
    """Unit-months of coal with fewer days of coal than the hours run need: `present`, `needed` (whole numbers of days).

    A unit that ran 700 h ran on 30 days at least. Only plants and months that filed daily coal at all, and units that
    filed coal for the month. Columns plant_id, sector, unit_id, month, present, needed.
    """
    days = case.days
    filed = pd.MultiIndex.from_frame(days[["plant_id", "month"]].drop_duplicates())
    streams = case.streams
    coal = streams[streams["coal"] & (streams["fuel_consumption"] > 0)]
    coal = coal[pd.MultiIndex.from_frame(coal[["plant_id", "month"]]).isin(filed)]
    rows = coal[["plant_id", "sector", "unit_id", "month"]].drop_duplicates()
    burning = days[days["fuel_consumption"] > 0].drop_duplicates([*UNIT_MONTH, "day"])
    present = burning.groupby(UNIT_MONTH).size().rename("present").reset_index()
    run = case.units[["plant_id", "unit_id", "month", "run_hours"]].rename(columns={"unit_id": "member"})
    hours = run.merge(members(case), on=["plant_id", "member"], how="left")
    hours["unit_id"] = hours["unit_id"].fillna(hours["member"])  # without a register a unit is its own member
    hours = hours.groupby(UNIT_MONTH, as_index=False)["run_hours"].max()
    rows = rows.merge(hours, on=UNIT_MONTH, how="left").merge(present, on=UNIT_MONTH, how="left")
    rows["present"] = rows["present"].fillna(0).astype(int)
    # More hours than the month has are another fault.
    hours = rows["run_hours"].fillna(0).clip(upper=hours_in_month(rows["month"]))
    rows["needed"] = np.ceil(hours / 24.0 - 1e-9).astype(int)
    return rows[rows["present"] < rows["needed"]].drop(columns="run_hours").reset_index(drop=True)


def days_of_month(month: str) -> list[str]:
    """All days of a month `YYYY-MM` as ISO dates."""
    day = date(int(month[:4]), int(month[5:]), 1)
    days = []
    while day.isoformat()[:7] == month:
        days.append(day.isoformat())
        day += timedelta(days=1)
    return days
