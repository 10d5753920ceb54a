"""Backup and restore: nothing acknowledged is lost, nothing damaged comes back, from either store to either store."""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import MetaData, select

from mrv.cli.main import mrv
from mrv.ledger import offline_verifier, signing
from mrv.pipeline import backup_restore
from mrv.pipeline.backup import MANIFEST, backup, without_password
from mrv.pipeline.backup_restore import NotABackup, restore
from mrv.pipeline.deposit import submit
from mrv.pipeline.opening import opened
from mrv.pipeline.proofs import audited, proof_of
from mrv.pipeline.receive import receive
from mrv.storage.control import Control
from mrv.storage.evidence import IntegrityError
from mrv.storage.home import Home, HomeExists
from mrv.storage.register import put_register
from mrv.storage.settings import Settings
from tests.pipeline.plants import COAL, FEBRUARY, FIRST_GAS, JANUARY, filing, register
from tests.storage.conftest import BACKENDS, _postgres_schema

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
AS_OF = date(2026, 3, 5)


def submit_one(path: Path, plant: str, month: str) -> str:
    """Deposits one filing and returns its id."""
    with opened(path) as (home, control):
        outcome = submit(home, control, [filing(plant, month)], NOON, "填报员", AS_OF)
    return outcome.submissions[0].deposited.id


def new_home(path: Path, database_url: str = "") -> Path:
    Home.create(path, Settings(database_url=database_url))
    with opened(path) as (_, control), control.write() as session:
        for table, frame in register(COAL, FIRST_GAS).items():
            put_register(session, table, frame, date(2026, 1, 1))
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two deposits, a correction, a file in the inbox and one that was only received."""
    path = new_home(tmp_path_factory.mktemp("source") / "home")
    submit_one(path, COAL, JANUARY)
    submit_one(path, FIRST_GAS, JANUARY)
    with opened(path) as (home, control):
        receive(home, control, [("note.bin", b"\x00bytes")], NOON, "somebody")
        name, data = filing(COAL, JANUARY, "更正.zip")
        submit(home, control, [(name, data + b"\n")], NOON, "填报员", AS_OF, "更正")
    (path / "inbox" / "new" / "waiting.csv").write_text("a,b\n")
    (path / "inbox" / "new" / "一月.csv").write_text("1")
    (path / "inbox" / "new" / os.fsdecode("一月.csv".encode("gb18030"))).write_text(
        "2"
    )  # from Windows; read, it is the same name
    (path / "restricted" / "leads.json").write_text("[]")
    return path


def made(source: Path, place: Path, with_keys: bool = False) -> dict[str, Any]:
    with opened(source) as (home, control):
        return backup(home, control, place, NOON, with_keys).manifest


def rows(path: Path, database_url: str = "") -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a home, as texts."""
    control = Control.at(database_url) if database_url else Control.open(Home.open(path, environment={}))
    with control.read() as session:
        found = MetaData()
        found.reflect(session.connection())
        result = {
            table.name: sorted(
                tuple(value.isoformat()[:19] if hasattr(value, "isoformat") else value for value in row)
                for row in session.execute(select(table))
            )
            for table in found.sorted_tables
        }
    control.close()
    return result


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
@pytest.mark.parametrize("with_keys", [True, False])
def test_a_restored_home_is_the_home(source: Path, tmp_path: Path, name: str, with_keys: bool) -> None:
    manifest = made(source, tmp_path / name, with_keys)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    told = restore(tmp_path / name, tmp_path / "new", {})
    assert rows(tmp_path / "new") == rows(source)
    assert told.tables["deposit"] == 3 and told.tables == manifest["tables"]
    waiting = {path.name: path.read_text() for path in (tmp_path / "new" / "inbox" / "new").iterdir()}
    assert waiting.pop("waiting.csv") == "a,b\n"
    assert waiting.keys() == {"一月.csv", "一月~2.csv"} and sorted(waiting.values()) == ["1", "2"]
    assert (tmp_path / "new" / "restricted" / "leads.json").is_file()
    with opened(source) as (home, _), opened(tmp_path / "new") as (other, control):
        kept = sorted(path.relative_to(home.evidence) for path in home.evidence.rglob("*") if path.is_file())
        assert kept == sorted(path.relative_to(other.evidence) for path in other.evidence.rglob("*") if path.is_file())
        key = (home.keys / "ledger-ed25519.pem").read_bytes()
        assert audited(other, control, []).faults == ()
        assert ((other.keys / "ledger-ed25519.pem").read_bytes() == key) is with_keys
        # Life goes on, and what is signed from now on stands beside what was signed before.
        receive(other, control, [("later.bin", b"later")], NOON, "somebody")
        assert audited(other, control, []).faults == ()
    assert not (tmp_path / "new" / "lake" / "parameter").exists()


