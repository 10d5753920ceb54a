"""What the national platform said of a version: submitted, returned (退回), accepted. Rows are only ever added."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mrv.storage.control import frame_of, hold
from mrv.storage.ledger import note
from mrv.storage.ledger_models import PlatformRecord
from mrv.storage.models import Deposit

STATUSES = ("submitted", "returned", "accepted")
ACTION = "platform"


@dataclass(frozen=True)
class Said:
    """What the platform said: its number for the matter, the status, and the moment (time-zone aware)."""

    platform_number: str
    status: str
    at: datetime
    note: str = ""


def put_platform_record(session: Session, deposit_id: str, said: Said, by: str, recorded_at: datetime) -> int:
    """Adds a row and a row of the audit trail; returns its number within the deposit, from 1.

    The same said again of the same deposit is the same row. LookupError for an unknown deposit, ValueError for a status that is none
    of `STATUSES` or an empty number.
    """
    if said.status not in STATUSES or not said.platform_number.strip():
        raise ValueError(f"not a record of the platform: {said.platform_number!r} {said.status!r}")
    hold(session, f"platform {deposit_id}")
    if session.get(Deposit, deposit_id) is None:
        raise LookupError(f"no such deposit: {deposit_id}")
    mine = select(PlatformRecord).where(PlatformRecord.deposit_id == deposit_id)
    for known in session.scalars(mine):
        if Said(known.platform_number, known.status, known.at, known.note) == said:
            return known.number
    last = session.scalar(select(func.max(PlatformRecord.number)).where(PlatformRecord.deposit_id == deposit_id))
    number = (last or 0) + 1
    entry = {"platform_number": said.platform_number, "status": said.status, "at": said.at, "note": said.note}
    session.add(PlatformRecord(deposit_id=deposit_id, number=number, recorded_at=recorded_at, recorded_by=by, **entry))
    session.flush()
    detail = {"number": number, **entry, "at": said.at.isoformat()}
    note(session, recorded_at, by, ACTION, deposit_id, detail)
    return number


def platform_records(session: Session, deposit_ids: Collection[str]) -> pd.DataFrame:
    """The records of deposits in the order they were made; columns as in the table `platform_record`, texts but for `number`."""
    query = select(*PlatformRecord.__table__.columns).where(PlatformRecord.deposit_id.in_(sorted(set(deposit_ids))))
    frame = frame_of(session, query, integers=["number"])
    return frame.sort_values(["deposit_id", "number"], ignore_index=True)


def open_return(session: Session, deposit_id: str) -> str:
    """The platform's number of a return of this version that stands unanswered; empty when the last word was another."""
    query = select(PlatformRecord).where(PlatformRecord.deposit_id == deposit_id)
    last = session.scalar(query.order_by(PlatformRecord.number.desc()).limit(1))
    return last.platform_number if last is not None and last.status == "returned" else ""
