"""The control store itself: durable settings, transactions, migrations, and what the data base refuses."""

import argparse
import resource
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.exc import DBAPIError

from mrv.storage.base import Base
from mrv.storage.control import Control, engine_of
from mrv.storage.durable import DiskFailed, DiskFull
from mrv.storage.home import Home
from mrv.storage.migrate import config, downgrade, head, revision_of, upgrade
from mrv.storage.models import MeterFile

COUNTS = {"rows_read": 0, "rows_accepted": 0, "rows_refused": 0, "rows_ignored": 0}


def meter_file(letter: str, at: datetime, name: str = "m.csv") -> MeterFile:
    return MeterFile(sha256=letter * 64, file_name=name, size=1, kind="csv", received_at=at, uploader="u", **COUNTS)


def test_the_migrations_build_what_the_models_say(control: Control) -> None:
    with control.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        built = inspect(connection)
        for table in Base.metadata.tables.values():  # the comparison above does not look at these
            named = {str(check["name"]) for check in built.get_check_constraints(table.name)}
            wanted = {str(item.name) for item in table.constraints if isinstance(item, CheckConstraint)}
            assert named == wanted, table.name


def test_down_and_up_again(control: Control) -> None:
    tables = set(inspect(control.engine).get_table_names())
    downgrade(control.engine, "base")
    assert set(inspect(control.engine).get_table_names()) == {"alembic_version"}
    assert revision_of(control.engine) == ""
    upgrade(control.engine)
    assert set(inspect(control.engine).get_table_names()) == tables
    assert revision_of(control.engine) == head()


def test_several_processes_may_open_a_new_store_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(lambda _: Control.at(url), range(4)):
            assert revision_of(store.engine) == head()
            store.close()


def test_a_developer_reaches_a_store_by_its_address(url: str) -> None:
    Control.at(url).close()
    reached = Config(config().config_file_name, cmd_opts=argparse.Namespace(x=[f"url={url}"]))
    command.check(reached)  # raises when a migration is missing


def test_sqlite_is_set_to_lose_nothing(home: Home) -> None:
    store = Control.open(home)
    with store.read() as session:
        asked = {
            name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}  # 2: FULL
    assert home.control_database.is_file()
    store.close()


def test_a_block_that_raises_leaves_no_trace(control: Control, noon: datetime) -> None:
    def half() -> None:
        with control.write() as session:
            session.add(meter_file("a", noon))
            session.flush()
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        half()
    with control.read() as session:
        assert session.scalars(select(MeterFile)).all() == []


def test_a_reader_sees_one_state_while_others_write(control: Control, noon: datetime) -> None:
    with control.read() as reader:
        assert reader.scalars(select(MeterFile)).all() == []
        with control.write() as writer:
            writer.add(meter_file("a", noon))
        assert reader.scalars(select(MeterFile.sha256)).all() == []
    with control.read() as reader:
        assert reader.scalars(select(MeterFile.sha256)).all() == ["a" * 64]


def test_moments_keep_their_zone_and_need_one(control: Control) -> None:
    beijing = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    with control.write() as session:
        session.add(meter_file("a", beijing))
    with control.read() as session:
        assert session.scalar(select(MeterFile.received_at)) == beijing
        assert session.scalar(select(MeterFile.received_at)).utcoffset() == timedelta(0)

    def without_zone() -> None:
        with control.write() as session:
            session.add(meter_file("b", datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(Exception, match="time zone"):
        without_zone()


def test_text_that_a_data_base_cannot_hold_is_shown_not_refused(control: Control) -> None:
    with control.write() as session:
        session.add(meter_file("a", datetime(2026, 1, 1, tzinfo=UTC), "月\x00报\udcff.csv"))
    with control.read() as session:
        assert session.scalar(select(MeterFile.file_name)) == "月␀报?.csv"


@pytest.mark.parametrize("statement", ["DELETE FROM meter_file", "UPDATE meter_file SET uploader = 'x'"])
def test_the_data_base_refuses_to_change_what_was_deposited(control: Control, noon: datetime, statement: str) -> None:
    with control.write() as session:
        session.add(meter_file("a", noon))

    def tamper() -> None:
        with control.write() as session:
            session.execute(text(statement))

    with pytest.raises(DBAPIError, match="append-only"):
        tamper()


def test_rows_must_be_accounted_for(control: Control, noon: datetime) -> None:
    lost = meter_file("a", noon)
    lost.rows_read, lost.rows_accepted = 3, 2

    def keep() -> None:
        with control.write() as session:
            session.add(lost)

    with pytest.raises(DBAPIError, match="rows_accounted_for"):
        keep()


def test_a_plain_postgresql_address_is_spoken_to_through_psycopg() -> None:
    assert engine_of("postgresql://u@h/d").dialect.driver == "psycopg"


def raise_in_postgresql(control: Control, state: str) -> None:
    with control.write() as session:
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{state}'; END $$"))


def test_a_full_disk_and_a_failing_one_are_told_apart(control: Control) -> None:
    store = str(control.engine.url.database)
    if control.engine.dialect.name == "postgresql":
        with pytest.raises(DiskFull, match=store):
            raise_in_postgresql(control, "53100")
        with pytest.raises(DiskFailed, match=store):
            raise_in_postgresql(control, "58030")
        return
    large = text("CREATE TABLE large AS SELECT randomblob(1000000) AS bytes")
    with pytest.raises(DiskFull, match=store), control.write() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        session.execute(large)
    # A file that the system does not let grow, on a disk with room: what SQLite calls an input or output error.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.raises(DiskFailed, match=store), control.write() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
        session.execute(large)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        try:
            session.commit()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with control.write() as session:
        session.execute(large)
    with control.read() as session:
        assert session.execute(text("SELECT length(bytes) FROM large")).scalar() == 1_000_000
