"""Killed at any point, a home holds what it acknowledged, holds nothing torn, and ends where it would have ended."""

import json
import multiprocessing
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker

from mrv.drill.forks import live
from mrv.drill.homes import only_files
from mrv.drill.kills import KillDrill, Outcome, Point, record, recorded, summary
from mrv.storage import durable
from mrv.storage.control import Control, engine_of
from mrv.storage.migrate import upgrade

SQLITE = {"submit": 110, "correct": 70, "nightly": 12, "publish": 8}
POSTGRESQL = {"submit": 22, "correct": 18}
Choose = Callable[[KillDrill], list[Point]]
Spoil = Callable[[], None]


def drilled(
    folder: Path, share: dict[str, int], connection: Any, fresh: Callable[[str], str], choose: Choose, spoil: Spoil
) -> None:
    """A drill in a process of its own, which has no threads that a fork would cut off; sends its outcomes."""
    spoil()
    drill = KillDrill(folder, fresh, share)
    connection.send([asdict(drill.kill(point)) for point in choose(drill)])


def nothing() -> None:
    """Leaves the store as it is."""


def run(
    folder: Path,
    share: dict[str, int],
    fresh: Callable[[str], str] = only_files,
    choose: Choose | None = None,
    spoil: Spoil = nothing,
) -> list[dict[str, Any]]:
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    chosen = choose or (lambda drill: drill.points(share, 5))
    process = fork.Process(target=drilled, args=(folder, share, theirs, fresh, chosen, spoil))
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


def writing_in_place() -> None:
    """A store that tears: files get their names before they are whole."""

    def write(path: Path, data: bytes, mode: int | None = None) -> None:
        path.write_bytes(data)

    durable.write = write


def committing_late() -> None:
    """A store that loses: what was acknowledged is committed when the store is closed."""
    close = Control.close

    def at(url: str) -> Control:
        engine = engine_of(url)
        upgrade(engine)
        control, connection = Control(engine), engine.connect()
        connection.begin()
        control._write = control._read = sessionmaker(connection, join_transaction_mode="create_savepoint")
        control.connection = connection  # type: ignore[attr-defined]
        return control

    def commit_and_close(control: Control) -> None:
        control.connection.commit()  # type: ignore[attr-defined]
        close(control)

    Control.at, Control.close = at, commit_and_close  # type: ignore[method-assign, assignment]


def test_a_store_that_tears_is_found_out(tmp_path: Path) -> None:
    # The last file to be written is one of the lake; a torn one in evidence is put right by whoever sends its bytes again.
    (outcome,) = run(
        tmp_path, {"correct": 1}, choose=lambda drill: [drill.last("correct", "half written")], spoil=writing_in_place
    )
    assert outcome["killed"]
    assert [problem.split(":")[0] for problem in outcome["wrong"]] == ["not able to go on"]


def test_a_store_that_loses_is_found_out(tmp_path: Path) -> None:
    (outcome,) = run(
        tmp_path, {"correct": 1}, choose=lambda drill: [drill.last("correct", "after commit")], spoil=committing_late
    )
    assert outcome["killed"]
    assert outcome["acknowledged"] == 1
    assert any(problem.startswith("lost: received") for problem in outcome["wrong"])


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
