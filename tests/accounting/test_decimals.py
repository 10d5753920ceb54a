"""Exact decimals in arrays."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrv.accounting.decimals import elementwise, plain_text, round_half_up, to_decimal

finite = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)


def test_text_to_decimal():
    found = to_decimal(pd.Series(["0.5207", "", "-1", "007.10"], dtype="str"))
    assert found.tolist() == [Decimal("0.5207"), None, Decimal(-1), Decimal("7.10")]
    assert str(found[3]) == "7.10"  # as written, nothing padded or cut
    assert to_decimal([None, float("nan"), 3, Decimal("0")]).tolist() == [None, None, Decimal(3), Decimal(0)]
    assert to_decimal([]).size == 0


@pytest.mark.parametrize("wrong", ["x", "NaN", "Infinity", "1,000"])
def test_text_that_is_no_finite_number(wrong):
    with pytest.raises(ValueError):
        to_decimal(["1", wrong])


@pytest.mark.parametrize("wrong", [1.5, True, np.float64(2)])
def test_floats_are_refused(wrong):
    with pytest.raises(TypeError):
        to_decimal(["1", wrong])


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("5.9642292", 2, "5.96"), ("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("1.005", 2, "1.01")],
)
def test_half_up(value, places, rounded):
    assert str(round_half_up(Decimal(value), places)) == rounded


def test_tens():
    assert round_half_up(Decimal(1250), -2) == 1300
    assert round_half_up(None, 2) is None


@given(st.lists(st.none() | finite, max_size=20), st.integers(0, 6))
def test_arrays_are_rounded_like_their_elements(values, places):
    array = to_decimal(values)
    expected = [v if v is None else v.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) for v in values]
    assert round_half_up(array, places).tolist() == expected
    once = round_half_up(array, places)
    assert round_half_up(once, places).tolist() == once.tolist()


@given(st.lists(st.none() | finite, max_size=20))
def test_text_and_back(values):
    texts = plain_text(values)
    assert to_decimal(texts).tolist() == values
    assert not any("E" in text or text.endswith(".") or ("." in text and text.endswith("0")) for text in texts)


def test_none_in_none_out():
    add = elementwise(lambda a, b: a + b, 2)
    assert add(to_decimal(["1", "", "3"]), Decimal(2)).tolist() == [Decimal(3), None, Decimal(5)]
    assert add(Decimal(1), Decimal(2)) == 3
