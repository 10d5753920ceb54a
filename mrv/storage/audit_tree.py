"""The tree of the log computed anew from its leaves, beside the one that is stored."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from mrv.ledger.digests import SHA256, SM3, algorithms
from mrv.ledger.merkle import leaf_hash, node_hash
from mrv.storage.audit_faults import Fault
from mrv.storage.ledger_models import LedgerNode

BLOCK = (
    1024  # leaves whose nodes are read at once; a power of two, so that a subtree lies in one block or begins with one
)
PLACES = select(LedgerNode.level, LedgerNode.position)
WITH_SM3 = select(LedgerNode.level).where(LedgerNode.sm3 != "").limit(1)


class Tree:
    """Takes leaves one after the other and compares each node that they complete with the stored one."""

    def __init__(self, session: Session, faults: list[Fault], documents: Sequence[str]) -> None:
        """documents : those of the checkpoints, which say whether the log has SM3"""
        self.session, self.faults = session, faults
        self.names = algorithms()
        # A log begun where there was no SM3 has none in any node; a single one that lacks it was changed.
        kept = session.scalar(WITH_SM3) is not None
        self.with_sm3 = SM3 in self.names and (kept or any(f'"{SM3}"' in document for document in documents))
        self.peaks: list[tuple[int, int, dict[str, bytes]]] = []  # complete subtrees from the left
        self.stored: dict[tuple[int, int], tuple[str, str]] = {}
        self.block: int | None = None
        self.added = 0

    def add(self, number: int, content: bytes) -> None:
        """The next leaf; after a gap the number is another than the one that was due."""
        if number // BLOCK != self.block:
            self.block = number // BLOCK
            self._read(self.block * BLOCK)
        level, position = 0, number
        value = {name: leaf_hash(name, content) for name in self.names}
        self._compare(level, position, value)
        while self.peaks and self.peaks[-1][0] == level:
            _, _, left = self.peaks.pop()
            value = {name: node_hash(name, left[name], value[name]) for name in self.names}
            level, position = level + 1, position // 2
            self._compare(level, position, value)
        self.peaks.append((level, position, value))
        self.added += 1

    def _read(self, begin: int) -> None:
        """Every node over leaves of a block that any of them may complete: k levels up only where 2^k leaves were met."""
        levels = (self.added + BLOCK).bit_length()
        end = begin + BLOCK - 1
        places = {f"first{level}": begin >> level for level in range(levels)}
        places |= {f"last{level}": end >> level for level in range(levels)}
        rows = self.session.execute(_nodes_below(levels), places)
        self.stored = {(level, position): (sha256, sm3) for level, position, sha256, sm3 in rows}

    def _compare(self, level: int, position: int, value: dict[str, bytes]) -> None:
        where = f"#{position}" if level == 0 else f"{level}/{position}"
        stored = self.stored.get((level, position))
        if stored is None:
            self.faults.append(Fault("node_missing", where))
        elif stored[0] != value[SHA256].hex() or (self.with_sm3 and stored[1] != value[SM3].hex()):
            self.faults.append(Fault("leaf_changed" if level == 0 else "node_changed", where))

    def roots(self) -> dict[str, bytes]:
        """The root over the leaves so far, by hash function."""
        found = {}
        for name in self.names:
            value = self.peaks[-1][2][name]
            for _, _, left in reversed(self.peaks[:-1]):
                value = node_hash(name, left[name], value)
            found[name] = value
        return found

    def finish(self, count: int) -> None:
        """Every stored node was met while the leaves were read."""
        for level, position in self.session.execute(PLACES.execution_options(yield_per=BLOCK)):
            if position < 0 or level < 0 or position >= count >> level:
                self.faults.append(Fault("node_unexpected", f"{level}/{position}"))


@cache
def _nodes_below(levels: int) -> Select[Any]:
    """The nodes of so many levels, on each from position `first…` to `last…`: one look into the index for each level."""
    parts = [
        (LedgerNode.level == level) & LedgerNode.position.between(bindparam(f"first{level}"), bindparam(f"last{level}"))
        for level in range(levels)
    ]
    return select(LedgerNode.level, LedgerNode.position, LedgerNode.sha256, LedgerNode.sm3).where(or_(*parts))
