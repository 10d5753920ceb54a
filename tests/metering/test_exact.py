"""Text to whole numbers and back."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrv.metering import exact

numbers = st.decimals(-(10**20), 10**20, places=6)


@given(st.lists(numbers, min_size=1, max_size=20))
def test_scaled_is_the_number_written(values):
    texts = pd.Series([f"{value:f}" for value in values], dtype="str")
    scaled, places = exact.scaled(texts)
    assert [Decimal(int(number)).scaleb(-places) for number in scaled] == values
    assert [Decimal(exact.plain(int(number), places)) for number in scaled] == values


def test_small_numbers_stay_in_64_bits_and_large_ones_leave_them():
    small, places = exact.scaled(pd.Series(["1.5", "-2", "0.25"], dtype="str"))
    assert (small.tolist(), places, small.dtype) == ([150, -200, 25], 2, np.int64)
    large, _ = exact.scaled(pd.Series(["9999999999999999999", "-9999999999999999999"], dtype="str"))
    assert large.dtype == object
    assert large.tolist() == [10**19 - 1, 1 - 10**19]


@pytest.mark.parametrize("text", ["12a", "", " 1", "1,000"])
def test_text_that_is_no_number(text):
    with pytest.raises(ValueError):
        exact.scaled(pd.Series(["1", text], dtype="str"))


def test_an_absent_value_is_refused():
    with pytest.raises(ValueError, match="absent"):
        exact.scaled(pd.Series(["1", None], dtype="str"))


@pytest.mark.parametrize(
    ("number", "places", "text"), [(0, 3, "0"), (1200, 2, "12"), (-5, 3, "-0.005"), (120, 0, "120"), (7, 1, "0.7")]
)
def test_plain(number, places, text):
    assert exact.plain(number, places) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-1000, max_value=1000))
def test_whole(value):
    number, places = exact.whole(value)
    assert Decimal(number).scaleb(-places) == value


def test_whole_of_a_power_of_ten():
    assert exact.whole(Decimal("2E+3")) == (2000, 0)
    with pytest.raises(ValueError, match="finite"):
        exact.whole(Decimal("NaN"))


def test_instants():
    texts = ["2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00.5Z"]
    instants = exact.instants(pd.Series(texts, dtype="str"))
    assert (instants - instants[0]).tolist() == [0, 0, 500_000]
    assert exact.instant_text(instants).tolist() == [texts[0], texts[0], texts[2]]
    with pytest.raises(ValueError, match="zone"):
        exact.instants(pd.Series(["2026-01-01T00:00:00"], dtype="str"))


def test_hours_are_rounded_half_up():
    # 18 s = 0.005 h and 17.999999 s just below it
    assert exact.hours_text(np.array([18_000_000, 17_999_999, 744 * exact.HOUR])) == ["0.01", "0", "744"]