def test_without_keys_none_is_in_the_copy(source: Path, tmp_path: Path) -> None:
    manifest = made(source, tmp_path / "copy")
    assert manifest["with_keys"] is False
    files = [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert files and not any(b"PRIVATE KEY" in path.read_bytes() for path in files)


def test_passwords_stay_behind(tmp_path: Path) -> None:
    assert without_password("https://me:secret@tsa.example/x?y=1") == "https://tsa.example/x?y=1"
    home = Home.create(tmp_path / "home", Settings(prefect_api_url="https://me:secret@prefect.example/api"))
    made(home.path, tmp_path / "copy")
    text = (tmp_path / "copy" / "tanheng.toml").read_text(encoding="utf-8")
    assert "secret" not in text and "prefect.example" in text


def test_the_same_home_gives_the_same_archive(source: Path, tmp_path: Path) -> None:
    made(source, tmp_path / "a.tar")
    made(source, tmp_path / "b.tar")
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


def test_nothing_is_overwritten(source: Path, tmp_path: Path) -> None:
    made(source, tmp_path / "copy")
    with pytest.raises(FileExistsError):
        made(source, tmp_path / "copy")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine")
    with pytest.raises(HomeExists):
        restore(tmp_path / "copy", tmp_path / "taken", {})
    assert (tmp_path / "taken" / "file").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert restore(tmp_path / "copy", tmp_path / "empty", {}).tables["deposit"] == 3


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda copy: _flip(next(copy.glob("evidence/*/*/*"))), id="evidence"),
        pytest.param(lambda copy: _flip(copy / "control" / "deposit.jsonl"), id="table"),
        pytest.param(lambda copy: _flip(copy / "tanheng.toml"), id="settings"),
        pytest.param(lambda copy: next(copy.glob("evidence/*/*/*")).unlink(), id="missing"),
        pytest.param(lambda copy: (copy / "control" / "extra.jsonl").write_text("{}\n"), id="unexpected"),
    ],
)
def test_a_damaged_backup_leaves_nothing_behind(source: Path, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    made(source, tmp_path / "copy")
    damage(tmp_path / "copy")
    with pytest.raises(IntegrityError):
        restore(tmp_path / "copy", tmp_path / "new", {})
    assert [entry.name for entry in tmp_path.iterdir()] == ["copy"]


def _rewritten(copy: Path, table: str, old: str, new: str) -> None:
    """A backup changed by somebody who also mends its manifest."""
    file = copy / "control" / f"{table}.jsonl"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][f"control/{table}.jsonl"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (copy / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [("deposit", "填报员", "别人"), ("audit", "填报员", "别人"), ("ledger_leaf", "填报员", "别人")],
)
def test_a_changed_record_is_found_by_the_audit(source: Path, tmp_path: Path, table: str, old: str, new: str) -> None:
    made(source, tmp_path / "copy")
    _rewritten(tmp_path / "copy", table, old, new)
    with pytest.raises(IntegrityError):
        restore(tmp_path / "copy", tmp_path / "new", {})
    assert not (tmp_path / "new").exists()


def test_what_is_no_backup_is_told(source: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.tar").write_bytes(b"no archive")
    made(source, tmp_path / "later")
    manifest = json.loads((tmp_path / "later" / MANIFEST).read_text(encoding="utf-8"))
    (tmp_path / "later" / MANIFEST).write_text(json.dumps({**manifest, "revision": "9999"}), encoding="utf-8")
    for name in ("folder", "file.tar", "later"):
        with pytest.raises(NotABackup):
            restore(tmp_path / name, tmp_path / "new", {})


def test_an_archive_that_is_cut_short_is_damaged(source: Path, tmp_path: Path) -> None:
    made(source, tmp_path / "whole.tar")
    data = (tmp_path / "whole.tar").read_bytes()
    for part, status in ((0, 2), (100, 2), (len(data) // 3, 3), (len(data) // 2 + 7, 3)):
        (tmp_path / "part.tar").write_bytes(data[:part])
        for lang, words in (
            ("zh", ("不是碳衡备份：", "未恢复：")),
            ("en", ("is no Tanheng backup: ", "nothing was restored: ")),
        ):
            line = ["restore", str(tmp_path / "part.tar"), "--home", str(tmp_path / "new"), "--lang", lang]
            told = CliRunner().invoke(mrv, line)
            assert told.exit_code == status and words[status - 2] in told.stderr
            said = told.stderr.partition(words[status - 2])[2]
            assert any("一" <= letter <= "鿿" for letter in said) == (lang == "zh")
    assert not (tmp_path / "new").exists()


def test_damage_is_told_in_the_language_asked_for(source: Path, tmp_path: Path) -> None:
    manifest = made(source, tmp_path / "copy")
    name = next(name for name in manifest["files"] if name.startswith("evidence/"))
    (tmp_path / "copy" / name).write_bytes(b"other")
    line = ["restore", str(tmp_path / "copy"), "--home", str(tmp_path / "new")]
    told = CliRunner().invoke(mrv, line)
    assert told.exit_code == 3 and f"{name} 的内容与清单不符" in told.stderr
    told = CliRunner().invoke(mrv, [*line, "--lang", "en"])
    assert told.exit_code == 3 and f"{name} is not the file of the manifest" in told.stderr


def test_an_archive_cannot_write_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "inside").write_text("{}")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(tmp_path / "inside", "../outside")
    with pytest.raises(NotABackup):
        restore(tmp_path / "evil.tar", tmp_path / "new", {})
    assert not (tmp_path / "outside").exists()


def test_rotten_evidence_is_not_backed_up_silently(source: Path, tmp_path: Path) -> None:
    shutil.copytree(source, tmp_path / "home")
    _flip(next((tmp_path / "home" / "evidence").glob("*/*/*")))
    with pytest.raises(IntegrityError):
        made(tmp_path / "home", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.fixture
def database() -> Iterator[str]:
    yield from _postgres_schema()


@pytest.fixture
def other_database() -> Iterator[str]:
    yield from _postgres_schema()


@pytest.mark.service
def test_from_one_store_into_the_other_and_back(
    source: Path, tmp_path: Path, database: str, other_database: str
) -> None:
    made(source, tmp_path / "sqlite.tar", True)
    restore(tmp_path / "sqlite.tar", tmp_path / "there", {"TANHENG_DATABASE_URL": database})
    assert rows(tmp_path / "there", database) == rows(source)
    assert not (tmp_path / "there" / "control.db").exists()
    with pytest.raises(HomeExists):  # the data base is taken now
        restore(tmp_path / "sqlite.tar", tmp_path / "again", {"TANHENG_DATABASE_URL": database})
    home = Home.open(tmp_path / "there", environment={"TANHENG_DATABASE_URL": database})
    control = Control.open(home)
    manifest = backup(home, control, tmp_path / "postgres.tar", NOON, True).manifest
    assert audited(home, control, []).faults == ()
    control.close()
    assert "postgres@" not in json.dumps(manifest)
    restore(tmp_path / "postgres.tar", tmp_path / "back", {})
    assert rows(tmp_path / "back") == rows(source)
    _rewritten(tmp_path / "copy", "deposit", "填报员", "别人") if made(source, tmp_path / "copy") else None
    with pytest.raises(IntegrityError):
        restore(tmp_path / "copy", tmp_path / "bad", {}, other_database)
    restore(
        tmp_path / "sqlite.tar", tmp_path / "good", {}, other_database
    )  # nothing of the failed one stood in the way


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_drill(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Backups under concurrent submits: what was acknowledged before a backup began is in it, and its receipt holds."""
    url = request.getfixturevalue("database") if backend == "postgresql" else ""
    path = new_home(tmp_path / "home", url)
    work = [(plant, month) for month in (JANUARY, FEBRUARY) for plant in (COAL, FIRST_GAS)]
    acknowledged: list[dict[str, Any]] = []
    first, receipts_before = Event(), []

    def officer(number: int) -> None:
        with opened(path) as (home, control):
            for count in range(8):
                data = f"{number}/{count}".encode()
                acknowledged.append(receive(home, control, [(f"{number}-{count}.bin", data)], NOON, "o")[0].receipt)
                first.set()
            plant, month = work[number]
            outcome = submit(home, control, [filing(plant, month)], NOON, "填报员", AS_OF)
            acknowledged.append(outcome.submissions[0].proof)

    with ThreadPoolExecutor(len(work)) as pool:
        running = [pool.submit(officer, number) for number in range(len(work))]
        assert first.wait(60)
        backups = 0
        while not all(one.done() for one in running) or backups < 2:
            receipts_before = list(acknowledged)
            made(path, tmp_path / f"{backups}.tar", True)
            backups += 1
        for one in running:
            one.result()
    restored = restore(tmp_path / f"{backups - 1}.tar", tmp_path / "new", {})
    assert restored.audit.faults == () and receipts_before
    with opened(tmp_path / "new") as (home, control):
        for receipt in receipts_before:
            leaf = offline_verifier.check_receipt(receipt, [], [])
            assert proof_of(control, leaf.get("deposit_id") or leaf["file"]["sha256"]) == receipt
            assert home.evidence.joinpath(leaf["file"]["sha256"][:2]).exists()
    early = restore(tmp_path / "0.tar", tmp_path / "early", {})  # taken in the middle of it
    assert early.audit.faults == ()


def test_a_restore_that_is_killed_leaves_no_home(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(source, tmp_path / "copy")
    if (pid := os.fork()) == 0:
        monkeypatch.setattr(backup_restore, "audit", lambda *rest: os._exit(9))
        restore(tmp_path / "copy", tmp_path / "new", {})
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert not (tmp_path / "new").exists()
    assert restore(tmp_path / "copy", tmp_path / "new", {}).audit.faults == ()


@pytest.mark.skipif(not signing.sm2_available(), reason="this system's openssl cannot use SM2")
def test_a_system_without_sm2_restores_and_says_what_it_could_not_check(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = made(source, tmp_path / "copy")
    monkeypatch.setattr(signing, "sm2_available", lambda: False)
    told = CliRunner().invoke(mrv, ["restore", str(tmp_path / "copy"), "--home", str(tmp_path / "new"), "--json"])
    assert told.exit_code == 0
    (unchecked,) = json.loads(told.stdout)["unchecked"]
    # One of each checkpoint, and one of that in the manifest.
    assert (unchecked["code"], unchecked["count"]) == ("sm2", manifest["tables"]["ledger_checkpoint"] + 1)
    told = CliRunner().invoke(mrv, ["restore", str(tmp_path / "copy"), "--home", str(tmp_path / "other")])
    assert told.exit_code == 0 and unchecked["message"]["zh"] in told.stdout
