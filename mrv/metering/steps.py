"""Readings to steps: what flowed between two instants, for interval meters and for registers alike."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from mrv.metering import exact, faults
from mrv.metering.readings import Sorted


@dataclass(frozen=True)
class Steps:
    """Quantities counted, ordered by meter and end. All arrays have shape (n,)."""

    meter: np.ndarray  # row of the meters frame
    start: np.ndarray  # begin of the time covered [µs since 1970 UTC]; never before the previous end
    end: np.ndarray  # [µs since 1970 UTC]
    amount: np.ndarray  # whole numbers of 10^-places, before the multiplier
    width: np.ndarray  # how long the step lasts by itself [µs]
    good: np.ndarray  # measured, not estimated
    places: int


def take_steps(used: Sorted, meters: pd.DataFrame, events: pd.DataFrame) -> tuple[Steps, list[dict[str, str]]]:
    """Steps from sorted readings.

    An interval meter's reading is a step of its own. A register's step is the difference to the reading before; it is
    left out, and its time shows as a gap, when it crosses a replacement or a month edge on which there is no reading,
    and when the register went backwards: then the steps on both sides are left out as well, since either reading may
    be the wrong one. A difference is a roll-over when the meter has a limit and what flowed is plausible
    (`_rolls_over`).
    """
    meter, time, value = used.meter, used.time, used.value
    if not meter.size:
        return Steps(meter, time, time, value, time, used.good, used.places), []
    register = (meters["reading_kind"] == "register").to_numpy(bool)[meter]
    opens = np.r_[True, meter[1:] != meter[:-1]]
    before = np.r_[time[:1], time[:-1]]
    spacing = np.where(opens, 0, time - before)
    amount = np.where(register, np.r_[value[:1], value[1:] - value[:-1]], value)
    good = used.good & (~register | np.r_[True, used.good[:-1]])

    differs = register & ~opens
    replaced = _replaced(meter, time, before, differs & (amount < 0).astype(bool), differs, meters, events)
    backwards = differs & ~replaced & (amount < 0).astype(bool)
    amount, wrapped = _rolls_over(used, amount, spacing, backwards, differs & ~replaced, meters)
    decreased = backwards & ~wrapped
    beside = np.r_[decreased[1:], False] & ~np.r_[opens[1:], True] | np.r_[False, decreased[:-1]] & ~opens
    straddles = differs & (exact.month_opening(before) != exact.month_ending(time))
    counted = ~register | (differs & ~replaced & ~decreased & ~beside & ~straddles)

    width = np.where(register, spacing, _interval(meters, meter, spacing, opens))
    covered = np.where(register | opens, width, np.minimum(width, spacing))
    found = _decreases(used, decreased, meters)
    claimed = (meters["interval_minutes"] != "").to_numpy(bool)[meter]
    found += _overlaps(used, ~register & ~opens & claimed & (spacing * 2 <= width), spacing, width, meters)
    chosen = np.flatnonzero(counted)
    return Steps(
        meter[chosen],
        (time - covered)[chosen],
        time[chosen],
        amount[chosen],
        width[chosen],
        good[chosen],
        used.places,
    ), found


def _interval(meters: pd.DataFrame, meter: np.ndarray, spacing: np.ndarray, opens: np.ndarray) -> np.ndarray:
    """Length of the interval [µs] of each reading: as registered, else the meter's commonest spacing."""
    length = np.zeros(len(meters), dtype=np.int64)
    for row, text in enumerate(meters["interval_minutes"]):
        if text:
            length[row] = int(Decimal(text) * 60_000_000)
        elif meters["reading_kind"].iloc[row] == "interval":
            distances, times = np.unique(spacing[(meter == row) & ~opens], return_counts=True)
            length[row] = distances[np.argmax(times)] if distances.size else 0
    return length[meter]


