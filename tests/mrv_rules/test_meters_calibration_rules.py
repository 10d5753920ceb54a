"""Meters on the plan, their calibration, their readings."""

import json
from decimal import Decimal

import pandas as pd
import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import (
    COAL,
    MONTH,
    RuleCase,
    changed,
    check,
    clean_case,
    found,
    key,
    value_of,
    with_cells,
    with_row,
    with_value,
    without_table,
)

POWER = {"month": MONTH, "meter_id": "EM-U1"}
SCALE = {"month": MONTH, "meter_id": "BS-U1"}


def meter(which: dict[str, str], **cells: str) -> Case:
    return with_cells(clean_case(), "meter_total", which, **cells)


def at(column: str, item: str = "EM-U1", stream: str = "") -> tuple[str, str, str, str, str]:
    return key("U1", stream, parameter=column, item=item)


def next_version(begins: str) -> Case:
    """A second version of the plan that no longer names the meter; the first has no end of its own."""
    case = clean_case()
    lines = case.tables["control_plan"]
    other = lines[lines["meter_id"] != "EM-U1"].assign(version="V2", valid_from=begins)
    return changed(case, "control_plan", pd.concat([lines, other], ignore_index=True))


def shifted(which: dict[str, str], column: str, difference: str, case: Case | None = None) -> Case:
    case = case or clean_case()
    rows = case.tables["meter_total"]
    own = rows[(rows["month"] == which["month"]) & (rows["meter_id"] == which["meter_id"])]
    value = Decimal(own[column].iloc[0]) + Decimal(difference)
    return with_cells(case, "meter_total", which, **{column: f"{value:f}"})


def replaced(case: Case) -> Case:
    return with_row(
        case, "event", plant_id="P001", unit_id="U1", event="meter_replacement", start="2026-01-12", item="EM-U1"
    )


def corrected_coal(percent: str, difference: str = "0", **cells: str) -> Case:
    """Coal filed as reading x (1 + percent/100), rounded, give or take; calibration as given."""
    case = meter(SCALE, **cells)
    value = Decimal(value_of(case, "fuel_consumption")) * (1 + Decimal(percent) / 100) + Decimal(difference)
    return with_value(case, "fuel_consumption", f"{round(value, 2):f}")


NOT_CALIBRATED = {"calibrated_on": "2024-12-20", "calibration_valid_to": "2025-12-19"}
HALF = {"calibrated_on": "2025-01-16", "calibration_valid_to": "2026-01-15"}  # 15 of 31 days covered
FUEL = key("U1", COAL, parameter="fuel_consumption")

CASES = [
    RuleCase("SCH-14", "fires", lambda: meter(POWER, meter_id="EM-9"), (at("meter_id", "EM-9"),)),
    RuleCase("SCH-14", "silent", lambda: without_table(meter(POWER, meter_id="EM-9"), "control_plan")),
    RuleCase("SCH-14", "boundary", lambda: with_cells(clean_case(), "control_plan", {}, valid_to="2026-01-31")),
    RuleCase(
        "SCH-14",
        "boundary",
        lambda: with_cells(clean_case(), "control_plan", {"meter_id": "EM-U1"}, valid_to="2025-12-31"),
        (at("meter_id"),),
    ),
    RuleCase("SCH-14", "fires", lambda: next_version("2026-01-01"), (at("meter_id"),)),
    RuleCase("SCH-14", "boundary", lambda: next_version("2026-01-02")),  # both versions hold in the month
    RuleCase("SCH-14", "silent", lambda: with_cells(clean_case(), "control_plan", {}, valid_to="2025-12-31")),
    RuleCase(
        "FOR-11",
        "fires",
        lambda: meter(POWER, calibration_valid_to="2026-01-15"),
        (at("calibration_valid_to"),),
        "must_answer",
    ),
    RuleCase(
        "FOR-11",
        "fires",  # no accuracy is known, so no correction settles it
        lambda: meter(POWER, calibration_valid_to="2026-01-15", specified_accuracy=""),
        (at("calibration_valid_to"),),
    ),
    RuleCase("FOR-11", "silent", lambda: meter(POWER, calibration_valid_to="", calibrated_on="")),
    RuleCase("FOR-11", "boundary", lambda: meter(POWER, calibration_valid_to="2026-01-31")),
    RuleCase(
        "FOR-11",
        "boundary",
        lambda: meter(POWER, calibration_valid_to="2026-01-30"),
        (at("calibration_valid_to"),),
        "must_answer",
    ),
    RuleCase("XRC-03", "fires", lambda: shifted(POWER, "quantity", "120"), (at("quantity"),)),
    RuleCase(
        "XRC-03",
        "fires",
        lambda: with_value(clean_case(), "power_generation", "400000.000"),
        (key(parameter="power_generation", item="Σ"),),
    ),
    RuleCase("XRC-03", "silent", lambda: replaced(shifted(POWER, "quantity", "120", without_quantity()))),
    RuleCase("XRC-03", "silent", lambda: without_table(clean_case(), "meter_total")),
    RuleCase("XRC-03", "boundary", lambda: shifted(POWER, "quantity", "0.0005")),
    RuleCase("XRC-03", "boundary", lambda: shifted(POWER, "quantity", "0.001"), (at("quantity"),)),
    RuleCase("XRC-04", "fires", lambda: both_readings("5.000"), (at("opening_reading"),)),
    RuleCase("XRC-04", "silent", lambda: replaced(both_readings("5.000"))),
    RuleCase("XRC-04", "boundary", lambda: both_readings("0.001"), (at("opening_reading"),)),
    RuleCase("XRC-04", "boundary", lambda: both_readings("0")),
    RuleCase("XRC-19", "fires", lambda: corrected_coal("0", **NOT_CALIBRATED), (FUEL,)),
    RuleCase("XRC-19", "fires", lambda: corrected_coal("0", calibrated_accuracy="0.8"), (FUEL,)),
    RuleCase("XRC-19", "silent", lambda: corrected_coal("0", calibrated_accuracy="0.4")),
    RuleCase("XRC-19", "boundary", lambda: corrected_coal("0.5", **NOT_CALIBRATED)),  # R x (1 + p)
    RuleCase("XRC-19", "boundary", lambda: corrected_coal("0.5", "-0.02", **NOT_CALIBRATED), (FUEL,)),
]


