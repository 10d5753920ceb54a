"""One file from twenty processes at once: one deposit, one receipt. The same code with more submissions is `make drill`."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from mrv.drill.duplicates import Clients, disagreements
from mrv.drill.forks import Life, Tell, live, together
from mrv.pipeline import deposit, receive
from mrv.storage.ledger import newest_checkpoint, receipt_of


def newest(session: Any, number: int) -> dict[str, Any]:
    """A receipt as a store would give it that does not care for its being the same when it is asked for again."""
    checkpoint = newest_checkpoint(session)
    return receipt_of(session, number) | {"checkpoint": checkpoint.document() if checkpoint else {}}


def drilled(act: Callable[[Tell], None]) -> Life:
    """Rounds in a process of its own, which has no threads that a fork would cut off."""
    life = live(act)
    assert life.finished, life.failure
    return life


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Life:
    def act(tell: Tell) -> None:
        clients = Clients(tmp_path_factory.mktemp("homes"))
        tell("same", asdict(clients.same(20, 1)))
        tell("corrected", asdict(clients.corrected(4, 3)))
        receive.receipt_of = deposit.receipt_of = newest  # type: ignore[assignment]
        tell("broken", asdict(clients.same(1, 2)))

    return drilled(act)


def test_one_file_from_twenty_processes_on_sqlite(on_sqlite: Life) -> None:
    assert on_sqlite.last("same") == {"submissions": 20, "versions": 1, "wrong": []}


def test_a_file_and_its_correction_from_several_processes(on_sqlite: Life) -> None:
    found = on_sqlite.last("corrected")
    assert (found["submissions"], found["wrong"]) == (12, [])
    assert found["versions"] >= 2


def test_receipts_by_whatever_checkpoint_is_newest_are_told_apart(on_sqlite: Life) -> None:
    wrong = on_sqlite.last("broken")["wrong"]
    assert any(problem.startswith("2 different answers: received") for problem in wrong)
    assert any(problem.startswith("another receipt: received") for problem in wrong)


@pytest.mark.service
def test_one_file_from_twenty_processes_on_postgresql(tmp_path: Path, fresh_database: Callable[[str], str]) -> None:
    life = drilled(lambda tell: tell("same", asdict(Clients(tmp_path, fresh_database).same(20, 1))))
    assert life.last("same") == {"submissions": 20, "versions": 1, "wrong": []}


def test_answers_are_compared_by_what_they_are_about() -> None:
    one = {"sha256": "a", "receipt": {"x": 1}}
    assert disagreements([("received", one), ("received", one | {"receipt": {"x": 1}})]) == []
    assert disagreements([("received", one), ("received", one | {"receipt": {"x": 2}})]) == [
        "2 different answers: received a"
    ]
    made = {"id": "d", "version": 1, "receipt": {}}
    assert disagreements([("deposit", made), ("deposit", made | {"version": 2})]) == ["2 different answers: deposit d"]


def test_children_begin_together_and_are_told_apart() -> None:
    def deed(number: int) -> Callable[[Tell], None]:
        def act(tell: Tell) -> None:
            tell("number", number)
            if number == 2:
                raise ValueError("说不通")

        return act

    lives = together([deed(number) for number in range(4)])
    assert [life.last("number") for life in lives] == [0, 1, 2, 3]
    assert [life.finished for life in lives] == [True, True, False, True]
    assert "说不通" in lives[2].failure
