"""A small log of deposits, made by the functions that make the real one, in a store that may be tampered with."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mrv.drill.folders import scratch
from mrv.ledger.receipt import Checkpoint
from mrv.ledger.signing import FILES, SM2, Signer
from mrv.pipeline.deposit import record
from mrv.pipeline.plan import record as record_plan
from mrv.pipeline.receive import file_entry, receive, signer_of
from mrv.storage.control import Control
from mrv.storage.deposits import Filing, Rows, StoredFile, put_deposit
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.ledger import sign

BEGAN = datetime(2026, 2, 1, 1, tzinfo=UTC)
KEPT_TABLES = (
    *("ledger_checkpoint", "ledger_node", "ledger_leaf", "audit", "deposit_file", "deposit", "received_file"),
)


def data_of(number: int, role: str = "filing") -> bytes:
    """The bytes of a file of the log."""
    return f"{role} {number:04d}\n".encode()


def stored(number: int, role: str = "filing") -> StoredFile:
    """A file of the log as deposits name it."""
    data = data_of(number, role)
    return StoredFile(f"{role}-{number:04d}.csv", hashlib.sha256(data).hexdigest(), len(data))


def filings(count: int) -> list[Filing]:
    """Filings of three plants in turn; from the fourth on they correct the one three before. Every other has an attachment."""
    return [
        Filing(
            plant_id=f"P{number % 3}",
            sector="power",
            month="2026-01",
            file=stored(number),
            kind="filing_csv",
            received_at=BEGAN + timedelta(hours=number),
            uploader="填报员",
            rows=Rows(3, 3),
            complete=True,
            reason="煤样复检" if number >= 3 else "",
            attachments=(stored(number, "report"),) if number % 2 else (),
        )
        for number in range(count)
    ]


class SmallLog:
    """The log in a SQLite store whose triggers were taken away, and the evidence that belongs to it."""

    def __init__(self, folder: Path, count: int, in_memory: bool = False, sm2: bool = False) -> None:
        """folder : a new one, or that of such a log, whose store is then opened ; count : filings whose files it has

        sm2 : sign with SM2 too where the system can. A command of the system does that, many times as slow as the rest of an audit.
        """
        self.home = Home.open(folder) if folder.exists() else Home.create(folder)
        self.control = Control.at("sqlite://" if in_memory else self.home.database_url)
        self.evidence = Evidence(self.home.evidence)
        self.signer: Signer = signer_of(self.home)
        if not sm2:
            (self.home.keys / FILES[SM2]).unlink(missing_ok=True)
        self.count = count
        for number in range(count):
            self.evidence.put(data_of(number))
            self.evidence.put(data_of(number, "report"))
        with self.control.write() as session:
            connection = session.connection()
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            for name in list(names):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")

    def build(self, made: Sequence[Filing], signed_at: Iterable[int]) -> list[Checkpoint]:
        """Puts filings into the emptied store and signs the log at these sizes; returns the checkpoints."""
        with self.control.write() as session:
            for name in KEPT_TABLES:
                session.connection().exec_driver_sql(f"DELETE FROM {name}")
        checkpoints: list[Checkpoint] = []
        begin = 0
        for size in [size for size in signed_at if size <= len(made)]:
            with self.control.write() as session:
                for filing in made[begin:size]:
                    deposited = put_deposit(session, filing)
                    record(session, filing, deposited)
            begin = size
            checkpoint = sign(self.control, self.signer, self.evidence, made[size - 1].received_at)
            if checkpoint is not None:
                checkpoints.append(checkpoint)
        return checkpoints

    def receive(self, count: int) -> None:
        """Acknowledges further files, whose rows are in the store without a deposit."""
        files = [(stored(number).name, data_of(number, "received")) for number in range(count)]
        receive(self.home, self.control, files, BEGAN + timedelta(days=9), "填报员", self.signer)

    def plan(self) -> None:
        """Takes in a control plan and signs the log; its file lies in the evidence."""
        head = {"plant_id": "P0", "sector": "power", "version": "2026-V1", "valid_from": "2026-01-01", "valid_to": ""}
        data, at = data_of(0, "plan"), BEGAN + timedelta(days=10)
        self.evidence.put(data)
        with self.control.write() as session:
            record_plan(session, head, file_entry("plan-0000.xlsx", data), at, "填报员", "年度方案")
        sign(self.control, self.signer, self.evidence, at)

    def close(self) -> None:
        """Gives the store back."""
        self.control.close()


@contextmanager
def small_log(count: int) -> Iterator[SmallLog]:
    """A log in memory, for as long as the block lasts."""
    with scratch() as folder:
        log = SmallLog(Path(folder) / "home", count, in_memory=True)
        try:
            yield log
        finally:
            log.close()


def back_dated(filing: Filing, hours: int) -> Filing:
    """The same filing, said to have come in earlier."""
    return replace(filing, received_at=filing.received_at - timedelta(hours=hours))


def exchanged(filing: Filing, number: int) -> Filing:
    """The same filing with other bytes."""
    return replace(filing, file=stored(number, "report"))
