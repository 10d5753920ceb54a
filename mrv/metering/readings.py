"""Which readings are used: every reading read gets exactly one disposition, and the used ones are put in order."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mrv.metering import exact, faults

USED, REPEATED, BAD, CONTRADICTING, OTHER_UNIT, NEGATIVE, UNREGISTERED = range(7)
_CODE = {
    CONTRADICTING: faults.CONTRADICTING,
    OTHER_UNIT: faults.OTHER_UNIT,
    NEGATIVE: faults.NEGATIVE,
    UNREGISTERED: faults.UNREGISTERED,
}
COUNTS = ["used", "repeated", "bad", "contradicting", "other_unit", "negative", "unregistered"]


@dataclass(frozen=True)
class Sorted:
    """Used readings, ordered by meter and instant; no instant occurs twice for one meter. Arrays of shape (n,)."""

    meter: np.ndarray  # row of the meters frame
    time: np.ndarray  # [µs since 1970 UTC]
    value: np.ndarray  # whole numbers of 10^-places, in the meter's unit before its multiplier
    good: np.ndarray  # measured, not estimated
    places: int


def sort_out(readings: pd.DataFrame, meters: pd.DataFrame) -> tuple[Sorted, pd.DataFrame, list[dict[str, str]]]:
    """Sort readings by disposition; returns the used ones, the counts per meter and month, and the faults.

    `meters` is sorted and unique by key. A reading flagged bad, in another unit than its meter, of an unregistered
    meter, or negative for an interval is not used; one that repeats another is counted once; readings that contradict
    each other for one instant are all left out, because nothing says which of them is right.
    """
    time = exact.instants(readings["timestamp"])
    value, places = exact.scaled(readings["value"])
    meter = _meter_rows(readings, meters)
    estimated = pc.equal(exact.arrow(readings["quality"]), "estimated").to_numpy(zero_copy_only=False)
    disposition = np.where(meter < 0, UNREGISTERED, USED).astype(np.int8)
    if len(meters):
        units = exact.arrow(meters["unit"]).take(pa.array(np.maximum(meter, 0)))
        other_unit = pc.not_equal(units, exact.arrow(readings["unit"])).to_numpy(zero_copy_only=False)
        disposition[(disposition == USED) & other_unit] = OTHER_UNIT
        of_interval = (meters["reading_kind"] == "interval").to_numpy(bool)[np.maximum(meter, 0)]
        usable = pc.is_in(exact.arrow(readings["quality"]), pa.array(["", "good", "estimated"], pa.large_string()))
        disposition[(disposition == USED) & ~usable.to_numpy(zero_copy_only=False)] = BAD
        disposition[(disposition == USED) & of_interval & (value < 0).astype(bool)] = NEGATIVE

    row = np.flatnonzero(disposition == USED)
    row = row[np.lexsort((time[row], meter[row]))]
    first, same = _groups(meter[row], time[row])
    if first.size < row.size:
        clash = np.minimum.reduceat(value[row], first) != np.maximum.reduceat(value[row], first)
        doubted = np.logical_or.reduceat(estimated[row], first)
        repeated = np.ones(row.size, bool)
        repeated[first] = False
        disposition[row[repeated]] = REPEATED
        disposition[row[clash[same].astype(bool)]] = CONTRADICTING
        estimated[row[first]] = doubted
        row = row[first[~clash.astype(bool)]]
    used = Sorted(meter[row], time[row], value[row], ~estimated[row], places)
    owner, names = _owners(readings, meters, meter)
    month = exact.month_ending(time)
    counts = _count(owner, names, month, disposition, estimated)
    return used, counts, _faults(readings, meters, names, owner, month, time, disposition)


def _meter_rows(readings: pd.DataFrame, meters: pd.DataFrame) -> np.ndarray:
    """For each reading the row of its meter, -1 where the register has none."""

    nul = pa.scalar("\0", pa.large_string())  # no identifier holds it

    def joined(frame: pd.DataFrame) -> pa.Array:
        return pc.binary_join_element_wise(exact.arrow(frame["plant_id"]), exact.arrow(frame["meter_id"]), nul)

    return pc.fill_null(pc.index_in(joined(readings), joined(meters)), -1).to_numpy(zero_copy_only=False).astype(int)


def _groups(meter: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of equal (meter, time) begins, and for each row the number of its run."""
    if not meter.size:
        return np.zeros(0, int), np.zeros(0, int)
    begins = np.r_[True, (meter[1:] != meter[:-1]) | (time[1:] != time[:-1])]
    return np.flatnonzero(begins), np.cumsum(begins) - 1


