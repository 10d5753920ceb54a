"""Deposits: which bytes were filed for which plant and month, in which version. Nothing is ever overwritten."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from mrv.storage.control import frame_of, hold
from mrv.storage.models import Deposit, DepositFile, MeterFile
from schemas.file_name import plain_name

COUNTS = ("rows_read", "rows_accepted", "rows_refused", "rows_ignored")
CHUNK = 500  # values in one IN list


@dataclass(frozen=True)
class StoredFile:
    """A file in the evidence store: its name as received, in plain text, SHA-256 and size [bytes]."""

    name: str
    sha256: str
    size: int

    def __post_init__(self) -> None:
        # So that whoever speaks of it in the ledger says what is in the row.
        object.__setattr__(self, "name", plain_name(self.name))


@dataclass(frozen=True)
class Rows:
    """How many rows were read, and what became of them: read = accepted + refused + ignored."""

    read: int
    accepted: int
    refused: int = 0
    ignored: int = 0


@dataclass(frozen=True)
class Filing:
    """What is deposited for one plant, sector and month; one file may hold several of these.

    `received_at` is time-zone aware. `complete` is False where findings block. `attachments`: evidence that came with it.
    """

    plant_id: str
    sector: str
    month: str
    file: StoredFile
    kind: str
    received_at: datetime
    uploader: str
    rows: Rows
    complete: bool
    reason: str = ""
    return_reference: str = ""  # the authority's return (退回) that a correction after the deadline answers
    template: tuple[str, str] = ("", "")
    attachments: tuple[StoredFile, ...] = ()


@dataclass(frozen=True)
class Deposited:
    """Which deposit a filing became.

    `outcome`: `new`, a version was added · `same`, these bytes are the version in force · `superseded`, these bytes were
    filed before and a later version is in force, which stays so: the person must be told, and may reinstate them.
    """

    id: str
    version: int
    outcome: str


@dataclass(frozen=True)
class Standing:
    """What a filing would become: `new`, a first deposit · `correction`, a further version · `same` or `superseded`, as `Deposited`.

    `known` is the deposit that already holds these bytes, `in_force` the newest version; None where there is none.
    """

    outcome: str
    known: Deposit | None
    in_force: Deposit | None


def standing(
    session: Session, plant_id: str, sector: str, month: str, sha256: str, reinstate: bool = False
) -> Standing:
    """What the bytes `sha256` would become for a plant, sector and month, without depositing them."""
    query = select(Deposit).order_by(Deposit.version.desc())
    query = query.where(Deposit.plant_id == plant_id, Deposit.sector == sector, Deposit.month == month)
    versions = list(session.scalars(query))
    if not versions:
        return Standing("new", None, None)
    newest = versions[0]
    for known in versions:
        if known.sha256 == sha256 and (known is newest or not reinstate):
            return Standing("same" if known is newest else "superseded", known, newest)
    return Standing("correction", None, newest)


def hold_deposits(session: Session, plants: Collection[str]) -> None:
    """Lets one transaction at a time deposit for these plants. Always taken in one order, and before the ledger's lock, so that two
    transactions never wait for each other."""
    for plant_id in sorted(set(plants)):
        hold(session, f"deposit {plant_id}")


def put_deposit(session: Session, filing: Filing, reinstate: bool = False) -> Deposited:
    """Deposits a filing; the same bytes for the same plant, sector and month are the same deposit.

    A retry that comes late can therefore never undo a correction. With `reinstate`, bytes that were superseded become
    a new version.
    """
    hold_deposits(session, [filing.plant_id])
    place = standing(session, filing.plant_id, filing.sector, filing.month, filing.file.sha256, reinstate)
    if place.known is not None:
        return Deposited(place.known.id, place.known.version, place.outcome)
    before = place.in_force
    version = before.version + 1 if before else 1
    identity = _identity(filing, version)
    session.add(
        Deposit(
            id=identity,
            version=version,
            supersedes=before.id if before else None,
            **{name: getattr(filing, name) for name in ("plant_id", "sector", "month", "kind", "received_at")},
            **{"uploader": filing.uploader, "reason": filing.reason, "status": _status(filing.complete)},
            return_reference=filing.return_reference,
            **{"file_name": filing.file.name, "sha256": filing.file.sha256, "size": filing.file.size},
            **_counts(filing.rows),
            template_id=filing.template[0],
            template_version=filing.template[1],
        )
    )
    session.flush()
    roles = [(filing.file, "filing"), *((file, "evidence") for file in filing.attachments)]
    session.add_all(
        DepositFile(deposit_id=identity, name=file.name, sha256=file.sha256, size=file.size, role=role)
        for file, role in roles
    )
    session.flush()
    return Deposited(identity, version, "new")


def set_status(session: Session, deposit_id: str, complete: bool, rows: Rows) -> None:
    """Notes what a later check made of a deposit; nothing else of it can change. LookupError for an unknown one."""
    result = session.execute(
        update(Deposit).where(Deposit.id == deposit_id).values(status=_status(complete), **_counts(rows))
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise LookupError(f"no such deposit: {deposit_id}")


def latest_deposits(
    session: Session, plants: Collection[str] | None = None, months: Collection[str] | None = None
) -> pd.DataFrame:
    """The deposit in force of each plant, sector and month, ordered by these; columns as in the table `deposit`.

    Texts, but for `version`, `size` and the row counts. None takes all plants or months.
    """
    newest = select(Deposit.plant_id, Deposit.sector, Deposit.month, func.max(Deposit.version).label("version"))
    latest = newest.group_by(Deposit.plant_id, Deposit.sector, Deposit.month).subquery()
    query = select(*Deposit.__table__.columns).join(
        latest,
        (Deposit.plant_id == latest.c.plant_id)
        & (Deposit.sector == latest.c.sector)
        & (Deposit.month == latest.c.month)
        & (Deposit.version == latest.c.version),
    )
    return _selected(session, query, plants, months)


def deposit_versions(
    session: Session, plants: Collection[str] | None = None, months: Collection[str] | None = None
) -> pd.DataFrame:
    """Every version of every deposit, as `latest_deposits`; the history of a plant's filings."""
    return _selected(session, select(*Deposit.__table__.columns), plants, months)


