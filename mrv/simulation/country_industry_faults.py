"""Faults sown over the industrial plants of a country: powers of ten, wrong factors, a reported emission that is off."""

import numpy as np

from mrv.simulation.country_industry_sheet import Sheet
from mrv.simulation.integers import divide_half_up

# Sector → stream, parameter, and the ratio by which the filed value is off.
FAULTS: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "cement": (
        ("bituminous_coal", "fuel_consumption", 10, 1),
        ("", "clinker_process_factor", 98, 100),
        ("portland_clinker", "reported_emission", 97, 100),
        ("", "purchased_electricity", 10, 1),
    ),
    "aluminium": (
        ("", "anode_consumption", 10, 1),
        ("", "cf4_factor", 17, 10),
        ("", "aluminium_output", 1, 10),
        ("natural_gas", "reported_emission", 97, 100),
    ),
    "steel": (
        ("washed_coking_coal", "fuel_consumption", 10, 1),
        ("coke", "net_calorific_value", 98, 100),
        ("scrap_steel", "material_factor", 50, 100),
        ("washed_coking_coal", "reported_emission", 97, 100),
        ("coke", "fuel_input", 1, 10),
        ("", "process_product_output", 10, 1),
    ),
}  # fmt: skip


def plant_industry_faults(sheet: Sheet, share: float, rng: np.random.Generator) -> None:
    """Edit the integers in place: each unit-month is hit with probability `share` by one of the faults that fit what it files."""
    faults, count = FAULTS[sheet.sector], len(sheet.plant) * len(sheet.months)
    targets = [
        [one for one in sheet.entries if (one.stream_id, one.parameter) == (stream, parameter)]
        for stream, parameter, _, _ in faults
    ]
    fits = np.zeros((len(faults), count), dtype=bool)
    for number, entries in enumerate(targets):
        for entry in entries:
            fits[number, entry.rows] = True
    hit = rng.random(count) < share
    chosen = np.where(fits, rng.random(fits.shape), -1).argmax(axis=0)
    for number, (_, _, above, below) in enumerate(faults):
        for entry in targets[number]:
            here = (hit & fits[number] & (chosen == number))[entry.rows]
            entry.ints[here] = divide_half_up(entry.ints[here] * above, below)
