"""The life of findings over deposits and runs: new, still there, fixed, came back."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from mrv.storage.control import frame_of, hold, records
from mrv.storage.models import FindingEvent, FindingLife

DESCRIBED = (
    *("id", "rule", "severity", "plant_id", "sector", "unit_id", "stream_id", "parameter", "period", "item"),
    *("message_zh", "message_en"),
)
LIVES = ("new", "still", "fixed", "came_back")
CHUNK = 500  # values in one IN list
TABLE: Table = FindingLife.__table__  # type: ignore[assignment]
EVENTS: Table = FindingEvent.__table__  # type: ignore[assignment]
Known = tuple[dict[str, Any], str]  # what a finding is about, and the status on record


class PlantMonth(NamedTuple):
    """What was checked: a plant, a month `YYYY-MM` (or a year `YYYY` for findings of the year), and a sector or all."""

    plant_id: str
    period: str
    sector: str = ""


def hold_findings(session: Session) -> None:
    """Lets one transaction at a time bring lives up to date: for those that must know first what was deposited until then."""
    hold(session, "findings")


def update_findings(
    session: Session,
    plant_months: Iterable[PlantMonth],
    findings: pd.DataFrame,
    seen_in: str,
    at: datetime,
    rules: Collection[str] | None = None,
) -> pd.DataFrame:
    """Brings the lives of findings up to date with what a check found; doing it twice changes nothing more.

    Parameters
    ----------
    plant_months : what was checked completely; only there does the absence of a finding mean that it is fixed (a
        finding without a sector is fixed only where all sectors were checked)
    findings : what was found, with the columns of `schemas.TABLES["finding"]`
    seen_in : id of the deposit or run
    at : moment of the check, time-zone aware
    rules : the rules that ran, None for all; a finding of a rule that did not run (`not_run`) is never taken as fixed

    Returns
    -------
    DataFrame `id, life` ordered by id; life: `new`, `still`, `came_back` for what was found, `fixed` for what is gone.
    """
    hold_findings(session)
    scope = {PlantMonth(*entry) for entry in plant_months}
    found = _described(findings)
    known = _known(session, {entry.plant_id for entry in scope}, found)
    lives = {name: _life_of(known.get(name)) for name in found}
    lives |= {name: "fixed" for name, row in known.items() if name not in found and _is_fixed(row, scope, rules)}
    ids = {life: sorted(name for name in lives if lives[name] == life) for life in LIVES}
    seen = {"last_seen_in": seen_in, "last_seen_at": at}
    first = {"status": "open", "first_seen_in": seen_in, "first_seen_at": at}
    if ids["new"]:
        session.execute(insert(TABLE), [found[name] | seen | first for name in ids["new"]])
    _set(session, ids["still"] + ids["came_back"], seen)
    _set(session, ids["came_back"], {"status": "came_back"})
    _set(session, ids["fixed"], {"status": "fixed"})
    _reword(session, [row for name, row in found.items() if name in known and row != known[name][0]])
    _note(session, {name: life for name, life in lives.items() if life != "still"}, seen_in, at)
    return pd.DataFrame({"id": sorted(lives), "life": [lives[name] for name in sorted(lives)]}, dtype="str")


def by_life(lives: pd.DataFrame) -> dict[str, list[str]]:
    """What `update_findings` returned as life → ids, every life named."""
    return {life: lives.loc[lives["life"] == life, "id"].tolist() for life in LIVES}


def finding_lives(session: Session, plants: Collection[str] | None = None) -> pd.DataFrame:
    """Where the life of each finding stands, as texts ordered by id; columns as in the table `finding_life`."""
    query = select(*FindingLife.__table__.columns).order_by(FindingLife.id)
    if plants is not None:
        query = query.where(FindingLife.plant_id.in_(sorted(set(plants))))
    return frame_of(session, query)


def finding_events(session: Session, finding_id: str) -> pd.DataFrame:
    """The turns in the life of one finding in order: `finding_id, number, event, seen_in, at`."""
    query = select(*FindingEvent.__table__.columns).where(FindingEvent.finding_id == finding_id)
    return frame_of(session, query.order_by(FindingEvent.number), integers=["number"])


def _described(findings: pd.DataFrame) -> dict[str, dict[str, Any]]:
    rows = findings[list(DESCRIBED)]
    if rows["id"].duplicated().any():
        raise ValueError("an identity occurs twice among the findings")
    return {row["id"]: row for row in records(rows)}


def _known(session: Session, plants: set[str], found: Collection[str]) -> dict[str, Known]:
    """What is on record of these plants, and of everything that was found."""
    known: dict[str, Known] = {}
    columns = [TABLE.c[name] for name in (*DESCRIBED, "status")]
    # The plants first: nearly all that was found is known by then.
    for column, asked in ((TABLE.c.plant_id, plants), (TABLE.c.id, found)):
        for some in _chunks(name for name in asked if name not in known):
            for *described, status in session.execute(select(*columns).where(column.in_(some))):
                known[described[0]] = dict(zip(DESCRIBED, described, strict=True)), status
    return known


def _life_of(known: Known | None) -> str:
    if known is None:
        return "new"
    return "came_back" if known[1] == "fixed" else "still"


def _is_fixed(known: Known, scope: set[PlantMonth], rules: Collection[str] | None) -> bool:
    row, status = known
    if status == "fixed" or not (rules is None or row["rule"] in rules):
        return False
    plant_id, period = row["plant_id"], row["period"]
    return PlantMonth(plant_id, period) in scope or PlantMonth(plant_id, period, row["sector"]) in scope


def _set(session: Session, ids: list[str], values: dict[str, Any]) -> None:
    for some in _chunks(ids):
        session.execute(update(TABLE).where(TABLE.c.id.in_(some)).values(**values))


def _reword(session: Session, rows: list[dict[str, Any]]) -> None:
    """Keeps the last words of a finding: the value it speaks of may have changed."""
    if rows:
        named = [{("identity" if name == "id" else name): value for name, value in row.items()} for row in rows]
        session.connection().execute(update(TABLE).where(TABLE.c.id == bindparam("identity")), named)


def _chunks(values: Iterable[str]) -> list[list[str]]:
    ordered = sorted(values)
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]


def _note(session: Session, turns: dict[str, str], seen_in: str, at: datetime) -> None:
    numbers: dict[str, int] = {}
    for some in _chunks(name for name, turn in turns.items() if turn != "new"):
        query = select(FindingEvent.finding_id, func.max(FindingEvent.number)).group_by(FindingEvent.finding_id)
        numbers |= {row[0]: row[1] for row in session.execute(query.where(FindingEvent.finding_id.in_(some)))}
    events = [
        {"finding_id": name, "number": numbers.get(name, 0) + 1, "event": turns[name], "seen_in": seen_in, "at": at}
        for name in sorted(turns)
    ]
    if events:
        session.execute(insert(EVENTS), events)
