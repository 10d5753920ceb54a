"""Heat supplied: the formulas of the power guide on cases worked by hand, and the choice of formula per delivery."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrv.accounting import heat
from mrv.accounting.decimals import objects, round_half_up, to_decimal
from schemas import TABLES

CONSTANTS = {
    "reference_enthalpy": Decimal("83.74"),
    "reference_temperature": Decimal(20),
    "specific_heat": Decimal("4.1868"),
    "heater_efficiency": Decimal("0.95"),
}
D = Decimal


def test_simplified_steam():
    # 1000 x (2950.00 - 83.74) / 1000 = 2866.26
    assert heat.heat_direct_simplified(D(1000), D("2950.00"), reference_enthalpy=D("83.74")) == D("2866.26")


def test_hot_water():
    # 5000 x (95 - 20) x 4.1868 / 1000 = 1570.05
    found = heat.heat_hot_water(D(5000), D(95), reference_temperature=D(20), specific_heat=D("4.1868"))
    assert found == D("1570.05")


def test_loop():
    # 100 000 x 398.0 - 98 000 x 209.3 - 2000 x 83.74 = 39 800 000 - 20 511 400 - 167 480 = 19 121 120 MJ;
    # / 1000 / 0.95 = 20 127.4947… GJ
    found = heat.heat_indirect_loop(
        D(100000), D("398.0"), D(98000), D("209.3"), D(2000), D("83.74"), heater_efficiency=D("0.95")
    )
    assert round_half_up(found, 2) == D("20127.49")


def test_direct_with_return_and_make_up():
    # (1000 x 2950 - 700 x 209.34 - 300 x 62.98) / 1000 = (2 950 000 - 146 538 - 18 894) / 1000 = 2784.568
    assert heat.heat_direct(D(1000), D(2950), D(700), D("209.34"), D(300), D("62.98")) == D("2784.568")


def test_drain():
    # 1000 x (2950 - 419.1) / 1000
    assert heat.heat_indirect_drain(D(1000), D(2950), D("419.1")) == D("2530.9")


def test_arrays_and_absent_values():
    found = heat.heat_indirect_drain(to_decimal(["1000", ""]), to_decimal(["2950", "2950"]), D(0))
    assert found.tolist() == [D(2950), None]


amount = st.decimals(0, 10**6, places=2)


@given(amount, amount, amount)
def test_simplified_is_direct_with_everything_returned_at_20_degrees(mass, enthalpy, reference):
    simple = heat.heat_direct_simplified(mass, enthalpy, reference_enthalpy=reference)
    assert simple == heat.heat_direct(mass, enthalpy, mass, reference, D(0), D(0))
    assert heat.heat_indirect_loop(mass, enthalpy, mass, reference, D(0), D(0), heater_efficiency=D(1)) == simple


def deliveries(*rows: dict[str, str]) -> pd.DataFrame:
    names = TABLES["heat_flow"].names
    usual = {"plant_id": "P1", "unit_id": "1", "month": "2026-01", "delivery": "A", "route": "turbine_direct"}
    table = pd.DataFrame([{**dict.fromkeys(names, ""), **usual, **row} for row in rows], columns=names)
    return table.astype("str")


STEAM = {"medium": "steam", "mass": "1000", "temperature": "300", "pressure": "1"}  # 3051.70 kJ/kg
LOOP = {
    "medium": "water",
    "mass": "100000",
    "temperature": "95",  # 398.02 kJ/kg
    "return_mass": "98000",
    "return_temperature": "50",  # 209.34 kJ/kg
    "makeup_mass": "2000",
    "makeup_temperature": "20",  # 83.92 kJ/kg
}


@pytest.mark.parametrize(
    ("row", "formula", "simplification", "expected"),
    [
        # 1000 x (3051.70 - 83.74) / 1000
        (STEAM, "heat_direct_simplified", "no_return_or_makeup", "2967.96"),
        # (1000 x 3051.70 - 600 x 209.34 - 400 x 83.92) / 1000 = 3051.7 - 125.604 - 33.568
        (
            {
                **STEAM,
                "return_mass": "600",
                "return_temperature": "50",
                "makeup_mass": "400",
                "makeup_temperature": "20",
            },
            "heat_direct",
            "",
            "2892.528",
        ),
        # all returned: a make-up of 0 t needs no temperature
        (
            {**STEAM, "return_mass": "1000", "return_temperature": "50", "makeup_mass": "0"},
            "heat_direct",
            "",
            "2842.36",
        ),
        # return without make-up is not enough for the full formula
        (
            {**STEAM, "return_mass": "600", "return_temperature": "50"},
            "heat_direct_simplified",
            "no_return_or_makeup",
            "2967.96",
        ),
        (
            {"medium": "water", "mass": "5000", "temperature": "95"},
            "heat_hot_water",
            "no_return_or_makeup",
            "1570.05",
        ),
        # (100 000 x 398.02 - 98 000 x 209.34 - 2000 x 83.92) / 1000 = 39 802 - 20 515.32 - 167.84 = 19 118.84
        (LOOP, "heat_direct", "", "19118.84"),
        # the same through heaters: / 0.95 = 20 125.09473684…
        ({**LOOP, "route": "turbine_indirect"}, "heat_indirect_loop", "", "20125.09473684210526315789474"),
        # 1000 x (3051.70 - 419.10) / 1000; drain at 100 °C
        (
            {**STEAM, "route": "turbine_indirect", "return_temperature": "100"},
            "heat_indirect_drain",
            "",
            "2632.6",
        ),
        (
            {**STEAM, "route": "turbine_indirect", "return_mass": "500", "return_temperature": "100"},
            "heat_indirect_drain",
            "",
            "1316.3",
        ),
    ],
)
def test_formula_of_a_delivery(row, formula, simplification, expected):
    found = heat.heat_of_deliveries(deliveries({**row, "heat": "7"}), **CONSTANTS).iloc[0]
    assert (found["formula"], found["simplification"], found["reason"]) == (formula, simplification, "")
    assert found["heat"] == expected
    assert found["filed"] == "7"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**STEAM, "pressure": ""}, "supply:no_pressure"),
        ({**STEAM, "temperature": ""}, "supply:no_temperature"),
        ({**STEAM, "temperature": "150"}, "supply:not_steam"),
        ({**STEAM, "mass": ""}, "no_mass"),
        ({**STEAM, "route": "turbine_indirect"}, "no_return_or_makeup"),
        ({"medium": "water", "mass": "5", "temperature": "95", "route": "turbine_indirect"}, "no_return_or_makeup"),
        ({**LOOP, "return_temperature": "375"}, "return:not_water"),
        ({**LOOP, "makeup_temperature": "0"}, "makeup:out_of_range"),
        ({"medium": "water", "mass": "5"}, "supply:no_temperature"),
    ],
)
def test_no_heat_but_a_reason(row, reason):
    found = heat.heat_of_deliveries(deliveries(row), **CONSTANTS).iloc[0]
    assert (found["heat"], found["reason"]) == ("", reason)


def test_rows_keep_their_order_and_key():
    table = deliveries({**STEAM, "delivery": "B"}, {**LOOP, "delivery": "A"})
    found = heat.heat_of_deliveries(table, **CONSTANTS)
    assert found["delivery"].tolist() == ["B", "A"]
    assert found["enthalpy"].tolist() == ["3051.7", "398.02"]
    assert heat.heat_of_deliveries(table.iloc[:0], **CONSTANTS).empty


def test_objects_of_series():
    assert objects(pd.Series(["a", "b"], dtype="str")).tolist() == ["a", "b"]
