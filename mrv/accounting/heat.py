"""Heat supplied (供热量) [GJ]: the formulas of the power guide, and their choice for each delivery filed.

All formulas take object arrays of `Decimal` of one shape (or single Decimals), masses in t, enthalpies in kJ/kg, and
give GJ, exact and unrounded; `None` in gives `None` out. Source: CETS-VG-01.01-V02 table 15; power guide annex E.
"""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.accounting.decimals import elementwise, is_absent, objects, plain_text, to_decimal
from mrv.accounting.steam import WATER, enthalpy

_MJ_TO_GJ = Decimal(1000)  # t x kJ/kg = MJ

_direct = elementwise(lambda ds, hs, dr, hr, dm, hm: (ds * hs - dr * hr - dm * hm) / _MJ_TO_GJ, 6)
_simplified = elementwise(lambda ds, hs, reference: ds * (hs - reference) / _MJ_TO_GJ, 3)
_loop = elementwise(lambda gs, hs, gr, hr, gm, hm, eta: (gs * hs - gr * hr - gm * hm) / (_MJ_TO_GJ * eta), 7)
_hot_water = elementwise(lambda g, t, reference, specific: g * (t - reference) * specific / _MJ_TO_GJ, 4)


def heat_direct(
    mass: Any, enthalpy: Any, return_mass: Any, return_enthalpy: Any, makeup_mass: Any, makeup_enthalpy: Any
) -> Any:
    """Straight from boiler or turbine: Q = (D·h - D_return·h_return - D_makeup·h_makeup) / 1000 [GJ]."""
    return _direct(mass, enthalpy, return_mass, return_enthalpy, makeup_mass, makeup_enthalpy)


def heat_direct_simplified(mass: Any, enthalpy: Any, *, reference_enthalpy: Decimal) -> Any:
    """The same without return or make-up data: Q = D·(h - reference) / 1000 [GJ]; reference is water at 20 °C."""
    return _simplified(mass, enthalpy, reference_enthalpy)


def heat_indirect_drain(drain_mass: Any, steam_enthalpy: Any, drain_enthalpy: Any) -> Any:
    """Through heaters with metered steam: Q = D_drain·(h_steam - h_drain) / 1000 [GJ]."""
    return _simplified(drain_mass, steam_enthalpy, drain_enthalpy)


def heat_indirect_loop(
    mass: Any,
    enthalpy: Any,
    return_mass: Any,
    return_enthalpy: Any,
    makeup_mass: Any,
    makeup_enthalpy: Any,
    *,
    heater_efficiency: Decimal,
) -> Any:
    """Through heaters by the water loop: Q = (G·h - G_return·h_return - G_makeup·h_makeup) / 1000 / η [GJ].

    `heater_efficiency` η as a fraction, 0 < η <= 1 (formula E.9).
    """
    return _loop(mass, enthalpy, return_mass, return_enthalpy, makeup_mass, makeup_enthalpy, heater_efficiency)


def heat_hot_water(mass: Any, temperature: Any, *, reference_temperature: Decimal, specific_heat: Decimal) -> Any:
    """Hot water instead of steam: Q = G·(T - T_reference)·c / 1000 [GJ]; T in °C, c in kJ/(kg·K)."""
    return _hot_water(mass, temperature, reference_temperature, specific_heat)


def heat_constants() -> dict[str, Decimal]:
    """The constants of `heat_of_deliveries` as the factor tables give them, the heater efficiency as a fraction."""
    return {
        "reference_enthalpy": constant("reference_water_enthalpy").value,
        "reference_temperature": constant("reference_water_temperature").value,
        "specific_heat": constant("water_heat_capacity").value,
        "heater_efficiency": constant("heater_efficiency").value / 100,
    }


