"""Bit flips in the store and in the evidence: each must be found, and the entry it struck be named."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mrv.drill.small_log import SmallLog
from mrv.storage.audit_faults import Fault
from mrv.storage.ledger_audit import audit

# Columns by table. What a later check may change (status and row counts of a deposit) and what lies outside of deposits, ledger,
# audit trail and acknowledged files is not among them.
CELLS = {
    "ledger_leaf": ("number", "kind", "subject", "content"),
    "ledger_node": ("level", "position", "sha256", "sm3"),
    "ledger_checkpoint": ("size", "document"),
    "audit": ("number", "at", "actor", "action", "object", "detail", "chain"),
    "received_file": ("sha256", "sm3", "size", "name", "uploader", "received_at"),
    "deposit": (
        *("id", "plant_id", "sector", "month", "version", "file_name", "sha256", "size", "kind", "received_at"),
        *("uploader", "reason", "supersedes", "template_id", "template_version", "return_reference"),
    ),
    "deposit_file": ("deposit_id", "name", "sha256", "size", "role"),
}
LEDGER = ("ledger_leaf", "ledger_node", "ledger_checkpoint", "audit")
INTEGER_BITS = 63


@dataclass(frozen=True)
class Cell:
    """One cell: where it is, what stands in it, and the words by which an audit may name its entry."""

    table: str
    column: str
    rowid: int
    value: Any
    names: tuple[str, ...]

    @property
    def bits(self) -> int:
        """How many single bits of it there are to flip."""
        return INTEGER_BITS if isinstance(self.value, int) else len(str(self.value).encode()) * 8


@dataclass
class Count:
    """Of so many flips, how many the store itself would not take, and those that were not found or not named."""

    flips: int = 0
    refused: int = 0
    unfound: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)


def cells(log: SmallLog, tables: tuple[str, ...] = tuple(CELLS)) -> list[Cell]:
    """Every cell of these tables that holds anything, in order."""
    found = []
    with log.control.read() as session:
        connection = session.connection()
        for table in tables:
            for row in connection.exec_driver_sql(f"SELECT rowid AS place, * FROM {table} ORDER BY rowid").mappings():
                for column in CELLS[table]:
                    if row[column] not in (None, ""):
                        found.append(Cell(table, column, row["place"], row[column], _names(table, row)))
    return found


def _names(table: str, row: Any) -> tuple[str, ...]:
    if table == "ledger_leaf":
        return f"#{row['number']}", f"{row['kind']} {row['subject']}"
    if table == "ledger_node":
        return (f"#{row['position']}",) if row["level"] == 0 else (f"{row['level']}/{row['position']}",)
    if table == "ledger_checkpoint":
        return (str(row["size"]),)
    if table == "audit":
        return (str(row["number"]),)
    if table == "received_file":
        return (f"received {row['sha256']}",)
    return (f"deposit {row['id' if table == 'deposit' else 'deposit_id']}",)


def flip_cells(log: SmallLog, struck: Iterator[tuple[Cell, int]]) -> Count:
    """Flips one bit of one cell after the other, audits each time, and sets it back."""
    count = Count()
    with log.control.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for cell, bit in struck:
            count.flips += 1
            change = f"UPDATE {cell.table} SET {cell.column} = {{}} WHERE rowid = ?"
            connection.exec_driver_sql("SAVEPOINT flip")
            try:
                _write(connection, change, cell, bit)
            except Exception as error:
                if "constraint failed" not in str(error):
                    raise
                count.refused += 1
                connection.exec_driver_sql("ROLLBACK TO flip")
                continue
            session.expunge_all()
            faults = audit(session, log.evidence, [log.signer.key_id]).faults
            connection.exec_driver_sql("ROLLBACK TO flip")
            _judge(count, faults, cell.names, f"{cell.table}.{cell.column} @{cell.rowid} bit {bit}")
        session.rollback()
    return count


def _write(connection: Any, change: str, cell: Cell, bit: int) -> None:
    if isinstance(cell.value, int):
        connection.exec_driver_sql(change.format("?"), (cell.value ^ (1 << bit), cell.rowid))
        return
    data = bytearray(str(cell.value).encode())
    data[bit // 8] ^= 1 << bit % 8
    connection.exec_driver_sql(change.format("CAST(? AS TEXT)"), (bytes(data), cell.rowid))


def flip_files(log: SmallLog, flips: int, draw: random.Random) -> Count:
    """Flips random bits of random evidence files that the ledger names, one at a time, audits each time, and sets it back."""
    count = Count()
    with log.control.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT sha256 FROM deposit_file UNION SELECT sha256 FROM received_file"
        )
        addresses = sorted(rows.scalars())
        for _ in range(flips):
            path = log.evidence.path(draw.choice(addresses))
            whole = path.read_bytes()
            place, bit = draw.randrange(len(whole)), draw.randrange(8)
            path.chmod(0o644)
            _overwrite(path, place, whole[place] ^ (1 << bit))
            session.expunge_all()
            faults = audit(session, log.evidence, [log.signer.key_id]).faults
            _overwrite(path, place, whole[place])
            count.flips += 1
            _judge(count, faults, (path.name,), f"evidence {path.name} byte {place} bit {bit}")
    return count


def _overwrite(path: Any, place: int, value: int) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.pwrite(descriptor, bytes([value]), place)
    finally:
        os.close(descriptor)


def _judge(count: Count, faults: tuple[Fault, ...], names: tuple[str, ...], what: str) -> None:
    if not faults:
        count.unfound.append(what)
    elif not any(
        name in fault.where.split(" @ ")[0].split(" ") or name in fault.where for fault in faults for name in names
    ):
        count.unnamed.append(f"{what}: {[f'{fault.code} {fault.where}' for fault in faults][:3]}")


def every_bit(found: list[Cell], step: int = 1, begin: int = 0) -> Iterator[tuple[Cell, int]]:
    """Every bit of every cell, or every `step`-th of all bits, beginning with number `begin`."""
    number = 0
    for cell in found:
        for bit in range(cell.bits):
            if number % step == begin:
                yield cell, bit
            number += 1


def random_bits(found: list[Cell], flips: int, draw: random.Random) -> Iterator[tuple[Cell, int]]:
    """Random bits of random cells."""
    for _ in range(flips):
        cell = draw.choice(found)
        yield cell, draw.randrange(cell.bits)
