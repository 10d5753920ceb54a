"""Deposits, runs and findings: tables of the control store. `migrations/` builds the same in a database; a test holds the two together."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mrv.storage.base import HASH, Base, one_of


class RegisterRow(Base):
    """One version of one row of a register table (plant, unit, meter, control_plan).

    In force from `valid_from` until the next version. `revision` counts corrections of one day; the highest holds.
    `content` is the canonical row as JSON: the register follows the column dictionary without a migration.
    """

    __tablename__ = "register_row"
    table_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)  # JSON array of the key columns
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plant_id: Mapped[str] = mapped_column(index=True)
    retired: Mapped[bool]
    content: Mapped[str]
    source: Mapped[str]  # what it was taken from: a file hash, or who typed it


class Deposit(Base):
    """One version of the filing of a plant, sector and month (关键参数月度存证)."""

    __tablename__ = "deposit"
    id: Mapped[str] = mapped_column(HASH, primary_key=True)
    plant_id: Mapped[str]
    sector: Mapped[str]
    month: Mapped[str] = mapped_column(String(7))
    version: Mapped[int]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(HASH)
    size: Mapped[int]
    kind: Mapped[str]
    received_at: Mapped[datetime]
    uploader: Mapped[str]
    reason: Mapped[str]
    supersedes: Mapped[str | None] = mapped_column(ForeignKey("deposit.id"))
    status: Mapped[str] = mapped_column(String(10))
    rows_read: Mapped[int]
    rows_accepted: Mapped[int]
    rows_refused: Mapped[int]
    rows_ignored: Mapped[int]
    template_id: Mapped[str]
    template_version: Mapped[str]
    return_reference: Mapped[str]  # the authority's return (退回) that a correction after the deadline answers

    __table_args__ = (
        UniqueConstraint("plant_id", "sector", "month", "version"),
        Index(None, "sha256"),
        one_of("status", "complete", "incomplete"),
        CheckConstraint("rows_read = rows_accepted + rows_refused + rows_ignored", name="rows_accounted_for"),
    )


class DepositFile(Base):
    """One file of a deposit: the filing itself, or evidence that came with it."""

    __tablename__ = "deposit_file"
    deposit_id: Mapped[str] = mapped_column(ForeignKey("deposit.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(HASH, index=True)
    size: Mapped[int]
    role: Mapped[str] = mapped_column(String(10), primary_key=True)

    __table_args__ = (one_of("role", "filing", "evidence"),)


class MeterFile(Base):
    """A file of meter readings, deposited like a filing; it may hold many plants and months."""

    __tablename__ = "meter_file"
    sha256: Mapped[str] = mapped_column(HASH, primary_key=True)
    file_name: Mapped[str]
    size: Mapped[int]
    kind: Mapped[str]
    received_at: Mapped[datetime]
    uploader: Mapped[str]
    rows_read: Mapped[int]
    rows_accepted: Mapped[int]
    rows_refused: Mapped[int]
    rows_ignored: Mapped[int]

    __table_args__ = (
        CheckConstraint("rows_read = rows_accepted + rows_refused + rows_ignored", name="rows_accounted_for"),
    )


class FactorImport(Base):
    """Rows of an `emission_factors` table that the operator imported, such as the national oxidation rates."""

    __tablename__ = "factor_import"
    table_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sha256: Mapped[str] = mapped_column(HASH, primary_key=True)
    file_name: Mapped[str]
    received_at: Mapped[datetime]
    uploader: Mapped[str]
    content: Mapped[str]  # JSON array of rows, each an object of texts


class Run(Base):
    """One run of the pipeline."""

    __tablename__ = "run"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(10))
    code_version: Mapped[str]
    host: Mapped[str]
    parameters: Mapped[str]  # JSON

    __table_args__ = (one_of("status", "running", "completed", "partial", "failed"), Index(None, "kind", "as_of"))


class RunStep(Base):
    """One attempt at one step of a run for one batch of plants."""

    __tablename__ = "run_step"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plants: Mapped[str]  # JSON array
    status: Mapped[str] = mapped_column(String(10))
    rows_in: Mapped[int]
    rows_out: Mapped[int]
    error: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]

    __table_args__ = (one_of("status", "ok", "failed"),)


class RunPlant(Base):
    """What a run came to for one plant."""

    __tablename__ = "run_plant"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    plant_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    message: Mapped[str]

    __table_args__ = (one_of("status", "ok", "failed"),)


class FindingLife(Base):
    """Where the life of a finding stands. Identity and last words are kept, so that a fixed one can still be named."""

    __tablename__ = "finding_life"
    id: Mapped[str] = mapped_column(HASH, primary_key=True)
    rule: Mapped[str]
    severity: Mapped[str] = mapped_column(String(12))
    plant_id: Mapped[str]
    sector: Mapped[str]
    unit_id: Mapped[str]
    stream_id: Mapped[str]
    parameter: Mapped[str]
    period: Mapped[str]
    item: Mapped[str]
    message_zh: Mapped[str]
    message_en: Mapped[str]
    status: Mapped[str] = mapped_column(String(10))
    first_seen_in: Mapped[str]  # id of the deposit or run
    first_seen_at: Mapped[datetime]
    last_seen_in: Mapped[str]
    last_seen_at: Mapped[datetime]

    __table_args__ = (one_of("status", "open", "fixed", "came_back"), Index(None, "plant_id", "period"))


class FindingEvent(Base):
    """One turn in the life of a finding. Rows are only ever added; the database itself refuses anything else."""

    __tablename__ = "finding_event"
    finding_id: Mapped[str] = mapped_column(ForeignKey("finding_life.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event: Mapped[str] = mapped_column(String(10))
    seen_in: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (one_of("event", "new", "fixed", "came_back"),)
