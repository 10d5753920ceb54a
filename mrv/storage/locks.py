"""One at a time: advisory locks of the operating system, which are gone when their process is gone; and work done once for many."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import TypeVar

from mrv.storage.durable import telling
from mrv.storage.settings import StorageFault

Result = TypeVar("Result")
PATIENCE, PAUSE = 120.0, 0.001  # s


class Stopped(StorageFault):
    """Another process has a lock and does not get on. Nothing was done; the same may be done again once that process goes on or is ended."""

    def __init__(self, path: Path, holder: int | None) -> None:
        zh = f"（进程号 {holder}）" if holder else ""
        en = f" (process {holder})" if holder else ""
        super().__init__(
            f"另一个程序{zh}占用 {path} 已超过 {PATIENCE:.0f} 秒，本次未完成。"
            "已出具回执的内容不受影响；请让该程序继续运行或将其结束，然后重做同一操作。",
            f"Another program{en} has held {path} for more than {PATIENCE:.0f} seconds and this was not done. "
            "Whatever was receipted is safe; let that program go on or end it, and do the same again.",
        )


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Holds the lock file `path` (created when absent) for the block, waiting for whoever holds it. DiskFull without room for it.

    The file may be put aside with its directory while it is waited for, as that of a lake is: then the one in its place is waited for.
    """
    while True:
        with telling(path):
            handle = path.open("a")
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _stands(handle.fileno(), path):
                yield
                return


def _stands(descriptor: int, path: Path) -> bool:
    """Whether an open file is the one that `path` names now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Like `exclusive`, and in turn: nobody has the lock twice while another waits for it, however quickly it is asked for again.

    Who waits for the lock stands in the door (`<path>.door`) alone and is the next to have it; whoever let go queues at the door.
    Stopped when that takes longer than `PATIENCE`.
    """
    with telling(path):
        handle = path.open("a")
    with handle:
        with exclusive(path.with_name(f"{path.name}.door")):
            _wait(handle.fileno(), path)
        yield


def _wait(descriptor: int, path: Path) -> None:
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > limit:
                raise Stopped(path, _holder(descriptor)) from None
        time.sleep(PAUSE)


def _holder(descriptor: int) -> int | None:
    """The process that has the lock of an open file, where the system tells: it lists device and inode of each lock."""
    found, table = os.fstat(descriptor), Path("/proc/locks")
    file = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in table.read_text().splitlines() if table.exists() else ():
        match line.split():
            case [_, "FLOCK", _, _, process, place, *_] if place == file:
                return int(process)
    return None


class Once:
    """Work of which one doing serves every thread that asked for it before it began."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._busy = False

    def do(self, done: Callable[[], Result | None], act: Callable[[], Result]) -> Result:
        """What `done` gives as soon as it gives something: somebody else did the work. Else, when nobody is at it, what `act` gives."""
        with self._changed:
            while (found := done()) is None and self._busy:
                self._changed.wait()
            if found is not None:
                return found
            self._busy = True
        try:
            return act()
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
