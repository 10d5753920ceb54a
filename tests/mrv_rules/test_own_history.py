"""The median of the others against a plain loop."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mrv.screening.own_history import median_of_others

VALUES = st.lists(
    st.tuples(st.one_of(st.just(float("nan")), st.integers(0, 9).map(float)), st.integers(0, 3)), max_size=30
)


@given(VALUES)
def test_against_a_plain_loop(pairs: list[tuple[float, int]]) -> None:
    values = pd.Series([value for value, _ in pairs], dtype=float)
    groups = np.array([group for _, group in pairs], dtype=int)
    median, others = median_of_others(values, groups)
    for place, (value, group) in enumerate(pairs):
        rest = [other for at, (other, own) in enumerate(pairs) if own == group and at != place and not np.isnan(other)]
        if np.isnan(value) or not rest:
            assert np.isnan(median[place])
        else:
            assert median[place] == np.median(rest)
            assert others[place] == len(rest)
