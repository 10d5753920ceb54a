"""Opening a home for as long as a use case lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mrv.storage.control import Control
from mrv.storage.home import Home


@contextmanager
def opened(path: Path) -> Iterator[tuple[Home, Control]]:
    """The home at `path` and its control store, closed at the end; StorageFault where there is no home to open."""
    home = Home.open(path)
    control = Control.open(home)
    try:
        yield home, control
    finally:
        control.close()
