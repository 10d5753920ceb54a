"""One fault, one finding: what a slip of a power of ten explains is told by SCH-03 alone."""

from functools import wraps

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rule import Body

_UNIT_MONTH = ["plant_id", "unit_id", "month"]


def unless_slipped(body: Body) -> Body:
    """A body that keeps silent on units and months (merged groups of them) in which a value is a power of ten off.

    Every comparison of such a value with another would fire; the finding at its cell says all there is to say.
    """

    @wraps(body)
    def silenced(case: Case) -> pd.DataFrame:
        found = body(case)
        if found.empty:
            return found
        slipped = case.slips[_UNIT_MONTH]
        register = case.table("unit")[["plant_id", "unit_id", "merged_with"]]
        merged = slipped.merge(register[register["merged_with"] != ""], on=["plant_id", "unit_id"])
        groups = merged.drop(columns="unit_id").rename(columns={"merged_with": "unit_id"})
        known = pd.MultiIndex.from_frame(pd.concat([slipped, groups])[_UNIT_MONTH])
        return found[~pd.MultiIndex.from_frame(found[_UNIT_MONTH]).isin(known)]

    return silenced
