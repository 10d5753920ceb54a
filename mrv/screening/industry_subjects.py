"""Kinds of the streams and units of industrial sectors: the role of the facility with the group of the stream, or its process."""

import numpy as np
import pandas as pd

from emission_factors import fuel_group
from mrv.accounting.inputs import each_distinct
from mrv.screening.case import STREAM_KEY, Case
from mrv.screening.facilities import register
from schemas.vocabulary import ENTERPRISE_UNIT, MATERIALS, fuel_of

# What a stream is filed by at a process; at every other facility it is consumed or made.
THROUGH = ("fuel_input", "fuel_output")
# The role of a unit that is neither the enterprise nor registered and files nothing of a process.
UNREGISTERED = {"cement": "line", "aluminium": "line", "steel": "cofiring"}


def subjects(case: Case, parameter: pd.DataFrame) -> pd.DataFrame:
    """Streams and units of the rows of one industrial sector, each once: the stream key (`stream_id` empty for a unit) and `kind`."""
    rows = parameter[STREAM_KEY].drop_duplicates()
    units = rows.assign(stream_id="").drop_duplicates()
    streams = rows[rows["stream_id"] != ""]
    both = pd.concat([streams, units], ignore_index=True)
    both["kind"] = kinds(case, both)
    return both[both["kind"] != ""].reset_index(drop=True)


def kinds(case: Case, rows: pd.DataFrame) -> pd.Series:
    """The kind of each row (stream key): `role.group` for a stream, the process for a unit; empty where there is none.

    The role is that of the registered facility; `enterprise` for the enterprise. A unit that is not registered is a process for a
    stream that it files as going in or out, else what `UNREGISTERED` says; what such a unit makes is not known.
    """
    known = register(case).set_index(["plant_id", "sector", "unit_id"])[["process", "role"]]
    found = known.reindex(pd.MultiIndex.from_frame(rows[["plant_id", "sector", "unit_id"]])).fillna("")
    role = pd.Series(found["role"].to_numpy(), index=rows.index)
    process = pd.Series(found["process"].to_numpy(), index=rows.index)
    enterprise = rows["unit_id"] == ENTERPRISE_UNIT
    role, process = role.mask(enterprise, "enterprise"), process.mask(enterprise, "enterprise")
    filed = case.table("parameter")
    through = pd.MultiIndex.from_frame(filed.loc[filed["parameter"].isin(THROUGH), STREAM_KEY])
    passes = pd.MultiIndex.from_frame(rows[STREAM_KEY]).isin(through)
    usual = rows["sector"].map(UNREGISTERED).fillna("")
    role = role.where(role != "", usual.mask(passes, "process"))
    group = _groups(rows)
    kind = np.where(group != "", role + "." + group, "")
    return pd.Series(np.where(rows["stream_id"] == "", process, kind), index=rows.index, dtype="str")


def _groups(rows: pd.DataFrame) -> pd.Series:
    """The fuel group of a stream, or the role of its material in the sector; empty where it has neither."""
    pairs = rows["sector"] + "\n" + rows["stream_id"]

    def group(pair: str) -> str:
        sector, stream = pair.split("\n")
        name = fuel_of(stream)
        entry = MATERIALS.get((sector, name))
        return fuel_group(name) or (entry.role if entry else "")

    return pd.Series(each_distinct(pairs, group), index=rows.index, dtype=object)
