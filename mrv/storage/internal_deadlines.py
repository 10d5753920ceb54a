"""Earlier days that plants set themselves. The statutory day is never moved; the last day set holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mrv.storage.control import frame_of, hold
from mrv.storage.ledger import note
from mrv.storage.ledger_models import InternalDeadline

ACTION = "internal deadline"
KEY = ["plant_id", "sector", "month"]


@dataclass(frozen=True)
class Earlier:
    """An internal day for the deposit of a plant, sector and month, and why."""

    plant_id: str
    sector: str
    month: str
    day: date
    reason: str


def put_internal_deadline(session: Session, earlier: Earlier, by: str, at: datetime) -> int:
    """Adds a day and a row of the audit trail; returns its number for that month, from 1. Whether it may be is the caller's to know."""
    hold(session, f"internal deadline {earlier.plant_id}")
    mine = select(func.max(InternalDeadline.number)).where(
        InternalDeadline.plant_id == earlier.plant_id,
        InternalDeadline.sector == earlier.sector,
        InternalDeadline.month == earlier.month,
    )
    number = (session.scalar(mine) or 0) + 1
    session.add(InternalDeadline(number=number, set_by=by, set_at=at, **vars(earlier)))
    session.flush()
    detail = {"number": number, "day": earlier.day.isoformat(), "reason": earlier.reason}
    note(session, at, by, ACTION, f"{earlier.plant_id} {earlier.sector} {earlier.month}", detail)
    return number


def internal_deadlines(session: Session, plants: Collection[str] | None = None) -> pd.DataFrame:
    """The day that holds for each plant, sector and month; columns as in the table `internal_deadline`, texts but for `number`."""
    query = select(*InternalDeadline.__table__.columns)
    if plants is not None:
        query = query.where(InternalDeadline.plant_id.in_(sorted(set(plants))))
    frame = frame_of(session, query, integers=["number"]).sort_values([*KEY, "number"])
    return frame.drop_duplicates(KEY, keep="last").reset_index(drop=True)
