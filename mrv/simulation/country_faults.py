"""Faults sown over a country: each chosen unit-month gets one of a few slips or manipulations, vectorised."""

from collections.abc import Callable

import numpy as np

from mrv.simulation.country_frames import Block
from mrv.simulation.integers import divide_half_up, emission


def _rounded_share(values: np.ndarray, percent: int) -> np.ndarray:
    return divide_half_up(values * percent, 100)


def _understated_emission(coal: Block, unit: Block, at: np.ndarray, of: np.ndarray) -> None:
    coal.values["reported_emission"][at] = _rounded_share(coal.values["reported_emission"][at], 97)


def _air_dry_carbon(coal: Block, unit: Block, at: np.ndarray, of: np.ndarray) -> None:
    coal.values["carbon_content_ar"][at] = coal.values["carbon_content_ad"][at]


def _shaved_carbon(coal: Block, unit: Block, at: np.ndarray, of: np.ndarray) -> None:
    """Carbon 5 % lower, and everything that follows from it consistent."""
    for parameter in ("carbon_content_ad", "carbon_content_ar"):
        coal.values[parameter][at] = _rounded_share(coal.values[parameter][at], 95)
    carbon_ad, water, air_dry = (coal.values[name][at] for name in ("carbon_content_ad", "moisture_ar", "moisture_ad"))
    carbon = divide_half_up(carbon_ad * (10_000 - water), 10_000 - air_dry)
    coal.values["carbon_content_ar"][at] = carbon
    consumption, oxidation = coal.values["fuel_consumption"][at], coal.values["oxidation_rate"][at]
    coal.values["reported_emission"][at] = emission(consumption, carbon, 4, oxidation)


def _kilowatt_hours(coal: Block, unit: Block, at: np.ndarray, of: np.ndarray) -> None:
    unit.values["purchased_electricity"][of] *= 1000


def _too_many_hours(coal: Block, unit: Block, at: np.ndarray, of: np.ndarray) -> None:
    unit.values["run_hours"][of] = 76_800


def _grid_bill(coal: Block, unit: Block, at: np.ndarray, of: np.ndarray) -> None:
    unit.values["grid_electricity_settled"][of] = _rounded_share(unit.values["grid_electricity_settled"][of], 97)


KINDS: tuple[Callable[[Block, Block, np.ndarray, np.ndarray], None], ...] = (
    _understated_emission, _air_dry_carbon, _shaved_carbon, _kilowatt_hours, _too_many_hours, _grid_bill,
)  # fmt: skip


def plant_national_faults(coal: Block, unit: Block, share: float, rng: np.random.Generator) -> None:
    """Edit the integers in place: unit-months of a coal are hit with probability `share`, each by one kind.

    `coal` holds a row per unit-month that burns it, `unit` one per unit-month of the country.
    """
    hit = rng.random(len(coal.rows)) < share
    kind = rng.integers(0, len(KINDS), len(coal.rows))
    for number, edit in enumerate(KINDS):
        at = np.flatnonzero(hit & (kind == number))
        edit(coal, unit, at, coal.rows[at])
