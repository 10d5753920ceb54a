"""Meter readings to hourly and monthly quantities: one pure function, exact, whatever the order of the readings."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from mrv.metering import exact, faults
from mrv.metering.readings import sort_out
from mrv.metering.steps import Steps, take_steps
from schemas import TABLES

HOURLY = ["plant_id", "meter_id", "hour", "quantity", "unit", "complete"]


@dataclass(frozen=True)
class Metered:
    """What the meters say.

    `month`: the canonical table `meter_month`. `hourly`: text columns `plant_id, meter_id, hour` (end of the hour,
    UTC), `quantity, unit, complete` (yes: every minute measured). `faults`: the columns of intake's faults. `counts`:
    readings per plant_id, meter_id, month by disposition; read = used + repeated + bad + contradicting + other_unit +
    negative + unregistered, and `estimated` is part of `used`.
    """

    month: pd.DataFrame
    hourly: pd.DataFrame
    faults: pd.DataFrame
    counts: pd.DataFrame


def monthly(readings: pd.DataFrame, meters: pd.DataFrame, events: pd.DataFrame) -> Metered:
    """Hourly and monthly quantities from canonical `meter_reading`, `meter` and `event` rows.

    Quantity = (last register reading - first one) x multiplier, or the sum of the intervals x multiplier (发电量 etc.:
    difference of meter readings x 倍率, CETS-VG-01.01-V02 table 14), in the meter's unit. An interval belongs to the
    month (Asia/Shanghai) and hour in which it ends; 00:00 belongs to the day before. Nothing is interpolated: where
    no reading stands on the month's edge, the month's own first and last reading are used and the missing time shows
    in `hours_present` and `longest_gap`. Estimated readings count in the quantity, not in the hours present, the gaps
    and the flat runs, which tell of good readings only. `longest_flat_run` is the longest time of equal non-zero
    steps, at least two of them. A month without any usable step has no row (a quantity of 0 would be invented) but a
    fault.

    Exact: integers throughout; the order of rows, repeated rows and the way files were cut do not matter. Raises
    `ValueError` when the meters are not unique by key or text is not canonical.
    """
    if meters.duplicated(["plant_id", "meter_id"]).any():
        raise ValueError("meters must be unique by plant_id and meter_id")
    meters = meters.sort_values(["plant_id", "meter_id"], ignore_index=True)
    used, counts, found = sort_out(readings, meters)
    steps, odd = take_steps(used, meters, events)
    month = _months(steps, meters)
    empty = _months_without(used.meter, used.time, month, meters, counts)
    return Metered(month, _hours(steps, meters), faults.frame(found + odd + empty), counts)


def _begins(*keys: np.ndarray) -> np.ndarray:
    """Where runs of equal keys begin, as booleans of shape (n,)."""
    changes = np.zeros(keys[0].size, bool)
    changes[:1] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return changes


def _quantities(amount: np.ndarray, meter: np.ndarray, meters: pd.DataFrame, places: int) -> np.ndarray:
    """Sums times the meter's multiplier, as text."""
    factors = [exact.whole(Decimal(text)) for text in meters["multiplier"]]
    number = np.array([factor for factor, _ in factors] + [0], dtype=object)
    digits = np.array([digit for _, digit in factors] + [0], dtype=int)
    return exact.plain_array(amount.astype(object) * number[meter], digits[meter] + places)


def _months(steps: Steps, meters: pd.DataFrame) -> pd.DataFrame:
    table = TABLES["meter_month"]
    if not steps.meter.size:
        return pd.DataFrame(columns=table.names, dtype="str")
    month = exact.month_ending(steps.end)
    begins = _begins(steps.meter, month)
    first = np.flatnonzero(begins)
    group = np.cumsum(begins) - 1
    opening, closing = exact.month_start(month[first]), exact.month_start(month[first] + 1)
    start = np.maximum(steps.start, opening[group])
    present, gap, flat = _coverage(steps, start, group, opening, closing)
    owner = steps.meter[first]
    result = meters.iloc[owner].reset_index(drop=True)
    result["month"] = exact.month_text(month[first])
    result["quantity"] = _quantities(np.add.reduceat(steps.amount, first), owner, meters, steps.places)
    result["hours_expected"] = exact.hours_text(closing - opening)
    result["hours_present"] = exact.hours_text(present)
    result["longest_gap"] = exact.hours_text(gap)
    result["longest_flat_run"] = exact.hours_text(flat)
    return result[table.names].astype("str")


