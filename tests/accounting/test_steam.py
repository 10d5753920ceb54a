"""Enthalpy against the verification tables of IAPWS-IF97 (R7-97, 2012: tables 5, 15, 33)."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrv.accounting.decimals import objects
from mrv.accounting.steam import enthalpy


def one(pressure, temperature, medium):
    found = enthalpy(*(objects([None if x is None else x]) for x in (pressure, temperature, medium)))
    return found.value[0], found.reason[0]


@pytest.mark.parametrize(
    ("kelvin", "pressure", "medium", "published"),
    [
        ("300", "3", "water", "115.331273"),
        ("300", "80", "water", "184.142828"),
        ("500", "3", "water", "975.542239"),
        ("300", "0.0035", "steam", "2549.91145"),
        ("700", "0.0035", "steam", "3335.68375"),
        ("700", "30", "steam", "2631.49474"),
    ],
)
def test_published_values(kelvin, pressure, medium, published):
    value, reason = one(Decimal(pressure), Decimal(kelvin) - Decimal("273.15"), medium)
    assert (value, reason) == (Decimal(published).quantize(Decimal("0.01")), "")


@pytest.mark.parametrize(
    ("pressure", "kelvin", "published"),
    [("25.5837018", "650", "1863.43019"), ("22.2930643", "650", "2375.12401"), ("78.3095639", "750", "2258.68845")],
)
def test_region_3_against_the_published_states(pressure, kelvin, published):
    # Table 33 gives density and temperature; its pressures have nine digits, which near the critical point leave 0.003 kJ/kg.
    celsius = Decimal(kelvin) - Decimal("273.15")
    value, reason = one(Decimal(pressure), celsius, "steam")
    assert reason == ""
    assert abs(value - Decimal(published)) <= Decimal("0.01")


def test_liquid_at_its_temperature_when_no_pressure_is_given():
    assert one(None, Decimal(95), "water") == (Decimal("398.02"), "")
    assert one(None, Decimal(20), "water") == (Decimal("83.92"), "")


@pytest.mark.parametrize(
    ("pressure", "temperature", "medium", "reason"),
    [
        ("1", None, "steam", "no_temperature"),
        (None, "200", "steam", "no_pressure"),
        (None, "374", "water", "not_water"),
        ("1", "-5", "water", "out_of_range"),
        ("1", "900", "steam", "out_of_range"),
        ("0", "200", "steam", "out_of_range"),
        ("101", "200", "water", "out_of_range"),
        ("0.0005", "20", "steam", "out_of_range"),  # below the triple point's pressure
        ("10", "360", "water", "not_water"),
        ("1.2", "150", "steam", "not_steam"),  # boils at 188 °C: liquid
        ("0.1", "150", "water", "not_water"),
        ("30", "300", "steam", "not_steam"),  # above the critical pressure, below the critical temperature
    ],
)
def test_a_reason_and_no_value(pressure, temperature, medium, reason):
    given = (Decimal(each) if each else None for each in (pressure, temperature))
    assert one(*given, medium) == (None, reason)


@given(st.decimals(0, 101, places=4) | st.none(), st.decimals(-1, 801, places=2), st.sampled_from(["steam", "water"]))
def test_always_a_value_or_a_reason(pressure, temperature, medium):
    value, reason = one(pressure, temperature, medium)
    assert (value is None) == bool(reason)
    assert value is None or (value.is_finite() and 0 <= value < 4500)


@given(st.decimals(1, 340, places=2))
def test_vapour_holds_more_heat_than_the_liquid_it_came_from(temperature):
    value, _ = one(None, temperature, "water")
    vapour, reason = one(Decimal("0.000612"), temperature, "steam")
    assert reason == ""
    assert vapour - value > 1000


def test_saturated_states_follow_the_medium():
    # At 1.0 MPa water boils at 179.886 °C: h' = 762.68, h'' = 2777.12 kJ/kg (saturation table). Written as 179.8 °C the
    # state is liquid by a hair, as 180 °C vapour.
    assert one(Decimal("1.0"), Decimal("179.8"), "steam") == (Decimal("2777.12"), "")
    assert one(Decimal("1.0"), Decimal("180"), "water") == (Decimal("762.68"), "")
    for medium, published in (("steam", "2777.12"), ("water", "762.68")):
        assert one(Decimal("1.0"), Decimal("179.885632"), medium) == (Decimal(published), "")


def test_arrays_keep_their_order():
    pressure = objects([Decimal("1"), None, Decimal("1")])
    temperature = objects([Decimal("300"), Decimal("50"), None])
    found = enthalpy(pressure, temperature, objects(["steam", "water", "steam"]))
    assert found.value.tolist() == [Decimal("3051.70"), Decimal("209.34"), None]
    assert found.reason.tolist() == ["", "", "no_temperature"]
    assert isinstance(found.value, np.ndarray)
