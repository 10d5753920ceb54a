"""Files, tests and sources behind the numbers."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import (
    COAL,
    DIESEL,
    MONTH,
    PLANT,
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
    without,
    without_table,
)

GENERATION = {"month": MONTH, "unit_id": "U1", "parameter": "power_generation"}
ANALYSIS = {"month": MONTH, "unit_id": "U1"}


def no_evidence(**equals: str) -> Case:
    return without(clean_case(), "evidence", month=MONTH, unit_id="U1", **equals)


def from_source(
    source: str, month: str = MONTH, case: Case | None = None, unit_id: str = "U1", stream: str = COAL
) -> Case:
    row = {"month": month, "unit_id": unit_id, "stream_id": stream, "parameter": "fuel_consumption"}
    return with_cells(case or clean_case(), "parameter", row, fc_source=source)


def without_daily(case: Case) -> Case:
    """No coal was weighed on its way to the boiler."""
    return without_table(case, "daily_coal")


def reused(month: str, unit_id: str = "U1", parameter: str = "power_generation") -> Case:
    """A file of another month attached to the run hours of this one."""
    case = clean_case()
    rows = case.tables["evidence"]
    source = rows[(rows["month"] == month) & (rows["unit_id"] == unit_id) & (rows["parameter"] == parameter)]
    target = {"month": MONTH, "unit_id": "U1", "parameter": "run_hours"}
    return with_cells(case, "evidence", target, evidence_sha256=source["evidence_sha256"].iloc[0])


FUEL = key("U1", COAL, parameter="fuel_consumption")
RUN_HOURS = key("U1", parameter="run_hours", item=f"{MONTH}-U1--run_hours.pdf")

CASES = [
    RuleCase(
        "CMP-05", "fires", lambda: no_evidence(parameter="power_generation"), (key(parameter="power_generation"),)
    ),
    RuleCase(
        "CMP-05",
        "fires",
        lambda: no_evidence(parameter="net_calorific_value"),
        (key("U1", COAL, parameter="net_calorific_value"),),
    ),
    RuleCase("CMP-05", "silent", lambda: without_table(clean_case(), "evidence")),
    RuleCase("CMP-05", "silent", clean_case),
    RuleCase(  # a line for the whole plant
        "CMP-05", "boundary", lambda: with_cells(clean_case(), "evidence", GENERATION, unit_id="")
    ),
    RuleCase(  # listed, but the file was not among those that came with the filing
        "CMP-05",
        "boundary",
        lambda: with_cells(clean_case(), "evidence", GENERATION, evidence_sha256=""),
        (key(parameter="power_generation"),),
    ),
    RuleCase(
        "CMP-08",
        "fires",
        lambda: without(clean_case(), "coal_analysis", **ANALYSIS),
        (key("U1", COAL, parameter="carbon_content_ar"),),
    ),
    RuleCase("CMP-08", "silent", lambda: without_table(clean_case(), "coal_analysis")),
    RuleCase(  # nothing burnt, nothing to test
        "CMP-08",
        "boundary",
        lambda: with_value(without(clean_case(), "coal_analysis", **ANALYSIS), "fuel_consumption", "0"),
    ),
    RuleCase("CMP-11", "fires", lambda: from_source("stock_balance"), (FUEL,)),
    RuleCase("CMP-11", "fires", lambda: without_daily(from_source("settlement")), (FUEL,)),
    RuleCase("CMP-11", "silent", lambda: from_source("")),
    RuleCase("CMP-11", "boundary", lambda: from_source("feeder")),  # of one rank with the belt scale
    RuleCase("FOR-20", "fires", lambda: reused("2025-03"), (RUN_HOURS,)),
    RuleCase("FOR-20", "silent", clean_case),
    RuleCase("FOR-20", "boundary", lambda: reused(MONTH)),  # one report may prove several numbers of its month
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_coal_weighed_is_what_should_have_been_filed() -> None:
    row = found(from_source("stock_balance"), "CMP-11").iloc[0]
    assert json.loads(row["counterfactual"]) == {"fuel_consumption": value_of(clean_case(), "fuel_consumption")}
    assert (row["value"], row["expected"]) == ("盘存", "皮带秤")


def test_a_source_that_was_low_last_year_is_not_lowered() -> None:
    case = without_daily(clean_case())
    for month in case.tables["parameter"]["month"].unique():
        case = from_source("stock_balance", month, case)
    assert found(case, "CMP-11").empty


def test_a_coal_without_a_test_takes_the_penalty() -> None:
    row = found(without(clean_case(), "coal_analysis", **ANALYSIS), "CMP-08").iloc[0]
    assert json.loads(row["counterfactual"]) == {
        "carbon_content_ad": None,
        "carbon_content_ar": None,
        "carbon_content_d": None,
    }


def test_defaults_need_no_evidence() -> None:
    case = with_value(clean_case(), "fuel_consumption", "45.20", stream_id=DIESEL)
    assert found(case, "CMP-05")["parameter"].tolist() == ["fuel_consumption"]


def test_another_plant_is_not_named() -> None:
    """The same file in two plants: each is told, neither is told of whom."""
    case = clean_case()
    rows = case.tables["evidence"]
    first = rows[rows["month"] == MONTH].iloc[0]
    other = {name: str(first[name]) for name in ("unit_id", "month", "parameter", "evidence_file", "evidence_sha256")}
    case = with_row(case, "evidence", plant_id="P002", **other)
    both = pd.DataFrame({"plant_id": [PLANT, "P002"], "sector": "power", "month": MONTH})
    told = found(replace(case, focus=both), "FOR-20")
    assert told["plant_id"].tolist() == [PLANT, "P002"]
    assert {params["others"] for params in told["params"]} == {f"其他企业 {MONTH}"}


def test_lasting_documents_may_be_used_again() -> None:
    case = changed(
        clean_case(),
        "evidence",
        clean_case().tables["evidence"].assign(parameter="oxidation_rate", evidence_sha256="a" * 64),
    )
    assert found(case, "FOR-20").empty
