"""The identity of a finding: what it is about, never where it stood or how it was worded.

SHA-256 of the canonical JSON array [rule, plant, sector, unit, stream, parameter, period, item] in UTF-8 without spaces. Remarks and
decisions are keyed by it, so they survive a resubmission in which rows moved. The sector is part of it because an enterprise with
lines of two sectors files both under the unit `ENT`.
"""

import hashlib
import json

import pandas as pd

IDENTITY = ["rule", "plant_id", "sector", "unit_id", "stream_id", "parameter", "period", "item"]


def identity(*parts: str) -> str:
    """The identity of one finding, 64 hexadecimal digits; `parts` are the texts of `IDENTITY`, in its order."""
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def identities(rows: pd.DataFrame) -> list[str]:
    """The identity of each row of a frame that has the columns of `IDENTITY`."""
    return [identity(*row) for row in rows[IDENTITY].itertuples(index=False, name=None)]
