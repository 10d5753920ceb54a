"""Months that repeat others, units that run while they stand still."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import (
    COAL,
    MONTH,
    RuleCase,
    check,
    clean_case,
    found,
    key,
    value_of,
    with_cells,
    with_row,
    with_value,
)


def same_pair(month: str, unit_id: str = "U1") -> Case:
    """Carbon and heat value of another report under the number of this month's."""
    case = clean_case()
    rows = case.tables["coal_analysis"]
    one = rows[(rows["month"] == month) & (rows["unit_id"] == unit_id)].iloc[0]
    cells = {name: str(one[name]) for name in ("carbon", "gross_calorific_value_ad")}
    return with_cells(case, "coal_analysis", {"month": MONTH, "unit_id": "U1"}, **cells)


def copied(*parameters: str, month: str = "2025-12") -> Case:
    case = clean_case()
    for name in parameters:
        case = with_value(case, name, value_of(case, name, month=month))
    return case


def declared(start: str, end: str, event: str = "stop", unit_id: str = "U1") -> Case:
    return with_row(clean_case(), "event", plant_id="P001", unit_id=unit_id, event=event, start=start, end=end)


COPY = key(item="2025-12")

CASES = [
    RuleCase(
        "TMP-03", "fires", lambda: same_pair("2025-06"), (key("U1", COAL, parameter="carbon", item="MT202601U1"),)
    ),
    RuleCase("TMP-03", "silent", lambda: same_pair(MONTH, "U2")),  # one sample of the month under both units
    RuleCase(
        "TMP-03", "boundary", lambda: same_pair("2025-02"), (key("U1", COAL, parameter="carbon", item="MT202601U1"),)
    ),
    RuleCase("TMP-03", "boundary", lambda: same_pair("2025-01")),  # twelve months ago
    RuleCase(
        "TMP-04",
        "fires",
        lambda: copied("fuel_consumption", "net_calorific_value", "carbon_content_ad", "power_generation"),
        (COPY,),
    ),
    RuleCase("TMP-04", "silent", clean_case),
    RuleCase(
        "TMP-04", "boundary", lambda: copied("fuel_consumption", "net_calorific_value", "power_generation"), (COPY,)
    ),
    RuleCase("TMP-04", "boundary", lambda: copied("fuel_consumption", "power_generation")),
    RuleCase(
        "TMP-10",
        "fires",
        lambda: declared("2026-01-10", "2026-01-20"),
        (key("U1", COAL, parameter="fuel_consumption", item="2026-01-11"),),
    ),
    RuleCase(
        "TMP-10",
        "fires",  # without daily coal the hours tell: 744 h in a month that leaves none
        lambda: without_coal(declared("2025-12-20", "")),
        (key("U1", parameter="run_hours", item="2026-01-01"),),
    ),
    RuleCase("TMP-10", "silent", lambda: clean_case(focus=("2025-05",))),
    RuleCase("TMP-10", "boundary", lambda: declared("2026-01-10", "2026-01-11")),  # hours may be run on both days
]


def without_coal(case: Case) -> Case:
    return with_cells(case, "daily_coal", {"unit_id": "U1"}, fuel_consumption="0")


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_a_merged_group_stands_still_only_as_a_whole() -> None:
    case = with_cells(declared("2026-01-10", "2026-01-20"), "unit", {}, merged_with="G1")
    case = with_cells(case, "daily_coal", {}, unit_id="G1")
    assert "fuel_consumption" not in found(case, "TMP-10")["parameter"].tolist()


def test_generation_in_a_month_of_standstill() -> None:
    case = with_value(without_coal(declared("2025-12-20", "")), "run_hours", "0.00")
    assert found(case, "TMP-10")["parameter"].tolist() == ["power_generation"]


def test_the_nearest_original_is_named() -> None:
    row = found(copied("fuel_consumption", "net_calorific_value", "power_generation", month="2025-11"), "TMP-04").iloc[
        0
    ]
    assert (row["item"], row["value"]) == ("2025-11", "3")
