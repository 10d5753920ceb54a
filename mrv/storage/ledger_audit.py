"""A full audit: everything recomputed from the bytes, and the first entry named that is not what it was."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mrv.ledger.canonical import canonical
from mrv.ledger.digests import SM3, algorithms, digest
from mrv.ledger.receipt import Checkpoint
from mrv.storage.audit_checkpoints import held_outside, stored_checkpoints
from mrv.storage.audit_faults import Fault, Unchecked
from mrv.storage.audit_rows import as_stored, moment_of, stored_rows
from mrv.storage.audit_tree import Tree
from mrv.storage.evidence import Evidence, IntegrityError
from mrv.storage.ledger import DEPOSIT, GENESIS, RECEIVED, SIGNED, chained
from mrv.storage.ledger_models import Audit, LedgerCheckpoint, LedgerLeaf
from mrv.storage.plans import CONTROL_PLAN, subject_of

BATCH = 1000
SAFE = 2**53  # no number that was counted up to, and beyond what a document can write
LEAVES = (
    select(LedgerLeaf.number, LedgerLeaf.kind, LedgerLeaf.subject, LedgerLeaf.content)
    .order_by(LedgerLeaf.number)
    .execution_options(yield_per=BATCH)
)
CHECKPOINTS = select(LedgerCheckpoint.size, LedgerCheckpoint.document).order_by(LedgerCheckpoint.size)
TRAIL = (
    select(*as_stored(Audit, "number", "at", "actor", "action", "object", "detail", "chain"))
    .order_by(Audit.number)
    .execution_options(yield_per=BATCH)
)
# Kind of leaf → what it must be called, by its content: the column is in no hash.
SUBJECTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    RECEIVED: lambda content: content["file"]["sha256"],
    DEPOSIT: lambda content: content["deposit_id"],
    CONTROL_PLAN: lambda content: subject_of(content["plant_id"], content["sector"], content["version"]),
}


@dataclass(frozen=True)
class Outcome:
    """What an audit read, every fault it met, in the order of the log, and what this system could not check."""

    leaves: int
    files: int
    checkpoints: int
    trail: int
    faults: tuple[Fault, ...]
    unchecked: tuple[Unchecked, ...] = ()


def audit(
    session: Session, evidence: Evidence, keys: Sequence[str] = (), outside: Sequence[Checkpoint] = ()
) -> Outcome:
    """Recomputes the log, the audit trail, the files and the rows they speak of.

    keys : ids of the keys that may have signed (none: any) ; outside : checkpoints that others hold – receipts, an earlier copy.
    Only against one of those is a log that was rebuilt as a whole, by somebody with the key, found out. One that no such key has signed
    says nothing of the log and is a fault of its own.
    """
    with readable(session):
        return _audit(session, evidence, keys, outside)


def _audit(session: Session, evidence: Evidence, keys: Sequence[str], outside: Sequence[Checkpoint]) -> Outcome:
    faults: list[Fault] = []
    chains, trail, announced = _trail(session, faults)
    signed = session.execute(CHECKPOINTS).all()
    wanted = {checkpoint.size for checkpoint in signed} | {checkpoint.size for checkpoint in outside}
    roots: dict[int, dict[str, bytes]] = {}
    files: dict[str, dict[str, Any]] = {}
    said: dict[tuple[str, str], dict[str, Any]] = {}
    count = 0
    tree = Tree(session, faults, [row.document for row in signed])
    for leaf in session.execute(LEAVES):
        if leaf.number != count:
            faults.append(Fault("leaf_missing", f"#{count}"))
            count = leaf.number
        tree.add(leaf.number, leaf.content.encode())
        content, held = _content(leaf, faults)
        said[leaf.kind, leaf.subject] = content
        if content.get("audit") not in chains:
            faults.append(Fault("trail_missing", f"#{leaf.number}"))
        for named in held:
            files.setdefault(named["sha256"], {"leaf": leaf.number, **named})
        count += 1
        if count in wanted:
            roots[count] = tree.roots()
    tree.finish(count)
    passed_over = stored_checkpoints(signed, roots, keys, announced, faults)
    passed_over += held_outside(outside, roots, keys, faults)
    _files(evidence, files, faults)
    _rows(session, said, faults)
    unchecked = (Unchecked("sm2", passed_over),) if passed_over else ()
    return Outcome(count, len(files), len(signed), trail, tuple(faults), unchecked)


def _content(leaf: Any, faults: list[Fault]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a leaf says, and the files it names; nothing of one that is not in form."""
    try:
        content: dict[str, Any] = json.loads(leaf.content)
        if canonical(content) != leaf.content.encode() or content["kind"] != leaf.kind:
            raise ValueError
        named = [content["file"], *content.get("attachments", [])]
        if not all({"name", "sha256", "size"} <= entry.keys() for entry in named):
            raise ValueError
        subject = SUBJECTS[content["kind"]](content)
    except (ValueError, KeyError, TypeError, AttributeError):
        faults.append(Fault("leaf_form", f"#{leaf.number}"))
        return {}, []
    if subject != leaf.subject:
        faults.append(Fault("leaf_subject", f"#{leaf.number}"))
    return content, named


def _trail(session: Session, faults: list[Fault]) -> tuple[set[str], int, dict[str, str]]:
    """Every chain hash of the trail, its length, and the digest of each checkpoint it says was signed, by size."""
    chains, before, count = {GENESIS}, GENESIS, 0
    announced: dict[str, str] = {}
    for number, at, *said, chain in session.execute(TRAIL):
        if number != count:
            faults.append(Fault("trail_missing", f"{count}"))
            count = number
        if abs(number) >= SAFE or chained(before, number, moment_of(at), *said) != chain:
            faults.append(Fault("trail_changed", f"{number}"))
        elif said[1] == SIGNED:
            announced[said[2]] = json.loads(said[3])["sha256"]
        chains.add(chain)
        before, count = chain, count + 1
    return chains, count, announced


@contextmanager
def readable(session: Session) -> Iterator[None]:
    """Lets a damaged text of SQLite be read, so that its row can be named: bytes that are no UTF-8 show as `\\x…`."""
    connection: Any = session.connection().connection.driver_connection
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    connection.text_factory = lambda data: data.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = str


def _files(evidence: Evidence, files: Mapping[str, Mapping[str, Any]], faults: list[Fault]) -> None:
    for address, named in files.items():
        try:
            data = evidence.get(address)
        except (IntegrityError, ValueError, TypeError):
            faults.append(Fault("file", f"#{named['leaf']} {named['name']} {address}"))
            continue
        sm3 = named.get("sm3")
        if len(data) != named["size"] or (sm3 and SM3 in algorithms() and digest(SM3, data).hex() != sm3):
            faults.append(Fault("file", f"#{named['leaf']} {named['name']} {address}"))


def _rows(session: Session, said: Mapping[tuple[str, str], Mapping[str, Any]], faults: list[Fault]) -> None:
    """Deposits and acknowledged files, each against its leaf, and each leaf against its row."""
    met = set()
    for kind, subject, row in stored_rows(session):
        leaf = said.get((kind, subject))
        met.add((kind, subject))
        if leaf is None:
            faults.append(Fault("row_unexpected", f"{kind} {subject}"))
        elif any(leaf.get(name) != value for name, value in row.items()):
            faults.append(Fault("row", f"{kind} {subject}"))
    for kind, subject in said:
        if (kind, subject) not in met and kind in (RECEIVED, DEPOSIT):
            faults.append(Fault("row_missing", f"{kind} {subject}"))