def heat_of_deliveries(
    heat_flow: pd.DataFrame,
    *,
    reference_enthalpy: Decimal,
    reference_temperature: Decimal,
    specific_heat: Decimal,
    heater_efficiency: Decimal,
) -> pd.DataFrame:
    """Heat of each row of the canonical table `heat_flow`, by route and medium.

    | route | medium | return and make-up filed | otherwise |
    |---|---|---|---|
    | direct | steam | `heat_direct` | `heat_direct_simplified` |
    | direct | water | `heat_direct` | `heat_hot_water` |
    | indirect | steam | `heat_indirect_drain`: drain at the return temperature | no value |
    | indirect | water | `heat_indirect_loop` | no value |

    Return and make-up are filed when both masses are, each with its temperature unless the mass is 0; for the drain
    the return temperature suffices and the mass is the return mass or, where none is filed, the steam mass. Keyword
    arguments: kJ/kg, °C, kJ/(kg·K), fraction. Returns text, rows in the order given: the key, route, medium,
    `formula`, `simplification` (`no_return_or_makeup` or empty), `enthalpy, return_enthalpy, makeup_enthalpy`
    [kJ/kg], `heat` [GJ, unrounded], `filed` [GJ, as filed], `reason` (empty, or why there is no heat:
    `no_return_or_makeup`, or what `steam.enthalpy` says with `supply:`, `return:` or `makeup:` before it).
    """
    rows = {name: to_decimal(heat_flow[name]) for name in _NUMBERS}
    medium, route = objects(heat_flow["medium"]), objects(heat_flow["route"])
    formula = _formula(rows, medium, route)
    supply, back, makeup = _enthalpies(rows, medium, formula)
    loop = (rows["return_mass"], back[0], rows["makeup_mass"], makeup[0])
    drain = np.where(is_absent(rows["return_mass"]), rows["mass"], rows["return_mass"])
    heats = {
        "heat_direct": heat_direct(rows["mass"], supply[0], *loop),
        "heat_direct_simplified": heat_direct_simplified(
            rows["mass"], supply[0], reference_enthalpy=reference_enthalpy
        ),
        "heat_indirect_drain": heat_indirect_drain(drain, supply[0], back[0]),
        "heat_indirect_loop": heat_indirect_loop(rows["mass"], supply[0], *loop, heater_efficiency=heater_efficiency),
        "heat_hot_water": heat_hot_water(
            rows["mass"],
            rows["temperature"],
            reference_temperature=reference_temperature,
            specific_heat=specific_heat,
        ),
    }
    heat = np.full(len(heat_flow), None, dtype=object)
    for name, values in heats.items():
        heat = np.where(formula == name, values, heat)
    result = heat_flow[["plant_id", "unit_id", "month", "delivery", "route", "medium"]].reset_index(drop=True)
    result["formula"] = formula
    result["simplification"] = np.where(np.isin(formula.astype(str), _SIMPLIFIED), "no_return_or_makeup", "")
    result["enthalpy"] = plain_text(supply[0])
    result["return_enthalpy"] = plain_text(back[0])
    result["makeup_enthalpy"] = plain_text(makeup[0])
    result["heat"] = plain_text(heat)
    result["filed"] = heat_flow["heat"].to_numpy(dtype=object)
    result["reason"] = _reasons(formula, rows, heat, supply[1], back[1], makeup[1])
    return result.astype("str")


_NUMBERS = [
    "mass", "temperature", "pressure", "return_mass", "return_temperature", "makeup_mass", "makeup_temperature",
]  # fmt: skip
_SIMPLIFIED = ["heat_direct_simplified", "heat_hot_water"]


def _formula(rows: dict[str, np.ndarray], medium: np.ndarray, route: np.ndarray) -> np.ndarray:
    """The formula of each row; empty where the guide has none for what is filed."""

    def filed(mass: Decimal | None, temperature: Decimal | None) -> bool:
        return mass is not None and (mass == 0 or temperature is not None)

    check = np.frompyfunc(filed, 2, 1)
    whole = check(rows["return_mass"], rows["return_temperature"]).astype(bool)
    whole &= check(rows["makeup_mass"], rows["makeup_temperature"]).astype(bool)
    indirect, water = route == "turbine_indirect", medium == WATER
    drained = ~is_absent(rows["return_temperature"])
    return np.select(
        [
            indirect & ~water & drained,
            indirect & water & whole,
            indirect,
            whole,
            water,
        ],
        ["heat_indirect_drain", "heat_indirect_loop", "", "heat_direct", "heat_hot_water"],
        "heat_direct_simplified",
    ).astype(object)


def _enthalpies(rows: dict[str, np.ndarray], medium: np.ndarray, formula: np.ndarray) -> list[tuple[Any, Any]]:
    """Supply, return and make-up: enthalpies and reasons, only where the formula asks for them.

    Return and make-up are liquid at their temperature; a mass of 0 t carries no heat whatever its temperature.
    """
    absent = np.full(formula.size, None, dtype=object)
    asked = {
        "": formula.astype(bool) & (formula != "heat_hot_water"),
        "return_": np.isin(formula.astype(str), ["heat_direct", "heat_indirect_drain", "heat_indirect_loop"]),
        "makeup_": np.isin(formula.astype(str), ["heat_direct", "heat_indirect_loop"]),
    }
    found = []
    for name, wanted in asked.items():
        temperature = rows[name + "temperature"]
        state = enthalpy(
            absent if name else rows["pressure"],
            temperature,
            np.full(formula.size, WATER, dtype=object) if name else medium,
        )
        unmoved = np.equal(rows[name + "mass"], 0).astype(bool) & is_absent(temperature)
        value, reason = state.value.copy(), state.reason.copy()
        value[unmoved], value[~wanted] = Decimal(0), None
        reason[unmoved | ~wanted] = ""
        found.append((value, reason))
    return found


def _reasons(
    formula: np.ndarray, rows: dict[str, np.ndarray], heat: np.ndarray, supply: Any, back: Any, makeup: Any
) -> list[str]:
    reasons = []
    for place in range(formula.size):
        if heat[place] is not None:
            reasons.append("")
        elif not formula[place]:
            reasons.append("no_return_or_makeup")
        elif supply[place]:
            reasons.append("supply:" + supply[place])
        elif back[place]:
            reasons.append("return:" + back[place])
        elif makeup[place]:
            reasons.append("makeup:" + makeup[place])
        else:
            reasons.append("no_mass" if rows["mass"][place] is None else "supply:no_temperature")
    return reasons
