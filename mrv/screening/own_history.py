"""A value against what the same unit filed in its other months."""

import numpy as np
import pandas as pd


def median_of_others(values: pd.Series, groups: pd.Series | np.ndarray) -> tuple[pd.Series, pd.Series]:
    """For each value the median of the other values of its group, and how many those are.

    values : floats of shape (n,); NaN takes no part. groups : labels of shape (n,), comparable among themselves.
    Returns the median (NaN where there is no other value) and the count of others, both on the index of `values`.
    """
    codes = pd.Series(pd.factorize(np.asarray(groups))[0], index=values.index)
    present = pd.DataFrame({"value": values, "group": codes}).dropna().sort_values(["group", "value"], kind="stable")
    sorted_values = present["value"].to_numpy()
    size = present.groupby("group")["value"].transform("size").to_numpy()
    rank = present.groupby("group").cumcount().to_numpy()
    start = np.arange(len(present)) - rank
    others = size - 1

    def other(place: np.ndarray) -> np.ndarray:
        """The value at a place of the sorted group once the row's own value is taken out."""
        place = np.clip(place, 0, np.maximum(others - 1, 0))
        position = np.minimum(start + place + (place >= rank), len(sorted_values) - 1)
        return sorted_values[position]

    median = (other((others - 1) // 2) + other(others // 2)) / 2
    found = pd.Series(np.where(others > 0, median, np.nan), index=present.index)
    counts = pd.Series(others, index=present.index)
    return found.reindex(values.index), counts.reindex(values.index).fillna(0).astype(int)
