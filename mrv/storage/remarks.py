"""Remarks on findings, by identity: rows of the chained audit trail, so they can be neither changed nor taken away.

A finding keeps its identity when a month is filed again, and so its remarks survive every resubmission.
"""

import json
from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from mrv.storage.control import iso
from mrv.storage.ledger import note
from mrv.storage.ledger_models import Audit
from mrv.storage.models import FindingLife

ACTION = "remark"
COLUMNS = ["finding_id", "at", "by", "text"]


def put_remark(session: Session, finding_id: str, text: str, by: str, at: datetime) -> None:
    """Adds a remark. LookupError for a finding that was never met, ValueError for a remark without words."""
    if not text.strip():
        raise ValueError("a remark needs words")
    if session.get(FindingLife, finding_id) is None:
        raise LookupError(f"no such finding: {finding_id}")
    note(session, at, by, ACTION, finding_id, {"text": text.strip()})


def finding_named(session: Session, beginning: str) -> str:
    """The id of the one finding that begins so; LookupError when there is none, or more than one."""
    query = select(FindingLife.id).where(FindingLife.id.startswith(beginning, autoescape=True)).limit(2)
    found = list(session.scalars(query))
    if len(found) != 1 or not beginning:
        raise LookupError(beginning)
    return found[0]


def remarks(session: Session, finding_ids: Collection[str]) -> pd.DataFrame:
    """Remarks on findings in the order they were made: `finding_id, at` (ISO 8601, UTC), `by, text`."""
    wanted = set(finding_ids)
    rows = [
        (row.object, iso(row.at), row.actor, json.loads(row.detail)["text"])
        for row in session.scalars(select(Audit).where(Audit.action == ACTION).order_by(Audit.number))
        if row.object in wanted
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")
