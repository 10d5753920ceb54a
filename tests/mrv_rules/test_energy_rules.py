"""Fuel heat against electricity and heat. January 2026: U1 373190.4 MWh from 3245247.36 GJ, U2 193960.8 MWh and
99477.12 GJ of heat from 1794793.97 GJ."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import (
    RuleCase,
    check,
    clean_case,
    found,
    key,
    with_cells,
    with_parameter,
    with_value,
    without,
)

POWER = key("U1", parameter="power_generation")


def coal(value: str, unit: str = "U1") -> Case:
    """The coal of January changed (U1 138508.21 t of 23.430 GJ/t, U2 77255.25 t of 23.232 GJ/t)."""
    return with_value(clean_case(), "fuel_consumption", value, unit_id=unit)


def boiler(value: str, unit: str = "U1") -> Case:
    return with_value(clean_case(), "boiler_heat", value, unit_id=unit)


def auxiliary(value: str, net: str) -> Case:
    return with_value(with_value(clean_case(), "auxiliary_power", value), "power_supplied", net)


CASES = [
    # 3.6*373190.4 = 1343485.44 GJ; over 120000*23.430 = 2811600 GJ it is 47.78 %; over 115000*23.430 it is 49.86 %.
    RuleCase("PHY-11", "fires", lambda: coal("120000.00"), (POWER,)),
    RuleCase("PHY-11", "fires", lambda: coal("115000.00"), (POWER,), "blocks"),
    # (3.6*193960.8 + 99477.12) = 797736.0 GJ over 34000*23.232 = 789888 GJ
    RuleCase("PHY-11", "fires", lambda: coal("34000.00", "U2"), (key("U2", parameter="power_generation"),), "blocks"),
    RuleCase("PHY-11", "silent", clean_case),
    RuleCase("PHY-11", "silent", lambda: coal("13850.82")),  # a slip of ten is told elsewhere
    # 1343485.44/0.46/23.430 = 124653.03 t is 46 % exactly
    RuleCase("PHY-11", "boundary", lambda: coal("124653.00"), (POWER,)),
    RuleCase("PHY-11", "boundary", lambda: coal("124654.00")),
    RuleCase("PHY-11", "boundary", lambda: coal("35000.00", "U2")),  # 98.1 % of a CHP unit is below 1
    RuleCase("PHY-12", "fires", lambda: boiler("3115437.47"), (key("U1", parameter="boiler_heat"),)),  # 96 %
    RuleCase("PHY-12", "fires", lambda: boiler("3180342.41"), (key("U1", parameter="boiler_heat"),), "blocks"),  # 98 %
    RuleCase("PHY-12", "fires", lambda: boiler("2596197.89"), (key("U1", parameter="boiler_heat"),)),  # 80 %
    RuleCase("PHY-12", "silent", clean_case),
    RuleCase("PHY-12", "boundary", lambda: boiler("2726007.79")),  # 84.0000 %
    RuleCase("PHY-12", "boundary", lambda: boiler("2725900.00"), (key("U1", parameter="boiler_heat"),)),  # 83.997 %
    # 15.5 % and 1.5 % of 373190.4 MWh
    RuleCase(
        "PHY-13", "fires", lambda: auxiliary("57844.512", "315345.888"), (key("U1", parameter="auxiliary_power"),)
    ),
    RuleCase("PHY-13", "fires", lambda: auxiliary("5597.856", "367592.544"), (key("U1", parameter="auxiliary_power"),)),
    RuleCase("PHY-13", "silent", clean_case),
    RuleCase("PHY-13", "boundary", lambda: auxiliary("55978.560", "317211.840")),  # 15.000 %
    RuleCase("PHY-13", "boundary", lambda: auxiliary("7463.808", "365726.592")),  # 2.000 %
    # 373190.4 - 20525.472 = 352664.928; 0.1 % of generation is 373.190
    RuleCase(
        "XRC-06",
        "fires",
        lambda: with_value(clean_case(), "power_supplied", "353664.928"),
        (key(parameter="power_supplied"),),
    ),
    RuleCase("XRC-06", "silent", clean_case),
    RuleCase("XRC-06", "boundary", lambda: with_value(clean_case(), "power_supplied", "353038.118")),
    RuleCase(
        "XRC-06",
        "boundary",
        lambda: with_value(clean_case(), "power_supplied", "353038.130"),
        (key(parameter="power_supplied"),),
    ),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_merged_units_are_one() -> None:
    """U1 and U2 merged: their electricity counts against the coal filed under the group, none of it alone."""
    case = with_cells(clean_case(), "unit", {"plant_id": "P001"}, merged_with="G1")
    parameter = case.tables["parameter"]
    fuel = (parameter["stream_id"] != "") & (parameter["unit_id"] == "U1")
    parameter = parameter[(parameter["stream_id"] == "") | fuel].copy()
    parameter.loc[parameter["stream_id"] != "", "unit_id"] = "G1"
    case.tables["parameter"] = parameter
    group = case.groups[(case.groups["month"] == "2026-01")].iloc[0]
    assert group["unit_id"] == "G1" and group["members"] == 2
    # 373190.4 + 193960.8 MWh; coal of U1 only, so efficiency (3.6*567151.2 + 99477.12)/3245247.36 = 65.98 %
    assert group["power_generation"] == pytest.approx(567151.2)
    assert group["boiler_heat"] == pytest.approx(2985523.20 + 1651163.52)
    assert group["fossil_heat"] == pytest.approx(3245247.36, abs=0.01)
    assert group["product_class"] == "chp"


def test_a_member_without_generation_leaves_the_group_without() -> None:
    case = with_cells(clean_case(), "unit", {"plant_id": "P001"}, merged_with="G1")
    case = without(case, "parameter", unit_id="U2", month="2026-01", parameter="power_generation")
    group = case.groups[(case.groups["month"] == "2026-01") & (case.groups["unit_id"] == "G1")].iloc[0]
    assert group["power_generation"] != group["power_generation"]


def test_biomass_adds_to_the_fuel_heat() -> None:
    # At 20 % biomass the fossil 3245247.36 GJ are 80 % of the whole; boiler heat over that is 73.6 %.
    case = with_parameter(clean_case(), "biomass_heat_share", "20.00", unit="%")
    row = found(case, "PHY-12").iloc[0]
    assert row["params"]["efficiency"] == "73.60"


def test_a_fuel_without_heat_value_silences_the_balance() -> None:
    case = without(coal("115000.00"), "parameter", unit_id="U1", month="2026-01", parameter="net_calorific_value")
    assert found(case, "PHY-11").empty
