"""Hours, load and starts. U1 in January: 660 MW x 744 h = 491040 MWh, 373190.4 MWh made, load 76.00 %."""

import pytest

from mrv.screening.case import Case
from mrv.screening.slips import scaled
from tests.mrv_rules.cases import (
    DIESEL,
    RuleCase,
    check,
    clean_case,
    found,
    key,
    value_of,
    with_cells,
    with_value,
    without,
)

MAY = "2025-05"  # the month in which U1 was started again


def generation(value: str) -> Case:
    return with_value(clean_case(), "power_generation", value)


def hours(value: str, load: str | None = None) -> Case:
    case = with_value(clean_case(), "run_hours", value)
    return case if load is None else with_value(case, "load_factor", load)


def oil(value: str) -> Case:
    case = clean_case(focus=(MAY,))
    return with_value(case, "fuel_consumption", value, month=MAY, stream_id=DIESEL)


POWER, HOURS, LOAD = (key("U1", parameter=name) for name in ("power_generation", "run_hours", "load_factor"))
OIL = key("U1", DIESEL, MAY, "fuel_consumption")

CASES = [
    RuleCase("PHY-14", "fires", lambda: generation("540144.000"), (POWER,)),  # 110 %
    RuleCase("PHY-14", "silent", clean_case),
    RuleCase("PHY-14", "silent", lambda: without(clean_case(), "unit", unit_id="U1")),
    RuleCase("PHY-14", "boundary", lambda: generation("515592.000")),  # 105 %
    RuleCase("PHY-14", "boundary", lambda: generation("515592.500"), (POWER,)),
    RuleCase("PHY-15", "fires", lambda: hours("750.00"), (HOURS,)),
    RuleCase("PHY-15", "fires", lambda: with_value(clean_case(), "load_factor", "80.00"), (LOAD,)),
    RuleCase("PHY-15", "fires", lambda: hours("560.00", "101.00"), (HOURS,), "must_answer"),  # 373190.4/660 = 565.44 h
    RuleCase("PHY-15", "silent", clean_case),
    RuleCase("PHY-15", "silent", lambda: without(clean_case(), "parameter", parameter="run_hours")),
    RuleCase("PHY-15", "silent", lambda: generation("540144.000")),  # above 105 % PHY-14 says it
    RuleCase("PHY-15", "boundary", lambda: with_value(clean_case(), "load_factor", "76.76")),  # 1 % of 76 is 0.76
    RuleCase("PHY-15", "boundary", lambda: with_value(clean_case(), "load_factor", "76.77"), (LOAD,)),
    RuleCase("PHY-15", "boundary", lambda: hours("565.44", "100.00")),
    RuleCase("PHY-20", "fires", lambda: oil("300.00"), (OIL,)),
    RuleCase("PHY-20", "silent", lambda: clean_case(focus=(MAY,))),
    RuleCase("PHY-20", "silent", lambda: oil("0.00")),
    RuleCase("PHY-20", "boundary", lambda: oil("200.00")),
    RuleCase("PHY-20", "boundary", lambda: oil("4.99"), (OIL,)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_what_it_should_have_been() -> None:
    assert found(hours("750.00"), "PHY-15")["counterfactual"].tolist() == ['{"run_hours":"744.00"}']
    wrong = with_value(clean_case(), "load_factor", "80.00")
    assert found(wrong, "PHY-15")["counterfactual"].tolist() == ['{"load_factor":"76.00"}']


def test_oil_of_a_merged_group_is_held_against_the_starts_of_its_members() -> None:
    case = with_cells(oil("300.00"), "unit", {"plant_id": "P001"}, merged_with="G1")
    frame = case.tables["parameter"]
    frame.loc[frame["stream_id"] != "", "unit_id"] = "G1"
    frame = frame.drop_duplicates(["unit_id", "stream_id", "month", "parameter"])
    case.tables["parameter"] = frame
    assert found(case, "PHY-20")["unit_id"].tolist() == ["G1"]


def test_a_slip_elsewhere_in_the_unit_does_not_hide_hours_beyond_the_month() -> None:
    case = hours("750.00")
    slipped = with_value(case, "fuel_consumption", scaled(value_of(case, "fuel_consumption"), -3))
    assert found(slipped, "SCH-03")["parameter"].tolist() == ["fuel_consumption"]
    assert found(slipped, "PHY-15")["parameter"].tolist() == ["run_hours"]
