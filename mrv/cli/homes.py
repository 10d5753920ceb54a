"""Opening a home for a command, and the words when there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mrv.cli.common import refuse
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.settings import StorageFault


@contextmanager
def opened(path: Path, lang: str, as_json: bool) -> Iterator[tuple[Home, Control]]:
    """The home at `path` and its control store; where there is none the command ends with its words.

    What goes wrong in it later is told where all faults of a command are (`mrv.cli.faults`).
    """
    try:
        home = Home.open(path)
        control = Control.open(home)
    except StorageFault as fault:
        refuse(lang, as_json, "no_home", fault.zh, fault.en)
    try:
        yield home, control
    finally:
        control.close()


def now() -> datetime:
    """The clock, read only at the edge."""
    return datetime.now(UTC)


def today(home: Home) -> date:
    """The day where the plants are (Asia/Shanghai unless set otherwise)."""
    return datetime.now(ZoneInfo(home.settings.timezone)).date()
