"""Locks in turn, and work done once for all that wait for it."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from mrv.storage import locks
from mrv.storage.locks import Once, Stopped, exclusive, in_turn
from tests.storage.waiting import PATIENCE, taken, until


def test_who_asks_again_at_once_lets_the_waiting_one_pass(tmp_path: Path) -> None:
    path, door, order = tmp_path / "lock", tmp_path / "lock.door", []

    def wait() -> None:
        with in_turn(path):
            order.append("waiting")

    other = threading.Thread(target=wait)
    with in_turn(path):
        order.append("first")
        other.start()
        until(lambda: taken(door))
    with in_turn(path):
        order.append("again")
    other.join(PATIENCE)
    assert order == ["first", "waiting", "again"]


def test_who_waited_for_a_lock_that_was_put_aside_waits_for_the_one_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, new, order, asked = tmp_path / "lake", tmp_path / "new", [], []
    for folder in (lake, new):
        folder.mkdir()
    flock = fcntl.flock

    def asking(handle: int, operation: int) -> None:
        asked.append(handle)
        flock(handle, operation)

    def wait() -> None:
        with exclusive(lake / "lock"):
            order.append("waiting")

    other = threading.Thread(target=wait)
    with exclusive(lake / "lock"):
        monkeypatch.setattr(fcntl, "flock", asking)
        other.start()
        until(lambda: len(asked) == 1)
        lake.rename(tmp_path / "old")
        new.rename(lake)
        following = exclusive(lake / "lock")
        following.__enter__()
    until(lambda: len(asked) == 3 or bool(order))  # the new holder, and the waiting one for the second time
    order.append("in place")
    following.__exit__(None, None, None)
    other.join(PATIENCE)
    assert order == ["in place", "waiting"]


def test_a_holder_that_does_not_get_on_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    path = tmp_path / "lock"
    with in_turn(path):
        with pytest.raises(Stopped) as told, in_turn(path):
            raise AssertionError("two have the lock")
        holder = f"{os.getpid()}" if Path("/proc/locks").exists() else ""
        assert holder in told.value.zh and holder in told.value.en
    with in_turn(path):
        assert not taken(tmp_path / "lock.door")


def told(path: Path) -> str:
    """What somebody is told who waits in vain; empty for one who gets the lock."""
    try:
        with in_turn(path):
            return ""
    except Stopped as stopped:
        return stopped.en


def test_one_who_stands_still_in_the_door_is_named_and_nobody_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    path, door, heard = tmp_path / "lock", tmp_path / "lock.door", []
    with door.open("a") as standing:
        fcntl.flock(standing, fcntl.LOCK_EX)
        waiting = threading.Thread(target=lambda: heard.append(told(path)), daemon=True)
        waiting.start()
        waiting.join(PATIENCE)
        assert len(heard) == 1 and str(path) in heard[0]
        assert f"{os.getpid()}" in heard[0] or not Path("/proc/locks").exists()
    monkeypatch.setattr(locks, "PATIENCE", float(PATIENCE))
    assert told(path) == ""  # whoever gave up does not keep the door either
    until(lambda: not taken(door))


def test_the_last_in_the_queue_waits_no_longer_than_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.3)
    path, heard = tmp_path / "lock", []
    with in_turn(path):
        queue = [threading.Thread(target=lambda: heard.append(told(path))) for _ in range(12)]
        begun = time.monotonic()
        for waiting in queue:
            waiting.start()
        for waiting in queue:
            waiting.join(PATIENCE)
        assert time.monotonic() - begun < 6 * 0.3
    assert len(heard) == 12 and all(heard)


def test_one_doing_serves_all_that_asked_before_it_began() -> None:
    once, there, served, begun, go = Once(), [0], [], threading.Event(), threading.Event()
    doings = []

    def act() -> int:
        seen = max(there)
        begun.set()
        go.wait(PATIENCE)
        doings.append(seen)
        return seen

    def ask(number: int) -> None:
        there.append(number)
        served.append(
            (number, once.do(lambda: max(doings, default=-1) if number <= max(doings, default=-1) else None, act))
        )

    first = threading.Thread(target=ask, args=(1,))
    first.start()
    assert begun.wait(PATIENCE)
    others = [threading.Thread(target=ask, args=(number,)) for number in range(2, 12)]
    for other in others:
        other.start()
    until(lambda: len(there) == 12)
    go.set()
    for thread in (first, *others):
        thread.join(PATIENCE)
    assert doings == [1, 11]
    assert sorted(served) == [(1, 1), *((number, 11) for number in range(2, 12))]


def test_a_doing_that_fails_leaves_the_work_to_the_next() -> None:
    def fail() -> int:
        raise OSError("full")

    once = Once()
    with pytest.raises(OSError, match="full"):
        once.do(lambda: None, fail)
    assert once.do(lambda: None, lambda: 7) == 7
