"""Where evidence files are used: which plant and month deposited the same bytes."""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Select, distinct, exists, func, select
from sqlalchemy.orm import Session, aliased

from mrv.storage.control import frame_of
from mrv.storage.models import Deposit, DepositFile

CHUNK = 500  # values in one IN list
COLUMNS = ["plant_id", "month", "evidence_sha256"]


def evidence_uses(session: Session, hashes: Collection[str]) -> pd.DataFrame:
    """Plant and month of every deposit in force that came with one of these files: `plant_id, month, evidence_sha256`, ordered."""
    ordered = sorted(set(hashes))
    query = _in_force(select(Deposit.plant_id, Deposit.month, DepositFile.sha256.label("evidence_sha256")))
    frames = [
        frame_of(session, query.where(DepositFile.sha256.in_(ordered[start : start + CHUNK])))
        for start in range(0, len(ordered), CHUNK)
    ]
    found = pd.concat(frames) if frames else pd.DataFrame(columns=COLUMNS, dtype="str")
    return found.drop_duplicates().sort_values(COLUMNS, ignore_index=True)


def shared_evidence(session: Session) -> pd.DataFrame:
    """As `evidence_uses`, for all files that more than one plant or month uses."""
    query = _in_force(select(DepositFile.sha256)).group_by(DepositFile.sha256)
    several = func.count(distinct(Deposit.plant_id + " " + Deposit.month)) > 1
    return evidence_uses(session, list(session.scalars(query.having(several))))


def _in_force(query: Select) -> Select:
    later = aliased(Deposit)
    superseded = exists().where(
        later.plant_id == Deposit.plant_id,
        later.sector == Deposit.sector,
        later.month == Deposit.month,
        later.version > Deposit.version,
    )
    query = query.join_from(DepositFile, Deposit, DepositFile.deposit_id == Deposit.id)
    return query.where(DepositFile.role == "evidence", ~superseded)
