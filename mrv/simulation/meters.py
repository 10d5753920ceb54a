"""Meters: registers whose difference times the multiplier is the filed quantity, and hourly readings that add up to it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mrv.simulation.model import Book
from mrv.simulation.numbers import apportion, generator, scaled, text
from mrv.simulation.truth import REGISTER_PLACES, GroupDays, StreamDays, UnitDays
from schemas import TABLES
from schemas.vocabulary import unit_of

REGISTER_LIMIT = 10_000  # register units after which a generation register starts again at zero
FUEL_METERS = {"belt_scale": "C", "feeder": "F", "flow_meter": "Q"}  # letter of the meter by source of consumption
# A meter is calibrated on the last day of a month, so that each month is covered by one certificate:
# (first month it stands for, calibrated on, valid to).
CALIBRATIONS = (("", "2024-10-31", "2025-10-30"), ("2025-10", "2025-09-30", "2026-09-30"))


@dataclass(frozen=True)
class MeterDays:
    """One meter and what it counts each day (n,), in the last place of its register; zero outside its life."""

    meter_id: str
    unit_id: str
    stream_id: str
    parameter: str
    kind: str  # register or interval
    multiplier: int
    places: int
    limit: int  # register units; 0: never starts again
    start: int  # opening register in the last place
    ticks: np.ndarray
    alive: np.ndarray  # bool (n,)
    accuracy: tuple[str, str]  # specified and calibrated [%]

    def registers(self) -> np.ndarray:
        """Register at the start of each day and the end of the last, (n+1,), in the last place."""
        readings = self.start + np.concatenate(([0], np.cumsum(self.ticks)))
        return readings % (self.limit * 10**self.places) if self.limit else readings


def generation_meters(truth: GroupDays, unit: UnitDays) -> list[MeterDays]:
    """The generator meter of a unit; two where it was replaced by one with a new number."""
    name = unit.spec.unit_id
    start = int(unit.spec.register_start.replace(".", ""))
    everywhere = np.ones(len(truth.days), dtype=bool)
    first = MeterDays(
        f"{name}-E1", name, "", "power_generation", "register", unit.spec.multiplier, REGISTER_PLACES, REGISTER_LIMIT,
        start, unit.ticks, everywhere, ("0.5", "0.21"),
    )  # fmt: skip
    for where, month, renumbered in truth.plant.replaced_meters:
        if where == name and renumbered and month in truth.months:
            before = truth.months < month
            old = replace(first, ticks=np.where(before, unit.ticks, 0), alive=before)
            new = replace(first, meter_id=f"{name}-E2", start=0, ticks=np.where(before, 0, unit.ticks), alive=~before)
            return [old, new]
    return [first]


def fuel_meter(truth: GroupDays, stream: StreamDays, number: int, start: int) -> MeterDays:
    """The belt scale, feeder or flow meter of a fuel."""
    mark = FUEL_METERS[stream.spec.fc_source]
    unit = truth.group.group_id
    return MeterDays(
        f"{unit}-{mark}{number}", unit, stream.spec.stream_id, "fuel_consumption", "interval", 1, 2, 0, start,
        stream.ticks, np.ones(len(truth.days), dtype=bool), ("0.5", "0.34"),
    )  # fmt: skip


def write_meters(book: Book, truth: GroupDays, seed: int) -> list[MeterDays]:
    """Register rows, monthly readings and replacement events of a group's meters; returns the meters."""
    rng = generator(seed, "meters", truth.plant.plant_id, truth.group.group_id)
    meters = [meter for unit in truth.units for meter in generation_meters(truth, unit)]
    metered = [stream for stream in truth.streams if stream.spec.fc_source in FUEL_METERS]
    for number, stream in enumerate(metered, 1):
        meters.append(fuel_meter(truth, stream, number, int(rng.integers(10**6, 10**8))))
    for meter in meters:
        _register(book, truth, meter)
        _monthly(book, truth, meter)
    return meters


def _calibration(month: str) -> tuple[str, str]:
    return next((on, to) for since, on, to in reversed(CALIBRATIONS) if month >= since)


def _register(book: Book, truth: GroupDays, meter: MeterDays) -> None:
    on, to = _calibration(max(truth.months[meter.alive]))
    specified, calibrated = meter.accuracy
    book.write(
        "meter", unit_id=meter.unit_id, meter_id=meter.meter_id, parameter=meter.parameter, stream_id=meter.stream_id,
        reading_kind=meter.kind, unit=unit_of(meter.parameter, meter.stream_id), multiplier=text(meter.multiplier),
        register_limit=text(meter.limit) if meter.limit else "", interval_minutes="60", specified_accuracy=specified,
        calibrated_accuracy=calibrated, calibrated_on=on, calibration_valid_to=to,
        certificate=f"JD-{book.plant_id}-{meter.meter_id}-{on[:4]}",
    )  # fmt: skip


