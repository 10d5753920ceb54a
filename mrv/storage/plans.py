"""Versions of data quality control plans in the register. A version that was taken in is never changed, only followed."""

from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from mrv.storage.control import hold
from mrv.storage.ledger import leaf_content, leaf_number
from mrv.storage.register import put_register, register

CONTROL_PLAN = "control_plan"  # the register table, and the kind of leaf
KEY = ["plant_id", "sector", "version"]


class PlanFault(Exception):
    """Why a version cannot be taken in; `code`, and `zh` and `en` say what and how to go on."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def lock(session: Session, plant_id: str, sector: str) -> None:
    """Lets one transaction at a time act on the plans of a plant's sector."""
    hold(session, f"{CONTROL_PLAN} {plant_id} {sector}")


def subject_of(plant_id: str, sector: str, version: str) -> str:
    """What a leaf of the ledger calls a version."""
    return f"{plant_id}/{sector}/{version}"


def came_at(session: Session, plant_id: str, sector: str, version: str) -> str:
    """When a version was received (ISO 8601); empty for one that the register has from elsewhere."""
    number = leaf_number(session, CONTROL_PLAN, subject_of(plant_id, sector, version))
    return "" if number is None else str(leaf_content(session, number)["received_at"])


def versions(lines: pd.DataFrame, plant_id: str, sector: str) -> pd.DataFrame:
    """The versions of a plant's sector in order of their first day: `version, valid_from, valid_to, until, lines`.

    lines : canonical `control_plan` rows. `until` is the last day on which it holds: `valid_to`, or the day before the next
    version begins; empty where it is open. Lines without a sector belong to every sector of the plant.
    """
    own = lines[(lines["plant_id"] == plant_id) & lines["sector"].isin([sector, ""])]
    found = own.groupby("version", as_index=False).agg(
        valid_from=("valid_from", "min"), valid_to=("valid_to", "max"), lines=("parameter", "size")
    )
    found = found.sort_values(["valid_from", "version"], ignore_index=True)
    following = found["valid_from"].shift(-1).fillna("")
    before = [str(date.fromordinal(date.fromisoformat(day).toordinal() - 1)) if day else "" for day in following]
    return found.assign(until=found["valid_to"].where(found["valid_to"] != "", before))


def put_plan(session: Session, lines: pd.DataFrame, sections: pd.DataFrame, as_of: date, source: str) -> None:
    """Takes in a version: canonical `control_plan` and `plan_section` rows of one plant, sector and version.

    PlanFault when the version is there already, or when it does not begin after every earlier one: a plan in force is never
    changed behind the back of what was deposited under it.
    """
    first = lines.iloc[0]
    plant_id, sector, version, begins = (first[name] for name in (*KEY, "valid_from"))
    lock(session, plant_id, sector)
    known = versions(register(session, CONTROL_PLAN), plant_id, sector)
    if (known["version"] == version).any():
        raise PlanFault(
            "version_exists",
            f"{plant_id} 已有版本 {version}；已提交的方案不再改动，请用新的版本号",
            f"{plant_id} has a version {version} already; a plan is not changed: give the new one another number",
        )
    for row in known.to_dict("records"):
        if begins <= row["valid_from"] or (row["valid_to"] and begins <= row["valid_to"]):
            until = row["valid_to"] or "…"
            raise PlanFault(
                "overlap",
                f"新版本自 {begins} 生效，与版本 {row['version']}（{row['valid_from']}～{until}）重叠；新版本须在其后生效",
                f"The new version holds from {begins} and overlaps with {row['version']} ({row['valid_from']} to {until}); "
                "it must begin after that",
            )
    put_register(session, CONTROL_PLAN, lines, as_of, source)
    put_register(session, "plan_section", sections, as_of, source)
