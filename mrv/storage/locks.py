"""One at a time: advisory locks of the operating system, which are gone when their process is gone; and work done once for many."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Event, Thread
from typing import TypeVar

from mrv.storage.durable import telling
from mrv.storage.settings import StorageFault

Result = TypeVar("Result")
PATIENCE, PAUSE = 120.0, 0.001  # s


class Stopped(StorageFault):
    """Another process has a lock and does not get on. Nothing was done; the same may be done again once that process goes on or is ended."""

    def __init__(self, where: str, holder: int | None, seconds: float) -> None:
        zh = f"（进程号 {holder}）" if holder else ""
        en = f" (process {holder})" if holder else ""
        super().__init__(
            f"另一个程序{zh}占用 {where} 已超过 {seconds:.0f} 秒，本次未完成。"
            "已出具回执的内容不受影响；请让该程序继续运行或将其结束，然后重做同一操作。",
            f"Another program{en} has held {where} for more than {seconds:.0f} seconds and this was not done. "
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
    Stopped when door and lock together take longer than `PATIENCE`, so that nobody waits longer for standing far back in the queue.
    """
    limit = time.monotonic() + PATIENCE
    with telling(path):
        handle = path.open("a")
    with handle:
        with telling(path):
            door = path.with_name(f"{path.name}.door").open("a")
        with door:
            if not (_through(door.fileno(), limit) and _wait(handle.fileno(), limit)):
                # One in the door who waits in vain is not to blame; one who stands there before a free lock is.
                raise Stopped(str(path), _holder(handle.fileno()) or _holder(door.fileno()), PATIENCE)
        yield


def _through(door: int, limit: float) -> bool:
    """Goes into the door, in the order in which the system lets those pass who wait for a lock; False when that takes too long.

    The system has no such waiting with an end, and who looks again and again is overtaken by others who do: twenty that look wait
    four times as long at worst. So a thread waits, with a descriptor of its own: left behind, it lets go as soon as it gets through.
    """
    if _taken(door):
        return True
    through, own = Event(), os.dup(door)

    def wait() -> None:
        try:
            fcntl.flock(own, fcntl.LOCK_EX)
        finally:
            os.close(own)
        through.set()

    Thread(target=wait, daemon=True).start()
    return through.wait(limit - time.monotonic())


def _wait(descriptor: int, limit: float) -> bool:
    """Takes the lock of an open file, for which nobody else waits; False when that takes too long."""
    while not _taken(descriptor):
        if time.monotonic() > limit:
            return False
        time.sleep(PAUSE)
    return True


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
