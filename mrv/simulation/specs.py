"""What a simulated plant is made of, and the small tables beside this file."""

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from schemas.vocabulary import fuel_of

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Outage:
    """A planned stop. First and last day stand still; both lie in one month."""

    first: str
    last: str
    event: str = "stop"  # stop or overhaul


@dataclass(frozen=True)
class UnitSpec:
    """One unit. `heat_rate` [GJ/MWh] is boiler heat per gross generation, or fuel heat where no boiler efficiency is given."""

    unit_id: str
    capacity: int  # MW
    heat_rate: float
    auxiliary: float  # share of the gross generation
    load: float  # mean load while running
    outages: tuple[Outage, ...] = ()
    unit_class: str = "conventional_coal"
    product_class: str = "condensing"
    boiler_type: str = "pulverised"
    cooling_mode: str = "water"
    pressure_class: str = "亚临界"
    commissioned_on: str = "2010-06-30"
    multiplier: int = 1000  # of the generation register [MWh per register unit]
    register_start: str = "1204.5617"


@dataclass(frozen=True)
class StreamSpec:
    """One fuel. `share` of the heat; coal has `sources`, biomass and gas a heat value [GJ/t or GJ/1e4Nm3]."""

    stream_id: str
    share: float = 1.0
    sources: tuple[str, ...] = ()
    net_calorific_value: float = 0.0
    fc_source: str = "belt_scale"
    laboratory: int = 0
    carbon_scheme: str = "composite_commissioned"

    @property
    def fuel(self) -> str:
        return fuel_of(self.stream_id)


@dataclass(frozen=True)
class HeatSpec:
    """One heat delivery. `pressure` [MPa] of steam; `season` names the calendar months in which it runs, with their share."""

    delivery: str
    route: str
    medium: str
    flow: float  # t/h
    temperature: float  # °C
    pressure: float = 0.0
    return_share: float = 0.0  # 0: return and make-up are not metered
    return_temperature: float = 0.0
    season: tuple[tuple[int, float], ...] = tuple((month, 1.0) for month in range(1, 13))


@dataclass(frozen=True)
class GroupSpec:
    """Units that share fuel: one unit, or several behind a common header (`merged`, filed under `group_id`)."""

    group_id: str
    units: tuple[UnitSpec, ...]
    streams: tuple[StreamSpec, ...]
    boiler_efficiency: float = 0.0  # 0: no boiler (gas turbine)
    pipe_efficiency: float = 0.985
    heat: tuple[HeatSpec, ...] = ()
    merged: bool = False
    diesel: bool = True


@dataclass(frozen=True)
class PlantSpec:
    """One plant. `division` is the six-digit administrative code that opens the credit code."""

    plant_id: str
    name: str
    name_en: str
    province: str
    division: str
    grid_region: str
    longitude: str
    latitude: str
    altitude: str
    groups: tuple[GroupSpec, ...]
    hourly: tuple[str, ...] = ()  # units whose hourly readings are kept
    heating_peak: float = 0.0  # positive: load peaks in winter, negative: in summer
    replaced_meters: tuple[tuple[str, str, bool], ...] = ()  # (unit, month, whether the new meter has a new number)
    description: tuple[str, str] = field(default=("", ""))

    def days(self, months: tuple[str, ...]) -> np.ndarray:
        """All days (n,) of consecutive months as datetime64[D]."""
        first = np.datetime64(f"{months[0]}-01")
        last = (np.datetime64(months[-1], "M") + 1).astype("datetime64[D]")
        return np.arange(first, last, dtype="datetime64[D]")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of a CSV table beside this file."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


@cache
def coal_source(name: str) -> dict[str, float]:
    """Mean quality of a coal source: moistures, ash, sulphur [%], dry-ash-free composition [%], Dulong offset [MJ/kg]."""
    row = next(row for row in table("coal_sources") if row["source"] == name)
    return {key: float(value) for key, value in row.items() if key not in {"source", "zh"}}


@cache
def plant_default(fuel: str) -> dict[str, str]:
    """Default values a plant takes for a fuel; every coal shares one row."""
    rows = {row["fuel"]: row for row in table("plant_defaults")}
    return rows.get(fuel, rows["coal"])


def oxidation_rate(fuel: str, month: str) -> str:
    """Oxidation rate [%] that the simulated plant files for a month."""
    return plant_default(fuel)["oxidation_rate_2025" if month <= "2025-12" else "oxidation_rate_2026"]


def last_day(month: str) -> date:
    """Last calendar day of a month `YYYY-MM`."""
    return (np.datetime64(month, "M") + 1).astype("datetime64[D]").astype(date) - date.resolution


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Consecutive months from `first` to `last`, both included."""
    return tuple(str(month) for month in np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1))
