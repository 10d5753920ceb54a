"""Another unit, another basis, too many decimals, values no coal can have."""

import json
from decimal import Decimal

import pytest

from mrv.screening.case import Case
from mrv.screening.slips import scaled
from tests.mrv_rules.cases import (
    COAL,
    MONTHS,
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


def times(parameter: str, factor: str, unit_id: str = "U1") -> Case:
    """The honest plant with one value of 2026-01 multiplied."""
    case = clean_case()
    value = Decimal(value_of(case, parameter, unit_id=unit_id)) * Decimal(factor)
    return with_value(case, parameter, f"{value:f}", unit_id=unit_id)


def without_history(case: Case, keep: int) -> Case:
    """Only the last `keep` months of the parameter table."""
    for month in MONTHS[:-keep]:
        case = without(case, "parameter", month=month)
    return case


def bought(value: str) -> Case:
    """Purchased electricity of this month, after months of 4 MWh."""
    case = with_cells(clean_case(), "parameter", {"parameter": "purchased_electricity"}, value="4.000")
    return with_value(case, "purchased_electricity", value)


def at_ratio(ratio: str) -> Case:
    """A heat value that is so many times the median of the other months (23.4 GJ/t)."""
    case = clean_case()
    for month in MONTHS[:-1]:
        case = with_value(case, "net_calorific_value", "23.400", month=month)
    return with_value(case, "net_calorific_value", f"{Decimal('23.4') * Decimal(ratio):f}")


def same_carbon(difference: str) -> Case:
    """Carbon as received that is the air-dry value, give or take."""
    case = clean_case()
    value = Decimal(value_of(case, "carbon_content_ad")) + Decimal(difference)
    return with_value(case, "carbon_content_ar", f"{value:f}")


def with_moistures(carbon: str, moisture_ar: str, moisture_ad: str) -> Case:
    case = with_value(clean_case(), "carbon_content_ar", carbon)
    case = with_value(case, "carbon_content_ad", carbon)
    case = with_value(case, "moisture_ar", moisture_ar)
    return with_value(case, "moisture_ad", moisture_ad)


def of_coal(parameter: str) -> tuple[str, str, str, str, str]:
    return key("U1", COAL, parameter=parameter)


CASES = [
    RuleCase("SCH-03", "fires", lambda: times("net_calorific_value", "0.1"), (of_coal("net_calorific_value"),)),
    RuleCase("SCH-03", "fires", lambda: times("power_generation", "0.001"), (key(parameter="power_generation"),)),
    RuleCase("SCH-03", "fires", lambda: times("fuel_consumption", "10"), (of_coal("fuel_consumption"),)),
    RuleCase("SCH-03", "fires", lambda: bought("4000.000"), (key(parameter="purchased_electricity"),)),
    RuleCase("SCH-03", "silent", lambda: bought("40.000")),  # changes that much by itself
    RuleCase("SCH-03", "silent", lambda: without_history(times("net_calorific_value", "0.1"), keep=3)),
    RuleCase(
        "SCH-03", "silent", lambda: times("run_hours", "0.1")
    ),  # the generation agrees with the coal: hours are wrong
    # log10(0.14) = -0.854 is within 0.15 of -1, log10(0.15) = -0.824 is not
    RuleCase("SCH-03", "boundary", lambda: at_ratio("0.14"), (of_coal("net_calorific_value"),)),
    RuleCase("SCH-03", "boundary", lambda: at_ratio("0.15")),
    # 23.4 / 4.1868 = 5.589
    RuleCase("SCH-04", "fires", lambda: at_ratio("0.23884"), (of_coal("net_calorific_value"),)),
    RuleCase("SCH-04", "fires", lambda: without_history(at_ratio("0.2418"), keep=1), (of_coal("net_calorific_value"),)),
    RuleCase("SCH-04", "silent", clean_case),
    # 0.2427 x 4.1868 = 1.0161 is within 2 %, 0.2437 x 4.1868 = 1.0203 is not
    RuleCase("SCH-04", "boundary", lambda: at_ratio("0.2427"), (of_coal("net_calorific_value"),)),
    RuleCase("SCH-04", "boundary", lambda: at_ratio("0.2437")),
    RuleCase("SCH-05", "fires", lambda: same_carbon("0"), (of_coal("carbon_content_ar"),)),
    RuleCase("SCH-05", "silent", lambda: with_value(clean_case(), "carbon_content_ar", "0.6000")),
    RuleCase("SCH-05", "boundary", lambda: same_carbon("0.0004"), (of_coal("carbon_content_ar"),)),
    RuleCase("SCH-05", "boundary", lambda: same_carbon("0.0005")),
    RuleCase(
        "SCH-05", "boundary", lambda: with_moistures("0.6500", "4.00", "3.00")
    ),  # a difference of 1 % is no contradiction
    RuleCase(
        "SCH-07",
        "fires",
        lambda: with_value(clean_case(), "net_calorific_value", "23.4001"),
        (of_coal("net_calorific_value"),),
    ),
    RuleCase("SCH-07", "silent", lambda: with_value(clean_case(), "net_calorific_value", "23")),
    RuleCase(
        "SCH-07", "boundary", lambda: with_value(clean_case(), "net_calorific_value", "23.40000")
    ),  # zeros are no digits
    RuleCase("SCH-11", "fires", lambda: with_value(clean_case(), "moisture_ar", "61"), (of_coal("moisture_ar"),)),
    RuleCase(
        "SCH-11",
        "fires",
        lambda: with_value(clean_case(), "carbon_content_ar", "0.95"),
        (of_coal("carbon_content_ar"),),
    ),
    RuleCase("SCH-11", "silent", lambda: times("carbon_content_ar", "0.1")),  # SCH-03 says what is wrong
    RuleCase("SCH-11", "boundary", lambda: with_value(clean_case(), "net_calorific_value", "33")),
    RuleCase("SCH-11", "boundary", lambda: with_value(clean_case(), "carbon_content_ar", "0.9")),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_a_slip_says_what_was_meant() -> None:
    row = found(times("fuel_consumption", "1000"), "SCH-03").iloc[0]
    right = value_of(clean_case(), "fuel_consumption")
    assert Decimal(json.loads(row["counterfactual"])["fuel_consumption"]) == Decimal(right)
    assert row["params"]["factor"] == "×10³"


def test_a_slip_of_the_generation_is_not_blamed_on_the_coal() -> None:
    assert found(times("power_generation", "0.1"), "SCH-03")["parameter"].tolist() == ["power_generation"]


@pytest.mark.parametrize(
    ("text", "power", "right"), [("23400", 3, "23.4"), ("2.34", -1, "23.4"), ("100", 1, "10"), ("0.5", 1, "0.05")]
)
def test_scaled_text(text: str, power: int, right: str) -> None:
    assert scaled(text, power) == right


def test_converted_carbon_is_given_with_its_tonnes() -> None:
    row = found(same_carbon("0"), "SCH-05").iloc[0]
    assert json.loads(row["counterfactual"]) == {"carbon_content_ar": value_of(clean_case(), "carbon_content_ar")}


def test_gangue_and_slime_have_their_own_limits() -> None:
    case = with_cells(
        clean_case(), "parameter", {"stream_id": COAL, "month": "2026-01", "unit_id": "U1"}, stream_id="coal_gangue"
    )
    lean = with_value(case, "net_calorific_value", "4.5", stream_id="coal_gangue")
    assert found(lean, "SCH-11").empty
