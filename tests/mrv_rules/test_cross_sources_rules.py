"""The same quantity from a second source, January 2026."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import COAL, RuleCase, check, clean_case, found, key, with_value, without


def value(parameter: str, text: str, unit: str = "U1") -> Case:
    return with_value(clean_case(), parameter, text, unit_id=unit)


def absent(parameter: str) -> Case:
    return without(clean_case(), "parameter", parameter=parameter)


EXPORTED = key("U1", parameter="grid_electricity_exported")
SUPPLIED = key("U2", parameter="heat_supplied")
NCV, FIRED = key("U1", COAL, parameter="net_calorific_value"), key("U1", COAL, parameter="fuel_consumption")
POWER = key("U1", parameter="power_generation")

CASES = [
    # 350901.603 MWh exported
    RuleCase("XRC-05", "fires", lambda: value("grid_electricity_settled", "347000.000"), (EXPORTED,)),
    RuleCase("XRC-05", "fires", lambda: value("grid_electricity_settled", "340000.000"), (EXPORTED,), "blocks"),
    RuleCase("XRC-05", "silent", clean_case),
    RuleCase("XRC-05", "silent", lambda: absent("grid_electricity_settled")),
    # 350901.603/1.005 = 349155.824
    RuleCase("XRC-05", "boundary", lambda: value("grid_electricity_settled", "349155.830")),
    RuleCase("XRC-05", "boundary", lambda: value("grid_electricity_settled", "349155.800"), (EXPORTED,)),
    # 99477.12 GJ filed
    RuleCase("XRC-07", "fires", lambda: value("heat_settled", "96000.00", "U2"), (SUPPLIED,)),
    RuleCase("XRC-07", "fires", lambda: value("heat_settled", "90000.00", "U2"), (SUPPLIED,), "blocks"),
    RuleCase("XRC-07", "silent", clean_case),
    RuleCase("XRC-07", "silent", lambda: absent("heat_settled")),
    # 99477.12/1.02 = 97526.588
    RuleCase("XRC-07", "boundary", lambda: value("heat_settled", "97526.59", "U2")),
    RuleCase("XRC-07", "boundary", lambda: value("heat_settled", "97526.58", "U2"), (SUPPLIED,)),
    # 23.430 GJ/t as fired
    RuleCase("XRC-08", "fires", lambda: value("net_calorific_value_delivered", "24.430"), (NCV,)),
    RuleCase("XRC-08", "fires", lambda: value("net_calorific_value_delivered", "25.430"), (NCV,), "blocks"),
    RuleCase("XRC-08", "silent", clean_case),
    RuleCase("XRC-08", "silent", lambda: absent("net_calorific_value_delivered")),
    RuleCase("XRC-08", "boundary", lambda: value("net_calorific_value_delivered", "23.930")),
    RuleCase("XRC-08", "boundary", lambda: value("net_calorific_value_delivered", "23.931"), (NCV,)),
    # 138508.21 t filed
    RuleCase("XRC-11", "fires", lambda: value("fuel_feeder", "145000.00"), (FIRED,)),
    RuleCase("XRC-11", "silent", clean_case),
    # 138508.21/0.98 = 141334.908
    RuleCase("XRC-11", "boundary", lambda: value("fuel_feeder", "141334.90")),
    RuleCase("XRC-11", "boundary", lambda: value("fuel_feeder", "141334.92"), (FIRED,)),
    RuleCase("XRC-13", "fires", lambda: value("fuel_statistics", "142000.00"), (FIRED,)),
    RuleCase("XRC-13", "fires", lambda: value("heat_statistics", "90000.00", "U2"), (SUPPLIED,)),
    RuleCase("XRC-13", "fires", lambda: value("generation_statistics", "360000.000"), (POWER,)),
    RuleCase("XRC-13", "silent", clean_case),
    RuleCase("XRC-13", "silent", lambda: value("fuel_consumption", "138508.21")),
    # 138508.21/0.99 = 139907.283
    RuleCase("XRC-13", "boundary", lambda: value("fuel_statistics", "139907.28")),
    RuleCase("XRC-13", "boundary", lambda: value("fuel_statistics", "139907.29"), (FIRED,)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_the_settlement_stands_in_for_the_heat() -> None:
    row = found(value("heat_settled", "90000.00", "U2"), "XRC-07").iloc[0]
    assert row["counterfactual"] == '{"heat_supplied":"90000.00"}'
