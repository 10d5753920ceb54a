"""Where a drill keeps its homes."""

import os
import tempfile
from pathlib import Path


def memory_folder() -> str | None:
    """A directory in memory where there is one: a process that is killed does not lose what the system has, wherever it has it."""
    folder = Path("/dev/shm")
    return str(folder) if os.access(folder, os.W_OK) else None


def scratch() -> "tempfile.TemporaryDirectory[str]":
    """A new directory, in memory where that can be had; gone at the end of its block."""
    return tempfile.TemporaryDirectory(prefix="drill", dir=memory_folder())