def _monthly(book: Book, truth: GroupDays, meter: MeterDays) -> None:
    registers = meter.registers()
    zero = 0  # register at which the meter was last restarted under its old number
    for month in sorted(set(truth.months[meter.alive])):
        days = np.flatnonzero(truth.months == month)
        opening, closing = registers[days[0]], registers[days[-1] + 1]
        if (meter.unit_id, month, False) in truth.plant.replaced_meters and meter.kind == "register":
            zero = opening
            book.write(
                "event", unit_id=meter.unit_id, event="meter_replacement", start=f"{month}-01", end=f"{month}-01",
                item=meter.meter_id, remark="更换同编号电能表，新表起码0，旧表止码见上月",
            )  # fmt: skip
        if meter.meter_id.endswith("-E2") and days[0] == np.flatnonzero(meter.alive)[0]:
            book.write(
                "event", unit_id=meter.unit_id, event="meter_replacement", start=f"{month}-01", end=f"{month}-01",
                item=meter.meter_id.replace("-E2", "-E1"), remark=f"换为{meter.meter_id}，新表起码0",
            )  # fmt: skip
        quantity = scaled(int(meter.ticks[days].sum()) * meter.multiplier, meter.places)
        on, to = _calibration(month)
        book.write(
            "meter_total", unit_id=meter.unit_id, month=month, meter_id=meter.meter_id, stream_id=meter.stream_id,
            parameter=meter.parameter, opening_reading=text(scaled(opening - zero, meter.places)),
            closing_reading=text(scaled(closing - zero, meter.places)), multiplier=text(meter.multiplier),
            quantity=text(quantity), specified_accuracy=meter.accuracy[0], calibrated_accuracy=meter.accuracy[1],
            calibrated_on=on, calibration_valid_to=to,
        )  # fmt: skip


def hourly_readings(truth: GroupDays, meters: list[MeterDays], unit_id: str, seed: int) -> list[pd.DataFrame]:
    """Hourly readings (rows of `meter_reading`) of a unit's generator meters and of its group's coal meters.

    Registers carry one more reading, at the start of their life. Sums over a month equal the filed quantity exactly.
    """
    rng = generator(seed, "hours", truth.plant.plant_id, unit_id)
    unit = next(unit for unit in truth.units if unit.spec.unit_id == unit_id)
    weights = _hour_weights(unit, rng)
    coals = {stream.spec.stream_id for stream in truth.streams if stream.quality is not None}
    chosen = [m for m in meters if (m.unit_id == unit_id and not m.stream_id) or m.stream_id in coals]
    return [_readings(truth, meter, weights) for meter in chosen]


def _hour_weights(unit: UnitDays, rng: np.random.Generator) -> np.ndarray:
    """Share of each hour (n, 24) in its day: none while stopped, the rest by a daily curve."""
    count = len(unit.hours)
    curve = 1 + 0.08 * np.sin(2 * np.pi * (np.arange(24) - 8) / 24)
    weights = curve * rng.normal(1, 0.02, (count, 24))
    hours = unit.hours[:, None] / 100
    rank = np.arange(24)
    starting = np.concatenate(([0], unit.hours[:-1]))[:, None] == 0
    fraction = np.where(starting, np.clip(rank + 1 - (24 - hours), 0, 1), np.clip(hours - rank, 0, 1))
    return weights * fraction


def _readings(truth: GroupDays, meter: MeterDays, weights: np.ndarray) -> pd.DataFrame:
    days = np.flatnonzero(meter.alive)
    hourly = np.concatenate([apportion(int(meter.ticks[day]), weights[day]) for day in days])
    local = (truth.days[days].astype("datetime64[h]")[:, None] + np.arange(1, 25)).ravel()
    values = hourly
    if meter.kind == "register":
        values = meter.start + np.concatenate(([0], np.cumsum(hourly)))
        values = values % (meter.limit * 10**meter.places)
        local = np.concatenate(([local[0] - 1], local))
    utc = np.char.add(np.datetime_as_string((local - 8).astype("datetime64[s]")), "Z")
    base = 10**meter.places
    frame = {
        "plant_id": truth.plant.plant_id,
        "meter_id": meter.meter_id,
        "timestamp": utc,
        "value": [f"{value // base}.{value % base:0{meter.places}d}" for value in values.tolist()],
        "unit": unit_of(meter.parameter, meter.stream_id),
        "quality": "good",
    }
    return pd.DataFrame(frame, index=range(len(utc)), dtype="str")[TABLES["meter_reading"].names]
