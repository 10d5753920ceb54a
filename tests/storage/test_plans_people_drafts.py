"""Plan versions, people and drafts on every control store: kept, refused in words, in the audit trail, append-only."""

import re
import threading
from collections.abc import Callable
from datetime import date, datetime

import pandas as pd
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from mrv.storage.control import Control
from mrv.storage.deposits import StoredFile
from mrv.storage.drafts import MonthKey, add_turn, every_part, put_part, turns
from mrv.storage.ledger_models import Audit
from mrv.storage.people import (
    Duty,
    Member,
    PeopleFault,
    add_person,
    assign,
    duties,
    end_person,
    member_of,
    members,
    unassign,
)
from mrv.storage.plans import PlanFault, put_plan, versions
from mrv.storage.register import register

KEY = MonthKey("P1", "power", "2026-01")
Frame = Callable[..., pd.DataFrame]


def version(frame: Frame, name: str, begins: str, ends: str = "", plant: str = "P1", sector: str = "power") -> tuple:
    own = {"plant_id": plant, "sector": sector, "version": name}
    line = {
        **own,
        "valid_from": begins,
        "valid_to": ends,
        "unit_id": "1",
        "parameter": "run_hours",
        "method": "measured",
    }
    text_row = {**own, "section": "B.1", "item": "revision_reason", "text": "首次制定"}
    return frame("control_plan", line), frame("plan_section", text_row)


def test_versions_follow_and_never_overlap(control: Control, frame: Frame) -> None:
    day = date(2025, 12, 1)
    with control.write() as session:
        put_plan(session, *version(frame, "V1", "2026-01-01"), day, "a" * 64)
        put_plan(session, *version(frame, "V2", "2026-06-01", "2026-12-31"), day, "b" * 64)
        put_plan(session, *version(frame, "V1", "2026-01-01", sector="steel"), day, "c" * 64)
        put_plan(session, *version(frame, "V1", "2026-01-01", plant="P2"), day, "d" * 64)
    refused = [("V1", "2027-01-01", "version_exists"), ("V3", "2026-06-01", "overlap"), ("V3", "2026-12-31", "overlap")]
    for name, begins, code in refused:
        with pytest.raises(PlanFault) as fault, control.write() as session:
            put_plan(session, *version(frame, name, begins), day, "e" * 64)
        assert fault.value.code == code and fault.value.zh and fault.value.en
    with control.write() as session:
        put_plan(session, *version(frame, "V3", "2027-01-01"), day, "f" * 64)
    with control.read() as session:
        have = versions(register(session, "control_plan"), "P1", "power")
        assert have[["version", "until"]].to_numpy().tolist() == [
            ["V1", "2026-05-31"],
            ["V2", "2026-12-31"],
            ["V3", ""],
        ]
        assert len(register(session, "plan_section")) == 5


