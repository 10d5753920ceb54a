"""The DuckDB file of a publication: typed tables with comments in two languages, and a hash of what they hold."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from mrv.storage import durable
from mrv.storage.typed import columns
from schemas import TABLES


def build(path: Path, tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Builds a new DuckDB file from published tables and returns the content hash of each, read back from the file.

    `path` must not exist; nobody may be reading it yet. DiskFull without room for it.
    """
    with _telling(path), duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.begin()  # one transaction: each on its own would be forced to the disk
        for name, arrow in sorted(tables.items()):
            _create(connection, name, arrow)
        connection.commit()
        connection.execute("CHECKPOINT")
    durable.sync(path)
    return content_hashes(path)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turns what DuckDB says of a full disk into words; it has no kind of error for it, and quotes the system."""
    try:
        yield
    except duckdb.Error as error:
        if any(os.strerror(number) in str(error) for number in durable.FULL):
            raise durable.DiskFull(str(path)) from error
        raise


def read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads the DuckDB file now at `path`; it keeps that content when another file takes its place.

    Attached rather than opened: within one process DuckDB would hand out the file that was opened first under this
    path, even after it was replaced.
    """
    connection = duckdb.connect(":memory:")
    connection.execute(f"ATTACH {_literal(str(path))} AS mrv (READ_ONLY)")
    connection.execute("USE mrv")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def content_hashes(path: Path) -> dict[str, str]:
    """The content hash of each table of a DuckDB file, opened read-only."""
    with read_only(path) as connection:
        names = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY table_name"
        ).fetchall()
        return {name: content_hash(connection, name) for (name,) in names}


def content_hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """SHA-256 over the rows of a table, whatever order they are stored in (session time zone UTC).

    Each row is the text of its values, each as `<length in bytes>:<text>`, or `-` for null; each row is hashed, the
    hashes are sorted, joined and hashed again, after the column names and types in the same way.
    """
    described = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()
    head = "".join(f"{len(text.encode())}:{text}" for column in described for text in column)
    texts = [f"CAST({_quoted(name)} AS VARCHAR)" for name, _ in described]
    values = " || ".join(f"coalesce(strlen({text}) || ':' || {text}, '-')" for text in texts)
    query = (
        f"SELECT sha256(? || coalesce(string_agg(row_hash, '' ORDER BY row_hash), '')) "
        f"FROM (SELECT sha256({values}) AS row_hash FROM {_quoted(table)})"
    )
    found = connection.execute(query, [head]).fetchone()
    return found[0]  # type: ignore[index]


def _create(connection: duckdb.DuckDBPyConnection, name: str, arrow: pa.Table) -> None:
    table = TABLES[name]
    described = columns(table)
    lines = ", ".join(f"{_quoted(column)} {kind}" for column, kind, _ in described)
    connection.execute(f"CREATE TABLE {_quoted(name)} ({lines})")
    connection.register("incoming", arrow)
    names = ", ".join(_quoted(column) for column, _, _ in described)
    connection.execute(f"INSERT INTO {_quoted(name)} SELECT {names} FROM incoming")
    connection.unregister("incoming")
    connection.execute(f"COMMENT ON TABLE {_quoted(name)} IS {_literal(f'{table.zh} / {table.en}')}")
    for column, _, words in described:
        connection.execute(f"COMMENT ON COLUMN {_quoted(name)}.{_quoted(column)} IS {_literal(words)}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
