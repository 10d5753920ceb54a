"""The industrial plants of a country: how many of each sector, what they file, their facilities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mrv.simulation import country_industry_aluminium, country_industry_cement, country_industry_steel
from mrv.simulation.country_industry_faults import plant_industry_faults
from mrv.simulation.country_industry_sheet import Sheet
from mrv.simulation.country_register import plant_rows
from mrv.simulation.model import Row, canonical_frame
from mrv.simulation.numbers import generator
from mrv.simulation.specs import table


@dataclass(frozen=True)
class Works:
    """How plants of a sector are made up and what they file."""

    names: list[str]
    units_there: Callable[[int, np.random.Generator], np.ndarray]
    write: Callable[[Sheet], list[Row]]


WORKS: dict[str, Works] = {
    "cement": Works(country_industry_cement.NAMES, country_industry_cement.units_there, country_industry_cement.write),
    "steel": Works(country_industry_steel.NAMES, country_industry_steel.units_there, country_industry_steel.write),
    "aluminium": Works(
        country_industry_aluminium.NAMES, country_industry_aluminium.units_there, country_industry_aluminium.write
    ),
}
FUELS = {"fuel_consumption", "fuel_input", "fuel_output"}
MATERIALS = {"material_consumption", "substitute_consumption", "carbon_product_output"}


def plants_of_sectors(plants: int) -> dict[str, list[str]]:
    """Keys of the plants of each sector, in the proportions of the market (largest remainders); they add up to `plants`."""
    rows = table("country_sectors")
    market = [int(row["enterprises"]) for row in rows]
    whole = [plants * many // sum(market) for many in market]
    rest = [plants * many % sum(market) for many in market]
    for place in sorted(range(len(rows)), key=lambda at: -rest[at])[: plants - sum(whole)]:
        whole[place] += 1
    result, last = {}, 0
    for row, many in zip(rows, whole, strict=True):
        result[row["sector"]] = [f"N{position:05d}" for position in range(last + 1, last + many + 1)]
        last += many
    return result


def industry_tables(
    sector: str, plant_ids: list[str], months: Sequence[str], seed: int, fault_share: float
) -> dict[str, pd.DataFrame]:
    """Tables `plant`, `facility` and `parameter` of the plants of one industrial sector; same arguments, same frames."""
    works, rng = WORKS[sector], generator(seed, "national", sector)
    sheet = Sheet(sector, plant_ids, works.names, works.units_there(len(plant_ids), rng), list(months), rng)
    registered = works.write(sheet)
    facilities = _facilities(sheet, registered)
    plant_industry_faults(sheet, fault_share, generator(seed, "national faults", sector))
    province = rng.integers(0, len(table("provinces")), len(plant_ids))
    return {
        "plant": canonical_frame("plant", plant_rows(sector, plant_ids, province)),
        "facility": facilities,
        "parameter": sheet.frame(),
    }


def _facilities(sheet: Sheet, registered: list[Row]) -> pd.DataFrame:
    fuels: list[set[str]] = [set() for _ in sheet.plant]
    materials: list[set[str]] = [set() for _ in sheet.plant]
    for entry in sheet.entries:
        for kind, streams in ((FUELS, fuels), (MATERIALS, materials)):
            if entry.parameter in kind:
                for unit in np.unique(sheet.unit_of(entry.rows)).tolist():
                    streams[unit].add(entry.stream_id)
    rows = [
        {
            "plant_id": sheet.plant_ids[sheet.plant[unit]],
            "sector": sheet.sector,
            "unit_id": sheet.names[sheet.unit[unit]],
            "fuels": ";".join(sorted(fuels[unit])),
            "materials": ";".join(sorted(materials[unit])),
            "commissioned_on": "2012-05-01",
            **columns,
        }
        for unit, columns in enumerate(registered)
    ]
    return canonical_frame("facility", rows)
