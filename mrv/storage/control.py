"""The control store: SQLite in the home, or PostgreSQL. Opening it brings its tables up to date."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine, Select, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

from mrv.storage import locks
from mrv.storage.home import Home
from mrv.storage.locks import Once, in_turn
from mrv.storage.migrate import upgrade
from mrv.storage.store_faults import BUSY_TIMEOUT_MS, told

READ_ONLY = "tanheng_read_only"
BUSY_PAUSE_MS = 10


class Control:
    """The open control store. Functions of this package take the session that `write` or `read` gives.

    Everything within one `write` block happens or none of it does.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.signing = Once()  # one signature serves all threads whose leaves were there when it began
        self._turn = _turn_of(engine)
        self._write = sessionmaker(engine)
        self._read = sessionmaker(_reading(engine))

    @classmethod
    def open(cls, home: Home) -> "Control":
        """The control store of a home, with its tables up to date. StoreMissing where it was there and is gone."""
        home.require_store()
        return cls.at(home.database_url)

    @classmethod
    def at(cls, url: str) -> "Control":
        """The control store at an address `sqlite:///…` or `postgresql://…`, with its tables up to date."""
        engine = engine_of(url)
        with told(engine):
            upgrade(engine)
        return cls(engine)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may write; committed at the end of the block, rolled back when it raises.

        SQLite: begins with the write lock, so that what it read cannot have changed when it writes. Writers come in turn: SQLite's
        own waiting is a look every 100 ms, which finds the lock taken for as long as somebody writes one transaction after the other.
        """
        turn = in_turn(self._turn) if self._turn else nullcontext()
        with told(self.engine), turn, self._write.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that sees a single state of the store however long it lasts, and waits for nobody."""
        with told(self.engine), self._read.begin() as session:
            yield session

    def close(self) -> None:
        """Gives back the connections."""
        self.engine.dispose()


def engine_of(url: str) -> Engine:
    """The engine for an address; PostgreSQL is spoken to through psycopg."""
    address = make_url(url)
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, record: Any) -> None:
    """Lets nobody wait for ever for one that has a lock and does not get on, as on SQLite."""
    connection.execute(f"SET lock_timeout = {locks.PATIENCE * 1000:.0f}")
    connection.commit()  # a setting goes with the transaction that is rolled back


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions on its own, and too late
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")  # with NORMAL a power cut may take back what was acknowledged
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: Any) -> None:
    """Turns the write-ahead log on. While others open the new store too SQLite says "locked" at once, whatever the timeout."""
    for attempt in range(BUSY_TIMEOUT_MS // BUSY_PAUSE_MS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or (attempt + 1) * BUSY_PAUSE_MS >= BUSY_TIMEOUT_MS:
                raise
        time.sleep(BUSY_PAUSE_MS / 1000)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _turn_of(engine: Engine) -> Path | None:
    """The lock file of the writers of an SQLite file; None for PostgreSQL, which lets them wait in turn itself."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(f"{name}.turn") if name else None


def _reading(engine: Engine) -> Engine:
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(**{READ_ONLY: True})


def hold(session: Session, name: str) -> None:
    """Lets one transaction at a time pass for a name. On SQLite every writing transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def frame_of(session: Session, query: Select[Any], integers: Iterable[str] = ()) -> pd.DataFrame:
    """The rows of a query as a frame of texts (absent: empty text; moments: ISO 8601 in UTC), but for `integers`."""
    result = session.execute(query)
    names, whole = list(result.keys()), set(integers)
    columns = list(zip(*result.all(), strict=True)) or [()] * len(names)
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype="int64")
            if name in whole
            else pd.Series([_text(v) for v in values], dtype="str")
            for name, values in zip(names, columns, strict=True)
        }
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries."""
    columns = [frame[name].to_numpy(dtype=object).tolist() for name in frame.columns]  # Arrow texts one by one are slow
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "tzinfo"):
        return iso(value)
    return str(value)


def iso(moment: Any) -> str:
    """A moment in UTC as ISO 8601 with `Z`; parts of a second only where there are any."""
    return moment.replace(tzinfo=None).isoformat() + "Z"
