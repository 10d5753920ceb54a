"""Parts of a filing inside the plant, in versions, and the turns on the way to the deposit. Rows are only ever added."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mrv.storage.control import hold
from mrv.storage.deposits import StoredFile
from mrv.storage.ledger import note
from mrv.storage.ledger_models import Draft, DraftEvent

REVIEWED, RETURNED, APPROVED, DEPOSITED = "reviewed", "returned", "approved", "deposited"


@dataclass(frozen=True)
class MonthKey:
    """Which month of which plant and sector."""

    plant_id: str
    sector: str
    month: str

    @property
    def subject(self) -> str:
        return f"{self.plant_id}/{self.sector}/{self.month}"


@dataclass(frozen=True)
class Part:
    """One version of a department's part."""

    department: str
    version: int
    file: StoredFile
    uploader: str
    at: datetime


@dataclass(frozen=True)
class Turn:
    """What was done to the month, over which versions of the parts."""

    number: int
    event: str
    parts: dict[str, int]
    actor: str
    at: datetime
    note: str


def lock(session: Session, key: MonthKey) -> None:
    """Lets one transaction at a time act on a month."""
    hold(session, f"draft {key.subject}")


def put_part(
    session: Session, key: MonthKey, department: str, file: StoredFile, uploader: str, at: datetime
) -> tuple[Part, bool]:
    """Adds a version of a part; the bytes that are the newest version already add nothing (False)."""
    lock(session, key)
    own = [part for part in every_part(session, key) if part.department == department]
    if own and own[-1].file.sha256 == file.sha256:
        return own[-1], False
    part = Part(department, len(own) + 1, file, uploader, at)
    session.add(
        Draft(
            plant_id=key.plant_id,
            sector=key.sector,
            month=key.month,
            department=department,
            version=part.version,
            file_name=file.name,
            sha256=file.sha256,
            size=file.size,
            uploader=uploader,
            at=at,
        )
    )
    told = {"department": department, "version": part.version, "sha256": file.sha256, "name": file.name}
    note(session, at, uploader, "draft.put", key.subject, told)
    return part, True


def add_turn(
    session: Session, key: MonthKey, event: str, parts: Mapping[str, int], actor: str, at: datetime, words: str
) -> Turn:
    """Adds a turn, with the versions that were looked at."""
    lock(session, key)
    where = (DraftEvent.plant_id == key.plant_id, DraftEvent.sector == key.sector, DraftEvent.month == key.month)
    last = session.scalar(select(func.max(DraftEvent.number)).where(*where))
    number = 1 if last is None else last + 1
    text = json.dumps(dict(parts), sort_keys=True, separators=(",", ":"))
    session.add(
        DraftEvent(
            plant_id=key.plant_id,
            sector=key.sector,
            month=key.month,
            number=number,
            event=event,
            parts=text,
            actor=actor,
            at=at,
            note=words,
        )
    )
    note(session, at, actor, f"draft.{event}", key.subject, {"parts": dict(parts), "note": words})
    return Turn(number, event, dict(parts), actor, at, words)


def every_part(session: Session, key: MonthKey) -> list[Part]:
    """All versions of all parts, in order of department and version."""
    query = select(Draft).where(Draft.plant_id == key.plant_id, Draft.sector == key.sector, Draft.month == key.month)
    return [
        Part(row.department, row.version, StoredFile(row.file_name, row.sha256, row.size), row.uploader, row.at)
        for row in session.scalars(query.order_by(Draft.department, Draft.version))
    ]


def turns(session: Session, key: MonthKey) -> list[Turn]:
    """What was done to a month, in order."""
    where = (DraftEvent.plant_id == key.plant_id, DraftEvent.sector == key.sector, DraftEvent.month == key.month)
    return [
        Turn(row.number, row.event, json.loads(row.parts), row.actor, row.at, row.note)
        for row in session.scalars(select(DraftEvent).where(*where).order_by(DraftEvent.number))
    ]
