"""Values a power of ten away from the other months of their series."""

import numpy as np
import pandas as pd

from mrv.accounting.inputs import each_distinct
from mrv.screening.own_history import median_of_others
from mrv.screening.thresholds import limit
from schemas.vocabulary.parameters import counted_as_gas

SERIES = ["plant_id", "sector", "unit_id", "stream_id", "parameter"]


def logarithms(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """log10 of each `indicator` over the median of its other months, NaN where it has none, and how many those are.

    rows : `SERIES` and `indicator` (float above 0; others take no part).
    """
    value = rows["indicator"].where(rows["indicator"] > 0)
    median, others = median_of_others(value, rows.groupby(SERIES, sort=False).ngroup())
    return np.log10(value / median.where(median > 0)), others


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose `indicator` is one of their powers of ten (`allowed`: usual, gas or thousand) away from its other months.

    Adds `power`: the value is 10^power too large.
    """
    logarithm, others = logarithms(rows)
    power = pd.Series(0, index=rows.index)
    for kind, sizes in _powers().items():
        for size in sizes:
            near = (rows["allowed"] == kind) & ((logarithm - size).abs() <= limit("SCH-03", "window"))
            power = power.where(~near, size)
    hit = (power != 0) & (others >= limit("SCH-03", "months"))
    return rows[hit].assign(power=power[hit])


def gases(streams: pd.Series) -> pd.Series:
    """Which streams are counted in 10^4 Nm3."""
    return each_distinct(streams, counted_as_gas).astype(bool)


def _powers() -> dict[str, tuple[int, ...]]:
    """The slips looked for: of most quantities, of gases, and of quantities that vary too much for any but the largest."""
    small, large, gas = (int(limit("SCH-03", f"power_{name}")) for name in ("small", "large", "gas"))
    usual = (small, -small, large, -large)
    return {"usual": usual, "gas": (*usual, gas, -gas), "thousand": (large,)}
