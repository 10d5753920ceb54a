"""A home and the command line, for what happens after the first deposit."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mrv.cli import submit as command
from mrv.cli.main import mrv
from mrv.pipeline.corrections import ZONE
from mrv.simulation import filing_zip
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.register import put_register
from tests.pipeline.plants import FIRST_GAS, JANUARY, edited, register, tables

IN_TIME, AFTER = "2026-02-10", "2026-03-13"  # 40 natural days after January 2026 end on 12 March


@dataclass
class Place:
    """A home with its control store."""

    home: Home
    control: Control
    folder: Path

    def run(self, *arguments: str) -> Result:
        result = CliRunner().invoke(mrv, [*arguments, "--home", str(self.home.path)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def file(self, data: bytes, name: str = "1.zip") -> str:
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def submit(self, data: bytes, *options: str, day: str = IN_TIME, name: str = "1.zip") -> tuple[int, Any]:
        result = self.sent(data, *options, "--json", day=day, name=name)
        return result.exit_code, json.loads(result.stdout)

    def sent(self, data: bytes, *options: str, day: str = IN_TIME, name: str = "1.zip") -> Result:
        """`mrv submit` as it is typed on some day: its clock shows ten in the morning where the plants are."""
        at = datetime.combine(date.fromisoformat(day), time(10), ZONE)
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr(command, "now", lambda: at)
            clock.setattr(command, "today", lambda home: at.date())
            return self.run("submit", self.file(data, name), *options)


def gas(value: str = "") -> bytes:
    """January of the first gas plant, with another number of running hours where one is given."""
    return filing_zip(edited(value, "run_hours") if value else tables(), FIRST_GAS, JANUARY)


@pytest.fixture
def make_place(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Homes whose register holds some plants; in SQLite, or in the store at an address."""
    places: list[Place] = []

    def build(*plants: str) -> Place:
        home = Home.create(tmp_path / f"home{len(places)}")
        place = Place(home, Control.open(home), tmp_path)
        places.append(place)
        with place.control.write() as session:
            for name, frame in register(*plants).items():
                put_register(session, name, frame, date(2025, 1, 1))
        return place

    yield build
    for place in places:
        place.control.close()
