"""One writer at a time: an advisory lock of the operating system, which is gone when its process is gone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mrv.storage.durable import telling


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Holds the lock file `path` (created when absent) for the block, waiting for whoever holds it. DiskFull without room for it."""
    with telling(path):
        handle = path.open("a")
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
