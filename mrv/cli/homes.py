"""Opening a home for a command, and the words when there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mrv.cli.common import INTEGRITY, refuse
from mrv.storage.control import Control
from mrv.storage.durable import disk_fault
from mrv.storage.evidence import IntegrityError
from mrv.storage.home import Home
from mrv.storage.settings import StorageFault


@contextmanager
def opened(path: Path, lang: str, as_json: bool) -> Iterator[tuple[Home, Control]]:
    """The home at `path` and its control store; a fault that the caller can mend ends the command with its words."""
    try:
        home = Home.open(path)
        control = Control.open(home)
    except StorageFault as fault:
        refuse(lang, as_json, "no_home", fault.zh, fault.en)
    try:
        yield home, control
    except IntegrityError as error:
        refuse(
            lang,
            as_json,
            "integrity",
            f"存证内容与摘要不符：{error.zh}",
            f"Stored evidence does not match its hash: {error}",
            INTEGRITY,
        )
    except StorageFault as fault:
        refuse(lang, as_json, "storage", fault.zh, fault.en)
    except OSError as error:
        told = disk_fault(error, str(error.filename or ""))
        if told is None:
            raise
        refuse(lang, as_json, "storage", told.zh, told.en)
    finally:
        control.close()


def now() -> datetime:
    """The clock, read only at the edge."""
    return datetime.now(UTC)


def today(home: Home) -> date:
    """The day where the plants are (Asia/Shanghai unless set otherwise)."""
    return datetime.now(ZoneInfo(home.settings.timezone)).date()
