"""Dates that have not come; the other rules of the module are raised by intake and the schema check."""

from datetime import date

import pytest

from mrv.screening.catalogue import catalogue
from mrv.screening.rules import format as subject
from tests.mrv_rules.cases import COAL, RuleCase, check, clean_case, found, key, with_cells

REPORT = {"month": "2026-01", "unit_id": "U1"}

CASES = [
    RuleCase(
        "SCH-13",
        "fires",
        lambda: clean_case(as_of=date(2026, 1, 30)),
        (key("", parameter="month", item="month"),),
    ),
    RuleCase(
        "SCH-13",
        "fires",  # sampled on the last day of the month, issued eight days later
        lambda: clean_case(as_of=date(2026, 2, 5)),
        tuple(key(unit, COAL, parameter="", item=f"MT202601{unit}:issued_on") for unit in ("U1", "U2")),
    ),
    RuleCase("SCH-13", "silent", lambda: clean_case(as_of=None)),
    RuleCase("SCH-13", "boundary", lambda: clean_case(as_of=date(2026, 2, 8))),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_the_first_future_step_of_a_report_speaks() -> None:
    case = with_cells(clean_case(), "coal_analysis", REPORT, tested_on="2027-01-05", issued_on="2027-01-08")
    rows = found(case, "SCH-13")
    assert rows["item"].tolist() == ["MT202601U1:tested_on"]
    assert rows["cell"].iloc[0] != ""


def test_only_future_dates_have_a_body() -> None:
    assert [rule.code for rule in subject.RULES if rule.body] == ["SCH-13"]
    assert set(catalogue()) >= {"SCH-01", "SCH-02", "SCH-10", "SCH-15", "SCH-16", "SCH-17", "SCH-18", "SCH-20"}