def test_two_who_submit_one_version_at_once(control: Control, frame: Frame) -> None:
    told: list[str] = []

    def submit(letter: str) -> None:
        try:
            with control.write() as session:
                put_plan(session, *version(frame, "V1", "2026-01-01"), date(2025, 12, 1), letter * 64)
            told.append("new")
        except PlanFault as fault:
            told.append(fault.code)

    threads = [threading.Thread(target=submit, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["new", "version_exists"]


def test_people_come_go_and_are_audited(control: Control, noon: datetime) -> None:
    first = date(2026, 1, 1)
    with control.write() as session:
        add_person(session, Member("v1", "甲", "verifier", active_from=first), "ops", noon)
        add_person(session, Member("p1", "乙", "preparer", "P1", "fuel", active_from=first), "ops", noon)
        assign(session, Duty("v1", "P1", first, date(2026, 1, 31), "ops"), noon)
        assign(session, Duty("v1", "P1", date(2026, 2, 1), None, "ops"), noon)
        end_person(session, "p1", date(2026, 3, 31), "ops", noon)
        unassign(session, "v1", "P1", date(2026, 2, 28), "ops", noon)
    with control.read() as session:
        assert [one.id for one in members(session)] == ["p1", "v1"]
        assert member_of(session, "p1").active_to == date(2026, 3, 31)
        assert [one.valid_to for one in duties(session, "v1")] == [date(2026, 1, 31), date(2026, 2, 28)]
        rows = session.execute(select(Audit.action, Audit.actor).order_by(Audit.number)).all()
        assert [row[0] for row in rows] == [
            "person.add", "person.add", "person.assign", "person.assign", "person.end", "person.unassign",
        ]  # fmt: skip
        assert {row[1] for row in rows} == {"ops"}


def test_what_cannot_be_done_with_people_leaves_no_trace(control: Control, noon: datetime) -> None:
    first = date(2026, 1, 1)
    with control.write() as session:
        add_person(session, Member("p1", "乙", "preparer", "P1", "fuel", active_from=first), "ops", noon)
    deeds: dict[str, Callable[..., None]] = {
        "known_person": lambda session: add_person(session, Member("p1", "丙", "verifier"), "ops", noon),
        "unknown_person": lambda session: assign(session, Duty("x", "P1", first, None, "ops"), noon),
        "person_of_a_plant": lambda session: assign(session, Duty("p1", "P2", first, None, "ops"), noon),
        "not_assigned": lambda session: unassign(session, "p1", "P2", first, "ops", noon),
        "person_ended": lambda session: end_person(session, "p1", date(2025, 12, 31), "ops", noon),
    }
    for code, deed in deeds.items():
        with pytest.raises(PeopleFault) as fault, control.write() as session:
            deed(session)
        assert fault.value.code == code and fault.value.zh and fault.value.en
    with control.read() as session:
        assert session.scalar(select(func.count()).select_from(Audit)) == 1


def test_parts_in_versions_and_turns_in_order(control: Control, noon: datetime) -> None:
    def file(letter: str) -> StoredFile:
        return StoredFile(f"{letter}.csv", letter * 64, 3)

    with control.write() as session:
        assert put_part(session, KEY, "fuel", file("a"), "p1", noon)[1]
        assert not put_part(session, KEY, "fuel", file("a"), "p1", noon)[1]
        assert put_part(session, KEY, "fuel", file("b"), "p1", noon)[0].version == 2
        assert put_part(session, KEY, "fuel", file("a"), "p1", noon)[0].version == 3
        assert put_part(session, KEY, "metering", file("c"), "p2", noon)[0].version == 1
        add_turn(session, KEY, "reviewed", {"fuel": 3, "metering": 1}, "r1", noon, "好")
        assert add_turn(session, KEY, "approved", {"fuel": 3, "metering": 1}, "a1", noon, "").number == 2
    with control.read() as session:
        assert [(one.department, one.version) for one in every_part(session, KEY)] == [
            ("fuel", 1), ("fuel", 2), ("fuel", 3), ("metering", 1),
        ]  # fmt: skip
        assert [(one.event, one.actor, one.note) for one in turns(session, KEY)] == [
            ("reviewed", "r1", "好"), ("approved", "a1", ""),
        ]  # fmt: skip
        assert every_part(session, MonthKey("P1", "steel", "2026-01")) == []
        assert session.scalar(select(func.count()).select_from(Audit)) == 6


@pytest.mark.parametrize("deed", ["UPDATE draft SET uploader = 'x'", "DELETE FROM draft_event"])
def test_drafts_are_append_only(control: Control, noon: datetime, deed: str) -> None:
    with control.write() as session:
        put_part(session, KEY, "fuel", StoredFile("a.csv", "a" * 64, 3), "p1", noon)
        add_turn(session, KEY, "reviewed", {"fuel": 1}, "r1", noon, "")
    with pytest.raises(DBAPIError, match=re.compile("append-only|refuse", re.IGNORECASE)), control.write() as session:
        session.execute(text(deed))
