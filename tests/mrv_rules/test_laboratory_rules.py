"""Report numbers, dates, accreditation, sampling."""

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
    with_row,
    without,
)

REPORT = {"month": MONTH, "unit_id": "U1"}
NUMBER = "MT202601U1"


def report(**cells: str) -> Case:
    return with_cells(clean_case(), "coal_analysis", REPORT, **cells)


def about(column: str, item: str = NUMBER) -> tuple[str, str, str, str, str]:
    return key("U1", COAL, parameter=column, item=item)


def shared_sample(carbon: str | None = None) -> Case:
    """One report for both units, which burn the same coal."""
    case = clean_case()
    rows = case.tables["coal_analysis"]
    one = rows[(rows["month"] == MONTH) & (rows["unit_id"] == "U1")].iloc[0]
    cells = {
        name: str(one[name]) for name in ("report_number", "sampled_on", "issued_on", "basis", "carbon", "moisture_ad")
    }
    return with_cells(
        case, "coal_analysis", {"month": MONTH, "unit_id": "U2"}, **{**cells, **({"carbon": carbon} if carbon else {})}
    )


def scheme(case: Case, name: str) -> Case:
    return with_cells(case, "parameter", {"month": MONTH, "unit_id": "U1", "stream_id": COAL}, carbon_scheme=name)


def stopped(start: str, end: str, carbon_scheme: str) -> Case:
    """The sample was taken on 2026-01-31."""
    case = with_row(clean_case(), "event", plant_id="P001", unit_id="U1", event="stop", start=start, end=end)
    rows = {"month": MONTH, "unit_id": "U1", "stream_id": COAL}
    return with_cells(case, "parameter", rows, carbon_scheme=carbon_scheme)


def masses(mass: str, *days: str) -> Case:
    case = clean_case()
    for day in days:
        case = with_cells(case, "daily_coal", {"unit_id": "U1", "day": day}, sample_mass=mass)
    return case


def first_day_off(percent: int) -> Case:
    """Two coals of 1000 t a day for ten days, 1 kg each; the first day weighs more or less.

    With 9 days of 1 kg and one of m kg the month has (9+m)/10 kg per 1000 t; m = 1.11 gives 1.11/1.011 = 1.0979.
    """
    case = without(clean_case(), "daily_coal", unit_id="U1")
    for day in range(1, 11):
        mass = f"{1 + percent / 100:.3f}" if day == 1 else "1.000"
        row = {"plant_id": "P001", "unit_id": "U1", "stream_id": COAL, "day": f"2026-01-{day:02d}"}
        case = with_row(case, "daily_coal", **row, fuel_consumption="1000.00", sample_mass=mass)
    return case


LATE = ("2026-01-01", "2026-02-10")  # 40 days

CASES = [
    RuleCase("FOR-05", "fires", lambda: report(report_number="MT202503U1"), (about("report_number", "MT202503U1"),)),
    RuleCase(
        "FOR-05",
        "fires",
        lambda: shared_sample("60.00"),
        (about("report_number"), key("U2", COAL, parameter="report_number", item=NUMBER)),
    ),
    RuleCase("FOR-05", "silent", clean_case),
    RuleCase("FOR-05", "boundary", shared_sample),
    RuleCase("FOR-07", "fires", lambda: report(tested_on="2026-02-01"), (about("tested_on"),)),
    RuleCase("FOR-07", "silent", lambda: report(sent_on="", received_on="", tested_on="")),
    RuleCase("FOR-07", "boundary", lambda: report(tested_on="2026-02-03", issued_on="2026-02-03")),  # all on one day
    RuleCase("FOR-09", "fires", lambda: report(sampled_on=LATE[0], issued_on="2026-02-11"), (about("issued_on"),)),
    RuleCase("FOR-09", "silent", clean_case),
    RuleCase("FOR-09", "boundary", lambda: report(sampled_on=LATE[0], issued_on=LATE[1])),
    RuleCase("FOR-10", "fires", lambda: report(cma_number="", cnas_number=""), (about("cma_number"),)),
    RuleCase("FOR-10", "fires", lambda: report(accreditation_scope="C;NCV"), (about("accreditation_scope"),)),
    RuleCase("FOR-10", "fires", lambda: report(hydrogen_ad=""), (about("hydrogen_ad"),)),
    RuleCase("FOR-10", "silent", lambda: report(cma_number="", accreditation_scope="m、s、h、ncv、c")),
    RuleCase("FOR-10", "boundary", lambda: report(accreditation_valid_to="2026-02-05")),  # the day of the test
    RuleCase(
        "FOR-10", "boundary", lambda: report(accreditation_valid_to="2026-02-04"), (about("accreditation_valid_to"),)
    ),
    RuleCase("FOR-19", "fires", lambda: stopped("2026-01-30", "2026-02-03", "daily_own"), (about("sampled_on"),)),
    RuleCase("FOR-19", "silent", lambda: stopped("2026-01-30", "2026-02-03", "composite_own")),  # made of earlier days
    RuleCase("FOR-19", "silent", lambda: stopped("2026-01-30", "2026-02-03", "batch_own")),  # delivered coal
    RuleCase("FOR-19", "boundary", lambda: stopped("2026-01-31", "2026-02-03", "daily_own")),  # ran until that day
    RuleCase(
        "LAB-01",
        "fires",
        lambda: masses("3.500", "2026-01-09"),
        (key("U1", COAL, parameter="sample_mass"),),
    ),
    RuleCase("LAB-01", "silent", lambda: scheme(masses("3.500", "2026-01-09"), "")),
    RuleCase("LAB-01", "boundary", lambda: first_day_off(11)),
    RuleCase(
        "LAB-01", "boundary", lambda: first_day_off(12), (key("U1", COAL, parameter="sample_mass"),)
    ),  # 1.12/1.012 = 1.107
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


@pytest.mark.parametrize("cells", [{"issued_on": "2026-03-20"}, {"cma_number": "", "cnas_number": ""}])
def test_a_test_that_does_not_count_is_no_test(cells: dict[str, str]) -> None:
    code = "FOR-09" if "issued_on" in cells else "FOR-10"
    row = found(report(**cells), code).iloc[0]
    assert set(json.loads(row["counterfactual"]).values()) == {None}


def test_other_reports_of_the_month_may_still_count() -> None:
    case = report(issued_on="2026-03-20")
    case = with_row(
        case, "coal_analysis", plant_id="P001", unit_id="U1", stream_id=COAL, month=MONTH, report_number="X2"
    )
    assert found(case, "FOR-09")["counterfactual"].tolist() == [""]


def test_a_repeated_number_names_the_other_month() -> None:
    row = found(report(report_number="MT202503U1"), "FOR-05").iloc[0]
    assert row["params"]["others"] == "本企业 2025-03 U1"
