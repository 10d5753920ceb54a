"""The calendar of a country: days of months, as arrays."""

import numpy as np


def days_in(month: np.ndarray) -> np.ndarray:
    """Number of days (n,) of months `YYYY-MM` (n,)."""
    first = month.astype("datetime64[M]")
    return ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)


def number_in_year(month: np.ndarray) -> np.ndarray:
    """0 for January … 11 for December, of months `YYYY-MM` (n,)."""
    return month.astype("datetime64[M]").astype(np.int64) % 12
