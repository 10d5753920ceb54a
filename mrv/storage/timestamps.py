"""Time-stamp tokens beside the checkpoints they speak of. A token comes later than the receipts, and never delays one."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mrv.ledger.merkle import inclusion_path
from mrv.ledger.receipt import checkpoint_of, receipt
from mrv.storage.control import hold
from mrv.storage.ledger import LOCK, node_of
from mrv.storage.ledger_models import LedgerCheckpoint, LedgerLeaf, LedgerTimestamp


@dataclass(frozen=True)
class Stamped:
    """A checkpoint and its token: `size` [leaves], `document` (canonical JSON, what the token is over), `token` (DER), `at`."""

    size: int
    document: str
    token: bytes
    at: datetime


def stamps(session: Session) -> list[Stamped]:
    """Every token with its checkpoint, in the order of the log."""
    query = select(LedgerTimestamp, LedgerCheckpoint.document).join(
        LedgerCheckpoint, LedgerCheckpoint.size == LedgerTimestamp.size
    )
    return [
        Stamped(row.size, document, base64.b64decode(row.token), row.at)
        for row, document in session.execute(query.order_by(LedgerTimestamp.size))
    ]


def unstamped(session: Session) -> tuple[int, str] | None:
    """Size and document of the newest checkpoint when it has no token; None when it has, or there is none."""
    newest = session.scalar(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1))
    if newest is None or session.get(LedgerTimestamp, newest.size) is not None:
        return None
    return newest.size, newest.document


def last_stamp(session: Session) -> tuple[int, datetime] | None:
    """Size of the newest checkpoint with a token, and when that was kept; None before the first."""
    query = select(LedgerTimestamp.size, LedgerTimestamp.at).order_by(LedgerTimestamp.size.desc()).limit(1)
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1])


def is_due(last: datetime | None, at: datetime, every: timedelta) -> bool:
    """Whether a token is to be asked for: there is none yet, or the last one is `every` old."""
    return last is None or at - last >= every


def put_stamp(session: Session, size: int, token: bytes, at: datetime) -> bool:
    """Keeps the token (DER) of a checkpoint; False when it has one already, which stays."""
    hold(session, LOCK)
    if session.get(LedgerTimestamp, size) is not None:
        return False
    session.add(LedgerTimestamp(size=size, token=base64.b64encode(token).decode(), at=at))
    session.flush()
    return True


def stamped_receipt_of(session: Session, number: int) -> dict[str, Any]:
    """The receipt of a leaf by the first checkpoint over it that has a token, with the token; the same bytes each time.

    LookupError for a leaf that is not there or that no token covers yet.
    """
    leaf = session.get(LedgerLeaf, number)
    query = select(LedgerTimestamp).where(LedgerTimestamp.size > number).order_by(LedgerTimestamp.size).limit(1)
    row = session.scalar(query)
    covering = session.get(LedgerCheckpoint, row.size) if row is not None else None
    if leaf is None or row is None or covering is None:
        raise LookupError(f"no time-stamped leaf {number}")
    checkpoint = checkpoint_of(json.loads(covering.document))
    paths = {name: inclusion_path(name, number, checkpoint.size, node_of(session, name)) for name in checkpoint.roots}
    return receipt(leaf.content.encode(), number, paths, checkpoint, row.token)
