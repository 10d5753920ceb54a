"""Waiting for what another thread is about to do, and looking whether it has a lock."""

import fcntl
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 30  # s


def until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Waits for something that another thread is about to do; AssertionError when it takes longer than `patience` [s]."""
    limit = time.monotonic() + patience
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.001)


def taken(path: Path) -> bool:
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
