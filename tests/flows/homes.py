"""A small home for the flows: a coal plant and a gas plant, one month, deposited at a fixed moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from mrv.pipeline.deposit import submit
from mrv.pipeline.opening import opened
from mrv.storage.home import Home
from mrv.storage.register import put_register
from mrv.storage.settings import Settings
from tests.pipeline.plants import COAL, FIRST_GAS, JANUARY, filing, lay, register

AS_OF = date(2026, 3, 5)
PLANTS = (COAL, FIRST_GAS)


@dataclass(frozen=True)
class Received:
    """A clock that stands still."""

    at: datetime = datetime(2026, 3, 4, 18, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def new_home(path: Path, batch_size: int = 1) -> Path:
    """A home with its register, and nothing deposited."""
    Home.create(path, Settings(batch_size=batch_size))
    with opened(path) as (_, control), control.write() as session:
        for table, frame in register(*PLANTS).items():
            put_register(session, table, frame, date(2026, 1, 1))
    return path


def deposited(path: Path, plants: Iterable[str] = PLANTS) -> Path:
    """A home with a month of some plants deposited."""
    new_home(path)
    files = [filing(plant, JANUARY) for plant in plants]
    with opened(path) as (home, control):
        outcome = submit(home, control, files, Received()(), "tester", AS_OF)
    assert len(outcome.submissions) == len(files)
    return path


def drop(path: Path, name: str, data: bytes) -> None:
    """Puts a file into the inbox, where it has been lying for long."""
    lay(path / "inbox" / "new" / name, data)
