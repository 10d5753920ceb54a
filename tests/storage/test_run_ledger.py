"""The run ledger says what ran, what failed, and for whom."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from mrv.storage.control import Control
from mrv.storage.runs import Step, end_run, plant_outcomes, record_plants, record_step, runs, start_run, steps

DAY = date(2026, 2, 1)


def begin(control: Control, at: datetime, kind: str = "nightly") -> str:
    with control.write() as session:
        return start_run(session, kind, DAY, at, "0.1.0", "node-1", {"year": 2025})


def test_a_run_from_start_to_end(control: Control, noon: datetime) -> None:
    run = begin(control, noon)
    later = noon + timedelta(minutes=3)
    with control.write() as session:
        assert record_step(session, run, Step("account", 0, ["P1", "P2"], "ok", 120, 24, noon, later)) == 1
        record_plants(session, run, {"P2": "因子缺失 / no factor"}, ["P1", "P2"])
        end_run(session, run, "partial", later)
        ledger, done, plants = runs(session), steps(session, run), plant_outcomes(session, run)
    row = ledger.iloc[0]
    assert (row["id"], row["status"], row["as_of"]) == ("nightly-2026-02-01.1", "partial", "2026-02-01")
    assert (row["started_at"], row["ended_at"]) == ("2026-02-01T12:00:00Z", "2026-02-01T12:03:00Z")
    assert json.loads(row["parameters"]) == {"year": 2025}
    assert (done["rows_in"].tolist(), done["rows_out"].tolist()) == ([120], [24])
    assert json.loads(done["plants"][0]) == ["P1", "P2"]
    assert plants["status"].tolist() == ["ok", "failed"]
    assert plants["message"].tolist() == ["", "因子缺失 / no factor"]


def test_runs_of_one_day_are_numbered_by_kind(control: Control, noon: datetime) -> None:
    made = [begin(control, noon, kind) for kind in ("nightly", "annual", "nightly")]
    assert made == ["nightly-2026-02-01.1", "annual-2026-02-01.1", "nightly-2026-02-01.2"]
    with control.read() as session:
        assert runs(session, "annual")["id"].tolist() == ["annual-2026-02-01.1"]
        assert runs(session)["ended_at"].tolist() == ["", "", ""]


def test_a_repeated_step_is_another_attempt_and_the_plant_is_noted_anew(control: Control, noon: datetime) -> None:
    run = begin(control, noon)
    with control.write() as session:
        failed = Step("screen", 3, ["P1"], "failed", 10, 0, noon, noon, "KeyError: 'x'")
        assert record_step(session, run, failed) == 1
        record_plants(session, run, {"P1": "KeyError"}, ["P1"])
        again = Step("screen", 3, ["P1"], "ok", 10, 2, noon, noon + timedelta(seconds=1))
        assert record_step(session, run, again) == 2
        record_plants(session, run, {}, ["P1"])
        assert steps(session, run)["status"].tolist() == ["failed", "ok"]
        assert plant_outcomes(session, run)["status"].tolist() == ["ok"]


def test_a_failure_must_be_of_a_plant_that_ran(control: Control, noon: datetime) -> None:
    run = begin(control, noon)
    with control.write() as session, pytest.raises(ValueError, match="P9"):
        record_plants(session, run, {"P9": "x"}, ["P1"])


def test_only_a_running_run_can_end_and_only_in_a_known_way(control: Control, noon: datetime) -> None:
    run = begin(control, noon)
    with control.write() as session, pytest.raises(LookupError):
        end_run(session, "nightly-1999-01-01.1", "completed", noon)
    with pytest.raises(DBAPIError), control.write() as session:
        end_run(session, run, "perhaps", noon)
    with control.write() as session:
        end_run(session, run, "completed", noon)
        with pytest.raises(LookupError):
            end_run(session, run, "failed", noon)


def test_a_step_of_an_unknown_run_is_refused(control: Control, noon: datetime) -> None:
    with pytest.raises(DBAPIError), control.write() as session:
        record_step(session, "nightly-1999-01-01.1", Step("account", 0, [], "ok", 0, 0, noon, noon))
