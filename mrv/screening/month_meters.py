"""The monthly meter rows as floats, with the calibration that holds for each, and what the meters of a quantity add up to."""

from decimal import Decimal

import numpy as np
import pandas as pd

from mrv.metering.correction import FUEL, PRODUCTION, correct, covered_days
from mrv.screening.case import Case, numbers
from schemas.vocabulary import PARAMETERS

QUANTITY = ["plant_id", "unit_id", "stream_id", "month", "parameter"]
# Which way a meter that cannot be trusted is corrected (CETS-VG-01.01-V02 3.4.1.1 and 3.4.1.4).
DIRECTION = {"fuel_consumption": FUEL, "power_generation": PRODUCTION, "heat_supplied": PRODUCTION}
_ACCURACY = ["specified_accuracy", "calibrated_accuracy", "calibrated_on", "calibration_valid_to"]
_ALWAYS = "0001-01-01"


def half_digit(parameters: pd.Series, share: float) -> pd.Series:
    """`share` of the last digit a quantity is filed with, and a trifle for binary floats."""
    digits = {name: 10.0**-entry.decimals for name, entry in PARAMETERS.items()}
    return parameters.map(digits).astype(float).fillna(1.0) * share + 1e-6


def meter_rows(case: Case) -> pd.DataFrame:
    """Monthly meter rows, index = position in `meter_total`.

    Keys (`QUANTITY`, `meter_id`) and texts of calibration, taken from the meter register where the row has none; floats
    `opening`, `closing`, `multiplier`, `quantity` as filed and `counted` = Δreading × multiplier (NaN when the register went
    backwards with no known limit); `limit`, the register's; `replaced`: a replacement of this meter, or of an unnamed one of
    the unit, was declared for the month; `covered` of `days` of the month lie within the calibration; `corrected`, the
    quantity after the conservative correction.
    """
    filed = case.table("meter_total")
    rows = filed[[*QUANTITY, "meter_id", *_ACCURACY]].copy()
    register = case.table("meter").drop_duplicates(["plant_id", "meter_id"]).set_index(["plant_id", "meter_id"])
    known = register.reindex(pd.MultiIndex.from_frame(rows[["plant_id", "meter_id"]]))
    for name in _ACCURACY:
        fallback = known[name].fillna("").to_numpy()
        rows[name] = rows[name].where(rows[name] != "", fallback)
    rows["limit"] = numbers(known["register_limit"]).to_numpy()
    for name, column in (("opening", "opening_reading"), ("closing", "closing_reading")):
        rows[name] = numbers(filed[column])
    for name in ("multiplier", "quantity"):
        rows[name] = numbers(filed[name])
    delta = rows["closing"] - rows["opening"]
    delta = delta.where(delta >= 0, delta + rows["limit"])
    rows["counted"] = delta * rows["multiplier"]
    rows["replaced"] = _replaced(case, rows)
    rows = rows.join(_covered(rows))
    return rows.assign(corrected=_corrected(rows))


def _replaced(case: Case, rows: pd.DataFrame) -> pd.Series:
    events = case.table("event")
    events = events[events["event"] == "meter_replacement"].assign(month=lambda one: one["start"].str[:7])
    named = pd.MultiIndex.from_frame(events.loc[events["item"] != "", ["plant_id", "item", "month"]])
    unnamed = pd.MultiIndex.from_frame(events.loc[events["item"] == "", ["plant_id", "unit_id", "month"]])
    by_name = pd.MultiIndex.from_frame(rows[["plant_id", "meter_id", "month"]]).isin(named)
    by_unit = pd.MultiIndex.from_frame(rows[["plant_id", "unit_id", "month"]]).isin(unnamed)
    return pd.Series(by_name | by_unit, index=rows.index)


def _covered(rows: pd.DataFrame) -> pd.DataFrame:
    """Days of each row's month within its calibration (`covered`) and in all (`days`); a row without a due date is covered."""
    triples = rows[["month", "calibrated_on", "calibration_valid_to"]].drop_duplicates()
    found = []
    for month, on, to in triples.itertuples(index=False, name=None):
        inside, days = covered_days(month, on or _ALWAYS, to)
        found.append((month, on, to, inside if to else days, days))
    table = pd.DataFrame(found, columns=[*triples.columns, "covered", "days"])
    merged = rows[list(triples.columns)].merge(table, on=list(triples.columns), how="left")
    return merged[["covered", "days"]].set_axis(rows.index, axis=0)


def _corrected(rows: pd.DataFrame) -> pd.Series:
    """Quantity of each row after the conservative correction, as float; equal to `quantity` where none is due.

    NaN where a correction is due and the specified accuracy is not known.
    """
    specified, calibrated = numbers(rows["specified_accuracy"]), numbers(rows["calibrated_accuracy"])
    beyond = calibrated > specified
    due = rows["parameter"].isin(list(DIRECTION)) & (beyond | (rows["covered"] < rows["days"]))
    result = rows["quantity"].copy()
    for name, direction in DIRECTION.items():
        part = rows[due & (rows["parameter"] == name)]
        if part.empty:
            continue
        values = correct(
            _decimals(part["quantity"]),
            _decimals(specified[part.index]),
            # A calibration whose accuracy is not stated is taken to meet the specification.
            _decimals(calibrated[part.index].fillna(specified[part.index])),
            part["covered"].to_numpy(dtype=object),
            part["days"].to_numpy(dtype=object),
            direction,
        )
        result.loc[part.index] = [np.nan if value is None else float(value) for value in values]
    return result


def _decimals(values: pd.Series) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = [None if np.isnan(value) else Decimal(repr(float(value))) for value in values]
    return array


def totals(case: Case) -> pd.DataFrame:
    """What the meters of each quantity add up to beside what was filed.

    Columns `QUANTITY`, `sector`, floats `quantity` and `corrected` (NaN where any meter has none) and `filed`. Quantities that
    were not filed are left out.
    """
    rows = case.meters
    absent = rows[QUANTITY].assign(quantity=rows["quantity"].isna(), corrected=rows["corrected"].isna())
    sums = rows.groupby(QUANTITY, as_index=False)[["quantity", "corrected"]].sum()
    gaps = absent.groupby(QUANTITY, as_index=False)[["quantity", "corrected"]].any()
    for name in ("quantity", "corrected"):
        sums[name] = sums[name].where(~gaps[name])
    parameter = case.table("parameter")
    parameter = parameter[parameter["parameter"].isin(sums["parameter"].unique())]
    filed = parameter[[*QUANTITY, "sector"]].assign(filed=numbers(parameter["value"]))
    return sums.merge(filed, on=QUANTITY)
