"""Carbon content as filed."""

import json

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
    with_cells,
    with_parameter,
    with_row,
    with_value,
    without,
)

CAR = key("U1", COAL, parameter="carbon_content_ar")
CAD = key("U1", COAL, parameter="carbon_content_ad", item="MT202601U1")
ROW = {"unit_id": "U1", "stream_id": COAL, "month": MONTH}


def carbon(value: str, case: Case | None = None, **cells: str) -> Case:
    """The received-basis carbon of January changed (heat value 23.430 GJ/t)."""
    return with_value(case or clean_case(), "carbon_content_ar", value, **cells)


def untested(method: str) -> Case:
    """Carbon from heat, 23.430 x 0.03085 = 0.7228, with nothing tested beside it."""
    case = carbon("0.7228", method=method)
    return without(case, "parameter", **ROW, parameter="carbon_content_ad")


def second_report(carbon_percent: str) -> Case:
    case = clean_case()
    frame = case.tables["coal_analysis"]
    row = frame[frame["report_number"] == "MT202601U1"].iloc[0].to_dict() | {
        "report_number": "B2",
        "carbon": carbon_percent,
    }
    return with_row(case, "coal_analysis", **row)


CASES = [
    RuleCase("PHY-03", "fires", lambda: carbon("0.5388"), (CAR,)),  # 0.02300 tC/GJ
    RuleCase("PHY-03", "fires", lambda: carbon("0.4600"), (CAR,), "blocks"),  # 0.01963
    RuleCase(
        "PHY-03", "fires", lambda: carbon("0.7228"), (CAR,)
    ),  # the penalty value to the last digit, filed as tested
    RuleCase("PHY-03", "silent", clean_case),
    RuleCase("PHY-03", "silent", lambda: untested("default")),
    RuleCase("PHY-03", "silent", lambda: untested("calculated")),
    RuleCase("PHY-03", "silent", lambda: carbon("0.0601")),  # a slip of ten is told elsewhere
    RuleCase("PHY-03", "boundary", lambda: carbon("0.7030"), (CAR,)),  # 0.030004, above 0.0300
    RuleCase("PHY-03", "boundary", lambda: carbon("0.7029"), (CAR,), "note"),  # 0.0299999; 14.6 % above 0.02618
    RuleCase("PHY-03", "boundary", lambda: carbon("0.6501")),  # 0.027747, 5.98 % above 0.02618
    # 0.6494*(100 - 9.90)/(100 - 2.65) = 0.60104
    RuleCase("PHY-08", "fires", lambda: carbon("0.5900"), (CAR,)),
    RuleCase("PHY-08", "silent", clean_case),
    RuleCase("PHY-08", "silent", lambda: carbon("0.6494")),  # the tested value copied: the basis mix-up
    RuleCase("PHY-08", "boundary", lambda: carbon("0.6015")),  # 0.046 points
    RuleCase("PHY-08", "boundary", lambda: carbon("0.6016"), (CAR,)),  # 0.056 points
    RuleCase("XRC-17", "fires", lambda: with_value(clean_case(), "carbon_content_ad", "0.6294"), (CAD,)),
    RuleCase(
        "XRC-17",
        "fires",
        lambda: with_value(clean_case(), "moisture_ad", "3.65"),
        (key("U1", COAL, parameter="moisture_ad", item="MT202601U1"),),
    ),
    RuleCase("XRC-17", "silent", clean_case),
    RuleCase("XRC-17", "silent", lambda: without(clean_case(), "parameter", **ROW, parameter="carbon_content_ad")),
    RuleCase("XRC-17", "silent", lambda: second_report("64.90")),  # 0.6494 lies within 0.6490–0.6494
    RuleCase("XRC-17", "boundary", lambda: with_value(clean_case(), "carbon_content_ad", "0.64944")),
    RuleCase("XRC-17", "boundary", lambda: with_value(clean_case(), "carbon_content_ad", "0.6495"), (CAD,)),
    RuleCase(
        "V12",
        "fires",
        lambda: with_value(clean_case(), "net_calorific_value", "23.430", state="delivered"),
        (key("U1", COAL, parameter="net_calorific_value"),),
    ),
    RuleCase("V12", "silent", clean_case),
    RuleCase("V12", "silent", lambda: with_cells(clean_case(), "parameter", ROW, state="delivered")),
    RuleCase("V12", "boundary", lambda: with_value(clean_case(), "net_calorific_value", "23.430", state="")),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_carbon_below_any_coal_counts_as_untested() -> None:
    row = found(carbon("0.4600"), "PHY-03").iloc[0]
    gone = {"carbon_content_ad": None, "carbon_content_ar": None, "carbon_content_d": None}
    assert json.loads(row["counterfactual"]) == gone
    assert found(carbon("0.5388"), "PHY-03")["counterfactual"].tolist() == [""]


def test_an_unconventional_unit_has_its_own_penalty_value() -> None:
    # 23.430 x 0.02858 = 0.66963: the penalty of unconventional units, ordinary carbon for a conventional one.
    case = carbon("0.6696")
    assert found(case, "PHY-03")["severity"].tolist() == ["note"]
    case = with_cells(case, "unit", {"unit_id": "U1"}, unit_class="unconventional_coal")
    assert found(case, "PHY-03")["severity"].tolist() == ["must_answer"]


def test_the_report_stands_in_for_the_filing() -> None:
    case = with_value(clean_case(), "carbon_content_ad", "0.6294")
    row = found(case, "XRC-17").iloc[0]
    assert (row["value"], row["expected"]) == ("0.6294", "0.6494 tC/t")
    assert json.loads(row["counterfactual"])["carbon_content_ad"] == "0.6494"


def test_a_value_outside_the_range_of_several_reports() -> None:
    case = with_value(second_report("64.90"), "carbon_content_ad", "0.6480")
    row = found(case, "XRC-17").iloc[0]
    assert (row["expected"], row["counterfactual"], row["item"]) == ("0.6490–0.6494 tC/t", "", "")


def test_a_dry_basis_is_converted_too() -> None:
    # 0.6671*(100 - 9.90)/100 = 0.60106
    case = without(clean_case(), "parameter", **ROW, parameter="carbon_content_ad")
    case = with_parameter(case, "carbon_content_d", "0.6671", unit="tC/t")
    assert found(case, "PHY-08").empty
    assert found(carbon("0.5900", case), "PHY-08")["expected"].tolist() == ["0.6011 tC/t"]
