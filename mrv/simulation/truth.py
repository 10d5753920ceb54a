"""What really happens at a group of units, day by day: hours, generation, heat, fuel. Documents are written from this."""

from dataclasses import dataclass

import numpy as np

from mrv.simulation.coal import CoalDays, coal_days
from mrv.simulation.heat import HeatMonths, heat_months
from mrv.simulation.numbers import generator, wandering
from mrv.simulation.specs import GroupSpec, PlantSpec, StreamSpec, UnitSpec, plant_default

REGISTER_PLACES = 4  # decimals of a generation register
START_OIL = 0.06  # t of diesel per MW and cold start
COLD_RATE = 0.10  # relative loss of heat rate per unit of load below 75 %


@dataclass(frozen=True)
class UnitDays:
    """One unit: hours run each day (n,) in 0.01 h, generation each day (n,) in the last place of its register."""

    spec: UnitSpec
    hours: np.ndarray
    ticks: np.ndarray

    @property
    def generation(self) -> np.ndarray:
        """Generation of each day (n,) [MWh]."""
        return self.ticks * (self.spec.multiplier * 10.0**-REGISTER_PLACES)


@dataclass(frozen=True)
class StreamDays:
    """One fuel: consumption each day (n,) in 0.01 t (or 0.01 of 10^4 Nm3); for coal its quality and the daily tests."""

    spec: StreamSpec
    ticks: np.ndarray
    net: np.ndarray  # GJ/t or GJ/1e4Nm3, as the plant measures it
    moisture: np.ndarray  # %, coal only
    quality: CoalDays | None = None


@dataclass(frozen=True)
class GroupDays:
    """Everything of one group over the days (n,)."""

    plant: PlantSpec
    group: GroupSpec
    days: np.ndarray
    months: np.ndarray  # month of each day (n,), text
    units: tuple[UnitDays, ...]
    heat: HeatMonths
    streams: tuple[StreamDays, ...]


def unit_days(plant: PlantSpec, unit: UnitSpec, days: np.ndarray, seed: int) -> UnitDays:
    """Hours and generation of a unit: load by season and weekday, with outages, slow stops and slow starts."""
    rng = generator(seed, plant.plant_id, unit.unit_id, "load")
    hours = np.full(len(days), 2400, dtype=np.int64)
    for outage in unit.outages:
        first, last = np.datetime64(outage.first), np.datetime64(outage.last)
        hours[(days >= first) & (days <= last)] = 0
        hours[days == first - 1] = rng.integers(1400, 2300)
        hours[days == last + 1] = rng.integers(800, 1700)
    day_of_year = (days - days.astype("datetime64[Y]")).astype(int)
    season = plant.heating_peak * np.cos(2 * np.pi * (day_of_year - 15) / 365)
    weekend = np.where((days.astype(int) + 3) % 7 >= 5, -0.03, 0.0)
    load = np.clip(unit.load + season + weekend + wandering(rng, len(days), 0.05), 0.45, 0.93)
    load = np.where(hours < 2400, load * 0.85, load)
    ticks = np.rint(load * unit.capacity * hours / 100 / (unit.multiplier * 10.0**-REGISTER_PLACES))
    return UnitDays(unit, hours, ticks.astype(np.int64))


def group_days(plant: PlantSpec, group: GroupSpec, days: np.ndarray, seed: int) -> GroupDays:
    """The truth of a group: fuel follows from generation and heat through heat rate and efficiencies."""
    units = tuple(unit_days(plant, unit, days, seed) for unit in group.units)
    running = np.max([unit.hours for unit in units], axis=0) / 100
    rng = generator(seed, plant.plant_id, group.group_id, "heat")
    heat = heat_months(plant.plant_id, group, days, running, rng)
    demand = np.sum([_boiler_heat(unit, rng) for unit in units], axis=0)
    if group.boiler_efficiency:
        demand = (demand + heat.daily) / group.pipe_efficiency / group.boiler_efficiency
    streams = _streams(plant, group, days, demand, seed)
    if group.diesel:
        streams += (_diesel(plant, group, days, units, seed),)
    return GroupDays(plant, group, days, days.astype("datetime64[M]").astype(str), units, heat, streams)


def _boiler_heat(unit: UnitDays, rng: np.random.Generator) -> np.ndarray:
    hours = np.maximum(unit.hours, 1) / 100
    load = unit.generation / (unit.spec.capacity * hours)
    rate = unit.spec.heat_rate * (1 + COLD_RATE * (0.75 - load)) * (1 + wandering(rng, len(hours), 0.004))
    return unit.generation * rate


def _streams(
    plant: PlantSpec, group: GroupSpec, days: np.ndarray, demand: np.ndarray, seed: int
) -> tuple[StreamDays, ...]:
    found: list[tuple[StreamSpec, np.ndarray, np.ndarray, np.ndarray, np.ndarray, CoalDays | None]] = []
    for stream in group.streams:
        purpose = (plant.plant_id, group.group_id, stream.stream_id)
        rng = generator(seed, "fuel", *purpose)
        share = np.ones(len(days))
        if len(group.streams) > 1:
            share = np.clip(1 + wandering(rng, len(days), 0.03), 0.85, 1.15)
        if stream.sources:
            quality = coal_days(stream, days, seed, *purpose)
            tested = quality.net + rng.normal(0, 0.05, len(days))
            moisture = quality.properties["moisture_ar"] + rng.normal(0, 0.1, len(days))
            found.append((stream, share, quality.net, tested, moisture, quality))
        else:
            net = stream.net_calorific_value * (1 + wandering(rng, len(days), 0.012, 0.97))
            found.append((stream, share, net, net, np.zeros(len(days)), None))
    total = np.sum([stream.share * share for stream, share, *_ in found], axis=0)
    return tuple(
        StreamDays(
            stream,
            np.rint(demand * stream.share * share / total / net * 100).astype(np.int64),
            tested,
            moisture,
            quality,
        )
        for stream, share, net, tested, moisture, quality in found
    )


def _diesel(plant: PlantSpec, group: GroupSpec, days: np.ndarray, units: tuple[UnitDays, ...], seed: int) -> StreamDays:
    """Oil: a little when the oil guns are tried, much on the day of a cold start; taken from the stock ledger."""
    rng = generator(seed, plant.plant_id, group.group_id, "diesel")
    oil = np.zeros(len(days))
    for unit in units:
        tried = (unit.hours == 2400) & (rng.random(len(days)) < 0.5)
        oil += np.where(tried, rng.uniform(0.03, 0.07, len(days)), 0)
        started = np.concatenate(([False], (unit.hours[:-1] == 0) & (unit.hours[1:] > 0)))
        oil += np.where(started, START_OIL * unit.spec.capacity * rng.uniform(0.9, 1.2, len(days)), 0)
    value = float(plant_default("diesel")["net_calorific_value"])
    spec = StreamSpec("diesel", fc_source="stock_balance", net_calorific_value=value, carbon_scheme="")
    return StreamDays(spec, np.rint(oil * 100).astype(np.int64), np.full(len(days), value), np.zeros(len(days)))