def _replaced(
    meter: np.ndarray,
    time: np.ndarray,
    before: np.ndarray,
    falls: np.ndarray,
    differs: np.ndarray,
    meters: pd.DataFrame,
    events: pd.DataFrame,
) -> np.ndarray:
    """Which differences cross a recorded replacement.

    The record names days, not instants. If exactly one difference falls within them, that is the replacement; otherwise
    nothing tells the old meter's readings from the new one's, and every difference that touches those days is left out.
    """
    result = np.zeros(meter.size, bool)
    changes = events[events["event"] == "meter_replacement"]
    rows = {key: row for row, key in enumerate(zip(meters["plant_id"], meters["meter_id"], strict=True))}
    for plant, item, first, last in zip(
        changes["plant_id"], changes["item"], changes["start"], changes["end"], strict=True
    ):
        row = rows.get((plant, item))
        if row is None:
            continue
        begin = np.datetime64(first, "us").astype(np.int64) - exact.SHANGHAI
        close = np.datetime64(last or first, "us").astype(np.int64) - exact.SHANGHAI + exact.DAY
        low, high = np.searchsorted(meter, [row, row + 1])
        touches = slice(low, high)
        within = differs[touches] & (before[touches] < close) & (time[touches] > begin)
        fall = within & falls[touches]
        result[touches] |= fall if fall.sum() == 1 else within
    return result


def _rolls_over(
    used: Sorted,
    amount: np.ndarray,
    spacing: np.ndarray,
    backwards: np.ndarray,
    ordinary: np.ndarray,
    meters: pd.DataFrame,
) -> tuple[np.ndarray, np.ndarray]:
    """Differences with roll-overs made good, and which ones those are.

    A register that shows at most 99 999.99 starts again at 0, so a limit of nines means one more unit of its last
    digit. A roll-over is plausible when less than half a turn has flowed and not at more than twice the fastest
    ordinary rate of the same meter; everything else that goes backwards is a fault.
    """
    wrapped = np.zeros(amount.size, bool)
    for row in np.unique(used.meter[backwards]):
        text = meters["register_limit"].iloc[row]
        turn = _turn(Decimal(text), used.places) if text else 0
        if turn <= 0:
            continue
        mine = np.arange(*np.searchsorted(used.meter, [row, row + 1]))
        rising = mine[ordinary[mine] & ~backwards[mine]]
        # A rate is a judgement of plausibility, not a quantity that is kept: floats may serve.
        fastest = (amount[rising].astype(float) / spacing[rising]).max() if rising.size else np.inf
        for place in mine[backwards[mine]]:
            flowed = int(amount[place]) + turn
            in_range = used.value[place] >= 0 and used.value[place - 1] <= turn
            if in_range and 0 <= flowed * 2 < turn and flowed <= 2 * fastest * float(spacing[place]):
                if amount.dtype != object and turn * amount.size >= exact.SAFE:
                    amount = amount.astype(object)
                amount[place] = flowed
                wrapped[place] = True
    return amount, wrapped


def _turn(limit: Decimal, places: int) -> int:
    """What one full turn of the register counts, in whole numbers of 10^-places; 0 when that is no whole number."""
    number, digits = exact.whole(limit)
    number += set(str(number)) == {"9"}
    shifted, rest = divmod(number * 10**places, 10**digits)
    return 0 if rest else shifted


def _decreases(used: Sorted, decreased: np.ndarray, meters: pd.DataFrame) -> list[dict[str, str]]:
    place = np.flatnonzero(decreased)
    return [
        faults.fault(
            faults.DECREASED,
            meters.iloc[used.meter[at]].to_dict(),
            month,
            exact.plain(int(used.value[at]), used.places),
            exact.plain(int(used.value[at - 1]), used.places),
            count=count,
            first=str(exact.instant_text(used.time[[at]])[0]),
        )
        for at, month, count in _first_of_months(used, place)
    ]


def _overlaps(
    used: Sorted, close: np.ndarray, spacing: np.ndarray, width: np.ndarray, meters: pd.DataFrame
) -> list[dict[str, str]]:
    place = np.flatnonzero(close)
    return [
        faults.fault(
            faults.OVERLAPPING,
            meters.iloc[used.meter[at]].to_dict(),
            month,
            exact.plain(int(spacing[at]) * 100 // 60_000_000, 2),
            exact.plain(int(width[at]) * 100 // 60_000_000, 2),
            count=count,
            first=str(exact.instant_text(used.time[[at]])[0]),
        )
        for at, month, count in _first_of_months(used, place)
    ]


def _first_of_months(used: Sorted, place: np.ndarray) -> list[tuple[int, str, int]]:
    """For each meter and month among the places: the first place, the month, how many there are."""
    months = exact.month_ending(used.time[place])
    pairs = np.stack([used.meter[place], months], axis=1)
    _, first, count = np.unique(pairs, axis=0, return_index=True, return_counts=True)
    texts = exact.month_text(months[first])
    return [(int(place[at]), str(text), int(n)) for at, text, n in zip(first, texts, count, strict=True)]
