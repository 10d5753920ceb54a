"""Inside the plant, before a deposit: departments put their parts, somebody reviews, somebody else approves, then it is deposited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from mrv.intake import Intake, Refusal, read_file
from mrv.pipeline.check import CheckOutcome, check
from mrv.pipeline.deposit import SubmitOutcome, factors_of, registers, submit
from mrv.pipeline.draft_filing import PartsClash, filing_of
from mrv.pipeline.draft_lacking import lacking
from mrv.pipeline.policy import APPROVE, DEPOSIT, PUT, RETURN, REVIEW, SEE, Actor, MonthFile, may
from mrv.storage.control import Control
from mrv.storage.deposits import StoredFile
from mrv.storage.drafts import (
    APPROVED,
    DEPOSITED,
    RETURNED,
    REVIEWED,
    MonthKey,
    Part,
    Turn,
    add_turn,
    every_part,
    lock,
    put_part,
    turns,
)
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.people import duties, member_of
from schemas.choices import DEPARTMENTS

EVENTS = {REVIEW: REVIEWED, RETURN: RETURNED, APPROVE: APPROVED}
EMPTY, FILLING = "empty", "filling"
STATES = {
    EMPTY: ("尚无部分", "no part yet"),
    FILLING: ("填报中", "being filled"),
    REVIEWED: ("已审核", "reviewed"),
    RETURNED: ("已退回", "returned"),
    APPROVED: ("已批准", "approved"),
    DEPOSITED: ("已存证", "deposited"),
}


class DraftFault(Exception):
    """What cannot be done with a draft; `code`, and `zh` and `en` say what, why and how to go on."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


@dataclass(frozen=True)
class Drafted:
    """A month as it stands: the newest part of each department, what was done, and how far it is."""

    key: MonthKey
    history: tuple[Part, ...]
    turns: tuple[Turn, ...]
    parts: dict[str, Part] = field(default_factory=dict)
    state: str = EMPTY

    @property
    def versions(self) -> dict[str, int]:
        return {department: part.version for department, part in self.parts.items()}


def drafted(history: Sequence[Part], events: Sequence[Turn], key: MonthKey) -> Drafted:
    """The state of a month from its parts and turns. A turn counts only for exactly the versions it looked at."""
    parts = {part.department: part for part in history}  # in order of version: the last holds
    current = {department: part.version for department, part in parts.items()}
    state = FILLING if parts else EMPTY
    if parts and events and events[-1].parts == current:
        state = events[-1].event
    return Drafted(key, tuple(history), tuple(events), parts, state)


def read_draft(control: Control, key: MonthKey) -> Drafted:
    """The month as the store has it."""
    with control.read() as session:
        return drafted(every_part(session, key), turns(session, key), key)


def put(
    home: Home,
    control: Control,
    key: MonthKey,
    department: str,
    file: tuple[str, bytes],
    by: str,
    at: datetime,
    day: date,
) -> tuple[Part, bool]:
    """Keeps a department's part; the same bytes again are the same version (False).

    DraftFault when the person may not, when the file cannot be read, or when it speaks of another plant, sector or month.
    """
    name, data = file
    _allowed(control, key, by, PUT, day, department)
    read = read_file(name, data)
    if isinstance(read, Refusal):
        raise DraftFault(read.code, read.message["zh"], read.message["en"])
    _of_this_month(read, key)
    Evidence(home.evidence).put(data)
    with control.write() as session:
        lock(session, key)
        _judge(session, key, by, PUT, day, department)
        return put_part(session, key, department, StoredFile(name, read.sha256, len(data)), by, at)


def turn(control: Control, key: MonthKey, action: str, by: str, at: datetime, day: date, words: str) -> Turn:
    """Reviews, returns or approves the parts as they stand now (`action` of `mrv.pipeline.policy`).

    DraftFault when the person may not; when there is nothing to look at; a return without a reason; an approval of parts that
    were not reviewed, or that changed since.
    """
    with control.write() as session:
        lock(session, key)
        _judge(session, key, by, action, day)
        month = drafted(every_part(session, key), turns(session, key), key)
        if not month.parts:
            raise DraftFault(
                "no_parts",
                f"{key.subject} 还没有任何部分；请先 mrv draft put",
                f"{key.subject} has no part yet: mrv draft put",
            )
        if action == RETURN and not words.strip():
            raise DraftFault("no_reason", "退回须用 --note 写明原因", "A return needs its reason: --note")
        if action == APPROVE and month.state != REVIEWED:
            raise DraftFault(
                "not_reviewed",
                f"现有各部分（{_said(month.versions, 0)}）尚未审核；请先 mrv draft review",
                f"The parts as they are ({_said(month.versions, 1)}) were not reviewed: mrv draft review first",
            )
        return add_turn(session, key, EVENTS[action], month.versions, by, at, words)


@dataclass(frozen=True)
class Shown:
    """A month with its parts put together and judged: what is found, and what is still lacking (`draft_lacking.lacking`)."""

    month: Drafted
    outcome: CheckOutcome | None
    clash: PartsClash | None
    lacking: pd.DataFrame


