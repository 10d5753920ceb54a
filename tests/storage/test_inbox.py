"""The inbox: a stable order, nothing half-written, nothing overwritten, nothing lost."""

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mrv.storage import durable
from mrv.storage.home import Home
from mrv.storage.inbox import Arrived, arrived, move_done, move_refused, new_files

SETTLED = datetime(2026, 2, 1, 12, tzinfo=UTC)


def arrive(home: Home, name: str, text: str = "x", age: int = 60) -> Path:
    """A file that was last changed `age` [s] before SETTLED."""
    path = home.inbox_new / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    stamp = (SETTLED - timedelta(seconds=age)).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def taken(path: Path) -> Arrived:
    data = path.read_bytes()
    return Arrived(path, data, hashlib.sha256(data).hexdigest())


def arrivals(home: Home, name: str, text: str = "x") -> Arrived:
    return taken(arrive(home, name, text))


def placed(path: Path | None) -> Path:
    assert path is not None
    return path


def names(home: Home) -> list[str]:
    return [path.relative_to(home.inbox_new).as_posix() for path in new_files(home, SETTLED)]


def test_files_come_in_the_order_of_their_paths(home: Home) -> None:
    for name in ("b.csv", "甲厂/一月.xlsx", "a.xlsx", "P1/z.csv"):
        arrive(home, name)
    assert names(home) == ["P1/z.csv", "a.xlsx", "b.csv", "甲厂/一月.xlsx"]


def test_what_may_still_be_written_is_left_alone(home: Home) -> None:
    arrive(home, "ready.csv", age=1)
    arrive(home, "fresh.csv", age=0)  # changed in the very moment: may go on
    for name in ("a.csv.part", "b.TMP", "c.xlsx.crdownload", ".hidden.csv", "~$open.xlsx", ".sync/d.csv"):
        arrive(home, name)
    assert names(home) == ["ready.csv"]


def test_a_link_out_of_the_inbox_is_not_followed(home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("x")
    os.utime(secret, (0, 0))
    (home.inbox_new / "link.csv").symlink_to(secret)
    (home.inbox_new / "folder").symlink_to(tmp_path)
    assert names(home) == []


def test_the_limit_needs_a_time_zone(home: Home) -> None:
    with pytest.raises(ValueError, match="time zone"):
        new_files(home, datetime(2026, 2, 1))  # noqa: DTZ001


def test_names_met_before_are_numbered_and_nothing_is_overwritten(home: Home) -> None:
    moved = [placed(move_done(home, arrivals(home, "P1/a.xlsx", text))) for text in ("one", "two", "three")]
    assert [path.name for path in moved] == ["a.xlsx", "a~2.xlsx", "a~3.xlsx"]
    assert [path.read_text() for path in moved] == ["one", "two", "three"]
    assert moved[0].parent == home.inbox_done / "P1"
    assert names(home) == []


def test_a_refused_file_has_its_reason_beside_it(home: Home) -> None:
    moved = move_refused(home, arrivals(home, "a.xlsx", "abc"), "文件已加密", "the file is encrypted")
    reason = json.loads((home.inbox_refused / "a.xlsx.reason.json").read_text())
    assert moved == home.inbox_refused / "a.xlsx"
    assert reason == {"file": "a.xlsx", "size": 3, "reason": {"zh": "文件已加密", "en": "the file is encrypted"}}


def test_a_file_named_like_a_reason_does_not_take_its_place(home: Home) -> None:
    move_refused(home, arrivals(home, "a.csv.reason.json", "mine"), "类型不支持", "kind not supported")
    move_refused(home, arrivals(home, "a.csv", "data"), "空文件", "empty")
    assert (home.inbox_refused / "a.csv.reason.json").read_text() == "mine"
    assert (home.inbox_refused / "a~2.csv").read_text() == "data"
    assert "空文件" in (home.inbox_refused / "a~2.csv.reason.json").read_text()


def test_a_move_that_fails_leaves_the_file_where_it_was(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    file = arrivals(home, "a.xlsx", "abc")

    def fail(path: Path, data: bytes) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(durable, "write", fail)
    with pytest.raises(OSError, match="disk full"):
        move_refused(home, file, "错误", "wrong")
    assert file.path.read_text() == "abc"
    assert list(home.inbox_refused.iterdir()) == []


def test_only_files_of_the_inbox_are_moved(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("x")
    with pytest.raises(ValueError, match=r"other\.csv"):
        move_done(home, taken(other))
    assert other.exists()


def test_what_is_no_longer_what_was_read_stays(home: Home) -> None:
    """Replaced, written to or taken away: none of it goes where only what was taken in belongs."""
    replaced, grown, gone = (arrivals(home, name, "abc") for name in ("a.csv", "b.csv", "c.csv"))
    arrive(home, "a.csv", "xyz")
    arrive(home, "b.csv", "abcdef")
    gone.path.unlink()
    assert [move_done(home, one) for one in (replaced, grown, gone)] == [None] * 3
    assert move_refused(home, replaced, "错误", "wrong") is None
    assert names(home) == ["a.csv", "b.csv"] and replaced.path.read_text() == "xyz"
    assert list(home.inbox_done.iterdir()) == list(home.inbox_refused.iterdir()) == []


def test_a_file_touched_while_it_is_read_waits(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    still, touched, gone = (arrive(home, name) for name in ("a.csv", "b.csv", "c.csv"))
    read = Path.read_bytes

    def meanwhile(path: Path) -> bytes:
        data = read(path)
        if path == touched:
            os.utime(path)
        if path == still:
            gone.unlink()
        return data

    monkeypatch.setattr(Path, "read_bytes", meanwhile)
    assert [one.path for one in arrived(home, SETTLED)] == [still]
