"""What is deposited while somebody else is at work: nothing that was acknowledged is lost, and no earlier version comes back."""

import os
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from mrv.pipeline import meter_files
from mrv.pipeline import nightly as night
from mrv.pipeline import rebuild as module
from mrv.pipeline.deposit import ROWS_LOCK, submit
from mrv.pipeline.meter_files import READINGS_LOCK, MeterOutcome, ingest_meters
from mrv.pipeline.nightly import OVERTAKEN, nightly
from mrv.pipeline.opening import opened
from mrv.pipeline.rebuild import NotComparable, Rebuilt, rebuild
from mrv.simulation import filing_zip, meter_csv
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_counts
from mrv.storage.finding_life import finding_lives
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.locks import exclusive
from mrv.storage.register import put_register
from mrv.storage.runs import plant_outcomes
from mrv.storage.settings import Settings
from schemas import FILING_TABLES
from tests.pipeline.plants import COAL, FIRST_GAS, JANUARY, SECOND_GAS, edited, filing, register, tables, value_of
from tests.storage.waiting import taken, until

NOON, LATER = datetime(2026, 2, 4, 4, tzinfo=UTC), datetime(2026, 2, 6, 4, tzinfo=UTC)
AS_OF, NEXT = date(2026, 2, 5), date(2026, 2, 7)
CORRECTED = "800.00"  # hours of a month that has 744: a finding that the first version has not
PATIENCE = 60  # s


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plants with one month each, judged in one night."""
    path = tmp_path_factory.mktemp("original") / "home"
    Home.create(path, Settings())
    with opened(path) as (home, control):
        with control.write() as session:
            for table, frame in register(FIRST_GAS, SECOND_GAS).items():
                put_register(session, table, frame, date(2026, 1, 1))
        submit(home, control, [filing(FIRST_GAS), filing(SECOND_GAS)], NOON, "u", AS_OF)
        nightly(home, control, AS_OF, lambda: NOON)
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "home")
    return tmp_path / "home"


def correct(path: Path, hours: str = CORRECTED) -> None:
    """Deposits other run hours of the first plant, as another process would."""
    file = ("corrected.zip", filing_zip(edited(hours, "run_hours"), FIRST_GAS, JANUARY))
    with opened(path) as (home, control):
        outcome = submit(home, control, [file], LATER, "u", NEXT, reason="misread")
    assert [one.deposited.outcome for one in outcome.submissions] == ["new"]


def before(act: Callable[..., object], call: Callable[[], None]) -> Callable[..., object]:
    """`act`, and when it is called for the first time `call` before it."""
    waiting = [call]

    def done(*rest: object, **options: object) -> object:
        if waiting:
            waiting.pop()()
        return act(*rest, **options)

    return done


def hours_of(path: Path, plant: str = FIRST_GAS) -> list[str]:
    frame = Lake(path / "lake").read("parameter", plants=[plant])
    return frame.loc[frame["parameter"] == "run_hours", "value"].tolist()


def files_of(path: Path, plant: str = FIRST_GAS) -> set[str]:
    """The files that the rows of the filings of a plant come from."""
    frames = [Lake(path / "lake").read(table.name, plants=[plant]) for table in FILING_TABLES]
    return {file for frame in frames for file in frame["file_sha256"]}


def lives_of(control: Control) -> list[list[str]]:
    with control.read() as session:
        return finding_lives(session, [FIRST_GAS])[["id", "status"]].to_numpy().tolist()


def test_two_meter_files_at_once_are_both_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Home.create(tmp_path / "home")
    readings = tables()["meter_reading"]
    files = [
        meter_csv(readings[readings["timestamp"].str.startswith(days)], COAL, JANUARY)
        for days in ("2026-01-1", "2026-01-2")
    ]
    outcomes: list[MeterOutcome] = []
    further = threading.Event()  # the second file is in the lake, or waits for the first
    replace = Lake.replace_plants

    def ingest(data: bytes) -> None:
        with opened(tmp_path / "home") as (home, control):
            outcomes.append(ingest_meters(home, control, [("meters.csv", data)], NOON, "u"))

    def second_file() -> None:
        ingest(files[1])
        further.set()

    def asking(path: Path) -> object:
        if threading.current_thread() is second:
            further.set()
        return exclusive(path)

    def overtaken(lake: Lake, table: str, frame: pd.DataFrame, *rest: object) -> Path:
        if second.ident is None:
            second.start()
            assert further.wait(PATIENCE)
        return replace(lake, table, frame, *rest)  # type: ignore[arg-type]

    second = threading.Thread(target=second_file)
    monkeypatch.setattr(meter_files, "exclusive", asking, raising=False)
    monkeypatch.setattr(Lake, "replace_plants", overtaken)
    ingest(files[0])
    second.join(PATIENCE)
    accepted = [one.rows["accepted"] for one in outcomes]
    assert len(accepted) == 2 and min(accepted) > 0
    assert len(Lake(tmp_path / "home" / "lake").read("meter_reading")) == sum(accepted)


@pytest.mark.parametrize("moment", ["judged", "half of the tables written", "published"])
def test_a_correction_of_what_a_night_judges_stays_and_waits_for_the_next(
    path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives: list[list[list[str]]] = []

    def correction() -> None:
        correct(path)
        with opened(path) as (_, control):
            lives.append(lives_of(control))

    asked = []

    def locked(lock: Path) -> object:
        asked.append(lock.name)
        if asked.count(ROWS_LOCK) == 5 and not lives:
            correction()
        return exclusive(lock)

    if moment.startswith("half"):
        monkeypatch.setattr(night, "exclusive", locked)
    else:
        name = {"judged": "store_results", "published": "_live"}[moment]
        monkeypatch.setattr(night, name, before(getattr(night, name), correction))
    with opened(path) as (home, control):
        first = lives_of(control)
        outcome = nightly(home, control, NEXT, lambda: LATER, everything=True)
        assert (outcome.status, outcome.plants, outcome.recomputed) == ("completed", 2, 1)
        assert hours_of(path) == [CORRECTED] and hours_of(path, SECOND_GAS) == [value_of("run_hours", SECOND_GAS)]
        assert len(files_of(path)) == 1
        assert lives_of(control) == lives[0] != first
        with control.read() as session:
            told = plant_outcomes(session, outcome.run_id).set_index("plant_id")
        assert told.loc[FIRST_GAS, ["status", "message"]].tolist() == ["failed", OVERTAKEN]
        assert told.loc[SECOND_GAS, "status"] == "ok"
        following = nightly(home, control, NEXT, lambda: LATER)
        assert (following.recomputed, hours_of(path)) == (1, [CORRECTED])
        assert lives_of(control) == lives[0]


def damage(path: Path) -> None:
    """Something to mend, so that the lake made anew is put in place."""
    next((path / "lake" / "emission").rglob("data.parquet")).unlink()


def rebuilt(path: Path, verify: bool = False) -> Rebuilt:
    with opened(path) as (home, control):
        return rebuild(home, control, verify=verify)


def the_next_night_notices(path: Path, recomputed: int = 1) -> None:
    """The correction is in the lake and stays; the next night judges the plant and publishes it."""
    assert hours_of(path) == [CORRECTED] and hours_of(path, SECOND_GAS) == [value_of("run_hours", SECOND_GAS)]
    assert len(files_of(path)) == 1
    with opened(path) as (home, control):
        assert nightly(home, control, NEXT, lambda: LATER).recomputed == recomputed
    query = "SELECT value_text FROM parameter WHERE parameter = 'run_hours' AND plant_id = ?"
    with duckdb.connect(path / "published" / "mrv.duckdb", read_only=True) as store:
        assert store.execute(query, [FIRST_GAS]).fetchall() == [(CORRECTED,)]


def test_a_correction_during_a_rebuild_is_in_the_new_lake(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(path)
    monkeypatch.setattr(module, "store_results", before(module.store_results, lambda: correct(path)))
    rebuilt(path)
    the_next_night_notices(path)
    assert rebuilt(path, verify=True).differences == ()


def test_a_correction_while_the_lakes_are_exchanged_is_written_to_the_new_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(path)
    other = threading.Thread(target=correct, args=(path,))

    def deposited() -> bool:
        with opened(path) as (_, control), control.read() as session:
            return deposit_counts(session)[FIRST_GAS] == 2

    def correction() -> None:
        for name in (ROWS_LOCK, READINGS_LOCK):
            assert taken(path / "lake" / name)
        other.start()
        until(deposited, PATIENCE)  # its rows wait for the lock

    monkeypatch.setattr(module, "switch_lake", before(module.switch_lake, correction))
    rebuilt(path)
    other.join(PATIENCE)
    the_next_night_notices(path)


def test_a_rebuild_killed_after_the_exchange_has_lost_nothing_of_what_came(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(path)
    switch = module.switch_lake

    def meanwhile() -> None:
        correct(path)
        with opened(path) as (home, control):
            ingest_meters(
                home, control, [("meters.csv", meter_csv(tables()["meter_reading"], COAL, JANUARY))], NOON, "u"
            )

    def dying(*rest: Path) -> None:
        switch(*rest)
        os._exit(9)

    if (pid := os.fork()) == 0:
        monkeypatch.setattr(module, "store_results", before(module.store_results, meanwhile))
        monkeypatch.setattr(module, "switch_lake", dying)
        rebuilt(path)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert len(Lake(path / "lake").read("meter_reading"))
    the_next_night_notices(path, recomputed=2)  # both plants have meters, and a meter file came


def test_a_correction_during_a_comparison_is_no_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "store_results", before(module.store_results, lambda: correct(path)))
    with pytest.raises(NotComparable, match=FIRST_GAS):
        rebuilt(path, verify=True)
    assert not (path / ".rebuild").exists()
    the_next_night_notices(path)
