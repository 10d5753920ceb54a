"""A whole country of plants, fast: one row of arrays per unit and month, integers that close, text at the very end."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mrv.simulation.country_faults import plant_national_faults
from mrv.simulation.country_frames import Block, Values, daily_frame, parameter_frame
from mrv.simulation.country_industry import WORKS, industry_tables, plants_of_sectors
from mrv.simulation.country_months import days_in, number_in_year
from mrv.simulation.country_register import Fleet, fleet, register_tables
from mrv.simulation.integers import divide_half_up, emission, oxidation_ticks, ticks
from mrv.simulation.model import PlantYears, canonical_frame
from mrv.simulation.numbers import generator
from mrv.simulation.specs import plant_default

DAYS = 31  # columns of a daily array; days beyond the month are zero
TONNE_COAL_EQUIVALENT = 29.3076  # GJ
BOILER_EFFICIENCY = 0.92


def national(
    plants: int, months: Sequence[str], seed: int, fault_share: float = 0.02, daily: bool = False
) -> PlantYears:
    """Plant-years of a country: tables `plant`, `unit`, `facility`, `parameter`, and `daily_coal` when `daily`.

    plants : how many, of the four sectors in the proportions of the market, one or two units or lines each (a steel works three
    processes). months : `YYYY-MM`, consecutive. fault_share : share of unit-months [0–1] with one fault (a slip or a
    manipulation). Reported emissions, weighted means, load factors, balances and ratios of the others close exactly.
    Vectorised: 4,000 plants and 12 months take seconds. Same arguments, same frames.
    """
    keys = plants_of_sectors(plants)
    parts = [_power(keys["power"], months, seed, fault_share, daily)]
    parts += [industry_tables(sector, keys[sector], months, seed, fault_share) for sector in WORKS if keys[sector]]
    tables = {}
    for name in ("plant", "unit", "facility", "parameter", "daily_coal"):
        frames = [part[name] for part in parts if name in part]
        if frames:
            tables[name] = pd.concat(frames, ignore_index=True)
        elif name == "facility":
            tables[name] = canonical_frame(name, [])
    return PlantYears(tables)


def _power(
    plant_ids: list[str], months: Sequence[str], seed: int, fault_share: float, daily: bool
) -> dict[str, pd.DataFrame]:
    """The power plants: tables `plant`, `unit`, `parameter`, and `daily_coal` when `daily`."""
    units = fleet(plant_ids, seed)
    count = len(units.plant) * len(months)
    unit = np.repeat(np.arange(len(units.plant)), len(months))
    month = np.tile(np.array(months, dtype=object), len(units.plant))
    rng = generator(seed, "national")
    production = _production(units, unit, month, rng)
    fuel_heat = production.pop("fuel_heat")
    production["boiler_heat"] = np.zeros(count, dtype=np.int64)
    tests = [np.zeros((count, DAYS), dtype=np.int64) for _ in range(3)]
    blocks = []
    for fuel in COALS:
        rows = np.flatnonzero(units.fuel[unit] == fuel)
        values, days = _coal(fuel, unit[rows], month[rows], fuel_heat[rows], seed)
        heat = values["fuel_consumption"] * values["net_calorific_value"]  # in 10^-5 GJ
        production["boiler_heat"][rows] = divide_half_up(heat * round(BOILER_EFFICIENCY * 100), 10**5)
        blocks.append(Block(fuel, rows, values, COAL_PLACES))
        for whole, part in zip(tests, days, strict=True):
            whole[rows] = part
    rows = np.flatnonzero(units.fuel[unit] == "natural_gas")
    blocks.append(Block("natural_gas", rows, _gas(month[rows], fuel_heat[rows], rng), GAS_PLACES))
    whole_production = Block("", np.arange(count), production, UNIT_PLACES)
    sow = generator(seed, "national faults")
    for block in blocks[: len(COALS)]:
        plant_national_faults(block, whole_production, fault_share, sow)
    tables = register_tables(units)
    tables["parameter"] = parameter_frame(units, unit, month, [*blocks, whole_production])
    if daily:
        tables["daily_coal"] = daily_frame(units, unit, month, *tests)
    return tables


# Ranges of unit means: total and air-dry moisture, air-dry ash [%], carbon and hydrogen of the dry ash-free coal [%].
COALS = {
    "bituminous_coal": ((8.5, 15.5), (1.8, 4.8), (13, 27), (79.8, 83.6), (4.9, 5.2)),
    "coal_gangue": ((4.5, 8.0), (1.0, 1.8), (59, 64.5), (80.2, 82.4), (5.0, 5.3)),
}
COAL_PLACES = {
    "fuel_consumption": 2, "carbon_content_ad": 4, "moisture_ad": 2, "moisture_ar": 2, "carbon_content_ar": 4,
    "net_calorific_value": 3, "oxidation_rate": 2, "reported_emission": 2, "fuel_statistics": 2,
}  # fmt: skip
GAS_PLACES = {
    "fuel_consumption": 2, "net_calorific_value": 3, "carbon_per_heat": 5, "carbon_content_ar": 2, "oxidation_rate": 2,
    "reported_emission": 2,
}  # fmt: skip
UNIT_PLACES = {
    "power_generation": 3, "generation_statistics": 3, "auxiliary_power": 3, "power_supplied": 3, "run_hours": 2,
    "load_factor": 2, "heat_supplied": 2, "grid_electricity_exported": 3, "grid_electricity_settled": 3,
    "purchased_electricity": 3, "boiler_heat": 2,
}  # fmt: skip


def _production(units: Fleet, unit: np.ndarray, month: np.ndarray, rng: np.random.Generator) -> Values:
    count, capacity = len(unit), units.capacity[unit]
    number = number_in_year(month)
    full = days_in(month) * 2400
    hours = np.where(rng.random(count) < 0.85, full, (full * rng.uniform(0.3, 0.98, count)).astype(np.int64))
    load = np.clip(units.load[unit] + 0.05 * np.cos(2 * np.pi * number / 12) + rng.normal(0, 0.04, count), 0.45, 0.93)
    generation = ticks(capacity * hours / 100 * load, 3)
    auxiliary = ticks(generation / 1000 * units.auxiliary[unit] * rng.normal(1, 0.02, count), 3)
    supplied = generation - auxiliary
    winter = np.where(np.isin(number, (0, 1, 2, 10, 11)), 1.0, 0.25)
    heat = np.where(units.heat[unit], ticks(capacity * hours / 100 * winter * rng.uniform(1.0, 1.6, count), 2), 0)
    exported = ticks(supplied / 1000 * rng.uniform(0.9955, 0.9975, count), 3)
    rate = units.net_rate[unit] * (1 + 0.05 * (0.72 - load)) * rng.normal(1, 0.004, count)
    fuel_heat = rate * supplied / 1e6 * TONNE_COAL_EQUIVALENT + heat / 100 / BOILER_EFFICIENCY
    return {
        "fuel_heat": fuel_heat,
        "power_generation": generation,
        "generation_statistics": generation.copy(),
        "auxiliary_power": auxiliary,
        "power_supplied": supplied,
        "run_hours": hours,
        "load_factor": divide_half_up(generation * 1000, capacity * hours),
        "heat_supplied": heat,
        "grid_electricity_exported": exported,
        "grid_electricity_settled": ticks(exported / 1000 * rng.uniform(0.9992, 1.0008, count), 3),
        "purchased_electricity": ticks(capacity * 0.11 * rng.normal(1, 0.05, count), 3),
    }


def _coal(
    fuel: str, unit: np.ndarray, month: np.ndarray, fuel_heat: np.ndarray, seed: int
) -> tuple[Values, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Coal of unit-months (n,), and its daily masses, moistures and heat values (n, 31)."""
    rng, count = generator(seed, "national", fuel), len(unit)

    def of_unit(bounds: tuple[float, float], noise: float) -> np.ndarray:
        base = rng.uniform(*bounds, unit.max(initial=-1) + 1)
        return base[unit] + rng.normal(0, noise, count)

    deviations = (0.5, 0.1, 0.7, 0.25, 0.02)  # from month to month
    total, air_dry, ash, carbon_daf, hydrogen_daf = map(of_unit, COALS[fuel], deviations)
    burning = (100 - air_dry - ash) / 100
    oxygen = (100 - carbon_daf - hydrogen_daf - 2.2) * burning
    gross = 0.3383 * carbon_daf * burning + 1.443 * (hydrogen_daf * burning - oxygen / 8) + 0.075
    net = (gross - 0.206 * hydrogen_daf * burning) * (100 - total) / (100 - air_dry) - 0.023 * total
    inside = np.arange(DAYS) < days_in(month)[:, None]
    weights = inside * rng.normal(1, 0.06, (count, DAYS))
    mass = ticks(weights / weights.sum(axis=1, keepdims=True) * (fuel_heat / net)[:, None], 2)
    heats = ticks(net[:, None] + rng.normal(0, 0.2, (count, DAYS)), 3)
    waters = ticks(total[:, None] + rng.normal(0, 0.35, (count, DAYS)), 2)
    consumption = mass.sum(axis=1)
    moisture = divide_half_up((mass * waters).sum(axis=1), consumption)
    carbon_ad, moisture_ad = ticks(carbon_daf * burning / 100, 4), ticks(air_dry, 2)
    carbon = divide_half_up(carbon_ad * (10_000 - moisture), 10_000 - moisture_ad)
    oxidation = oxidation_ticks(fuel, month)
    values = {
        "fuel_consumption": consumption,
        "carbon_content_ad": carbon_ad,
        "moisture_ad": moisture_ad,
        "moisture_ar": moisture,
        "carbon_content_ar": carbon,
        "net_calorific_value": divide_half_up((mass * heats).sum(axis=1), consumption),
        "oxidation_rate": oxidation,
        "reported_emission": emission(consumption, carbon, 4, oxidation),
        "fuel_statistics": consumption.copy(),
    }
    return values, (mass, waters, heats)


def _gas(month: np.ndarray, fuel_heat: np.ndarray, rng: np.random.Generator) -> Values:
    heat = ticks(rng.uniform(335, 372, len(month)), 3)
    per_heat = np.full(
        len(month), round(float(plant_default("natural_gas")["carbon_per_heat"]) * 10**5), dtype=np.int64
    )
    consumption = ticks(fuel_heat / (heat / 1000), 2)
    carbon = divide_half_up(heat * per_heat, 10**6)
    oxidation = oxidation_ticks("natural_gas", month)
    return {
        "fuel_consumption": consumption,
        "net_calorific_value": heat,
        "carbon_per_heat": per_heat,
        "carbon_content_ar": carbon,
        "oxidation_rate": oxidation,
        "reported_emission": emission(consumption, carbon, 2, oxidation),
    }