def _owners(readings: pd.DataFrame, meters: pd.DataFrame, meter: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    """For each reading the row of `names`: the registered meters, then the unregistered ones in order of their keys."""
    key = ["plant_id", "meter_id"]
    stray = np.flatnonzero(meter < 0)
    strangers = readings[key].iloc[stray].drop_duplicates().sort_values(key)
    owner = meter.copy()
    if stray.size:
        wanted = pd.MultiIndex.from_frame(readings[key].iloc[stray])
        owner[stray] = len(meters) + pd.MultiIndex.from_frame(strangers).get_indexer(wanted)
    return owner, pd.concat([meters[key], strangers], ignore_index=True)


def _count(
    owner: np.ndarray, names: pd.DataFrame, month: np.ndarray, disposition: np.ndarray, estimated: np.ndarray
) -> pd.DataFrame:
    """Readings per meter and month by disposition: `read` is the sum of all but `estimated`, a part of `used`."""
    columns = ["plant_id", "meter_id", "month", "read", *COUNTS, "estimated"]
    if not owner.size:
        return pd.DataFrame(columns=columns)
    lowest = month.min()
    span = int(month.max() - lowest) + 1
    cell = owner * span + (month - lowest)
    wide = len(COUNTS)
    table = np.bincount(cell * wide + disposition, minlength=len(names) * span * wide).reshape(-1, wide)
    guessed = np.bincount(cell[estimated & (disposition == USED)], minlength=len(table))
    kept = np.flatnonzero(table.sum(axis=1))
    result = names.iloc[kept // span].reset_index(drop=True)
    result["month"] = exact.month_text(kept % span + lowest)
    result["read"] = table[kept].sum(axis=1)
    result[COUNTS] = table[kept]
    result["estimated"] = guessed[kept]
    return result.astype({"month": "str"}).sort_values(["plant_id", "meter_id", "month"], ignore_index=True)


def _faults(
    readings: pd.DataFrame,
    meters: pd.DataFrame,
    names: pd.DataFrame,
    owner: np.ndarray,
    month: np.ndarray,
    time: np.ndarray,
    disposition: np.ndarray,
) -> list[dict[str, str]]:
    odd = np.flatnonzero(disposition >= CONTRADICTING)
    if not odd.size:
        return []
    table = readings[["value", "unit"]].iloc[odd].assign(owner=owner[odd], month=month[odd], time=time[odd])
    table["disposition"] = disposition[odd]
    # The smallest (time, value, unit) is shown: the same one in whatever order the readings came.
    table = table.sort_values(["owner", "month", "disposition", "time", "value", "unit"])
    groups = table.groupby(["owner", "month", "disposition"], sort=True)
    shown = groups.first().assign(count=groups.size()).reset_index()
    found = []
    for each in shown.to_dict("records"):
        at, kind = int(each["owner"]), int(each["disposition"])
        meter = (meters if at < len(meters) else names).iloc[at].to_dict()
        found.append(
            faults.fault(
                _CODE[kind],
                meter,
                str(exact.month_text(np.array([each["month"]]))[0]),
                each["unit"] if kind == OTHER_UNIT else each["value"],
                meter["unit"] if kind == OTHER_UNIT else "",
                count=int(each["count"]),
                first=str(exact.instant_text(np.array([each["time"]]))[0]),
            )
        )
    return found
