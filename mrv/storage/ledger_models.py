"""The ledger and those who act on it: tables of the control store."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mrv.storage.base import HASH, Base, one_of


class ReceivedFile(Base):
    """Bytes that were acknowledged, before anybody looked into them. The same bytes are one file, whoever sends them again."""

    __tablename__ = "received_file"
    sha256: Mapped[str] = mapped_column(HASH, primary_key=True)
    sm3: Mapped[str]  # empty where the system has no SM3
    size: Mapped[int]
    name: Mapped[str]
    uploader: Mapped[str]
    received_at: Mapped[datetime]


class LedgerLeaf(Base):
    """One leaf of the log, numbered from 0 without a gap. `content` is canonical JSON; `subject` what it speaks of."""

    __tablename__ = "ledger_leaf"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str]
    content: Mapped[str]

    __table_args__ = (UniqueConstraint("kind", "subject"),)


class LedgerNode(Base):
    """A complete subtree of the log: level 0 is a leaf, level k covers 2^k leaves. Hashes in hexadecimal."""

    __tablename__ = "ledger_node"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(HASH)
    sm3: Mapped[str]


class LedgerCheckpoint(Base):
    """A state of the log that was signed, after what it covers was read back and found whole."""

    __tablename__ = "ledger_checkpoint"
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str]  # `mrv.ledger.receipt.Checkpoint.document` as canonical JSON
    timestamp_token: Mapped[str]  # RFC 3161, base64; empty where no authority is configured


class LedgerTimestamp(Base):
    """What a time-stamping authority (RFC 3161) said of a checkpoint. A row of its own: it comes later than the receipts."""

    __tablename__ = "ledger_timestamp"
    size: Mapped[int] = mapped_column(ForeignKey("ledger_checkpoint.size"), primary_key=True, autoincrement=False)
    token: Mapped[str]  # DER, base64
    at: Mapped[datetime]  # when it was kept; the moment the authority vouches for is in the token


class Audit(Base):
    """Who did what, when. Each row carries a hash over itself and the row before; leaves of the log carry that hash too."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    object: Mapped[str]
    detail: Mapped[str]  # canonical JSON
    chain: Mapped[str] = mapped_column(HASH)


class Person(Base):
    """Somebody who may act. `plant_id` is empty for people of verification agencies, authorities and operators."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    department: Mapped[str]  # of a plant's officers: what part of the filing they fill
    plant_id: Mapped[str] = mapped_column(index=True)
    active_from: Mapped[date]
    active_to: Mapped[date | None]

    __table_args__ = (
        one_of(
            "role", "preparer", "reviewer", "approver", "verifier", "verifier_lead", "inspector", "auditor", "operator"
        ),
    )


class Assignment(Base):
    """Which plant somebody from outside may see, from when to when."""

    __tablename__ = "assignment"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    plant_id: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    assigned_by: Mapped[str]


class PlatformRecord(Base):
    """What became of a version on the national platform: submitted, returned (退回), accepted. Rows are only ever added."""

    __tablename__ = "platform_record"
    deposit_id: Mapped[str] = mapped_column(ForeignKey("deposit.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    platform_number: Mapped[str]
    status: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    note: Mapped[str]

    __table_args__ = (one_of("status", "submitted", "returned", "accepted"),)


class InternalDeadline(Base):
    """An earlier day that a plant sets itself, with the reason; the statutory day is never moved. The last one set holds."""

    __tablename__ = "internal_deadline"
    plant_id: Mapped[str] = mapped_column(primary_key=True)
    sector: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date]
    reason: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class Draft(Base):
    """One department's part of a filing, in versions; the bytes lie in the evidence store."""

    __tablename__ = "draft"
    plant_id: Mapped[str] = mapped_column(primary_key=True)
    sector: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(HASH)
    size: Mapped[int]
    uploader: Mapped[str]
    at: Mapped[datetime]


class DraftEvent(Base):
    """A turn in the way of a month from its parts to the deposit: reviewed, returned, approved, deposited."""

    __tablename__ = "draft_event"
    plant_id: Mapped[str] = mapped_column(primary_key=True)
    sector: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event: Mapped[str] = mapped_column(String(10))
    parts: Mapped[str]  # JSON: department → version that was looked at
    actor: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]

    __table_args__ = (one_of("event", "reviewed", "returned", "approved", "deposited"),)
