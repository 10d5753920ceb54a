"""Bit flips in the store and in the evidence: each must be found, and the entry it struck be named."""

import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping
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
EVIDENCE = "evidence"
LEDGER = ("ledger_leaf", "ledger_node", "ledger_checkpoint", "audit")
INTEGER_BITS = 64

Names = tuple[tuple[str, str], ...]  # how an audit may name an entry: the beginning of a fault's code, and its place


@dataclass(frozen=True)
class Cell:
    """One cell: its table and column, and the row it is in, whose `place` is its rowid."""

    table: str
    column: str
    row: Mapping[str, Any]

    @property
    def value(self) -> Any:
        """What stands in it."""
        return self.row[self.column]

    @property
    def bits(self) -> int:
        """How many single bits of it there are to flip."""
        return INTEGER_BITS if isinstance(self.value, int) else len(str(self.value).encode()) * 8

    def flipped(self, bit: int) -> int | bytes:
        """What stands in it once a bit is another."""
        if isinstance(self.value, int):
            sign, changed = 1 << INTEGER_BITS - 1, self.value ^ (1 << bit)
            return (changed & sign - 1) - (changed & sign)
        data = bytearray(str(self.value).encode())
        data[bit // 8] ^= 1 << bit % 8
        return bytes(data)


@dataclass
class Count:
    """Flips that were taken, by table or `evidence`, how many the store itself refused, and those not found or not named."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    unfound: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    @property
    def flips(self) -> int:
        """How many were tried."""
        return self.taken.total() + self.refused

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.taken + other.taken,
            self.refused + other.refused,
            self.unfound + other.unfound,
            self.unnamed + other.unnamed,
        )


def cells(log: SmallLog, tables: tuple[str, ...] = tuple(CELLS)) -> list[Cell]:
    """Every cell of these tables that holds anything, in order."""
    found = []
    with log.control.read() as session:
        connection = session.connection()
        for table in tables:
            for row in connection.exec_driver_sql(f"SELECT rowid AS place, * FROM {table} ORDER BY rowid").mappings():
                for column in CELLS[table]:
                    if row[column] not in (None, ""):
                        found.append(Cell(table, column, dict(row)))
    return found


def _names(table: str, row: Mapping[str, Any]) -> Names:
    if table == "ledger_leaf":
        number = row["number"]  # a leaf that went to another number leaves a gap, or at the end a node without a leaf
        places = (("leaf_", f"#{number}"), ("node_unexpected", f"0/{number}"))
        return *places, ("row", f"{row['kind']} {row['subject']}")
    if table == "ledger_node":
        if row["level"] == 0:
            return ("leaf_changed", f"#{row['position']}"), ("node_missing", f"#{row['position']}")
        return (("node_", f"{row['level']}/{row['position']}"),)
    if table == "ledger_checkpoint":
        return (("checkpoint_", str(row["size"])),)
    if table == "audit":
        return (("trail_", str(row["number"])),)
    if table == "received_file":
        return (("row", f"received {row['sha256']}"),)
    return (("row", f"deposit {row['id' if table == 'deposit' else 'deposit_id']}"),)


def flip_cells(log: SmallLog, struck: Iterator[tuple[Cell, int]]) -> Count:
    """Flips one bit of one cell after the other, audits each time, and sets it back."""
    count = Count()
    with log.control.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for cell, bit in struck:
            connection.exec_driver_sql("SAVEPOINT flip")
            flipped = cell.flipped(bit)
            try:
                # SQLite takes bytes as text that need be none.
                new = "?" if isinstance(flipped, int) else "CAST(? AS TEXT)"
                change = f"UPDATE {cell.table} SET {cell.column} = {new} WHERE rowid = ?"
                connection.exec_driver_sql(change, (flipped, cell.row["place"]))
            except Exception as error:
                if "constraint failed" not in str(error):
                    raise
                count.refused += 1
            else:
                count.taken[cell.table] += 1
                names = _names(cell.table, cell.row)
                if isinstance(flipped, int):  # the entry may have another number now
                    names += _names(cell.table, {**cell.row, cell.column: flipped})
                faults = audit(session, log.evidence, [log.signer.key_id]).faults
                _judge(count, faults, names, f"{cell.table}.{cell.column} @{cell.row['place']} bit {bit}")
            connection.exec_driver_sql("ROLLBACK TO flip")
            connection.exec_driver_sql("RELEASE flip")
        session.rollback()
    return count


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
            faults = audit(session, log.evidence, [log.signer.key_id]).faults
            _overwrite(path, place, whole[place])
            count.taken[EVIDENCE] += 1
            _judge(count, faults, (("file", path.name),), f"evidence {path.name} byte {place} bit {bit}")
    return count


def _overwrite(path: Any, place: int, value: int) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.pwrite(descriptor, bytes([value]), place)
    finally:
        os.close(descriptor)


def _judge(count: Count, faults: tuple[Fault, ...], names: Names, what: str) -> None:
    if not faults:
        count.unfound.append(what)
    elif not any(fault.code.startswith(code) and _at(fault, where) for fault in faults for code, where in names):
        count.unnamed.append(f"{what}: {[f'{fault.code} {fault.where}' for fault in faults][:3]}")


def _at(fault: Fault, where: str) -> bool:
    # The place of a file is its leaf, its name and its address.
    return fault.where == where or fault.where.endswith(f" {where}")


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
