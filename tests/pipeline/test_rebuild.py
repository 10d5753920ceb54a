"""Rebuild: whatever is deleted or damaged below lake, publication and reports comes back as it was, and a kill changes nothing."""

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from mrv.cli.main import mrv
from mrv.pipeline import rebuild as module
from mrv.pipeline.annual import annual
from mrv.pipeline.backup import backup
from mrv.pipeline.backup_restore import restore
from mrv.pipeline.deposit import submit
from mrv.pipeline.meter_files import ingest_meters
from mrv.pipeline.nightly import nightly
from mrv.pipeline.opening import opened
from mrv.pipeline.rebuild import NotComparable, Rebuilt, rebuild
from mrv.simulation import meter_csv
from mrv.storage import report_database
from mrv.storage.evidence import IntegrityError
from mrv.storage.home import Home, HomeExists
from mrv.storage.published import verify
from mrv.storage.register import put_register
from mrv.storage.settings import Settings
from tests.pipeline.plants import COAL, FEBRUARY, FIRST_GAS, JANUARY, filing, register, tables

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
LATER = datetime(2026, 3, 6, 4, tzinfo=UTC)
AS_OF, NEXT = date(2026, 3, 5), date(2026, 3, 7)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plants with meters: one judged in a first night, the other's second month in a second one; an annual report."""
    path = tmp_path_factory.mktemp("original") / "home"
    Home.create(path, Settings(batch_size=1))
    readings = tables()["meter_reading"]
    with opened(path) as (home, control):
        with control.write() as session:
            for table, frame in register(COAL, FIRST_GAS).items():
                put_register(session, table, frame, date(2026, 1, 1))
        ingest_meters(home, control, [("meters.csv", meter_csv(readings, COAL, JANUARY))], NOON, "u")
        submit(home, control, [filing(COAL, JANUARY), filing(FIRST_GAS, JANUARY)], NOON, "u", AS_OF)
        nightly(home, control, AS_OF, lambda: NOON)
        submit(home, control, [filing(FIRST_GAS, FEBRUARY)], LATER, "u", NEXT)
        nightly(home, control, NEXT, lambda: LATER)
        annual(home, "2026")
    return path


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "home")
    return tmp_path / "home"


def hashes(path: Path) -> dict[str, object]:
    """SHA-256 of every file of lake, publication and reports; of DuckDB the content of its tables."""
    found: dict[str, object] = {}
    for folder in ("lake", "published", "reports"):
        for file in (path / folder).rglob("*"):
            if file.is_file() and not file.name.startswith("."):
                name = file.relative_to(path).as_posix()
                bytes_ = hashlib.sha256(file.read_bytes()).hexdigest()
                found[name] = report_database.content_hashes(file) if file.suffix == ".duckdb" else bytes_
    return found


def rebuilt(path: Path, **options: object) -> Rebuilt:
    with opened(path) as (home, control):
        return rebuild(home, control, **options)  # type: ignore[arg-type]


def truth(path: Path) -> dict[str, str]:
    """SHA-256 of what a rebuild must never touch."""
    files = [path / "tanheng.toml", *(path / "evidence").rglob("*"), *(path / "keys").rglob("*")]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def test_nothing_differs_after_a_night(home: Path) -> None:
    before = hashes(home)
    assert any("meter_reading" in name for name in before) and any(name.endswith(".xlsx") for name in before)
    told = rebuilt(home, verify=True)
    assert (told.differences, told.failures, told.plants, told.meter_files) == ((), {}, 2, 1)
    assert told.as_of == NEXT
    assert hashes(home) == before
    assert not (home / ".rebuild").exists()


