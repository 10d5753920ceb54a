"""Laboratory reports as floats, with carbon on the two bases that the checks need."""

import numpy as np
import pandas as pd

from mrv.screening.case import Case, numbers
from schemas.vocabulary import fuel_of

NUMBERS = (
    "carbon",
    "hydrogen_ad",
    "sulphur_ad",
    "ash_ad",
    "volatile_ad",
    "fixed_carbon_ad",
    "moisture_ad",
    "moisture_ar",
    "gross_calorific_value_ad",
    "net_calorific_value_ar",
)
KEY = ["plant_id", "unit_id", "stream_id", "month"]


def laboratory_reports(case: Case) -> pd.DataFrame:
    """One row per report, index = `position` in `coal_analysis`.

    Key columns, `item` (the report number), `basis`, `fuel`, the columns of `NUMBERS` as floats (% and MJ/kg),
    `carbon_ad` and `carbon_ar` [%] converted from the basis of the report (NaN without the moistures), `alone`: the
    only report of its stream and month.
    """
    filed = case.table("coal_analysis")
    rows = filed[[*KEY, "basis"]].assign(item=filed["report_number"], position=np.arange(len(filed)))
    rows["fuel"] = rows["stream_id"].map(fuel_of)
    for name in NUMBERS:
        rows[name] = numbers(filed[name])
    dry_ad = 1.0 - rows["moisture_ad"] / 100.0
    dry_ar = 1.0 - rows["moisture_ar"] / 100.0
    to_dry = {"ar": 1.0 / dry_ar.where(dry_ar > 0), "ad": 1.0 / dry_ad.where(dry_ad > 0), "d": 1.0 + 0.0 * dry_ad}
    carbon_dry = pd.Series(np.nan, index=rows.index)
    for basis, factor in to_dry.items():
        carbon_dry = carbon_dry.where(rows["basis"] != basis, rows["carbon"] * factor)
    rows["carbon_ad"] = rows["carbon"].where(rows["basis"] == "ad", carbon_dry * dry_ad)
    rows["carbon_ar"] = rows["carbon"].where(rows["basis"] == "ar", carbon_dry * dry_ar)
    rows["alone"] = ~rows.duplicated(KEY, keep=False)
    return rows
