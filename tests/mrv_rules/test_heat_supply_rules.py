"""Heat supplied. U2 in January: 33517 t x (3051.70 - 83.74) kJ/kg = 99477.12 GJ from 1651163.52 GJ of the boiler."""

import json

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import (
    MONTH,
    RuleCase,
    check,
    clean_case,
    found,
    key,
    with_cells,
    with_row,
    with_value,
    without,
)

LINE = "1号供热母管"


def value(parameter: str, text: str, case: Case | None = None) -> Case:
    return with_value(case or clean_case(), parameter, text, unit_id="U2")


def delivered(**cells: str) -> Case:
    return with_cells(clean_case(), "heat_flow", {"month": MONTH}, **cells)


def second_line() -> Case:
    """A second delivery that the heat supplied leaves out."""
    cells = {"plant_id": "P001", "unit_id": "U2", "month": MONTH, "delivery": "2号", "route": "turbine_direct"}
    return with_row(clean_case(), "heat_flow", **cells, medium="water", mass="5000.00", temperature="95.00")


def share(text: str, boiler: str) -> Case:
    return value("heat_supply_ratio", text, value("boiler_heat", boiler))


DELIVERY = key("U2", parameter="heat", item=LINE)
HEAT, RATIO = key("U2", parameter="heat_supplied"), key("U2", parameter="heat_supply_ratio")

CASES = [
    RuleCase("PHY-16", "fires", lambda: delivered(heat="101477.12"), (DELIVERY,)),  # 2.01 %
    RuleCase("PHY-16", "fires", lambda: delivered(heat="109424.83"), (DELIVERY,), "blocks"),  # 10 %
    RuleCase("PHY-16", "fires", lambda: value("heat_supplied", "109424.83"), (HEAT,), "blocks"),
    RuleCase("PHY-16", "fires", second_line, (HEAT,)),  # 5000 x 75 x 4.1868/1000 = 1570.05 GJ more, 1.55 % of the sum
    RuleCase("PHY-16", "silent", clean_case),
    RuleCase("PHY-16", "silent", lambda: delivered(temperature="")),
    RuleCase("PHY-16", "boundary", lambda: value("heat_supplied", "100471.88")),  # 1 % above 99477.115 is 100471.886
    RuleCase("PHY-16", "boundary", lambda: value("heat_supplied", "100471.91"), (HEAT,)),
    # 1794793.968/29.3076*1000 = 61240008 kgce; at 6.02 % and 99477.12 GJ it is 37.06 kgce/GJ; 8 % is 49.25
    RuleCase("PHY-17", "fires", lambda: value("heat_supply_ratio", "8.00"), (HEAT,)),
    RuleCase("PHY-17", "fires", lambda: value("heat_supply_ratio", "5.00"), (HEAT,)),
    RuleCase("PHY-17", "silent", clean_case),
    RuleCase("PHY-17", "silent", lambda: value("heat_supply_ratio", "0.90")),  # too coarse to divide by
    RuleCase("PHY-17", "boundary", lambda: value("heat_supply_ratio", "7.47")),  # 45.99
    RuleCase("PHY-17", "boundary", lambda: value("heat_supply_ratio", "7.48"), (HEAT,)),  # 46.05
    RuleCase("PHY-18", "fires", lambda: value("heat_supply_ratio", "10.00"), (RATIO,)),
    RuleCase("PHY-18", "silent", clean_case),
    RuleCase("PHY-18", "silent", lambda: without(clean_case(), "parameter", parameter="boiler_heat")),
    # 99477.12/994771.2 = 10 %
    RuleCase("PHY-18", "boundary", lambda: share("13.00", "994771.20")),
    RuleCase("PHY-18", "boundary", lambda: share("13.01", "994771.20"), (RATIO,)),
    RuleCase("V22", "fires", lambda: value("boiler_heat", "90000.00"), (HEAT,)),
    RuleCase("V22", "silent", clean_case),
    RuleCase("V22", "silent", lambda: without(clean_case(), "parameter", parameter="boiler_heat")),
    RuleCase("V22", "boundary", lambda: value("boiler_heat", "99477.12"), (HEAT,)),
    RuleCase("V22", "boundary", lambda: value("boiler_heat", "99477.13")),
    RuleCase("XRC-22", "fires", lambda: value("heat_turbine_direct", "89477.12"), (HEAT,)),
    RuleCase("XRC-22", "silent", clean_case),
    RuleCase("XRC-22", "silent", lambda: without(clean_case(), "parameter", parameter="heat_turbine_direct")),
    RuleCase("XRC-22", "boundary", lambda: value("heat_turbine_direct", "99477.10")),
    RuleCase("XRC-22", "boundary", lambda: value("heat_turbine_direct", "99477.09"), (HEAT,)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_an_inflated_delivery_says_what_the_unit_should_have_filed() -> None:
    # The unit filed the inflated heat too: 109424.83 - 109424.83 + 99477.12.
    row = found(value("heat_supplied", "109424.83", delivered(heat="109424.83")), "PHY-16")
    assert row["table"].tolist() == ["heat_flow"]
    assert json.loads(row["counterfactual"].iloc[0]) == {"heat_supplied": "99477.12"}
    assert row["cell"].iloc[0] == "N14"


def test_heat_in_a_month_without_supply_has_no_share() -> None:
    case = with_value(clean_case(), "heat_supplied", "0.00", unit_id="U2")
    assert found(case, "PHY-18")["expected"].tolist() == ["0.00 %"]
