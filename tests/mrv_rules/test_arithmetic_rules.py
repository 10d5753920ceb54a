"""Recalculation, daily sums, weighted means, factors of another year."""

import json
from decimal import Decimal

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import (
    COAL,
    DIESEL,
    MONTH,
    RuleCase,
    check,
    clean_case,
    found,
    key,
    value_of,
    with_cells,
    with_lines,
    with_value,
    without,
    without_table,
)


def computed(tco2: str, reported: str, provisional: bool = False, carbon: str = "0.61234") -> Case:
    """A line of 1000 t x 0.61234 tC/t x 99 % x 44/12 = 2222.7942 t; with 0.6123 it is 2222.649 t."""
    line = {
        "unit_id": "U1",
        "stream_id": COAL,
        "month": MONTH,
        "activity": Decimal("1000.00"),
        "carbon_content_ar": Decimal(carbon),
        "oxidation_rate": Decimal("99"),
        "tco2": Decimal(tco2),
        "provisional": provisional,
    }
    return with_lines(with_value(clean_case(), "reported_emission", reported), line)


def plus(parameter: str, difference: str) -> Case:
    case = clean_case()
    return with_value(case, parameter, f"{Decimal(value_of(case, parameter)) + Decimal(difference):f}")


def of_coal(parameter: str) -> tuple[str, str, str, str, str]:
    return key("U1", COAL, parameter=parameter)


def in_2025(parameter: str, value: str, stream: str, **cells: str) -> Case:
    return with_value(clean_case(focus=("2025-12",)), parameter, value, month="2025-12", stream_id=stream, **cells)


CASES = [
    RuleCase("SCH-06", "fires", lambda: computed("2222.79", "2200.00"), (of_coal("reported_emission"),)),
    RuleCase("SCH-06", "silent", clean_case),
    RuleCase("SCH-06", "silent", lambda: computed("2245.25", "2222.79", provisional=True)),
    RuleCase("SCH-06", "boundary", lambda: computed("2222.79", "2222.795")),  # half of the last digit
    RuleCase("SCH-06", "boundary", lambda: computed("2222.79", "2222.65")),  # carbon rounded before the product
    RuleCase("SCH-06", "boundary", lambda: computed("2222.79", "2222.80"), (of_coal("reported_emission"),)),
    RuleCase("SCH-08", "fires", lambda: plus("fuel_consumption", "-500"), (of_coal("fuel_consumption"),)),
    RuleCase("SCH-08", "silent", lambda: without_table(plus("fuel_consumption", "-500"), "daily_coal")),
    RuleCase(
        "SCH-08", "silent", lambda: without(clean_case(), "daily_coal", day="2026-01-09", unit_id="U1")
    ),  # CMP-04 speaks
    RuleCase(
        "SCH-08",
        "silent",
        lambda: without_table(without(clean_case(), "daily_coal", day="2026-01-09", unit_id="U1"), "unit"),
    ),  # and speaks without a register too
    RuleCase("SCH-08", "boundary", lambda: plus("fuel_consumption", "0.005")),
    RuleCase("SCH-08", "boundary", lambda: plus("fuel_consumption", "0.01"), (of_coal("fuel_consumption"),)),
    RuleCase("SCH-09", "fires", lambda: plus("net_calorific_value", "0.010"), (of_coal("net_calorific_value"),)),
    RuleCase("SCH-09", "fires", lambda: plus("moisture_ar", "0.05"), (of_coal("moisture_ar"),)),
    RuleCase(
        "SCH-09",
        "silent",  # a day without a heat value takes the default, which the daily table does not show
        lambda: with_cells(
            plus("net_calorific_value", "0.010"),
            "daily_coal",
            {"day": "2026-01-09", "unit_id": "U1"},
            net_calorific_value="",
        ),
    ),
    RuleCase(
        "SCH-09", "silent", lambda: with_value(clean_case(), "net_calorific_value", "5.600")
    ),  # kcal: SCH-04 speaks
    RuleCase("SCH-09", "boundary", lambda: plus("net_calorific_value", "0.004")),
    RuleCase(
        "SCH-12",
        "fires",
        lambda: in_2025("oxidation_rate", "100.00", COAL),
        (key("U1", COAL, "2025-12", "oxidation_rate"),),
    ),
    RuleCase(
        "SCH-12",
        "fires",  # the default of coal before 2022
        lambda: with_cells(
            in_2025("carbon_content_ar", "0.03356", COAL),
            "parameter",
            {"month": "2025-12", "unit_id": "U1", "stream_id": COAL, "parameter": "carbon_content_ar"},
            parameter="carbon_per_heat",
            method="default",
        ),
        (key("U1", COAL, "2025-12", "carbon_per_heat"),),
    ),
    RuleCase("SCH-12", "silent", lambda: in_2025("net_calorific_value", "42.000", DIESEL, method="measured")),
    RuleCase(
        "SCH-12", "silent", lambda: with_value(clean_case(), "oxidation_rate", "98.70")
    ),  # 2026: no table was imported
    RuleCase("SCH-12", "boundary", lambda: in_2025("oxidation_rate", "99", COAL)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_the_sum_of_the_days_is_the_counterfactual() -> None:
    row = found(plus("fuel_consumption", "-500"), "SCH-08").iloc[0]
    assert json.loads(row["counterfactual"]) == {"fuel_consumption": value_of(clean_case(), "fuel_consumption")}
    assert row["params"]["difference"] == "-500.00"


def test_a_simple_mean_is_told() -> None:
    case = clean_case()
    days = case.tables["daily_coal"]
    own = days[(days["unit_id"] == "U1") & days["day"].str.startswith(MONTH)]
    simple = own["net_calorific_value"].astype(float).mean()
    row = found(plus("net_calorific_value", "0.100"), "SCH-09").iloc[0]
    assert row["params"]["simple"] == f"{simple:.3f}"
    assert json.loads(row["counterfactual"]) == {"net_calorific_value": value_of(case, "net_calorific_value")}


def test_the_factor_in_force_is_the_counterfactual() -> None:
    row = found(in_2025("oxidation_rate", "100.00", COAL), "SCH-12").iloc[0]
    assert json.loads(row["counterfactual"]) == {"oxidation_rate": "99"}


def test_delivered_coal_is_not_weighed_by_the_day() -> None:
    case = with_cells(
        plus("net_calorific_value", "0.500"), "parameter", {"stream_id": COAL, "month": MONTH}, state="delivered"
    )
    assert found(case, "SCH-09").empty
