"""To which sector a row belongs whose table has no sector: the one that files or registers its unit."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.presence import FOCUS, REGISTERS

_PLACE = ["plant_id", "unit_id"]


def sectors_of(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows (plant_id, unit_id, month) with each `sector` they may belong to among the judged filings of their plant and month.

    A row belongs to the sectors whose filing of that month names its unit, else to those that have it in their register, else
    (an unknown unit, or the plant as a whole) to all of the filing. Returns `place` (the index of the row), `sector` and the three
    columns, sorted; rows of plants and months that are not judged are not in it.
    """
    asked = rows[[*_PLACE, "month"]].rename_axis("place").reset_index()
    among = asked.merge(case.focus[FOCUS].drop_duplicates(), on=["plant_id", "month"])
    if among["sector"].nunique() > 1:
        filed = case.table("parameter")[[*FOCUS, "unit_id"]].drop_duplicates()
        names = pd.MultiIndex.from_frame(among[[*FOCUS, "unit_id"]]).isin(pd.MultiIndex.from_frame(filed))
        known = _registered(case)
        holds = pd.MultiIndex.from_frame(among[["sector", *_PLACE]]).isin(pd.MultiIndex.from_frame(known))
        rank = pd.Series(2, index=among.index).mask(holds, 1).mask(names, 0)
        among = among[rank == rank.groupby(among["place"]).transform("min")]
    return among.sort_values(["place", "sector"], ignore_index=True)


def _registered(case: Case) -> pd.DataFrame:
    columns = ["sector", *_PLACE]
    parts = [case.table(table).assign(sector=sector)[columns] for sector, table in REGISTERS.items()]
    return pd.concat([case.table("facility")[columns], *parts]).drop_duplicates()
