"""Laboratory values against the quality of the same coal."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrv.screening.case import Case
from mrv.screening.robust import robust_residuals
from tests.mrv_rules.cases import COAL, RuleCase, check, clean_case, found, key, with_cells, without_table

REPORT = "MT202601U1"


def report(**cells: str) -> Case:
    """The honest plant with cells of the January report of U1 changed."""
    return with_cells(clean_case(), "coal_analysis", {"report_number": REPORT}, **cells)


def ash_reversed() -> Case:
    """The ash of each report of U1 taken from the month with the opposite ash, so that heat rises with it."""
    case = clean_case()
    frame = case.tables["coal_analysis"].copy()
    own = frame["unit_id"] == "U1"
    ash = frame.loc[own, "ash_ad"].astype(float)
    frame.loc[own, "ash_ad"] = [f"{value:.2f}" for value in ash.min() + ash.max() - ash]
    case.tables["coal_analysis"] = frame
    return case


def few_reports(months: int) -> Case:
    """Reversed ash with the last `months` reports of U1 only."""
    case = ash_reversed()
    frame = case.tables["coal_analysis"]
    case.tables["coal_analysis"] = frame[(frame["unit_id"] == "U1")].tail(months)
    return case


CARBON = key("U1", COAL, parameter="carbon", item=REPORT)
HEAT = key("U1", COAL, parameter="net_calorific_value_ar", item=REPORT)

CASES = [
    # 64.94 % + 4 points air dry is 3.70 points as received, above 3 x 0.80.
    RuleCase("PHY-01", "fires", lambda: report(carbon="68.94"), (CARBON,)),
    RuleCase("PHY-01", "fires", lambda: report(carbon="60.94"), (CARBON,)),
    RuleCase("PHY-01", "silent", clean_case),
    RuleCase("PHY-01", "silent", lambda: without_table(clean_case(), "coal_analysis")),
    # 2.5 points air dry are 2.5 x (100 - 9.90)/(100 - 2.65) = 2.314: between 2 and 3 x 0.80; 1.5 points are 1.388, below.
    RuleCase("PHY-01", "boundary", lambda: report(carbon="67.44"), (CARBON,), "note"),
    RuleCase("PHY-01", "boundary", lambda: report(carbon="66.44")),
    RuleCase("PHY-02", "fires", lambda: report(net_calorific_value_ar="25.430"), (HEAT,)),
    RuleCase("PHY-02", "silent", clean_case),
    # 0.75 MJ/kg lies between 2 and 3 x 0.32; 0.60 below both.
    RuleCase("PHY-02", "boundary", lambda: report(net_calorific_value_ar="24.180"), (HEAT,), "note"),
    RuleCase("PHY-02", "boundary", lambda: report(net_calorific_value_ar="24.030")),
    RuleCase("V16", "fires", ash_reversed, (key("U1", COAL, parameter="net_calorific_value_ar"),)),
    RuleCase("V16", "silent", clean_case),
    # Twelve reports are judged, eleven are not.
    RuleCase("V16", "boundary", lambda: few_reports(12), (key("U1", COAL, parameter="net_calorific_value_ar"),)),
    RuleCase("V16", "boundary", lambda: few_reports(11)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_the_estimate_is_what_accounting_should_see() -> None:
    row = found(report(carbon="60.94"), "PHY-01").iloc[0]
    assert row["cell"] == "R26" and row["sheet"] == "煤样检测"
    # The honest month has 0.6010 tC/t as received.
    assert '"carbon_content_ar":"0.601' in row["counterfactual"]


def test_a_month_with_two_reports_has_no_estimate_of_its_carbon() -> None:
    case = report(carbon="60.94")
    frame = case.tables["coal_analysis"]
    second = frame[frame["report_number"] == REPORT].assign(report_number="B2", carbon="64.94")
    case.tables["coal_analysis"] = pd.concat([frame, second], ignore_index=True)
    assert found(case, "PHY-01")["counterfactual"].tolist() == [""]


def test_small_plants_are_held_against_the_whole_batch() -> None:
    frame = clean_case().tables["coal_analysis"]
    wrong = frame.tail(1).assign(plant_id="P002", report_number="X1", carbon="58.00")
    right = [frame.tail(1).assign(plant_id="P002", report_number=f"X{number}") for number in range(2, 6)]
    for others, told in (([], []), (right, ["X1"])):  # 27 reports are too few to pool, 31 are enough
        case = clean_case(coal_analysis=pd.concat([frame, wrong, *others], ignore_index=True))
        case.focus.loc[1] = ["P002", "power", "2026-01"]
        assert found(case, "PHY-01")["item"].tolist() == told


def test_fit_of_an_exact_line_leaves_nothing() -> None:
    x = np.array([[1.0], [2.0], [3.0], [4.0], [5.0]])
    residual, fitted = robust_residuals(x, 3 + 2 * x[:, 0], np.zeros(5, dtype=int), 1.345)
    assert np.allclose(residual, 0, atol=1e-9) and np.allclose(fitted, [5, 7, 9, 11, 13])


def test_an_outlier_keeps_its_size_and_moves_no_other_group() -> None:
    random = np.random.default_rng(7)
    x = random.normal(size=(40, 2))
    y = 1 + x @ np.array([2.0, -1.0]) + random.normal(scale=0.01, size=40)
    groups = np.repeat([0, 1], 20)
    wrong = y.copy()
    wrong[3] += 5
    before, _ = robust_residuals(x, y, groups, 1.345)
    after, _ = robust_residuals(x, wrong, groups, 1.345)
    assert 4.5 < after[3] < 5.5
    assert np.abs(np.delete(after[:20], 3)).max() < 0.1
    assert np.allclose(after[20:], before[20:])


@given(st.integers(0, 2**32 - 1), st.floats(-50, 50), st.floats(-50, 50), st.floats(-50, 50))
@settings(max_examples=30, deadline=None)
def test_residuals_do_not_depend_on_the_line_itself(seed: int, a: float, b: float, c: float) -> None:
    random = np.random.default_rng(seed)
    x, y = random.normal(size=(24, 2)), random.normal(size=24)
    groups = np.arange(24) % 2
    residual, _ = robust_residuals(x, y, groups, 1.345)
    moved, _ = robust_residuals(x, y + a + x @ np.array([b, c]), groups, 1.345)
    assert np.allclose(residual, moved, atol=1e-6)


def test_nothing_to_fit() -> None:
    residual, fitted = robust_residuals(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=int), 1.345)
    assert residual.size == fitted.size == 0
