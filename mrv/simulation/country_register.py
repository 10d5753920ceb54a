"""The units of a country: sizes, classes and habits drawn from a small fleet table."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mrv.simulation.model import Row, canonical_frame
from mrv.simulation.numbers import generator
from mrv.simulation.register import credit_code
from mrv.simulation.specs import table


@dataclass(frozen=True)
class Fleet:
    """Units (n,) of a country, in the order of their keys. `plant` numbers the plant, `number` the unit within it."""

    plant_ids: list[str]
    plant: np.ndarray
    number: np.ndarray
    kind: np.ndarray  # row of unit_fleet.csv
    capacity: np.ndarray  # MW, integer
    auxiliary: np.ndarray
    net_rate: np.ndarray  # gce/kWh
    load: np.ndarray
    heat: np.ndarray  # bool: supplies heat
    fuel: np.ndarray  # stream, text
    province: np.ndarray  # (plants,) row of provinces.csv


def fleet(plant_ids: list[str], seed: int) -> Fleet:
    """One or two equal units per plant."""
    plants = len(plant_ids)
    rng = generator(seed, "fleet")
    kinds = table("unit_fleet")
    weights = np.array([float(row["weight"]) for row in kinds])
    per_plant = 1 + (rng.random(plants) < 0.4)
    plant = np.repeat(np.arange(plants), per_plant)
    number = np.concatenate([np.arange(1, many + 1) for many in per_plant]) if plants else np.zeros(0, dtype=np.int64)
    kind = rng.choice(len(kinds), plants, p=weights / weights.sum())[plant]
    low, high = (np.array([float(row[f"net_{end}"]) for row in kinds])[kind] for end in ("low", "high"))
    fuel = np.array([row["fuel"] for row in kinds], dtype=object)[kind]
    capacity = np.array([int(row["capacity"]) for row in kinds])[kind]
    heats = (rng.random(plants) < 0.4)[plant] & (fuel != "natural_gas") & (capacity <= 350)
    return Fleet(
        plant_ids,
        plant,
        number,
        kind,
        capacity,
        np.array([float(row["auxiliary"]) for row in kinds])[kind],
        rng.uniform(low, high),
        rng.uniform(0.62, 0.80, len(plant)),
        heats,
        fuel,
        rng.integers(0, len(table("provinces")), plants),
    )


def plant_rows(sector: str, plant_ids: list[str], province: np.ndarray) -> list[Row]:
    """Rows of the table `plant` for one sector; `province` (plants,) numbers rows of provinces.csv."""
    provinces = table("provinces")
    word = next(row["word"] for row in table("country_sectors") if row["sector"] == sector)
    rows = []
    for plant_id, number in zip(plant_ids, province.tolist(), strict=True):
        place = provinces[number]
        rows.append(
            {
                "plant_id": plant_id,
                "sector": sector,
                "name": f"示例{plant_id}{word}有限公司（虚构）",
                "credit_code": credit_code(place["division"], f"MA{plant_id}"),
                "province": place["province"],
                "longitude": place["longitude"],
                "latitude": place["latitude"],
                "altitude": "100",
                "grid_region": place["grid_region"],
            }
        )
    return rows


def register_tables(units: Fleet) -> dict[str, pd.DataFrame]:
    """Tables `plant` and `unit` of the power plants."""
    kinds = table("unit_fleet")
    plants = plant_rows("power", units.plant_ids, units.province)
    rows = []
    for position in range(len(units.plant)):
        kind = kinds[units.kind[position]]
        number = int(units.number[position])
        rows.append(
            {
                "plant_id": units.plant_ids[units.plant[position]],
                "unit_id": f"U{number}",
                "name": f"{number}号机组",
                "unit_class": kind["unit_class"],
                "product_class": "chp" if units.heat[position] else "condensing",
                "capacity": kind["capacity"],
                "boiler_type": {"gas": "other", "unconventional_coal": "cfb"}.get(kind["unit_class"], "pulverised"),
                "cooling_mode": "water",
                "fuels": kind["fuel"],
                "standby": "no",
                "pressure_class": kind["pressure_class"],
                "commissioned_on": "2012-01-01",
            }
        )
    return {"plant": canonical_frame("plant", plants), "unit": canonical_frame("unit", rows)}
