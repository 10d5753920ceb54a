"""What goes wrong with server, file and disk of the control store is said in words, never as a stack trace."""

import errno
import os
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from mrv.cli.main import mrv
from mrv.pipeline.backup import backup
from mrv.pipeline.backup_restore import restore
from mrv.storage import control as control_store
from mrv.storage import durable, locks
from mrv.storage.control import Control, hold
from mrv.storage.durable import DiskFailed, DiskFull
from mrv.storage.home import Home
from mrv.storage.locks import Stopped
from mrv.storage.settings import Settings
from mrv.storage.store_faults import Damaged, NotOpened, Unreachable
from tests.storage.conftest import _postgres_schema

NOWHERE = "postgresql://officer:secret%40word@127.0.0.1:1/mrv"  # nobody listens at this port


def run(*words: str) -> str:
    """What a command that is refused says."""
    done = CliRunner().invoke(mrv, words)
    assert (done.exit_code, type(done.exception)) == (2, SystemExit), done.exception
    return done.output


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", Settings(database_url=NOWHERE)).path
    for lang, word in (("zh", "无法连接存证库服务器"), ("en", "cannot be reached")):
        said = run("ledger", "audit", "--home", str(home), "--lang", lang)
        assert word in said and "127.0.0.1:1/mrv" in said and "secret" not in said and "officer" not in said


def test_a_restore_into_a_server_that_does_not_answer(home: Home, tmp_path: Path, noon: datetime) -> None:
    control = Control.open(home)
    backup(home, control, tmp_path / "copy", noon)
    control.close()
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1/mrv"):
        restore(tmp_path / "copy", tmp_path / "new", {}, NOWHERE)
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_no_data_base_is_left_and_a_backup_named(home: Home) -> None:
    home.control_database.write_bytes(b"no data base at all" * 100)
    for lang, word in (("zh", "由备份恢复"), ("en", "restore a backup")):
        said = run("ledger", "audit", "--home", str(home.path), "--lang", lang)
        assert word in said and str(home.control_database) in said
    assert home.control_database.read_bytes().startswith(b"no data base")


def test_a_file_damaged_within_is_told_where_it_is_read(home: Home) -> None:
    Control.open(home).close()
    with sqlite3.connect(home.control_database) as raw:
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ledger_leaf'").fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    with home.control_database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert "mrv restore" in run("ledger", "audit", "--home", str(home.path))
    control = Control.open(home)
    with pytest.raises(Damaged), control.read() as session:
        session.execute(text("SELECT content FROM ledger_leaf")).all()
    control.close()


def test_a_file_that_cannot_be_opened_or_is_kept_by_another(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.control_database.mkdir()
    with pytest.raises(NotOpened, match=r"control\.db"):
        Control.open(home)
    home.control_database.rmdir()
    monkeypatch.setattr(control_store, "BUSY_TIMEOUT_MS", 0)
    control = Control.open(home)
    with sqlite3.connect(home.control_database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")  # a program that does not come in turn
        with pytest.raises(Stopped, match=r"control\.db"), control.write() as session:
            session.execute(text("SELECT 1"))
    other.close()
    control.close()


@pytest.mark.service
def test_nobody_waits_for_ever_for_one_that_holds_a_lock_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    for url in _postgres_schema():
        first, second = Control.at(url), Control.at(url)
        with first.write() as holding:
            hold(holding, "ledger")
            with pytest.raises(Stopped, match=r"127\.0\.0\.1:5432"), second.write() as waiting:
                hold(waiting, "ledger")
        with second.write() as session:
            hold(session, "ledger")
        first.close()
        second.close()


@pytest.mark.parametrize(
    ("number", "fault"),
    [(errno.ENOSPC, DiskFull), (errno.EIO, DiskFailed), (errno.EROFS, DiskFailed)],
)
def test_a_disk_that_fails_or_may_not_be_written_is_told(tmp_path: Path, number: int, fault: type) -> None:
    with pytest.raises(fault, match="somewhere"), durable.telling(Path("somewhere")):
        raise OSError(number, os.strerror(number))
    with pytest.raises(PermissionError), durable.telling(tmp_path):
        raise OSError(errno.EACCES, "not of the disk")
