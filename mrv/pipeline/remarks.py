"""Findings of a plant with their lives and the remarks made on them, by identity."""

from datetime import datetime
from typing import Any

from mrv.storage.control import Control, records
from mrv.storage.finding_life import finding_lives
from mrv.storage.lake import Lake
from mrv.storage.remarks import finding_named, put_remark, remarks


def findings_with_remarks(
    control: Control, plant_id: str, month: str | None = None, lake: Lake | None = None
) -> list[dict[str, Any]]:
    """Every finding ever met at a plant, ordered by period, rule and id, each with `life`, `remarks`, `sheet` and `cell`.

    The place is that of the last night, in the lake; empty for what no night has judged yet, or what is fixed. `life`: `fixed`, `came_back`, `new` (met once so far) or `still` (met again since). month : `YYYY-MM`, or `YYYY` for findings of a year.
    """
    with control.read() as session:
        rows = records(finding_lives(session, [plant_id]))
        if month is not None:
            rows = [row for row in rows if row["period"] == month]
        said = records(remarks(session, [row["id"] for row in rows]))
    places = {} if lake is None else _places(lake, plant_id)
    for row in rows:
        status = row.pop("status")
        row["sheet"], row["cell"] = places.get(row["id"], ("", "")) if status != "fixed" else ("", "")
        once = "new" if row["first_seen_in"] == row["last_seen_in"] else "still"
        row["life"] = once if status == "open" else status
        row["remarks"] = [
            {name: one[name] for name in ("at", "by", "text")} for one in said if one["finding_id"] == row["id"]
        ]
    return sorted(rows, key=lambda row: (row["period"], row["rule"], row["id"]))


def _places(lake: Lake, plant_id: str) -> dict[str, tuple[str, str]]:
    """Sheet and cell of each finding that the lake holds, by id."""
    found = lake.read("finding", plants=[plant_id])
    return {row.id: (row.sheet, row.cell) for row in found.itertuples()}


def remark(control: Control, finding: str, text: str, by: str, at: datetime) -> str:
    """Adds a remark to a finding (the beginning of its id will do) and returns the id.

    LookupError where no finding, or more than one, begins so; ValueError for a remark without words.
    """
    with control.write() as session:
        finding_id = finding_named(session, finding)
        put_remark(session, finding_id, text, by, at)
    return finding_id
