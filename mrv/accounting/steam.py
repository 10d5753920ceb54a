"""Specific enthalpy of water and steam by IAPWS-IF97, rounded once where it enters the accounts."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import seuif97

STEAM, WATER = "steam", "water"
HUNDREDTH = Decimal("0.01")
# Bounds of IAPWS-IF97, kept in the unit of the argument: MPa and °C.
_LOWEST_PRESSURE = Decimal("0.000612")  # triple point
_HIGHEST_PRESSURE = Decimal(100)
_HIGHEST_TEMPERATURE = Decimal(800)
_FREEZING = Decimal("0.01")  # triple point; below it there is no liquid to tell of
_CRITICAL_TEMPERATURE = 373.946  # [°C], 647.096 K: beyond it nothing boils
_CRITICAL_PRESSURE = 22.064  # [MPa]
# A saturated state written with rounded p and t falls on either side of the line; this near to it the medium decides.
_BAND = 1.0  # [K]
_SATURATED = 2e-5  # [MPa] this near to the saturation pressure a state has no single-phase value


class Enthalpies(NamedTuple):
    """`value` [kJ/kg, two decimals] or None, and `reason` (empty, or why there is none); object arrays of one shape."""

    value: np.ndarray
    reason: np.ndarray


def enthalpy(pressure: Any, temperature: Any, medium: Any) -> Enthalpies:
    """Specific enthalpy [kJ/kg] at `pressure` [MPa, absolute, 0.000612 to 100] and `temperature` [°C, 0.01 to 800].

    Object arrays of shape (n,) of `Decimal`, `None` where absent; `medium` is `steam` or `water`. Water without a
    pressure is liquid at saturation (below 373.946 °C). What the numbers put on the wrong side of the boiling line by
    less than 1 K is taken as saturated vapour (steam) or liquid (water). Rounded half-up to 0.01 kJ/kg here and
    nowhere else.

    No value but a reason, never an exception: `no_temperature`, `no_pressure` (steam), `out_of_range`, `not_steam`
    (the state is liquid: often a gauge pressure taken for an absolute one, or wet steam), `not_water` (the state is
    vapour). Source: IAPWS-IF97 (release R7-97, 2012), as CETS-VG-01.01-V02 table 15 asks for water and steam tables.
    """
    pairs = np.frompyfunc(_state, 3, 1)(pressure, temperature, medium)
    pick = np.frompyfunc(lambda pair, which: pair[which], 2, 1)
    return Enthalpies(pick(pairs, 0), pick(pairs, 1))


@lru_cache(maxsize=65536)
def _state(pressure: Decimal | None, temperature: Decimal | None, medium: str) -> tuple[Decimal | None, str]:
    if temperature is None:
        return None, "no_temperature"
    if not _FREEZING <= temperature <= _HIGHEST_TEMPERATURE:
        return None, "out_of_range"
    if pressure is None and medium == STEAM:
        return None, "no_pressure"
    if pressure is None:
        if temperature >= Decimal(str(_CRITICAL_TEMPERATURE)):
            return None, "not_water"
        return _rounded(seuif97.tx2h(float(temperature), 0))
    if not _LOWEST_PRESSURE <= pressure <= _HIGHEST_PRESSURE:
        return None, "out_of_range"
    return _at(float(pressure), float(temperature), medium)


def _at(pressure: float, celsius: float, medium: str) -> tuple[Decimal | None, str]:
    """A state given by pressure [MPa] and temperature, within the bounds of the formulation."""
    if celsius >= _CRITICAL_TEMPERATURE:
        return (None, "not_water") if medium == WATER else _rounded(seuif97.pt2h(pressure, celsius))
    saturation = seuif97.tx2p(celsius, 0)
    liquid = pressure >= saturation
    if liquid == (medium == WATER) and abs(pressure - saturation) > _SATURATED:
        return _rounded(seuif97.pt2h(pressure, celsius))
    if pressure >= _CRITICAL_PRESSURE or abs(seuif97.px2t(pressure, 0) - celsius) > _BAND:
        return None, "not_steam" if liquid else "not_water"
    return _rounded(seuif97.px2h(pressure, 0 if medium == WATER else 1))


def _rounded(value: float) -> tuple[Decimal, str]:
    return Decimal(repr(float(value))).quantize(HUNDREDTH, ROUND_HALF_UP), ""
