"""What arrives in the inbox becomes a filing only when it is whole, and what leaves it is what was taken in."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mrv.pipeline import nightly
from mrv.pipeline.deposit import SubmitOutcome
from mrv.pipeline.nightly import intake
from mrv.pipeline.proofs import proof_of
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.inbox import SETTLING, waiting
from tests.pipeline.plants import FEBRUARY, csv_of, lay

NOON = datetime(2026, 2, 10, 4, tzinfo=UTC)
DAY = date(2026, 2, 10)
Place = tuple[Home, Control]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    home = Home.create(tmp_path / "home")
    control = Control.open(home)
    yield home, control
    control.close()


def take(place: Place, at: datetime = NOON) -> SubmitOutcome:
    return intake(*place, DAY, lambda: at)


def write(path: Path, data: bytes, at: datetime) -> None:
    path.write_bytes(data)
    os.utime(path, (at.timestamp(),) * 2)


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_half_a_file_is_no_filing(place: Place) -> None:
    """It was written to in the seconds before: left alone, counted, and taken when it has lain still."""
    home, _ = place
    whole, path = csv_of(), home.inbox_new / "一月.csv"
    write(path, whole[: len(whole) // 2], NOON - timedelta(seconds=1))
    assert take(place).submissions == [] and waiting(home) == 1
    assert held(home.inbox_done) == held(home.inbox_refused) == {}
    write(path, whole, NOON)
    (one,) = take(place, NOON + SETTLING + timedelta(seconds=1)).submissions
    assert (one.deposited.outcome, one.deposited.version) == ("new", 1)
    assert held(home.inbox_done) == {"一月.csv": whole} and waiting(home) == 0


def test_what_came_in_place_of_a_file_meanwhile_waits_its_turn(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name was taken in, its bytes were not: in `done` it would be a filing that the ledger does not know."""
    home, control = place
    first, second, path = csv_of(), csv_of(months=(FEBRUARY,)), home.inbox_new / "a.csv"
    lay(path, first)
    submit = nightly.submit

    def replaced_meanwhile(*arguments: Any) -> SubmitOutcome:
        outcome = submit(*arguments)
        lay(path, second)
        return outcome

    monkeypatch.setattr(nightly, "submit", replaced_meanwhile)
    take(place)
    assert held(home.inbox_new) == {"a.csv": second} and held(home.inbox_done) == {}
    assert proof_of(control, hashlib.sha256(first).hexdigest()) is not None
    monkeypatch.setattr(nightly, "submit", submit)
    (one,) = take(place).submissions
    assert one.checked.month == FEBRUARY and held(home.inbox_done) == {"a.csv": second}
