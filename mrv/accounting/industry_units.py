"""Monthly totals of each line, process and enterprise of an industrial sector, and what it makes per tonne."""

from decimal import Decimal

import numpy as np
import pandas as pd

from mrv.accounting.accounts import UNIT_MONTH_COLUMNS
from mrv.accounting.decimals import objects
from mrv.accounting.inputs import UNIT_KEY, choose, sorted_codes, wide
from mrv.accounting.unit_months import sums
from schemas.vocabulary import fuel_of

# The product of a unit, whichever it files: a unit files one of them.
PRODUCTS = ("clinker_output", "aluminium_output", "crude_steel_output", "process_product_output")
FILED = ("power_generation", "heat_supplied", "run_hours", "load_factor")
SECONDARY = ("coke", "coke_oven_gas", "blast_furnace_gas", "converter_gas")  # own secondary energy of a steel works
HUNDRED = Decimal(100)


def over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Quotient element by element; None where either is absent or the divisor is zero."""
    return np.array(
        [top / base if top is not None and base else None for top, base in zip(above, below, strict=True)],
        dtype=object,
    )


def unit_months(parameter: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """One row per plant, sector, unit and month with anything filed: Σ of the unit's own lines, output, intensity.

    parameter : accepted rows of one industrial sector; lines : its emission lines. Returns `UNIT_MONTH_COLUMNS`.
    """
    filed = wide(parameter, UNIT_KEY, (*PRODUCTS, *FILED))
    frame, codes = sorted_codes(pd.concat([filed[UNIT_KEY], lines[UNIT_KEY]]), UNIT_KEY)
    filed_codes, line_codes, count = codes[: len(filed)], codes[len(filed) :], len(frame)
    result = frame.copy()
    for name in UNIT_MONTH_COLUMNS:
        if name not in result:
            result[name] = None
    result["tco2"] = sums(lines["tco2"], line_codes, count)
    result["fuel_heat"] = sums(lines["heat"], line_codes, count)
    for name in FILED:
        result[name] = sums(filed[name], filed_codes, count)
    result["output"] = choose(*(sums(filed[name], filed_codes, count) for name in PRODUCTS))
    result["intensity"] = over(result["tco2"].to_numpy(dtype=object), result["output"].to_numpy(dtype=object))
    result["secondary_energy_share"] = _secondary(parameter, lines, line_codes, count)
    provisional = np.zeros(count, dtype=bool)
    np.logical_or.at(provisional, line_codes, lines["provisional"].astype(bool).to_numpy())
    result["provisional"] = provisional
    return result[UNIT_MONTH_COLUMNS]


def _secondary(parameter: pd.DataFrame, lines: pd.DataFrame, codes: np.ndarray, count: int) -> np.ndarray:
    """Share of own secondary energy in the fuel heat of co-firing units [%] (CETS-AG-03.01 C.4 note 7)."""
    cofiring = (lines["level"] == "cofiring").to_numpy()
    key = [*UNIT_KEY, "stream_id"]
    own = parameter.loc[
        (parameter["parameter"] == "fuel_consumption") & (parameter["origin"] == "own"), key
    ].drop_duplicates()
    secondary = pd.MultiIndex.from_frame(lines[key]).isin(pd.MultiIndex.from_frame(own))
    secondary &= np.array([fuel_of(stream) in SECONDARY for stream in lines["stream_id"]], dtype=bool)
    heat = objects(lines["heat"])
    whole = sums(heat[cofiring], codes[cofiring], count)
    part = sums(heat[cofiring & secondary], codes[cofiring & secondary], count)
    part = np.array([value if value is not None else Decimal(0) for value in part], dtype=object)
    return np.array([None if share is None else share * HUNDRED for share in over(part, whole)], dtype=object)