def show(home: Home, control: Control, key: MonthKey, by: str, day: date) -> Shown:
    """Who filled what, and the findings of the parts put together; nothing is deposited. With `by`, only who may see it."""
    if by:
        _allowed(control, key, by, SEE, day)
    month, known = read_draft(control, key), registers(control, day)
    if not month.parts:
        return Shown(month, None, None, lacking(key, None, known))
    try:
        data = filing_of(_bytes(home, month))
    except PartsClash as clash:
        return Shown(month, None, clash, lacking(key, None, known))
    outcome = check([(_name(key), data)], factors_of(control), known, as_of=day, deposited=True)
    return Shown(month, outcome, None, lacking(key, outcome.batch.tables.get("parameter"), known))


def deposit(
    home: Home, control: Control, key: MonthKey, by: str, at: datetime, day: date, reason: str = ""
) -> SubmitOutcome:
    """Makes one filing of the approved parts and deposits it; the same parts are the same bytes and the same deposit.

    DraftFault when the person may not, when the parts as they are have no approval, or when two parts hold different files under
    one name. Rows that contradict each other are refused and told as in any deposit.
    """
    _allowed(control, key, by, DEPOSIT, day)
    month = read_draft(control, key)
    if month.state not in (APPROVED, DEPOSITED):
        raise DraftFault(
            "not_approved",
            f"现有各部分（{_said(month.versions, 0) or '无'}）没有批准；批准后又提交新部分的，须重新审核、批准",
            f"The parts as they are ({_said(month.versions, 1) or 'none'}) have no approval; a new part needs review and approval again",
        )
    try:
        data = filing_of(_bytes(home, month))
    except PartsClash as clash:
        raise DraftFault("parts_clash", clash.zh, clash.en) from clash
    outcome = submit(home, control, [(_name(key), data)], at, by, day, reason)
    if outcome.submissions and month.state == APPROVED:
        with control.write() as session:
            lock(session, key)
            now = drafted(every_part(session, key), turns(session, key), key)
            if not any(one.event == DEPOSITED and one.parts == month.versions for one in now.turns):
                number = outcome.submissions[0].deposited.id
                add_turn(session, key, DEPOSITED, month.versions, by, at, number)
    return outcome


def shown_document(shown: Shown, departments: Sequence[str]) -> dict[str, Any]:
    """The month as JSON, without its findings: parts, turns, state, departments without a part, quantities nobody filled."""
    month = shown.month
    return {
        "plant_id": month.key.plant_id,
        "sector": month.key.sector,
        "month": month.key.month,
        "state": month.state,
        "parts": [
            {
                "department": part.department,
                "version": part.version,
                "file": {"name": part.file.name, "sha256": part.file.sha256, "size": part.file.size},
                "by": part.uploader,
                "at": part.at.isoformat(),
            }
            for part in month.parts.values()
        ],
        "lacking": shown.lacking.to_dict("records"),
        "without_part": [name for name in departments if name not in month.parts],
        "events": [
            {
                "event": one.event,
                "parts": one.parts,
                "by": one.actor,
                "at": one.at.isoformat(),
                "note": one.note,
            }
            for one in month.turns
        ],
    }


def _name(key: MonthKey) -> str:
    return f"{key.plant_id}-{key.sector}-{key.month}.zip"


def _bytes(home: Home, month: Drafted) -> dict[str, tuple[str, bytes]]:
    evidence = Evidence(home.evidence)
    return {name: (part.file.name, evidence.get(part.file.sha256)) for name, part in month.parts.items()}


def _said(versions: dict[str, int], side: int) -> str:
    """The parts by label of their department, Chinese (0) or English (1)."""
    parts = [f"{DEPARTMENTS[name][side]} v{version}" for name, version in sorted(versions.items())]
    return ("、", ", ")[side].join(parts)


def _allowed(control: Control, key: MonthKey, by: str, action: str, day: date, department: str = "") -> None:
    with control.read() as session:
        _judge(session, key, by, action, day, department)


def _judge(session: Any, key: MonthKey, by: str, action: str, day: date, department: str = "") -> None:
    """DraftFault with the words of the policy when the person may not; PeopleFault when nobody knows them."""
    actor = Actor(member_of(session, by), tuple(duties(session, by)))
    events = turns(session, key)
    target = MonthFile(
        key.plant_id,
        department,
        prepared_by={part.uploader for part in every_part(session, key)},
        reviewed_by={one.actor for one in events if one.event == REVIEWED},
        approved_by={one.actor for one in events if one.event == APPROVED},
    )
    verdict = may(actor, action, target, day)
    if not verdict.allowed:
        raise DraftFault("not_allowed", verdict.zh, verdict.en)


def _of_this_month(read: Intake, key: MonthKey) -> None:
    if read.kind.startswith("meter_"):
        raise DraftFault(
            "meter_file",
            "这是表计读数文件；请用 mrv ingest-meters 导入",
            "These are meter readings: take them in with mrv ingest-meters",
        )
    rows = read.rows[read.rows["disposition"] != "ignored"]
    for column, own in (("plant_id", key.plant_id), ("sector", key.sector), ("month", key.month)):
        other = sorted(set(rows[column]) - {own, ""})
        if other:
            raise DraftFault(
                "another_month",
                f"文件中有 {other[0]} 的数据，不是 {key.subject}；请只放本企业、本行业、本月的数据",
                f"The file speaks of {other[0]}, not of {key.subject}; put in only this plant, sector and month",
            )
