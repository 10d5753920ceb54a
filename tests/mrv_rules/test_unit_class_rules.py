"""Class of a unit against its fuels and its heat."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import COAL, MONTHS, RuleCase, check, clean_case, found, key, with_cells, with_parameter

YEAR = tuple(MONTHS[:12])
SLIME = "coal_slime"


def registered(focus: tuple[str, ...] = YEAR, **cells: str) -> Case:
    return with_cells(clean_case(focus=focus), "unit", {"unit_id": "U1"}, **cells)


def gangue_to(month: str, **cells: str) -> Case:
    """U1 burning coal as gangue up to a month of 2025, and as bituminous coal afterwards."""
    case = registered(**cells)
    frame = case.tables["parameter"].copy()
    first = (frame["unit_id"] == "U1") & (frame["stream_id"] == COAL) & (frame["month"] <= month)
    frame.loc[first, "stream_id"] = "coal_gangue"
    case.tables["parameter"] = frame
    return case


def low_grade(stream: str, parameter: str, value: str) -> Case:
    unit = "%" if parameter == "moisture_ar" else "GJ/t"
    return with_parameter(clean_case(), parameter, value, stream_id=stream, unit=unit)


CLASS = key("U1", month="2025-12", parameter="unit_class")
HEAT = key("U1", parameter="heat_supplied")


def heat(value: str) -> Case:
    return with_parameter(clean_case(), "heat_supplied", value, unit="GJ")


CASES = [
    RuleCase("PHY-26", "fires", lambda: registered(unit_class="unconventional_coal"), (CLASS,), "blocks"),
    RuleCase("PHY-26", "fires", lambda: gangue_to("2025-12"), (CLASS,), "note"),
    RuleCase("PHY-26", "silent", lambda: clean_case(focus=YEAR)),
    RuleCase("PHY-26", "silent", lambda: gangue_to("2025-12", unit_class="unconventional_coal")),
    # U1 stood still for ten days of May: January to June are under half of the heat of the year, to July above.
    RuleCase("PHY-26", "boundary", lambda: gangue_to("2025-06", unit_class="unconventional_coal"), (CLASS,), "blocks"),
    RuleCase("PHY-26", "boundary", lambda: gangue_to("2025-07", unit_class="unconventional_coal")),
    RuleCase(
        "V05",
        "fires",
        lambda: low_grade("coal_gangue", "net_calorific_value", "18.000"),
        (key("U1", "coal_gangue", parameter="net_calorific_value"),),
    ),
    RuleCase(
        "V05", "fires", lambda: low_grade(SLIME, "moisture_ar", "12.00"), (key("U1", SLIME, parameter="moisture_ar"),)
    ),
    RuleCase("V05", "silent", clean_case),
    RuleCase("V05", "silent", lambda: low_grade(SLIME, "net_calorific_value", "12.545")),
    RuleCase("V05", "boundary", lambda: low_grade("coal_gangue", "net_calorific_value", "12.550")),
    RuleCase(
        "V05",
        "boundary",
        lambda: low_grade(SLIME, "net_calorific_value", "8.359"),
        (key("U1", SLIME, parameter="net_calorific_value"),),
    ),
    RuleCase("V08", "fires", lambda: heat("1200.00"), (HEAT,)),
    RuleCase("V08", "silent", clean_case),
    RuleCase("V08", "silent", lambda: with_cells(heat("1200.00"), "unit", {"unit_id": "U1"}, product_class="chp")),
    RuleCase("V08", "boundary", lambda: heat("0.00")),
    RuleCase("V08", "boundary", lambda: heat("0.01"), (HEAT,)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_a_year_that_is_not_over_is_a_note() -> None:
    rows = found(registered(("2026-01",), unit_class="unconventional_coal"), "PHY-26")
    assert rows[["month", "severity"]].to_numpy().tolist() == [["2026-01", "note"]]
    assert rows["params"].iloc[0]["months"] == "1"