def deposit_counts(session: Session, plants: Collection[str] | None = None) -> dict[str, int]:
    """How many versions each plant has deposited. Nothing is ever taken away: an equal number means that nothing came."""
    query = select(Deposit.plant_id, func.count()).group_by(Deposit.plant_id)
    chunks: Sequence[list[str] | None] = [None] if plants is None else _chunks(plants)
    parts = [query if some is None else query.where(Deposit.plant_id.in_(some)) for some in chunks]
    return {plant: number for part in parts for plant, number in session.execute(part)}


def deposited_since(session: Session, counts: Mapping[str, int], plants: Collection[str] | None = None) -> set[str]:
    """Plants, of these or of all, that have deposited something since `deposit_counts` gave `counts`."""
    return {plant for plant, number in deposit_counts(session, plants).items() if number != counts.get(plant, 0)}


def deposit_named(session: Session, beginning: str) -> Deposit:
    """The one deposit whose id begins so; LookupError when there is none, or more than one."""
    found = list(session.scalars(select(Deposit).where(Deposit.id.startswith(beginning, autoescape=True)).limit(2)))
    if len(found) != 1 or not beginning:
        raise LookupError(beginning)
    return found[0]


def deposit_files(session: Session, deposit_ids: Collection[str]) -> pd.DataFrame:
    """The files of deposits: `deposit_id, name, sha256, size, role`, ordered by deposit, role and name."""
    frames = [
        frame_of(
            session, select(*DepositFile.__table__.columns).where(DepositFile.deposit_id.in_(some)), integers=["size"]
        )
        for some in _chunks(deposit_ids) or [[]]
    ]
    return pd.concat(frames).sort_values(["deposit_id", "role", "name"], ignore_index=True)


def put_meter_file(
    session: Session, file: StoredFile, kind: str, received_at: datetime, uploader: str, rows: Rows
) -> bool:
    """Deposits a file of meter readings; False when these bytes were deposited before."""
    hold(session, "meter files")
    if session.get(MeterFile, file.sha256) is not None:
        return False
    entry: dict[str, Any] = {"sha256": file.sha256, "file_name": file.name, "size": file.size, "kind": kind}
    session.add(MeterFile(**entry, received_at=received_at, uploader=uploader, **_counts(rows)))
    session.flush()
    return True


def meter_files(session: Session) -> pd.DataFrame:
    """Every deposited meter file in the order it came; reading them in this order rebuilds the readings."""
    query = select(*MeterFile.__table__.columns).order_by(MeterFile.received_at, MeterFile.sha256)
    return frame_of(session, query, integers=["size", *COUNTS])


def _selected(
    session: Session, query: Select[Any], plants: Collection[str] | None, months: Collection[str] | None
) -> pd.DataFrame:
    if months is not None:
        query = query.where(Deposit.month.in_(sorted(set(months))))
    chunks: Sequence[list[str] | None] = [None] if plants is None else _chunks(plants) or [[]]
    frames = [
        frame_of(
            session,
            query if some is None else query.where(Deposit.plant_id.in_(some)),
            integers=["version", "size", *COUNTS],
        )
        for some in chunks
    ]
    # Sorted here: databases differ in how they collate text.
    return pd.concat(frames).sort_values(["plant_id", "sector", "month", "version"], ignore_index=True)


def _chunks(values: Collection[str]) -> list[list[str]]:
    ordered = sorted(set(values))
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]


def _status(complete: bool) -> str:
    return "complete" if complete else "incomplete"


def _counts(rows: Rows) -> dict[str, int]:
    return dict(zip(COUNTS, (rows.read, rows.accepted, rows.refused, rows.ignored), strict=True))


def _identity(filing: Filing, version: int) -> str:
    parts = [filing.plant_id, filing.sector, filing.month, version, filing.file.sha256]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
