"""Monthly totals, rates and intensities of each reporting unit of a power plant."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.accounting import operation
from mrv.accounting.accounts import UNIT_MONTH_COLUMNS
from mrv.accounting.decimals import objects
from mrv.accounting.inputs import UNIT_KEY, choose, only, present, sorted_codes, wide

PARAMETERS = (
    "power_generation",
    "power_supplied",
    "heat_supplied",
    "run_hours",
    "heat_supply_ratio",
    "boiler_heat",
    "load_factor",
)


def sums(values: Iterable[Decimal | None], codes: np.ndarray, count: int) -> np.ndarray:
    """Sum of the present values per group (codes 0 … count−1); None for a group without any."""
    if np.bincount(codes, minlength=1).max() <= 1:  # nothing to add up
        single = np.full(count, None, dtype=object)
        single[codes] = objects(values)
        return single
    totals: list[Decimal | None] = [None] * count
    for value, code in zip(values, codes, strict=True):
        if value is not None:
            before = totals[code]
            totals[code] = value if before is None else before + value
    result = np.empty(count, dtype=object)
    result[:] = totals
    return result


def unit_months(parameter: pd.DataFrame, lines: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Totals, load factor, rates and intensities.

    Parameters
    ----------
    parameter : canonical frame of accepted rows of sector `power`
    lines : emission lines of the same batch
    members : `mrv.accounting.register.groups`; an unregistered unit reports for itself

    Returns
    -------
    DataFrame with `UNIT_MONTH_COLUMNS`; merged units as their group: hours weighted by capacity, load factor ΣW / Σ(P·t), a
    stand-by unit's hours and generation counted with the largest unit of its group (CETS-VG-01.01-V02 tables 16–17).
    """
    filed = wide(parameter, UNIT_KEY, PARAMETERS).merge(
        members[["plant_id", "unit_id", "group", "capacity", "standby"]], on=["plant_id", "unit_id"], how="left"
    )
    filed["group"] = filed["group"].fillna(filed["unit_id"])
    filed["capacity"] = filed["capacity"].astype(object).where(filed["capacity"].notna(), None)
    emitting = lines[lines["source"] == "combustion"]
    known = emitting[["plant_id", "unit_id"]].merge(members, on=["plant_id", "unit_id"], how="left")["group"]
    key = ["plant_id", "sector", "group", "month"]
    emitting = emitting.assign(group=known.set_axis(emitting.index).fillna(emitting["unit_id"]))
    frame, codes = sorted_codes(pd.concat([filed[key], emitting[key]]), key)
    filed_codes, line_codes = codes[: len(filed)], codes[len(filed) :]
    count = len(frame)
    result = frame.rename(columns={"group": "unit_id"})
    result["tco2"] = sums(emitting["tco2"], line_codes, count)
    result["fuel_heat"] = sums(emitting["heat"], line_codes, count)
    for name in ("power_generation", "power_supplied", "heat_supplied", "boiler_heat"):
        result[name] = sums(filed[name], filed_codes, count)
    hours, factor = _operation(filed, filed_codes, count)
    result["run_hours"], result["load_factor"] = hours, factor
    ratio = sums(filed["heat_supply_ratio"], filed_codes, count)
    single = np.bincount(filed_codes[present(filed["heat_supply_ratio"])], minlength=count) <= 1
    computed = operation.heat_supply_ratio(result["heat_supplied"].to_numpy(), result["boiler_heat"].to_numpy())
    no_heat = np.array([not value for value in result["heat_supplied"]])
    result["heat_supply_ratio"] = choose(
        computed, only(single, ratio), only(no_heat, np.full(count, Decimal(0), dtype=object))
    )
    _rates(result)
    provisional = np.zeros(count, dtype=bool)
    np.logical_or.at(provisional, line_codes, emitting["provisional"].astype(bool).to_numpy())
    result["provisional"] = provisional
    result[["output", "intensity", "secondary_energy_share"]] = None  # of industrial units
    return result[UNIT_MONTH_COLUMNS]


def _operation(filed: pd.DataFrame, codes: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Run hours [h] and load factor [%] of each group; the filed value where a single unit's cannot be recomputed."""
    standby = (filed["standby"] == "yes").to_numpy()
    capacity = filed["capacity"].to_numpy()
    hours, generation = filed["run_hours"].to_numpy().copy(), filed["power_generation"].to_numpy().copy()
    for position in np.flatnonzero(standby):
        mates = np.flatnonzero((codes == codes[position]) & ~standby & present(capacity))
        if len(mates):
            stands_for = max(mates, key=lambda mate: (capacity[mate], -mate))
            for values in (hours, generation):
                values[stands_for] = (values[stands_for] or Decimal(0)) + (values[position] or Decimal(0))
    takes_part = ~standby & present(hours) & present(capacity)
    unit_hours = only(takes_part, hours)
    unit_capacity = only(takes_part, capacity)
    product = np.array(
        [None if hour is None else hour * size for hour, size in zip(unit_hours, unit_capacity, strict=True)]
    )
    weighted = sums(product, codes, count)
    sizes = sums(unit_capacity, codes, count)
    output = sums(generation[~standby], codes[~standby], count)
    total = np.array(
        [above / below if above is not None and below else None for above, below in zip(weighted, sizes, strict=True)],
        dtype=object,
    )
    factor = np.array(
        [
            power * 100 / base if power is not None and base else None
            for power, base in zip(output, weighted, strict=True)
        ],
        dtype=object,
    )
    alone = np.bincount(codes[~standby], minlength=count) == 1
    filed_hours, filed_factor = sums(filed["run_hours"], codes, count), sums(filed["load_factor"], codes, count)
    return choose(total, only(alone, filed_hours)), choose(factor, only(alone, filed_factor))


def _rates(result: pd.DataFrame) -> None:
    """Adds the auxiliary rates and intensities of guide Annex E (not subject to verification)."""
    ratio = result["heat_supply_ratio"].to_numpy()
    coal = operation.standard_coal(result["fuel_heat"].to_numpy(), heat_per_tce=constant("gj_per_tce").value)
    generation, heat = result["power_generation"].to_numpy(), result["heat_supplied"].to_numpy()
    emission = result["tco2"].to_numpy()
    result["generation_coal_rate"] = operation.generation_fuel_rate(coal, ratio, generation)
    result["heat_coal_rate"] = operation.heat_fuel_rate(coal, ratio, heat)
    result["generation_intensity"] = operation.generation_intensity(emission, ratio, generation)
    result["heat_intensity"] = operation.heat_intensity(emission, ratio, heat)
