"""Deposits against the control plan: what is filed, how it was taken, what the plan leaves open."""

import pandas as pd
import pytest

from mrv.screening.case import Case
from mrv.screening.plan_lines import months_between
from tests.mrv_rules.cases import (
    COAL,
    DIESEL,
    MONTH,
    RuleCase,
    changed,
    check,
    clean_case,
    found,
    key,
    where,
    with_cells,
    with_parameter,
    with_value,
    without,
    without_table,
)

SCALE = {"unit_id": "U1", "stream_id": COAL, "parameter": "fuel_consumption"}
CARBON = {"unit_id": "U1", "stream_id": COAL, "parameter": "carbon_content_ad"}
HEAT = {"unit_id": "U1", "stream_id": COAL, "parameter": "net_calorific_value"}
POWER = {"month": MONTH, "meter_id": "EM-U1"}


def plan(equals: dict[str, str], **cells: str) -> Case:
    """The honest plant under another plan."""
    return with_cells(clean_case(), "control_plan", equals, **cells)


def filed(parameter: str, **cells: str) -> Case:
    case = clean_case()
    row = {"parameter": parameter, "month": MONTH, "unit_id": "U1"}
    return with_cells(case, "parameter", row, **cells)


def coal(parameter: str, **cells: str) -> Case:
    row = {"parameter": parameter, "month": MONTH, "unit_id": "U1", "stream_id": COAL}
    return with_cells(clean_case(), "parameter", row, **cells)


def unfiled(parameter: str, stream: str = COAL, case: Case | None = None) -> Case:
    row = {"parameter": parameter, "month": MONTH, "unit_id": "U1", "stream_id": stream}
    return without(case or clean_case(), "parameter", **row)


def only_line(case: Case, equals: dict[str, str], **cells: str) -> Case:
    """A second version from mid-January whose lines are those of the first, but for some cells of some lines."""
    frame = case.tables["control_plan"]
    second = frame.assign(version="V2", valid_from="2026-01-15")
    mask = where(second, **equals)
    for name, value in cells.items():
        second.loc[mask, name] = value
    return changed(case, "control_plan", pd.concat([frame, second], ignore_index=True))


def meter(**cells: str) -> Case:
    return with_cells(clean_case(), "meter_total", POWER, **cells)


def at(parameter: str, stream: str = COAL, item: str = "") -> tuple[str, str, str, str, str]:
    return key("U1", stream, parameter=parameter, item=item)


CALIBRATED = key("U1", parameter="calibrated_on", item="EM-U1")
WHOLE = ("", "", MONTH, "", "V1")

