"""Stores to test against: the same tests run on SQLite and, where one answers, on PostgreSQL."""

import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from mrv.storage.control import Control
from mrv.storage.deposits import Filing, Rows, StoredFile
from mrv.storage.home import Home
from schemas import TABLES

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
REQUIRE = "TANHENG_REQUIRE_SERVICES"
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.service)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home")


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 2, 1, 12, tzinfo=UTC)


def _postgres_schema() -> Iterator[str]:
    try:
        import psycopg

        server = psycopg.connect(POSTGRES.replace("+psycopg", ""), autocommit=True, connect_timeout=3)
    except Exception as error:
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(f"{REQUIRE}=1, but PostgreSQL does not answer: {error}")
        pytest.skip(f"PostgreSQL does not answer at 127.0.0.1:5432: {error}")
    name = f"tanheng_test_{secrets.token_hex(6)}"
    with server:
        server.execute(f"CREATE SCHEMA {name}")
        yield f"{POSTGRES}?options=-csearch_path%3D{name}"
        server.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty control store, one per data base system."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'control.db'}"
    else:
        yield from _postgres_schema()


@pytest.fixture
def control(url: str) -> Iterator[Control]:
    store = Control.at(url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def frame() -> Callable[..., pd.DataFrame]:
    """Canonical frames from what matters in a row: `frame("plant", {"plant_id": "A"})`."""

    def make(table: str, *rows: dict[str, str]) -> pd.DataFrame:
        columns = {}
        for column in TABLES[table].columns:
            absent, dtype = (1, "int64") if column.kind == "integer" else ("", "str")
            columns[column.name] = pd.Series([row.get(column.name, absent) for row in rows], dtype=dtype)
        return pd.DataFrame(columns)

    return make


@pytest.fixture
def filing(noon: datetime) -> Callable[..., Filing]:
    """A filing whose bytes are told apart by one letter."""

    def make(letter: str = "a", plant_id: str = "P1", month: str = "2026-01", **rest: object) -> Filing:
        values: dict[str, object] = {
            **{"plant_id": plant_id, "sector": "power", "month": month, "kind": "workbook", "uploader": "填报员"},
            **{"file": StoredFile(f"{letter}.xlsx", letter * 64, 10), "received_at": noon},
            **{"rows": Rows(5, 3, 1, 1), "complete": True},
        }
        return Filing(**(values | rest))  # type: ignore[arg-type]

    return make
