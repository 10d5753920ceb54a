"""The enterprise as a whole, month by month: Σ of its lines, and what its processes and co-firing units explain of it."""

from decimal import Decimal

import numpy as np
import pandas as pd

from mrv.accounting.accounts import PLANT_MONTH_COLUMNS, TOTAL
from mrv.accounting.industry_units import over
from mrv.accounting.inputs import sorted_codes, wide
from mrv.accounting.unit_months import sums

KEY = ["plant_id", "sector", "month"]
BREAKDOWN = ("process", "cofiring")


def plant_months(parameter: pd.DataFrame, lines: pd.DataFrame, product: str = "") -> pd.DataFrame:
    """One row per plant, sector and month.

    Parameters
    ----------
    parameter : accepted rows of one sector
    lines : its emission lines
    product : the parameter whose sum over the units is the output of the enterprise [t]; empty where there is none

    Returns
    -------
    DataFrame with `PLANT_MONTH_COLUMNS`. `other` is by difference (CETS-AG-03.01 formula 4) and only where a process or a
    co-firing unit was filed: a difference from nothing would say that the works has no processes.
    """
    filed = wide(parameter, [*KEY, "unit_id"], (product,)) if product else parameter[KEY].drop_duplicates()
    frame, codes = sorted_codes(pd.concat([filed[KEY], lines[KEY]]), KEY)
    filed_codes, line_codes, count = codes[: len(filed)], codes[len(filed) :], len(frame)
    result = frame.copy()
    levels = lines["level"].to_numpy()
    for name, level in (("tco2", TOTAL), *((level, level) for level in BREAKDOWN)):
        here = levels == level
        result[name] = sums(lines["tco2"][here], line_codes[here], count)
    result["tco2"] = [value if value is not None else Decimal(0) for value in result["tco2"]]
    result["other"] = [
        None if process is None and cofiring is None else whole - (process or 0) - (cofiring or 0)
        for whole, process, cofiring in zip(result["tco2"], result["process"], result["cofiring"], strict=True)
    ]
    result["output"] = sums(filed[product], filed_codes, count) if product else None
    result["intensity"] = over(result["tco2"].to_numpy(dtype=object), result["output"].to_numpy(dtype=object))
    provisional = np.zeros(count, dtype=bool)
    np.logical_or.at(provisional, line_codes, lines["provisional"].astype(bool).to_numpy())
    result["provisional"] = provisional
    return result[PLANT_MONTH_COLUMNS]