def _coverage(
    steps: Steps, start: np.ndarray, group: np.ndarray, opening: np.ndarray, closing: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time measured, longest gap and longest flat run [µs] of each meter and month; arrays of shape (months,)."""
    chosen = np.flatnonzero(steps.good)
    start, end, group = start[chosen], steps.end[chosen], group[chosen]
    amount, whole_start = steps.amount[chosen], steps.start[chosen]
    begins = _begins(group)
    since = np.where(begins, opening[group], np.r_[end[:1], end[:-1]])
    present, flat = np.zeros(opening.size, np.int64), np.zeros(opening.size, np.int64)
    last = opening.copy()
    np.add.at(present, group, end - start)
    last[group] = end  # the last end of each group wins, since ends ascend
    gap = closing - last
    np.maximum.at(gap, group, start - since)
    unlike = _begins(group, amount, end - whole_start) | (whole_start != np.r_[whole_start[:1], end[:-1]])
    unlike |= (amount == 0).astype(bool)
    run = np.cumsum(unlike) - 1
    lasting = np.bincount(run, minlength=0) > 1 if run.size else np.zeros(0, bool)
    length = np.zeros(lasting.size, np.int64)
    np.add.at(length, run, end - start)
    np.maximum.at(flat, group[unlike], np.where(lasting, length, 0))
    return present, gap, flat


def _hours(steps: Steps, meters: pd.DataFrame) -> pd.DataFrame:
    """Sums by the hour in which steps end; a step longer than an hour says nothing about any one hour."""
    chosen = np.flatnonzero(steps.width <= exact.HOUR)
    if not chosen.size:
        return pd.DataFrame(columns=HOURLY, dtype="str")
    meter, end = steps.meter[chosen], steps.end[chosen]
    hour = -(-end // exact.HOUR) * exact.HOUR
    first = np.flatnonzero(_begins(meter, hour))
    measured = np.add.reduceat(np.where(steps.good, steps.end - steps.start, 0)[chosen], first)
    owner = meter[first]
    result = meters[["plant_id", "meter_id", "unit"]].iloc[owner].reset_index(drop=True)
    result["hour"] = exact.instant_text(hour[first])
    result["quantity"] = _quantities(np.add.reduceat(steps.amount[chosen], first), owner, meters, steps.places)
    result["complete"] = np.where(measured >= exact.HOUR, "yes", "no")
    return result[HOURLY].astype("str")


def _months_without(
    meter: np.ndarray, time: np.ndarray, month: pd.DataFrame, meters: pd.DataFrame, counts: pd.DataFrame
) -> list[dict[str, str]]:
    """A fault for each month between a meter's first and last reading, used or not, that has no usable step."""
    present = set(zip(month["plant_id"], month["meter_id"], month["month"], strict=True))
    lead = np.flatnonzero(_begins(meter)) if meter.size else np.zeros(0, int)
    opened = dict(zip(meter[lead].tolist(), exact.month_opening(time[lead]).tolist(), strict=True))
    found = []
    for (plant, name), seen in counts.groupby(["plant_id", "meter_id"], sort=True):
        rows = np.flatnonzero((meters["plant_id"] == plant) & (meters["meter_id"] == name))
        if not rows.size:
            continue
        row = int(rows[0])
        each = meters.iloc[row].to_dict()
        low, high = (int(np.datetime64(text, "M").astype(int)) for text in seen["month"].iloc[[0, -1]])
        lone = seen["read"].iloc[0] - seen["repeated"].iloc[0] == 1
        if each["reading_kind"] == "register" and lone and opened.get(row) == low + 1:
            low += 1  # the only reading of that month is the one that opens the next
        for text in exact.month_text(np.arange(low, high + 1)):
            if (plant, name, text) not in present:
                found.append(faults.fault(faults.UNAVAILABLE, each, str(text)))
    return found