@pytest.mark.parametrize("seed", range(2))
def test_what_is_deleted_or_damaged_comes_back(home: Path, seed: int) -> None:
    before, chance = hashes(home), random.Random(seed)
    kept = truth(home)
    names = sorted(chance.sample(sorted(before), 8))
    if seed == 0:
        names = ["published/mrv.duckdb", "published/manifest.json", "lake/judged.json"]
    for name in names:
        file = home / name
        deed = chance.choice(["delete", "flip", "cut", "empty"])
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 0xFF
        if deed == "delete":
            file.unlink()
        else:
            file.write_bytes({"flip": bytes(data), "cut": bytes(data[: len(data) // 3]), "empty": b""}[deed])
    (home / "lake" / "emission" / "year=1999").mkdir()
    (home / "lake" / "emission" / "year=1999" / "data.parquet").write_bytes(b"invented")
    told = rebuilt(home).differences
    for name in [*names, "lake/emission/year=1999/data.parquet"]:
        assert any(entry.startswith(name) for entry in told), (name, told)
    assert hashes(home) == before
    assert truth(home) == kept
    with opened(home) as (place, _):
        assert verify(place) == []


def test_everything_deleted_comes_back_and_the_next_night_has_nothing_to_do(home: Path) -> None:
    before = hashes(home)
    for folder in ("lake", "published"):
        shutil.rmtree(home / folder)
    told = rebuilt(home)
    assert told.as_of == NEXT and all(entry.endswith("missing") for entry in told.differences)
    assert hashes(home) == before
    with opened(home) as (place, control):
        assert nightly(place, control, NEXT, lambda: LATER).recomputed == 0
    assert hashes(home) == before


def test_a_restored_home_is_rebuilt_to_the_same_bytes(home: Path, tmp_path: Path) -> None:
    with opened(home) as (place, control):
        backup(place, control, tmp_path / "copy.tar", LATER)
    restore(tmp_path / "copy.tar", tmp_path / "new", {})
    rebuilt(tmp_path / "new")
    wanted = {name: value for name, value in hashes(home).items() if not name.startswith("reports/")}
    assert hashes(tmp_path / "new") == wanted


def test_into_another_place_leaves_the_home_alone(home: Path, tmp_path: Path) -> None:
    before = hashes(home)
    (home / "lake" / "judged.json").unlink()
    told = rebuilt(home, into=tmp_path / "fresh")
    assert told.differences == ("lake/judged.json: missing",)
    assert not (home / "lake" / "judged.json").exists()
    assert hashes(tmp_path / "fresh") == before
    assert sorted(entry.name for entry in (tmp_path / "fresh").iterdir()) == ["lake", "published", "reports"]
    with pytest.raises(HomeExists):
        rebuilt(home, into=tmp_path / "fresh")


def test_as_of_judges_everything_of_that_day(home: Path) -> None:
    with opened(home) as (place, control):
        nightly(place, control, NEXT, lambda: LATER, everything=True)
    before = hashes(home)
    assert rebuilt(home, verify=True, as_of=NEXT).differences == ()
    assert rebuilt(home, as_of=date(2026, 6, 1)).differences != ()
    assert hashes(home) != before
    rebuilt(home, as_of=NEXT)
    assert hashes(home) == before


def test_deposits_that_wait_for_the_night_are_no_damage(home: Path) -> None:
    with opened(home) as (place, control):
        submit(place, control, [filing(COAL, FEBRUARY)], LATER.replace(day=8), "u", NEXT)
    with pytest.raises(NotComparable, match=COAL):
        rebuilt(home, verify=True)
    rebuilt(home)  # taken as they stand; the next night looks at the plant again
    with opened(home) as (place, control):
        assert nightly(place, control, date(2026, 3, 9), lambda: LATER.replace(day=9)).recomputed == 1


def test_lost_evidence_is_told_and_changes_nothing(home: Path) -> None:
    before = hashes(home)
    with opened(home) as (place, control), control.read() as session:
        from mrv.storage.deposits import latest_deposits, meter_files

        meter, deposit = meter_files(session)["sha256"].iloc[0], latest_deposits(session, [COAL])["sha256"].iloc[0]
        files = [place.evidence / address[:2] / address[2:4] / address for address in (meter, deposit)]
    files[1].unlink()
    told = rebuilt(home)
    assert list(told.failures) == [COAL] and told.differences == ("lake/judged.json: changed",)
    assert {name: value for name, value in hashes(home).items() if name != "lake/judged.json"} == {
        name: value for name, value in before.items() if name != "lake/judged.json"
    }
    files[0].unlink()
    with pytest.raises(IntegrityError):
        rebuilt(home)


def _die(*rest: object, **options: object) -> None:
    os._exit(9)


def _die_after(act: Callable[..., object]) -> Callable[..., None]:
    def done(*rest: object, **options: object) -> None:
        act(*rest, **options)
        os._exit(9)

    return done


@pytest.mark.parametrize("moment", ["publish_all", "switch_lake", "after switch_lake"])
def test_a_kill_leaves_the_old_publication(home: Path, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hashes(home)
    (home / "lake" / "judged.json").unlink()
    if (pid := os.fork()) == 0:
        name = moment.removeprefix("after ")
        dying = _die_after(getattr(module, name)) if moment.startswith("after") else _die
        monkeypatch.setattr(module, name, dying)
        rebuilt(home)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    with opened(home) as (place, _):
        assert verify(place) == []
    published = {name: value for name, value in before.items() if not name.startswith("lake/")}
    assert {name: value for name, value in hashes(home).items() if not name.startswith("lake/")} == published
    rebuilt(home)
    assert hashes(home) == before and not (home / ".rebuild").exists()


def test_the_command(home: Path) -> None:
    run = CliRunner()
    (home / "published" / "manifest.json").write_text("{")
    told = run.invoke(mrv, ["rebuild", "--home", str(home), "--verify"])
    assert told.exit_code == 3 and "published/manifest.json：内容不同" in told.stdout
    mended = run.invoke(mrv, ["rebuild", "--home", str(home), "--json"])
    assert mended.exit_code == 0 and json.loads(mended.stdout)["differences"] == ["published/manifest.json: changed"]


def test_a_home_without_nights_needs_a_day(tmp_path: Path) -> None:
    Home.create(tmp_path / "home")
    told = CliRunner().invoke(mrv, ["rebuild", "--home", str(tmp_path / "home"), "--json"])
    assert told.exit_code == 2 and "--as-of" in told.stdout
    assert (
        CliRunner().invoke(mrv, ["rebuild", "--home", str(tmp_path / "home"), "--as-of", "2026-03-05"]).exit_code == 0
    )
