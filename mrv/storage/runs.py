"""The run ledger: what ran, over which plants, how each step and each plant came out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mrv.storage.control import frame_of, hold
from mrv.storage.models import Run, RunPlant, RunStep


@dataclass(frozen=True)
class Step:
    """One attempt at a step of a run for one batch of plants. `status`: `ok` or `failed`; `error`: what failed, as text."""

    step: str
    batch: int
    plants: Sequence[str]
    status: str
    rows_in: int
    rows_out: int
    started_at: datetime
    ended_at: datetime
    error: str = ""


def start_run(
    session: Session,
    kind: str,
    as_of: date,
    started_at: datetime,
    code_version: str,
    host: str,
    parameters: Mapping[str, Any] | None = None,
) -> str:
    """Opens a run and returns its id, such as `nightly-2026-02-01.1`: the first of its kind for that day."""
    hold(session, "runs")
    query = select(func.count()).select_from(Run).where(Run.kind == kind, Run.as_of == as_of)
    run_id = f"{kind}-{as_of.isoformat()}.{session.scalar(query) + 1}"  # type: ignore[operator]
    text = json.dumps(parameters or {}, ensure_ascii=False, sort_keys=True)
    entry: dict[str, Any] = {"id": run_id, "kind": kind, "as_of": as_of, "started_at": started_at, "parameters": text}
    session.add(Run(**entry, ended_at=None, status="running", code_version=code_version, host=host))
    session.flush()
    return run_id


def record_step(session: Session, run_id: str, step: Step) -> int:
    """Notes one attempt at a step; returns its number (1 for the first). Earlier attempts stay."""
    hold(session, f"run {run_id}")
    query = select(func.max(RunStep.attempt)).where(
        RunStep.run_id == run_id, RunStep.step == step.step, RunStep.batch == step.batch
    )
    attempt = (session.scalar(query) or 0) + 1
    values = {**vars(step), "plants": json.dumps(list(step.plants), ensure_ascii=False)}
    session.add(RunStep(run_id=run_id, attempt=attempt, **values))
    session.flush()
    return attempt


def record_plants(session: Session, run_id: str, failures: Mapping[str, str], plants: Sequence[str]) -> None:
    """Notes what the run came to for each of `plants`: `failed` with the message in `failures`, else `ok`.

    A plant noted before is noted anew, as a repeated batch tells more than the first attempt. ValueError when
    `failures` names a plant that is not among `plants`.
    """
    strange = sorted(set(failures) - set(plants))
    if strange:
        raise ValueError(f"not among the plants of the batch: {strange}")
    hold(session, f"run {run_id}")
    for plant in sorted(set(plants)):
        status = "failed" if plant in failures else "ok"
        session.merge(RunPlant(run_id=run_id, plant_id=plant, status=status, message=failures.get(plant, "")))
    session.flush()


def end_run(session: Session, run_id: str, status: str, ended_at: datetime) -> None:
    """Closes a run: `completed`, `partial` (some plants failed) or `failed`. LookupError for one that is not running."""
    query = update(Run).where(Run.id == run_id, Run.status == "running").values(status=status, ended_at=ended_at)
    if session.execute(query).rowcount != 1:  # type: ignore[attr-defined]
        raise LookupError(f"no such run is running: {run_id}")


def runs(session: Session, kind: str | None = None) -> pd.DataFrame:
    """Every run in the order it began, as texts; `parameters` is JSON."""
    query = select(*Run.__table__.columns).order_by(Run.started_at, Run.id)
    return frame_of(session, query if kind is None else query.where(Run.kind == kind))


def steps(session: Session, run_id: str) -> pd.DataFrame:
    """Every attempt at every step of a run in the order they ended; `plants` is a JSON array."""
    query = select(*RunStep.__table__.columns).where(RunStep.run_id == run_id)
    query = query.order_by(RunStep.ended_at, RunStep.step, RunStep.batch, RunStep.attempt)
    return frame_of(session, query, integers=["batch", "attempt", "rows_in", "rows_out"])


def plant_outcomes(session: Session, run_id: str) -> pd.DataFrame:
    """What a run came to for each plant: `run_id, plant_id, status, message`, ordered by plant."""
    frame = frame_of(session, select(*RunPlant.__table__.columns).where(RunPlant.run_id == run_id))
    return frame.sort_values("plant_id", ignore_index=True)
