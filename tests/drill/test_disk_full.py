"""A full disk at one write after another: refused in words, nothing torn, and the same works once there is room."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from mrv.cli.main import mrv
from mrv.drill.forks import live
from mrv.drill.full_disk import FullDisk, Trial, figure_of, offsets
from mrv.drill.homes import Homes
from mrv.drill.scenes import AS_OF, AT, FEBRUARY, FIRST, SCANNED, create, packed_file
from mrv.drill.small_disk import SmallDisk
from mrv.drill.state import missing
from mrv.pipeline import nightly as night
from mrv.pipeline.nightly import publish_all
from mrv.pipeline.opening import opened
from mrv.pipeline.receive import receive
from mrv.storage import durable, report_database
from mrv.storage.control import Control
from mrv.storage.durable import DiskFull
from mrv.storage.published import DATABASE, manifest_of
from mrv.storage.runs import runs

OFFSETS = 24
pytestmark = pytest.mark.usefixtures("one_signature")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    create(tmp_path / "home")
    yield tmp_path / "home"


class Full:
    """A disk on which there is no room from the k-th write or force to the disk on; half of that write still fits."""

    def __init__(self, patch: pytest.MonkeyPatch, offset: int) -> None:
        self.left, self.write, self.sync = offset, Path.write_bytes, os.fsync
        patch.setattr(Path, "write_bytes", lambda path, data: self.write_bytes(path, data))
        patch.setattr(os, "fsync", self.fsync)

    def write_bytes(self, path: Path, data: bytes) -> int:
        if not self.room():
            self.write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return self.write(path, data)

    def fsync(self, descriptor: int) -> None:
        if not self.room():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.sync(descriptor)

    def room(self) -> bool:
        self.left -= 1
        return self.left >= 0


def test_no_room_for_the_bytes_at_any_write(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = 0
    for offset in range(OFFSETS):
        file = (f"{offset}.csv", f"file {offset}".encode())
        with opened(home) as (place, control):
            with monkeypatch.context() as patch:
                Full(patch, offset % 12)
                try:
                    receive(place, control, [file], AT, "填报员")
                except DiskFull as fault:
                    refused += 1
                    assert "磁盘空间不足" in fault.zh
                    assert "disk is full" in fault.en
                    assert str(home) in fault.en  # which disk
            (one,) = receive(place, control, [file], AT, "填报员")
        if offset % 12 == 11:  # after a round of every offset
            assert missing(home, [("received", {"sha256": one.sha256, "receipt": one.receipt})]) == []
    assert refused > OFFSETS / 2


def limited(control: Control, pages: int) -> None:
    """No page beyond so many more than there are, for every connection there is."""
    with control.write() as session:
        connection = session.connection()
        now = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {int(now or 0) + pages}")


def test_no_room_in_the_store(home: Path) -> None:
    refused = 0
    for offset in range(4):
        files = [(f"{offset}-{number}.csv", f"file {offset} {number}".encode() * 50) for number in range(12)]
        with opened(home) as (place, control):
            limited(control, offset)
            try:
                receive(place, control, files, AT, "填报员")
            except DiskFull as fault:
                refused += 1
                assert "磁盘空间不足" in fault.zh
        assert missing(home, []) == []
        with opened(home) as (place, control):
            done = receive(place, control, files, AT, "填报员")
        assert missing(home, [("received", {"sha256": one.sha256, "receipt": one.receipt}) for one in done[:1]]) == []
    assert refused >= 1


def test_no_room_for_the_report_database(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(connection: object, name: str, arrow: object) -> None:
        raise duckdb.TransactionException(f"Failed to commit: Could not write file: {os.strerror(errno.ENOSPC)}")

    with opened(home) as (place, control):
        _, before = publish_all(place, control, AS_OF)
        with monkeypatch.context() as patch:
            patch.setattr(report_database, "_create", full)
            with pytest.raises(DiskFull) as raised:
                publish_all(place, control, AS_OF)
        assert DATABASE in raised.value.zh
        assert [entry.name for entry in place.published.glob(".*")] == [".lock"]  # nothing that keeps the disk full
        assert manifest_of(place) == before
        assert publish_all(place, control, AS_OF)[1] == before


def test_a_night_tells_its_first_fault(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(where: str) -> Callable[..., None]:
        def act(*arguments: object) -> None:
            raise DiskFull(where)

        return act

    with opened(home) as (place, control):
        with monkeypatch.context() as patch:
            patch.setattr(night, "publish_all", no_room("the publication"))
            patch.setattr(night, "end_run", no_room("the run"))
            with pytest.raises(DiskFull, match="the publication"):
                night.nightly(place, control, AS_OF, lambda: AT)
        assert night.nightly(place, control, AS_OF, lambda: AT).status == "completed"
        with control.read() as session:
            assert runs(session, "nightly")["status"].tolist() == ["failed", "completed"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_so_and_leaves_no_trace(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    file = tmp_path / "filing.zip"
    file.write_bytes(packed_file(FIRST, FEBRUARY))
    arguments = ["submit", str(file), "--home", str(home), "--as-of", AS_OF.isoformat(), "--lang", lang]

    def no_room(path: Path, data: bytes, mode: int | None = None) -> None:
        raise DiskFull(str(path))

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write", no_room)
        refused = CliRunner().invoke(mrv, arguments)
    assert refused.exit_code == 2
    assert ("磁盘空间不足" if lang == "zh" else "The disk is full") in refused.output
    assert "Traceback" not in refused.output
    assert CliRunner().invoke(mrv, arguments).exit_code in (0, 1)
    assert missing(home, []) == []


def real_disk(folder: Path) -> dict[str, Any]:
    """In a process of its own: trials on a disk that is truly full, and the same of a store that does wrong there."""
    done: dict[str, Any] = {}

    def act(tell: Callable[[str, Any], None]) -> None:
        (folder / "disk").mkdir()
        with SmallDisk(folder / "disk", 8 << 20) as disk:
            drill = FullDisk(Homes(folder, actions=[SCANNED]), disk)
            for pages in (0, 12, 59, 105, 400):
                tell("good", asdict(drill.attempt(SCANNED, pages)))
            telling, unlink = durable.telling, Path.unlink
            durable.telling = lambda where: nullcontext()  # type: ignore[assignment]
            tell("without words", drill.attempt(SCANNED, 12).wrong)
            durable.telling, Path.unlink = (
                telling,
                lambda path, missing_ok=False: (  # type: ignore[method-assign, assignment]
                    None if path.suffix == ".tmp" else unlink(path, missing_ok)
                ),
            )
            tell("without tidying", drill.attempt(SCANNED, 12).wrong)

    life = live(act)
    if "NotPermitted" in life.failure:
        pytest.skip(f"nothing may be mounted here: {life.failure.splitlines()[-1]}")
    assert life.finished, life.failure
    for kind, content in life.acknowledged:
        done.setdefault(kind, []).append(content)
    return done


def test_a_disk_that_is_truly_full(tmp_path: Path) -> None:
    done = real_disk(tmp_path)
    assert [trial["wrong"] for trial in done["good"]] == [[]] * 5
    places = [trial["place"] for trial in done["good"]]
    assert (places[0], places[-1]) == ("control store", "")
    assert all(places[:-1])
    assert done["without words"][0][0].startswith("no words: ")
    assert done["without tidying"][0][0].startswith("left behind: evidence/")


def test_offsets_are_distinct_and_closer_together_where_pages_are_few() -> None:
    assert offsets(3, 10) == [0, 1, 2, 3]
    assert offsets(100, 6) == [0, 4, 16, 36, 64, 100]
    assert len(set(offsets(700, 48))) == 48


def test_a_figure_counts_by_action_and_by_place() -> None:
    made = [
        Trial(SCANNED, 1, "evidence"),
        Trial(SCANNED, 2, "control store", readable=False),
        Trial("nightly", 3, wrong=["torn"]),
    ]
    figure = figure_of(made)
    assert (figure.trials, figure.failures) == (3, ["nightly with 3 pages: torn"])
    assert figure.detail == {
        "nightly done": 1,
        "no room for control store": 1,
        "no room for evidence": 1,
        "readable while full": 1,
        "submit refused": 2,
    }
