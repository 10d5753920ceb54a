"""One at a time: advisory locks of the operating system, which are gone when their process is gone; and work done once for many."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import TypeVar

from mrv.storage.durable import telling

Result = TypeVar("Result")


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Holds the lock file `path` (created when absent) for the block, waiting for whoever holds it. DiskFull without room for it."""
    with telling(path):
        handle = path.open("a")
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Like `exclusive`, and in turn: nobody has the lock twice while another waits for it, however quickly it is asked for again.

    Who waits for the lock stands in the door (`<path>.door`) alone and is the next to have it; whoever let go queues at the door.
    """
    with telling(path):
        handle = path.open("a")
    with handle:
        with exclusive(path.with_name(f"{path.name}.door")):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


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
