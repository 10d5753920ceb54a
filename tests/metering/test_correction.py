"""Conservative meter correction: the cases of the verification guide, worked by hand."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrv.metering.correction import FUEL, PRODUCTION, correct, covered_days

R, P, Q = Decimal(10000), Decimal("0.5"), Decimal("0.8")
percent = st.decimals(0, 20, places=3)


@pytest.mark.parametrize(
    ("calibrated", "covered", "fuel", "production"),
    [
        (Decimal("0.4"), 31, "10000", "10000"),  # on time, within specification
        (P, 31, "10000", "10000"),
        (Q, 31, "10030", "9970"),  # beyond: 10 000 x (1 ± (0.8 - 0.5) %)
        (None, 0, "10050", "9950"),  # not calibrated: 10 000 x (1 ± 0.5 %)
        (Decimal("0.4"), 21, "10016.12903225806451612903226", "9983.870967741935483870967742"),  # 50 x 10 / 31
        (Q, 21, "10036.45161290322580645161290", "9963.548387096774193548387097"),  # (30 x 21 + 50 x 10) / 31
    ],
)
def test_golden(calibrated, covered, fuel, production):
    assert correct(R, P, calibrated, covered, 31, FUEL) == Decimal(fuel)
    assert correct(R, P, calibrated, covered, 31, PRODUCTION) == Decimal(production)


def test_arrays_and_absent_values():
    values = np.array([R, R, None, R], dtype=object)
    specified = np.array([P, P, P, None], dtype=object)
    calibrated = np.array([Q, None, Q, Q], dtype=object)
    covered = np.array([31, 31, 31, 0], dtype=object)
    # an accuracy that was never found cannot be said to be within specification
    assert correct(values, specified, calibrated, covered, 31, FUEL).tolist() == [Decimal(10030), None, None, None]


@given(reading=st.decimals(0, 10**7, places=2), specified=percent, calibrated=percent, covered=st.integers(0, 31))
def test_never_in_favour_of_the_plant(reading, specified, calibrated, covered):
    fuel = correct(reading, specified, calibrated, covered, 31, FUEL)
    production = correct(reading, specified, calibrated, covered, 31, PRODUCTION)
    assert production <= reading <= fuel
    assert abs((fuel - reading) - (reading - production)) < Decimal("1e-15")
    if calibrated - specified <= specified:  # then a day without calibration never pays
        assert fuel <= correct(reading, specified, calibrated, 0, 31, FUEL)


def test_calls_that_are_wrong():
    with pytest.raises(ValueError, match="neither"):
        correct(R, P, Q, 31, 31, "steam")
    with pytest.raises(ValueError, match="covered"):
        correct(R, P, Q, 32, 31, FUEL)


@pytest.mark.parametrize(
    ("month", "calibrated_on", "valid_to", "days"),
    [
        ("2026-01", "2025-06-01", "2026-05-31", (31, 31)),
        ("2026-01", "2026-01-11", "2027-01-10", (21, 31)),  # late: the 11th to the 31st
        ("2026-01", "2025-01-05", "2026-01-04", (4, 31)),  # run out: the 1st to the 4th
        ("2024-02", "2024-02-10", "2024-02-20", (11, 29)),
        ("2026-01", "2026-02-01", "2027-01-31", (0, 31)),
        ("2026-12", "", "", (0, 31)),
    ],
)
def test_covered_days(month, calibrated_on, valid_to, days):
    assert covered_days(month, calibrated_on, valid_to) == days
