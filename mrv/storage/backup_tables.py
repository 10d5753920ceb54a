"""The tables of a control store as JSON lines, read from one state of it, and loaded into an empty store of either system.

A logical copy rather than a copy of the data base file: one form for SQLite and PostgreSQL, readable without either, and the way
from the one to the other.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Date, DateTime, Engine, MetaData, Table, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mrv.storage.evidence import IntegrityError
from mrv.storage.migrate import config, downgrade, revision_of, upgrade

VERSIONS = "alembic_version"
BATCH = 1000
Lines = Iterator[bytes]


def export_tables(session: Session) -> Iterator[tuple[str, Lines]]:
    """Each table and its rows, one JSON object a line, parents before those that name them.

    session : one that reads a single state of the store (`Control.read`); the lines of a table are to be taken before the next table.
    """
    connection = session.connection()
    for table in _tables(connection):
        yield table.name, _lines(connection, table)


def store_revision(session: Session) -> str:
    """The revision the tables stand at."""
    return str(session.connection().exec_driver_sql(f"SELECT version_num FROM {VERSIONS}").scalar_one())


def is_known(revision: str) -> bool:
    """Whether this program knows a revision; one that it does not know was made by a later program."""
    return revision in {entry.revision for entry in ScriptDirectory.from_config(config()).walk_revisions()}


def is_empty(engine: Engine) -> bool:
    """Whether nothing of ours, or of anybody else, stands in a data base."""
    return not (set(inspect(engine).get_table_names()) - {VERSIONS}) and not revision_of(engine)


def load_tables(engine: Engine, revision: str, tables: dict[str, Iterable[bytes]]) -> dict[str, int]:
    """Builds the tables of a revision in an empty data base, fills them in one transaction, and brings them up to date.

    Returns how many rows each table took. IntegrityError for rows that this revision cannot hold.
    """
    upgrade(engine, revision)
    counts = {}
    with engine.begin() as connection:
        known = _tables(connection)
        strange = sorted(set(tables) - {table.name for table in known})
        if strange:
            raise IntegrityError(f"no such table: {strange[0]}", f"没有这个表：{strange[0]}")
        for table in known:
            try:
                counts[table.name] = _insert(connection, table, tables.get(table.name, ()))
            except (DBAPIError, KeyError, ValueError) as error:
                raise IntegrityError(
                    f"a row of table {table.name} cannot be taken", f"表 {table.name} 有一行无法读入"
                ) from error
    upgrade(engine)
    return counts


def clear(engine: Engine) -> None:
    """Takes down what `load_tables` built, where it turned out to be damaged."""
    downgrade(engine, "base")


def _tables(connection: Connection) -> list[Table]:
    """Every table of the data base as it is, whichever modules are loaded."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSIONS]


def _lines(connection: Connection, table: Table) -> Lines:
    order = list(table.primary_key.columns)
    if "version" in table.columns and any(key.references(table) for key in table.foreign_keys):
        order.insert(0, table.columns["version"])  # a version names the one before it
    result = connection.execute(select(table).order_by(*order).execution_options(yield_per=BATCH))
    for row in result.mappings():
        document = {name: _text(value) for name, value in row.items()}
        yield json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _insert(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    kinds = {column.name: column.type for column in table.columns}
    rows: list[dict[str, Any]] = []
    count = 0
    for line in lines:
        rows.append({name: _value(kinds[name], value) for name, value in json.loads(line).items()})
        count += 1
        if len(rows) == BATCH:
            connection.execute(table.insert(), rows)
            rows = []
    if rows:
        connection.execute(table.insert(), rows)
    return count


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
