"""A file cut down to some of its filings: those of which it is the deposit in force, or the one that is looked at."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from mrv.intake import Intake
from schemas.shapes import PATTERNS

Key = tuple[str, str, str]  # plant, sector, month


def restricted(intake: Intake, keys: Collection[Key], loose: bool = True) -> Intake:
    """An intake with only the rows of some filings.

    Parameters
    ----------
    keys : (plant, sector, month); a row of a table without a sector belongs to every sector of its plant and month
    loose : keep the rows that do not say whose they are; they stay with the file
    """
    wanted = set(keys) | {(plant, "", month) for plant, _, month in keys}
    rows = intake.rows
    keep = [
        loose if _nobodys(key[0], key[2]) else key in wanted
        for key in rows[["plant_id", "sector", "month"]].itertuples(index=False, name=None)
    ]
    if all(keep):
        return intake
    kept = rows.index[keep]
    renumbered = {old: new for new, old in enumerate(kept)}
    tables = {}
    for name, frame in intake.tables.items():
        part = frame[frame.index.isin(kept)]
        tables[name] = part.set_axis(pd.Index([renumbered[index] for index in part.index], dtype="int64"), axis=0)
    told = intake.faults[["plant_id", "sector", "month"]].itertuples(index=False, name=None)
    spoken = [loose if _nobodys(key[0], key[2]) else key in wanted for key in told]
    faults = intake.faults[np.array(spoken, dtype=bool)]  # an empty list would ask for no columns
    return Intake(
        intake.name,
        intake.sha256,
        intake.size,
        intake.kind,
        intake.encoding,
        intake.template,
        tables,
        rows.loc[kept].reset_index(drop=True),
        faults.reset_index(drop=True),
        intake.understood,
        intake.attachments,
    )


def _nobodys(plant_id: str, month: str) -> bool:
    """Whether a row does not say whose it is."""
    return not plant_id or not re.fullmatch(PATTERNS["month"], month)
