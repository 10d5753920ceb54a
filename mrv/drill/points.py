"""The moments at which a process may die: around every write, rename, removal, force to the disk and commit."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mrv.storage import durable
from mrv.storage.control import Control

CALLS = ("fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir")
STORAGE_CALLS = ("exchange", "move_new")


class Points:
    """Counts the moments of a process; at number `fatal` (from 1) the process is killed as by `kill -9`. 0: at none.

    labels : what each moment was, in order.
    Made in a forked child: what it wraps stays wrapped until that child ends.
    """

    def __init__(self, fatal: int = 0) -> None:
        self.fatal = fatal
        self.labels: list[str] = []

    def reached(self, label: str) -> None:
        """One moment; does not return when it is the fatal one."""
        self.labels.append(label)
        if len(self.labels) == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Puts a moment before and after each lasting deed of this process."""
        for name in CALLS:
            setattr(os, name, self._around(name, getattr(os, name)))
        for name in STORAGE_CALLS:
            setattr(durable, name, self._around(name, getattr(durable, name)))
        Path.write_bytes = self._torn(Path.write_bytes)  # type: ignore[method-assign, assignment]
        Control.write = self._commit(Control.write)  # type: ignore[method-assign, assignment]

    def _around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any, **options: Any) -> Any:
            self.reached(f"before {name}")
            result = call(*arguments, **options)
            self.reached(f"after {name}")
            return result

        return act

    def _torn(self, call: Callable[[Path, bytes], int]) -> Callable[[Path, bytes], int]:
        def act(path: Path, data: bytes) -> int:
            self.reached("before write")
            call(path, data[: len(data) // 2])
            self.reached("half written")
            done = call(path, data)
            self.reached("after write")
            return done

        return act

    def _commit(self, call: Any) -> Any:
        @contextmanager
        def act(control: Control) -> Iterator[Any]:
            with call(control) as session:
                self.reached("transaction begun")
                yield session
                self.reached("before commit")
            self.reached("after commit")

        return act
