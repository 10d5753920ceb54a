"""Quantities per tonne of product held against an experience range."""

import pandas as pd

from mrv.screening.rows import fixed, offending, plain
from mrv.screening.thresholds import limit

EPSILON = 1e-9  # binary floats; never decides about a digit that was filed


def over(amount: pd.Series, base: pd.Series) -> pd.Series:
    """Quotient; NaN where the base is absent or not above zero."""
    return amount / base.where(base > 0)


def outside_range(
    rows: pd.DataFrame,
    rule: str,
    ratio: pd.Series,
    parameter: str,
    unit: str,
    places: int,
    low_holds: pd.Series | None = None,
) -> pd.DataFrame:
    """Rows whose ratio lies outside the thresholds `low` and `high` of a rule (both inclusive).

    low_holds : where the lower limit means anything (elsewhere only the upper one is asked). Adds `ratio` and `expected`.
    """
    low, high = limit(rule, "low"), limit(rule, "high")
    below = ratio < low - EPSILON
    if low_holds is not None:
        below &= low_holds
    bad = rows[below | (ratio > high + EPSILON)]
    return offending(
        bad, parameter=parameter, ratio=fixed(ratio[bad.index], places), expected=f"{plain(low)}–{plain(high)} {unit}"
    )
