"""Killed at any point, a home holds what it acknowledged, holds nothing torn, and ends where it would have ended."""

import json
import multiprocessing
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from mrv.drill.forks import live
from mrv.drill.kills import KillDrill, Outcome, Point, record, recorded, summary

SQLITE = {"submit": 110, "correct": 70, "nightly": 12, "publish": 8}
POSTGRESQL = {"submit": 22, "correct": 18}


def drilled(folder: Path, share: dict[str, int], connection: Any, fresh: Callable[[str], str] | None = None) -> None:
    """A drill in a process of its own, which has no threads that a fork would cut off; sends its outcomes."""
    drill = KillDrill(folder, actions=share) if fresh is None else KillDrill(folder, fresh, share)
    connection.send([asdict(drill.kill(point)) for point in drill.points(share, 5)])


def run(folder: Path, share: dict[str, int], fresh: Callable[[str], str] | None = None) -> list[dict[str, Any]]:
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=drilled, args=(folder, share, theirs, fresh))
    process.start()
    theirs.close()
    try:
        outcomes: list[dict[str, Any]] = ours.recv()
    finally:
        process.join()
    return outcomes


def holds(outcomes: Iterable[dict[str, Any]], share: dict[str, int]) -> None:
    counted = [outcome for outcome in outcomes if outcome["counted"]]
    assert [outcome for outcome in counted if outcome["wrong"]] == []
    assert len(counted) == sum(share.values())
    assert sum(outcome["killed"] for outcome in counted) > len(counted) / 2
    assert any(outcome["acknowledged"] for outcome in counted if outcome["killed"])


def test_two_hundred_kills_on_sqlite(tmp_path: Path) -> None:
    holds(run(tmp_path, SQLITE), SQLITE)


@pytest.mark.service
def test_forty_kills_on_postgresql(tmp_path: Path, fresh_database: Callable[[str], str]) -> None:
    holds(run(tmp_path, POSTGRESQL, fresh_database), POSTGRESQL)


def test_a_child_killed_before_it_began_is_not_counted() -> None:
    outcome = Outcome(Point("submit", 1), counted=False, killed=True, acknowledged=0)
    assert summary([outcome]) == {}


def test_a_child_tells_what_it_did_and_how_it_ended() -> None:
    def deed(tell: Callable[[str, Any], None]) -> None:
        tell("received", {"sha256": "a"})
        raise ValueError("说不通")

    life = live(deed)
    assert (life.started, life.finished, life.killed) == (True, False, False)
    assert life.acknowledged == [("received", {"sha256": "a"})]
    assert "说不通" in life.failure
    assert live(lambda tell: tell("done", 1)).last("done") == 1


def test_a_drill_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    file = tmp_path / "kills.jsonl"
    made = [Outcome(Point("submit", number), True, True, number, ["x"] * (number == 2)) for number in (1, 2, 3)]
    list(record(made, file))
    with file.open("a") as handle:
        handle.write(json.dumps({"point": 1})[:5])  # cut short by a kill
    assert recorded(file) == made
    assert summary(recorded(file)) == {"submit": {"points": 3, "killed": 3, "acknowledged": 6, "failed": 1}}
