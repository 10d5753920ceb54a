"""The log in the control store: leaves, complete subtrees, signed checkpoints, and the chained audit trail.

Appending happens in the transaction of what is recorded: deposit, leaf and audit row are there together or not at all. Signing comes
after the commit, once what was written has been read back: a log that signs before it looks may bind itself to a flipped bit.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from mrv.ledger.canonical import canonical
from mrv.ledger.digests import SHA256, SM3, algorithms
from mrv.ledger.merkle import Node, completed, inclusion_path, leaf_hash, root
from mrv.ledger.receipt import Checkpoint, checkpoint_of, receipt
from mrv.ledger.signing import Signer
from mrv.storage.control import Control, hold, iso
from mrv.storage.evidence import Evidence, IntegrityError
from mrv.storage.ledger_models import Audit, LedgerCheckpoint, LedgerLeaf, LedgerNode, ReceivedFile

GENESIS = "0" * 64
LOCK = "ledger"
RECEIVED, DEPOSIT = "received", "deposit"
SIGNED = "signed"  # what the audit trail says of a checkpoint
_NODES: Table = LedgerNode.__table__  # type: ignore[assignment]
# Made once: a receipt looks up tens of nodes, and making the question takes longer than answering it.
NODE_QUERIES = {
    name: select(_NODES.c[name]).where(_NODES.c.level == bindparam("level"), _NODES.c.position == bindparam("position"))
    for name in (SHA256, SM3)
}


def take(session: Session) -> None:
    """Takes the ledger for a transaction that is going to append to it.

    To be taken after the locks on the plants of the deposits and before any other lock on what is recorded: two transactions that
    took them in different order would wait for each other.
    """
    hold(session, LOCK)


def append(session: Session, kind: str, subject: str, content: Mapping[str, Any]) -> int:
    """Adds a leaf and returns its number, from 0 without a gap.

    kind, subject : what it speaks of; saying the same of the same again is the same leaf. content : for `canonical`, the kind and the
    head of the audit trail are put in. ValueError when something else was said of it before.
    """
    hold(session, LOCK)
    known = session.scalar(select(LedgerLeaf).where(LedgerLeaf.kind == kind, LedgerLeaf.subject == subject))
    if known is not None:
        before = json.loads(known.content)
        if any(before.get(name) != value for name, value in content.items()):
            raise ValueError(f"the ledger says something else of {kind} {subject}")
        return known.number
    text = canonical({"kind": kind, **content, "audit": audit_head(session)})
    number = size_of(session)
    session.add(LedgerLeaf(number=number, kind=kind, subject=subject, content=text.decode()))
    closed = {name: completed(name, number, leaf_hash(name, text), node_of(session, name)) for name in algorithms()}
    for place, (level, position, value) in enumerate(closed[SHA256]):
        other = closed[SM3][place][2].hex() if SM3 in closed else ""
        session.add(LedgerNode(level=level, position=position, sha256=value.hex(), sm3=other))
    session.flush()
    return number


def size_of(session: Session) -> int:
    """How many leaves the log has."""
    last = session.scalar(select(func.max(LedgerLeaf.number)))
    return 0 if last is None else last + 1


def node_of(session: Session, algorithm: str) -> Node:
    """The look-up of complete subtrees for `mrv.ledger.merkle`. IntegrityError for one that is not there, or is no hash."""
    query = NODE_QUERIES[algorithm]

    def node(level: int, position: int) -> bytes:
        found = session.scalar(query, {"level": level, "position": position})
        if not found:
            raise IntegrityError(f"ledger: no {algorithm} node {level}/{position}")
        try:
            return bytes.fromhex(found)
        except ValueError as error:
            raise IntegrityError(f"ledger: {algorithm} node {level}/{position} is no hash") from error

    return node


def note(session: Session, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, Any]) -> str:
    """Adds a row to the audit trail and returns its chain hash."""
    hold(session, LOCK)
    last = session.scalar(select(func.max(Audit.number)))
    number = 0 if last is None else last + 1
    text = canonical(dict(detail)).decode()
    chain = chained(audit_head(session), number, iso(at.astimezone(UTC)), actor, action, subject, text)
    session.add(Audit(number=number, at=at, actor=actor, action=action, object=subject, detail=text, chain=chain))
    session.flush()
    return chain


def chained(before: str, number: int, at: str, actor: str, action: str, subject: str, detail: str) -> str:
    """Hash over a row of the audit trail and the row before it [64 hexadecimal digits]."""
    return hashlib.sha256(canonical([before, number, at, actor, action, subject, detail])).hexdigest()


def audit_head(session: Session) -> str:
    """Chain hash of the last row of the audit trail; zeros before the first."""
    found = session.scalar(select(Audit.chain).order_by(Audit.number.desc()).limit(1))
    return found or GENESIS


def sign(
    control: Control, signer: Signer, evidence: Evidence, at: datetime, leaves: int | None = None
) -> Checkpoint | None:
    """Signs the log as it stands, once every leaf since the last checkpoint was read back and found whole.

    leaves : how many leaves from the first a checkpoint must cover; where one does, nothing is signed (absent: all that there are).

    Returns the newest checkpoint; None for a log without leaves. IntegrityError when a stored leaf or subtree no longer has its hash, or
    a file it speaks of is not what it says: nothing is signed then. Several processes may sign at once: checkpoints only ever grow.
    Threads of one process sign once for all whose leaves were there when the signing began.
    """
    with control.read() as session:
        wanted = size_of(session) if leaves is None else leaves
    if wanted == 0:
        return None

    def covering() -> Checkpoint | None:
        with control.read() as session:
            signed = newest_checkpoint(session)
        return signed if signed is not None and signed.size >= wanted else None

    return control.signing.do(covering, lambda: _sign(control, signer, evidence, at))


def _sign(control: Control, signer: Signer, evidence: Evidence, at: datetime) -> Checkpoint:
    with control.read() as session:
        size, signed = size_of(session), newest_checkpoint(session)
        roots = _grown(session, evidence, signed, size)
    bare = Checkpoint(signer.key_id, size, roots, iso(at.astimezone(UTC)))
    made = Checkpoint(bare.origin, bare.size, bare.roots, bare.at, signer.sign(bare.body()))
    with control.write() as session:
        hold(session, LOCK)
        signed = newest_checkpoint(session)
        if signed is not None and signed.size >= size:
            return signed
        document = canonical(made.document())
        # The trail says what was signed, so that a checkpoint cannot be taken away or exchanged unseen.
        note(session, at, signer.key_id, SIGNED, str(size), {"sha256": hashlib.sha256(document).hexdigest()})
        session.add(LedgerCheckpoint(size=size, document=document.decode(), timestamp_token=""))
    return made


def _grown(session: Session, evidence: Evidence, signed: Checkpoint | None, size: int) -> dict[str, str]:
    """The roots of the first `size` leaves, as they follow from what was signed last and from the leaves since then.

    No stored subtree is believed: those that the last checkpoint rests on must give its roots, those since must follow from their
    leaves. IntegrityError names what does not fit.
    """
    first, roots = (signed.size, signed.roots) if signed else (0, {})
    leaves = _read_back(session, evidence, first, size)
    for name in algorithms():
        node = node_of(session, name)
        if name in roots and root(name, first, node).hex() != roots[name]:
            raise IntegrityError(f"ledger: the {name} tree no longer gives the root signed over {first} leaves")
        for number, content in enumerate(leaves, start=first):
            for level, position, value in completed(name, number, leaf_hash(name, content), node):
                if value != node(level, position):
                    where = f"node {level}/{position}" if level else f"leaf {number}"
                    raise IntegrityError(f"ledger: {where} no longer has its {name} hash")
    return {name: root(name, size, node_of(session, name)).hex() for name in algorithms()}


def _read_back(session: Session, evidence: Evidence, first: int, end: int) -> list[bytes]:
    """Leaves first … end − 1, once the files they name were read back; IntegrityError names the first that is not there whole."""
    query = select(LedgerLeaf).where(LedgerLeaf.number >= first, LedgerLeaf.number < end).order_by(LedgerLeaf.number)
    leaves = []
    for expected, leaf in enumerate(session.scalars(query), start=first):
        if leaf.number != expected:
            raise IntegrityError(f"ledger: leaf {expected} is missing")
        try:
            content = json.loads(leaf.content)
        except ValueError as error:
            raise IntegrityError(f"ledger: leaf {expected} is no longer JSON") from error
        for named in (content.get("file"), *content.get("attachments", ())):
            if named:
                evidence.get(named["sha256"])
        leaves.append(leaf.content.encode())
    if len(leaves) != end - first:
        raise IntegrityError(f"ledger: leaf {first + len(leaves)} is missing")
    return leaves


def receipt_of(session: Session, number: int) -> dict[str, Any]:
    """The receipt of a leaf: by the first checkpoint that covers it, so that asking again gives the same bytes.

    LookupError for a leaf that is not there or that no checkpoint covers yet.
    """
    leaf = session.get(LedgerLeaf, number)
    query = select(LedgerCheckpoint).where(LedgerCheckpoint.size > number).order_by(LedgerCheckpoint.size).limit(1)
    covering = session.scalar(query)
    if leaf is None or covering is None:
        raise LookupError(f"no signed leaf {number}")
    checkpoint = checkpoint_of(json.loads(covering.document))
    paths = {name: inclusion_path(name, number, checkpoint.size, node_of(session, name)) for name in checkpoint.roots}
    return receipt(leaf.content.encode(), number, paths, checkpoint, covering.timestamp_token)


def sm3_of(session: Session, sha256: str) -> str:
    """The SM3 that acknowledged bytes were registered with; empty where the system had none, or the bytes are not known."""
    found = session.get(ReceivedFile, sha256)
    return found.sm3 if found is not None else ""


def leaf_number(session: Session, kind: str, subject: str) -> int | None:
    """The number of the leaf that speaks of something; None when there is none."""
    return session.scalar(select(LedgerLeaf.number).where(LedgerLeaf.kind == kind, LedgerLeaf.subject == subject))


def leaf_content(session: Session, number: int) -> dict[str, Any]:
    """What a leaf says. LookupError for a leaf that is not there."""
    leaf = session.get(LedgerLeaf, number)
    if leaf is None:
        raise LookupError(f"no leaf {number}")
    content: dict[str, Any] = json.loads(leaf.content)
    return content


def newest_checkpoint(session: Session) -> Checkpoint | None:
    """The checkpoint over the most leaves; None before the first."""
    found = session.scalar(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1))
    return None if found is None else checkpoint_of(json.loads(found.document))


def signers(session: Session) -> list[str]:
    """Ids of the keys that signed checkpoints, in order."""
    documents = session.scalars(select(LedgerCheckpoint.document))
    return sorted({checkpoint_of(json.loads(document)).origin for document in documents})
