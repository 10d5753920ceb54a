"""Heat deliveries of a month and their enthalpy, with steam tables of their own (IAPWS-IF97)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np
import seuif97

from mrv.simulation.numbers import half_up, observed, text
from mrv.simulation.specs import GroupSpec, HeatSpec

SPECIFIC_HEAT = Decimal("4.1868")  # kJ/(kg K), the guide's hot-water formula
COLD_WATER = Decimal("83.74")  # kJ/kg, water of 20 °C, the guide's simplified steam formula


@cache
def steam_enthalpy(pressure: Decimal, temperature: Decimal) -> Decimal:
    """Enthalpy of steam [kJ/kg], 2 decimals; absolute pressure [MPa], temperature [°C]."""
    return observed(seuif97.pt2h(float(pressure), float(temperature)), 2)


@cache
def water_enthalpy(temperature: Decimal) -> Decimal:
    """Enthalpy of saturated water [kJ/kg], 2 decimals; temperature [°C] of a return or make-up line below 100 °C."""
    return observed(seuif97.tx2h(float(temperature), 0), 2)


def delivered_heat(row: dict[str, str]) -> Decimal:
    """Heat of one `heat_flow` row [GJ], 2 decimals, by the power guide's formulas.

    Steam with return and make-up: `(D·h − D_ret·h_ret − D_mk·h_mk)/1000`; without: `D·(h − 83.74)/1000`.
    Hot water: `G·(T − 20)·4.1868/1000`.
    """
    mass, temperature = Decimal(row["mass"]), Decimal(row["temperature"])
    if row["medium"] == "water":
        return half_up(mass * (temperature - 20) * SPECIFIC_HEAT / 1000, 2)
    enthalpy = steam_enthalpy(Decimal(row["pressure"]), temperature)
    if not row["return_mass"]:
        return half_up(mass * (enthalpy - COLD_WATER) / 1000, 2)
    returned = Decimal(row["return_mass"]) * water_enthalpy(Decimal(row["return_temperature"]))
    made_up = Decimal(row["makeup_mass"]) * water_enthalpy(Decimal(row["makeup_temperature"]))
    return half_up((mass * enthalpy - returned - made_up) / 1000, 2)


@dataclass(frozen=True)
class HeatMonths:
    """`rows` of the heat_flow table by month, and the heat of each day (n,) [GJ]."""

    rows: dict[str, list[dict[str, str]]]
    daily: np.ndarray


def heat_months(
    plant_id: str, group: GroupSpec, days: np.ndarray, hours: np.ndarray, rng: np.random.Generator
) -> HeatMonths:
    """Deliveries of a group: `hours` (n,) the running hours of each day, during which heat flows."""
    month_of = days.astype("datetime64[M]").astype(str)
    rows: dict[str, list[dict[str, str]]] = {month: [] for month in sorted(set(month_of))}
    daily = np.zeros(len(days))
    for spec in group.heat:
        season = dict(spec.season)
        for month, found in rows.items():
            here = month_of == month
            share = season.get(int(month[5:]), 0.0)
            flow = hours[here] * spec.flow * share * rng.normal(1, 0.04, here.sum())
            if flow.sum() <= 0:
                continue
            row = _delivery(plant_id, group.group_id, month, spec, float(flow.sum()), rng)
            found.append(row)
            daily[here] += float(row["heat"]) * flow / flow.sum()
    return HeatMonths(rows, daily)


def _delivery(
    plant_id: str, unit_id: str, month: str, spec: HeatSpec, mass: float, rng: np.random.Generator
) -> dict[str, str]:
    row = {
        "plant_id": plant_id,
        "unit_id": unit_id,
        "month": month,
        "delivery": spec.delivery,
        "route": spec.route,
        "medium": spec.medium,
        "mass": text(observed(mass, 2)),
        "temperature": text(observed(spec.temperature + rng.normal(0, 1.5), 2)),
        "pressure": text(observed(spec.pressure * rng.normal(1, 0.01), 3)) if spec.pressure else "",
        "return_mass": "",
        "return_temperature": "",
        "makeup_mass": "",
        "makeup_temperature": "",
    }
    if spec.return_share:
        returned = half_up(Decimal(row["mass"]) * observed(spec.return_share, 3), 2)
        row["return_mass"] = text(returned)
        row["return_temperature"] = text(observed(spec.return_temperature + rng.normal(0, 2), 2))
        row["makeup_mass"] = text(Decimal(row["mass"]) - returned)
        row["makeup_temperature"] = text(observed(17 + rng.normal(0, 2), 2))
    row["heat"] = text(delivered_heat(row))
    return row
