"""What arrives in the inbox becomes a filing only when it is whole, and what leaves it is what was taken in."""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mrv.cli.main import mrv
from mrv.pipeline import nightly
from mrv.pipeline.deposit import SubmitOutcome
from mrv.pipeline.nightly import intake
from mrv.pipeline.proofs import audited, proof_of
from mrv.pipeline.receive import receive
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_files
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


def test_a_name_in_an_old_encoding_stops_nobody(place: Place) -> None:
    """Names from Windows: the file is a filing like any other, under its name as text, and so is what comes after it."""
    home, control = place
    old, letter = (os.fsdecode(name.encode("gb18030")) for name in ("一月.csv", "信函.pdf"))
    lay(home.inbox_new / old, csv_of())
    lay(home.inbox_new / letter, b"%PDF-1.4")
    outcome = take(place)
    (one,) = outcome.submissions
    assert one.checked.file.name == one.receipt()["file"]["name"] == "一月.csv"
    assert json.loads(one.proof["leaf"])["file"]["name"] == "一月.csv"
    assert [refused.name for refused in outcome.refused] == ["信函.pdf"]
    assert list(held(home.inbox_done)) == [old]  # on the disk it keeps its name
    reason = json.loads((home.inbox_refused / f"{letter}.reason.json").read_text(encoding="utf-8"))
    assert reason["file"] == "信函.pdf" and (home.inbox_refused / letter).is_file()
    with control.read() as session:
        assert deposit_files(session, [one.deposited.id])["name"].tolist() == ["一月.csv"]
    assert audited(home, control, []).faults == ()


def test_what_is_received_and_what_the_ledger_says_have_one_name(place: Place) -> None:
    home, control = place
    for name, plain in (("\udcff.bin", "\ufffd.bin"), ("a\0.bin", "a␀.bin")):
        (one,) = receive(home, control, [(name, name.encode("utf-8", "replace"))], NOON, "填报员")
        assert json.loads(one.receipt["leaf"])["file"]["name"] == one.name == plain
    assert audited(home, control, []).faults == ()


def test_the_commands_take_such_a_name(place: Place, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("一月.csv".encode("gb18030"))
    path.write_bytes(csv_of())
    for command, status in (("submit", 1), ("ingest-meters", 2)):  # it has no evidence, and no readings
        told = CliRunner().invoke(mrv, [command, str(path), "--home", str(place[0].path), "--json"])
        assert told.exit_code == status and '"name": "一月.csv"' in told.stdout
