"""The life of findings: new, still, fixed, came back; and what was not checked is never called fixed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mrv.storage.control import Control
from mrv.storage.finding_life import PlantMonth, finding_events, finding_lives, update_findings

JANUARY = PlantMonth("P1", "2026-01")
COLUMNS = ("id", "rule", "severity", "plant_id", "unit_id", "stream_id", "parameter", "period", "item", "sector")
Check = Callable[..., dict[str, str]]


def found(*names: str, period: str = "2026-01", rule: str = "PHY-01", sector: str = "power") -> pd.DataFrame:
    rows = [
        {
            **dict.fromkeys(COLUMNS, ""),
            **{"id": name * 64, "rule": rule, "severity": "blocks", "plant_id": "P1", "period": period},
            **{"sector": sector, "message_zh": f"问题{name}", "message_en": f"fault {name}"},
        }
        for name in names
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, "message_zh", "message_en"], dtype="str")


@pytest.fixture
def check(control: Control, noon: datetime) -> Check:
    """Runs one check and returns the life of each finding by its letter; each check is a day after the one before."""
    count = iter(range(1000))

    def run(
        findings: pd.DataFrame, scope: Sequence[PlantMonth] = (JANUARY,), rules: Sequence[str] | None = None
    ) -> dict[str, str]:
        number = next(count)
        with control.write() as session:
            lives = update_findings(session, scope, findings, f"run-{number}", noon + timedelta(days=number), rules)
        return {name[0]: life for name, life in zip(lives["id"], lives["life"], strict=True)}

    return run


def status(control: Control) -> dict[str, str]:
    with control.read() as session:
        lives = finding_lives(session)
    return {name[0]: state for name, state in zip(lives["id"], lives["status"], strict=True)}


def test_new_still_fixed_came_back(control: Control, check: Check) -> None:
    assert check(found("a", "b")) == {"a": "new", "b": "new"}
    assert check(found("a", "b")) == {"a": "still", "b": "still"}
    assert check(found("b")) == {"a": "fixed", "b": "still"}
    assert check(found("b")) == {"b": "still"}
    assert check(found("a", "b")) == {"a": "came_back", "b": "still"}
    assert check(found("a", "b")) == {"a": "still", "b": "still"}
    assert status(control) == {"a": "came_back", "b": "open"}
    assert check(found()) == {"a": "fixed", "b": "fixed"}
    with control.read() as session:
        events = finding_events(session, "a" * 64)
        life = finding_lives(session, ["P1"]).iloc[0]
    assert events["event"].tolist() == ["new", "fixed", "came_back", "fixed"]
    assert events["seen_in"].tolist() == ["run-0", "run-2", "run-4", "run-6"]
    assert events["number"].tolist() == [1, 2, 3, 4]
    assert (life["first_seen_in"], life["last_seen_in"]) == ("run-0", "run-5")
    assert (life["first_seen_at"], life["last_seen_at"]) == ("2026-02-01T12:00:00Z", "2026-02-06T12:00:00Z")
    assert life["message_zh"] == "问题a"


def test_what_lies_outside_the_check_stays_open(control: Control, check: Check) -> None:
    check(found("a"))
    february = PlantMonth("P1", "2026-02")
    assert check(found("b", period="2026-02"), [february]) == {"b": "new"}
    assert check(found(), [PlantMonth("P2", "2026-01")]) == {}
    assert status(control) == {"a": "open", "b": "open"}
    assert check(found(), [JANUARY, february]) == {"a": "fixed", "b": "fixed"}


def test_a_rule_that_did_not_run_fixes_nothing(control: Control, check: Check) -> None:
    check(found("a"))
    assert check(found(), rules=["CON-02"]) == {}
    assert check(found(), rules=["CON-02", "PHY-01"]) == {"a": "fixed"}


def test_a_check_of_one_sector_leaves_the_other_alone(control: Control, check: Check) -> None:
    check(pd.concat([found("a", sector="steel"), found("b", sector="cement")]))
    assert check(found(), [PlantMonth("P1", "2026-01", "steel")]) == {"a": "fixed"}
    assert status(control) == {"a": "fixed", "b": "open"}


def test_a_finding_seen_outside_the_named_months_counts_as_seen(control: Control, check: Check) -> None:
    assert check(found("a", period="2025-12")) == {"a": "new"}
    assert check(found("a", period="2025-12")) == {"a": "still"}


def test_an_identity_occurs_once(check: Check) -> None:
    with pytest.raises(ValueError, match="twice"):
        check(found("a", "a"))


def test_the_history_cannot_be_rewritten(control: Control, check: Check) -> None:
    check(found("a"))
    for statement in ("DELETE FROM finding_event", "UPDATE finding_event SET event = 'fixed'"):
        with pytest.raises(DBAPIError, match="append-only"), control.write() as session:
            session.execute(text(statement))


def test_the_same_check_twice_adds_no_turn(control: Control, noon: datetime) -> None:
    for _ in range(2):
        with control.write() as session:
            update_findings(session, [JANUARY], found("a"), "run-1", noon)
    with control.read() as session:
        assert finding_events(session, "a" * 64)["event"].tolist() == ["new"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(history=st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=5))
def test_the_state_after_any_history(control: Control, noon: datetime, history: list[set[str]]) -> None:
    """After any sequence of checks: what the last one found is open or came back, all else ever seen is fixed."""
    with control.write() as session:
        update_findings(session, [JANUARY], found(), "before", noon)
    for number, names in enumerate(history):
        with control.write() as session:
            update_findings(session, [JANUARY], found(*sorted(names)), f"run-{number}", noon)
    present = {name for name, state in status(control).items() if state != "fixed"}
    assert present == history[-1]
    assert set(status(control)) >= set().union(*history)