def without_quantity() -> Case:
    """A plant that filed no generation, so that only the row of the meter can be wrong."""
    case = clean_case()
    frame = case.tables["parameter"]
    own = (frame["month"] == MONTH) & (frame["unit_id"] == "U1") & (frame["parameter"] == "power_generation")
    case.tables["parameter"] = frame[~own]
    return case


def both_readings(difference: str) -> Case:
    """Opening and closing reading of U1 moved alike, so that only the month before disagrees."""
    return shifted(POWER, "closing_reading", difference, shifted(POWER, "opening_reading", difference))


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_days_not_covered_are_corrected_in_proportion() -> None:
    """15 of 31 days covered, p = 0.5 %: R x (1 + 0.005 x 16/31)."""
    case = corrected_coal("0", **HALF)
    reading = Decimal(value_of(case, "fuel_consumption"))
    right = round(reading * (1 + Decimal("0.005") * 16 / 31), 2)
    row = found(case, "XRC-19").iloc[0]
    assert json.loads(row["counterfactual"]) == {"fuel_consumption": f"{right:f}"}
    assert found(case, "FOR-11")["params"].iloc[0]["days"] == "16"


def test_power_is_corrected_downwards() -> None:
    """p = 0.2 %, not calibrated at all: R x (1 - 0.002)."""
    case = meter(POWER, **NOT_CALIBRATED)
    reading = Decimal(value_of(case, "power_generation"))
    row = found(case, "XRC-19").iloc[0]
    assert json.loads(row["counterfactual"]) == {"power_generation": f"{round(reading * Decimal('0.998'), 3):f}"}


def test_a_corrected_quantity_is_not_another_total() -> None:
    assert found(corrected_coal("0.5", **NOT_CALIBRATED), "XRC-03").empty


def test_the_careful_direction_is_asked_not_blocked() -> None:
    rows = found(corrected_coal("3"), "XRC-03")
    assert rows["severity"].tolist() == ["must_answer"]


def test_a_register_that_starts_again() -> None:
    """Register limit 10000: from 9900 to 100 the meter counted 200."""
    case = meter(POWER, opening_reading="9900", closing_reading="100", multiplier="120", quantity="24000.000")
    case = with_row(
        case,
        "meter",
        plant_id="P001",
        unit_id="U1",
        meter_id="EM-U1",
        parameter="power_generation",
        register_limit="10000",
    )
    assert found(with_value(case, "power_generation", "24000.000"), "XRC-03").empty


def test_readings_of_a_single_meter_are_the_counterfactual() -> None:
    row = found(shifted(POWER, "quantity", "120"), "XRC-03").iloc[0]
    right = Decimal(value_of(clean_case(), "power_generation"))
    assert Decimal(json.loads(row["counterfactual"])["power_generation"]) == right
