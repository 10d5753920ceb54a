"""Specific enthalpy of water and steam by IAPWS-IF97, rounded once where it enters the accounts."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

STEAM, WATER = "steam", "water"
HUNDREDTH = Decimal("0.01")
# Bounds of IAPWS-IF97, kept in the unit of the argument: MPa and °C.
_LOWEST_PRESSURE = Decimal("0.000612")  # triple point
_HIGHEST_PRESSURE = Decimal(100)
_HIGHEST_TEMPERATURE = Decimal(800)
_FREEZING = Decimal("0.01")  # triple point; below it there is no liquid to tell of
_REGION_3 = Decimal(350)  # from here on liquid at saturation is in region 3 of the formulation
_REGION_3_BAR = 165.29  # the pressure at which water boils at 350 °C
# A saturated state written with rounded p and t falls on either side of the line; this near to it the medium decides.
_BAND = 1.0  # [K]
_SATURATED = 2e-4  # [bar] this near to the saturation pressure the library has no single-phase value


class Enthalpies(NamedTuple):
    """`value` [kJ/kg, two decimals] or None, and `reason` (empty, or why there is none); object arrays of one shape."""

    value: np.ndarray
    reason: np.ndarray


def enthalpy(pressure: Any, temperature: Any, medium: Any) -> Enthalpies:
    """Specific enthalpy [kJ/kg] at `pressure` [MPa, absolute, 0.000612 to 100] and `temperature` [°C, 0.01 to 800].

    Object arrays of shape (n,) of `Decimal`, `None` where absent; `medium` is `steam` or `water`. Water without a
    pressure is liquid at saturation (below 350 °C). What the numbers put on the wrong side of the boiling line by
    less than 1 K is taken as saturated vapour (steam) or liquid (water). Rounded half-up to 0.01 kJ/kg here and
    nowhere else.

    No value but a reason, never an exception: `no_temperature`, `no_pressure` (steam), `out_of_range`, `not_steam`
    (the state is liquid: often a gauge pressure taken for an absolute one, or wet steam), `not_water` (the state is
    vapour), `near_critical` (region 3, above 350 °C and 16.5 MPa up to about 410 °C at 25 MPa: the library solves it
    to some tenths of a kJ/kg only, as the published check values show, and no heat is delivered there). Source:
    IAPWS-IF97 (release R7-97, 2012), as CETS-VG-01.01-V02 table 15 asks for water and steam tables.
    """
    pairs = np.frompyfunc(_state, 3, 1)(pressure, temperature, medium)
    pick = np.frompyfunc(lambda pair, which: pair[which], 2, 1)
    return Enthalpies(pick(pairs, 0), pick(pairs, 1))


@lru_cache(maxsize=1)
def _library() -> tuple[Any, Any]:
    """The steam tables (bar, °C, kJ/kg) and the region of a state (MPa, K)."""
    from pyXSteam.RegionSelection import region_pT  # slow to import, and a check without heat never needs it
    from pyXSteam.XSteam import XSteam

    return XSteam(XSteam.UNIT_SYSTEM_MKS), region_pT


@lru_cache(maxsize=65536)
def _state(pressure: Decimal | None, temperature: Decimal | None, medium: str) -> tuple[Decimal | None, str]:
    if temperature is None:
        return None, "no_temperature"
    if not _FREEZING <= temperature <= _HIGHEST_TEMPERATURE:
        return None, "out_of_range"
    if pressure is None and medium == STEAM:
        return None, "no_pressure"
    if pressure is None:
        if temperature >= _REGION_3:
            return None, "near_critical"
        return _rounded(_library()[0].hL_t(float(temperature)))
    if not _LOWEST_PRESSURE <= pressure <= _HIGHEST_PRESSURE:
        return None, "out_of_range"
    return _at(float(pressure) * 10, float(temperature), medium)


def _at(bar: float, celsius: float, medium: str) -> tuple[Decimal | None, str]:
    """A state given by pressure and temperature, within the bounds of the formulation."""
    table, region = _library()
    if region(bar / 10, celsius + 273.15) == 3:
        return None, "near_critical"
    if celsius >= _REGION_3:  # vapour, or beyond the critical point: not within a boiling line's reach
        return (None, "not_water") if medium == WATER else _rounded(table.h_pt(bar, celsius))
    saturation = table.psat_t(celsius)
    liquid = bar >= saturation
    if liquid == (medium == WATER) and abs(bar - saturation) > _SATURATED:
        return _rounded(table.h_pt(bar, celsius))
    if bar >= _REGION_3_BAR or abs(table.tsat_p(bar) - celsius) > _BAND:
        return None, "not_steam" if liquid else "not_water"
    return _rounded(table.hL_p(bar) if medium == WATER else table.hV_p(bar))


def _rounded(value: float) -> tuple[Decimal, str]:
    return Decimal(repr(float(value))).quantize(HUNDREDTH, ROUND_HALF_UP), ""