CASES = [
    RuleCase("PLN-01", "fires", lambda: without(clean_case(), "control_plan", **SCALE), (at("fuel_consumption"),)),
    RuleCase(
        "PLN-01",
        "fires",
        lambda: with_parameter(clean_case(), "quantity_sold", "10.00", stream_id=COAL),
        (at("quantity_sold"),),
    ),
    RuleCase("PLN-01", "silent", lambda: without_table(clean_case(), "control_plan")),
    # The basis on which carbon is stated is the laboratory's affair: the plan names carbon.
    RuleCase("PLN-01", "boundary", lambda: without(clean_case(), "control_plan", **CARBON)),
    RuleCase("PLN-01", "boundary", lambda: plan({}, valid_from="2026-02-01")),  # no plan in force: PLN-08 says it
    RuleCase("PLN-02", "fires", lambda: unfiled("quantity_weighed"), (at("quantity_weighed", item="V1"),)),
    RuleCase("PLN-02", "silent", lambda: unfiled("net_calorific_value")),  # owed by the rule set anyway: CMP-03
    RuleCase("PLN-02", "silent", lambda: without(clean_case(), "parameter", unit_id="U1", month=MONTH)),
    RuleCase("PLN-02", "boundary", lambda: unfiled("oxidation_rate", DIESEL)),  # nothing was burnt
    RuleCase(
        "PLN-02",
        "boundary",
        lambda: without(clean_case(), "parameter", unit_id="U1", month=MONTH, stream_id=DIESEL),
        (at("fuel_consumption", DIESEL, "V1"),),
    ),
    RuleCase(
        "PLN-02",
        "boundary",
        lambda: unfiled("quantity_weighed", case=plan({"parameter": "quantity_weighed"}, frequency="每年")),
    ),
    RuleCase("PLN-03", "fires", lambda: plan(HEAT, method="default"), (at("net_calorific_value"),)),
    RuleCase("PLN-03", "fires", lambda: coal("net_calorific_value", method="default"), (at("net_calorific_value"),)),
    RuleCase("PLN-03", "silent", lambda: plan({"parameter": "oxidation_rate"}, method="design")),
    RuleCase(
        "PLN-03", "boundary", lambda: coal("carbon_content_ad", method="calculated")
    ),  # converted from another basis
    RuleCase("PLN-03", "boundary", lambda: only_line(clean_case(), HEAT, method="default")),  # one of two versions
    RuleCase("PLN-04", "fires", lambda: coal("fuel_consumption", fc_source="stock_balance"), (at("fuel_consumption"),)),
    RuleCase("PLN-04", "silent", lambda: coal("fuel_consumption", fc_source="")),
    RuleCase("PLN-04", "boundary", lambda: only_line(clean_case(), SCALE, fc_source="feeder")),
    RuleCase("PLN-04", "boundary", lambda: plan(SCALE, fc_source="")),
    RuleCase(
        "PLN-05", "fires", lambda: coal("carbon_content_ad", carbon_scheme="daily_own"), (at("carbon_content_ad"),)
    ),
    RuleCase("PLN-05", "silent", lambda: plan(CARBON, carbon_scheme="")),
    RuleCase(
        "PLN-05",
        "boundary",  # the basis that is not filed stands for the one that is
        lambda: with_cells(
            without(clean_case(), "control_plan", **CARBON),
            "control_plan",
            CARBON | {"parameter": "carbon_content_ar"},
            carbon_scheme="batch_own",
        ),
        (at("carbon_content_ad"), at("carbon_content_ar")),
    ),
    RuleCase(
        "PLN-06",
        "fires",
        lambda: meter(calibrated_on="2024-06-01", calibration_valid_to="2026-05-31"),
        (CALIBRATED,),
    ),
    RuleCase("PLN-06", "silent", lambda: meter(calibrated_on="2024-06-01", calibration_valid_to="2025-05-31")),
    RuleCase("PLN-06", "silent", lambda: meter(calibrated_on="")),
    RuleCase("PLN-06", "boundary", lambda: meter(calibrated_on="2025-01-30", calibration_valid_to="")),  # one day
    RuleCase("PLN-06", "boundary", lambda: meter(calibrated_on="2025-01-29", calibration_valid_to=""), (CALIBRATED,)),
    RuleCase("PLN-07", "fires", lambda: plan(SCALE, missing_data_treatment=""), (WHOLE,)),
    RuleCase("PLN-07", "silent", lambda: plan({"method": "default"}, missing_data_treatment="")),
    RuleCase("PLN-07", "boundary", lambda: plan({}, missing_data_treatment="", valid_to="2025-12-31")),
    RuleCase("PLN-08", "fires", lambda: plan({}, valid_from="2026-02-01"), (("", "", MONTH, "", MONTH),)),
    RuleCase("PLN-08", "silent", lambda: without_table(clean_case(), "control_plan")),
    RuleCase("PLN-08", "boundary", lambda: plan({}, valid_from="2026-01-31")),
    RuleCase("PLN-08", "boundary", lambda: plan({}, valid_to="2025-12-31"), (("", "", MONTH, "", MONTH),)),
    RuleCase("PLN-08", "boundary", lambda: plan({}, sector="steel"), (("", "", MONTH, "", MONTH),)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_a_version_without_an_end_ends_when_the_next_begins() -> None:
    """From February on only the second version counts: what it changed is a departure then."""
    case = only_line(clean_case(), SCALE, fc_source="feeder")
    frame = case.tables["control_plan"]
    frame.loc[frame["version"] == "V2", "valid_from"] = "2026-01-01"
    assert found(case, "PLN-04")["parameter"].tolist() == ["fuel_consumption"]


def test_the_words_name_both_sources() -> None:
    row = found(coal("fuel_consumption", fc_source="stock_balance"), "PLN-04").iloc[0]
    assert (row["value"], row["expected"], row["params"]["expected_en"]) == ("盘存", "皮带秤", "Belt scale")


def test_a_filed_value_of_zero_keeps_a_stream_quiet() -> None:
    assert found(with_value(clean_case(), "fuel_consumption", "0", stream_id=DIESEL), "PLN-02").empty


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("每年一次", 12),
        ("每年", 12),
        ("每半年", 6),
        ("每季度一次", 3),
        ("每两年", 24),
        ("6个月", 6),
        ("quarterly", 3),
        ("按需", None),
    ],
)
def test_frequencies_in_words(text: str, months: float | None) -> None:
    assert months_between(text) == months
