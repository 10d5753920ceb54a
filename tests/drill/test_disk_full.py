"""A full disk at one write after another: refused in words, nothing torn, and the same works once there is room."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from mrv.cli.main import mrv
from mrv.drill.scenes import AS_OF, AT, FEBRUARY, FIRST, create, packed_file
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

OFFSETS = 60
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
    for offset in range(12):
        files = [(f"{offset}-{number}.csv", f"file {offset} {number}".encode() * 50) for number in range(12)]
        with opened(home) as (place, control):
            limited(control, offset % 4)
            try:
                receive(place, control, files, AT, "填报员")
            except DiskFull as fault:
                refused += 1
                assert "磁盘空间不足" in fault.zh
        assert missing(home, []) == []
        with opened(home) as (place, control):
            done = receive(place, control, files, AT, "填报员")
        assert missing(home, [("received", {"sha256": one.sha256, "receipt": one.receipt}) for one in done[:1]]) == []
    assert refused >= 3


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
