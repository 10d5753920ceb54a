"""Hours, load, efficiency, fuel rates and intensities of power units.

All functions take object arrays of `Decimal` of one shape (or single Decimals) and give exact, unrounded values; the
rule set rounds. `None` in gives `None` out, and so does a denominator of 0. Shares and rates named in % are per cent.
Sources: CETS-VG-01.01-V02 tables 13, 16, 17 and check points; power guide annex E.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from mrv.accounting.decimals import elementwise

GJ_PER_MWH = Decimal("3.6")  # by definition of the hour
HUNDRED = Decimal(100)


def _ratio(numerator: Callable[..., Decimal], denominator: Callable[..., Decimal], inputs: int) -> Callable[..., Any]:
    """A quotient of two expressions of the same arguments; None when the denominator is 0."""

    def one(*values: Decimal) -> Decimal | None:
        below = denominator(*values)
        return None if below == 0 else numerator(*values) / below

    return elementwise(one, inputs)


_quotient = _ratio(lambda a, b: a, lambda a, b: b, 2)
_percent = _ratio(lambda a, b: HUNDRED * a, lambda a, b: b, 2)
_load = _ratio(lambda w, p, t: HUNDRED * w, lambda w, p, t: p * t, 3)
_product = elementwise(lambda a, b: a * b, 2)
_for_power = _ratio(lambda x, a, w: x * (HUNDRED - a) / HUNDRED, lambda x, a, w: w, 3)
_for_heat = _ratio(lambda x, a, q: x * a / HUNDRED, lambda x, a, q: q, 3)
_chp = _ratio(lambda w, q, f: HUNDRED * (w * GJ_PER_MWH + q), lambda w, q, f: f, 3)
_biomass = _ratio(lambda q, eta, f: HUNDRED * (HUNDRED * q - eta * f), lambda q, eta, f: HUNDRED * q, 3)


def utilisation_hours(generation: Any, capacity: Any) -> Any:
    """Utilisation hours (利用小时) [h] = W / P, from generation [MWh] and rated capacity [MW]."""
    return _quotient(generation, capacity)


def load_factor(generation: Any, capacity: Any, hours: Any) -> Any:
    """Load (output) factor (负荷（出力）系数) [%] of a unit: X = W / (P·t), from MWh, MW and run hours [h]."""
    return _load(generation, capacity, hours)


def _by_group(values: Any, group: np.ndarray) -> np.ndarray:
    """Sums of values per group 0, 1, …; None for a group with a None. Shape (groups,)."""
    group = np.asarray(group, dtype=int)
    if group.size and group.min() < 0:
        raise ValueError("groups are numbered from 0; leave stand-by units out")
    sums: list[Decimal | None] = [Decimal(0)] * (int(group.max()) + 1 if group.size else 0)
    for value, member in zip(values, group, strict=True):
        known = sums[member]
        sums[member] = None if known is None or value is None else known + value
    result = np.empty(len(sums), dtype=object)
    result[:] = sums
    return result


def run_hours_merged(hours: Any, capacity: Any, group: np.ndarray) -> np.ndarray:
    """Run hours [h] of units reported together: t = Σ(t·P) / ΣP (formula 9); arrays of shape (units,).

    `group` numbers the merged group of each unit from 0; returns shape (groups,). Stand-by units are not in the
    weighting: join them first with `with_standby`. A group with any absent value has no value.
    """
    return _quotient(_by_group(_product(hours, capacity), group), _by_group(capacity, group))


def load_factor_merged(generation: Any, capacity: Any, hours: Any, group: np.ndarray) -> np.ndarray:
    """Load factor [%] of units reported together: X = ΣW / Σ(P·t); shapes as in `run_hours_merged`."""
    return _percent(_by_group(generation, group), _by_group(_product(capacity, hours), group))


def with_standby(values: np.ndarray, replaces: np.ndarray) -> np.ndarray:
    """Hours or generation with those of stand-by units (备用机组) added to the unit each stands in for.

    `replaces` (shape (units,)) gives the place of the replaced unit, or -1 for a unit that is no stand-by. Returns
    shape (units that are no stand-by,), in order: the two count as one unit. Raises `ValueError` when a stand-by unit
    replaces another stand-by unit.
    """
    replaces = np.asarray(replaces, dtype=int)
    standby = np.flatnonzero(replaces >= 0)
    if (replaces[replaces[standby]] >= 0).any():
        raise ValueError("a stand-by unit stands in for another stand-by unit")
    serving = replaces < 0
    number = np.cumsum(serving) - 1
    return _by_group(values, np.where(serving, number, number[replaces]))


def thermal_efficiency_chp(generation: Any, heat: Any, fuel_heat: Any) -> Any:
    """Thermal efficiency [%] of combined heat and power: (3.6·W + Q) / Σ(FC·NCV), from MWh, GJ, GJ; below 100 %."""
    return _chp(generation, heat, fuel_heat)


def thermal_efficiency_condensing(generation: Any, fuel_heat: Any) -> Any:
    """Thermal efficiency [%] of a condensing unit: 3.6·W / Σ(FC·NCV), from MWh and GJ; below 46 %."""
    return _chp(generation, Decimal(0), fuel_heat)


def heat_supply_ratio(heat: Any, boiler_heat: Any) -> Any:
    """Heat supply ratio (供热比) a [%] = Q / Q_boiler, both GJ."""
    return _percent(heat, boiler_heat)


def standard_coal(fuel_heat: Any, *, heat_per_tce: Decimal) -> Any:
    """Fuel [tce] = Σ(FC·NCV) / heat of one tonne of coal equivalent [GJ/tce]."""
    return _quotient(fuel_heat, heat_per_tce)


def generation_fuel_rate(fuel: Any, heat_supply_ratio: Any, generation: Any) -> Any:
    """Fuel rate of generation (发电煤（气）耗) = B·(1 - a) / W [tce/MWh or 10⁴Nm³/MWh]; a in %."""
    return _for_power(fuel, heat_supply_ratio, generation)


def heat_fuel_rate(fuel: Any, heat_supply_ratio: Any, heat: Any) -> Any:
    """Fuel rate of heat (供热煤（气）耗) = B·a / Q [tce/GJ or 10⁴Nm³/GJ]; a in %."""
    return _for_heat(fuel, heat_supply_ratio, heat)


def generation_intensity(emission: Any, heat_supply_ratio: Any, generation: Any) -> Any:
    """Emission intensity of generation (发电碳排放强度) = E·(1 - a) / W [tCO2/MWh]; a in %."""
    return _for_power(emission, heat_supply_ratio, generation)


def heat_intensity(emission: Any, heat_supply_ratio: Any, heat: Any) -> Any:
    """Emission intensity of heat (供热碳排放强度) = E·a / Q [tCO2/GJ]; a in %."""
    return _for_heat(emission, heat_supply_ratio, heat)


def biomass_heat_share(boiler_heat: Any, boiler_efficiency: Any, fossil_heat: Any) -> Any:
    """Biomass share of heat (生物质热量占比) [%] = (Q_boiler/η - Σ FC·NCV) / (Q_boiler/η); GJ, η in %, GJ."""
    return _biomass(boiler_heat, boiler_efficiency, fossil_heat)
