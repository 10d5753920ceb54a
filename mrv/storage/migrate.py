"""Brings the tables of the control store to the newest revision. The revisions travel with the package."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

LOCATION = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's configuration: where the revisions lie."""
    return Config(LOCATION / "alembic.ini")


@cache
def head() -> str:
    """The newest revision; asked for once, since the revisions travel with the program."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def revision_of(engine: Engine) -> str:
    """The revision a database stands at; empty for one without tables."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Brings a database up to a revision in one transaction; several processes may try at once."""
    if revision_of(engine) == head() and revision == "head":
        return
    _move(engine, revision, command.upgrade)


def downgrade(engine: Engine, revision: str) -> None:
    """Takes a database back to a revision, `base` for none. Loses the rows of the tables it drops."""
    _move(engine, revision, command.downgrade)


def _move(engine: Engine, revision: str, way: object) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('tanheng migrations', 0))"))
        settings = config()
        settings.attributes["connection"] = connection
        way(settings, revision)  # type: ignore[operator]
