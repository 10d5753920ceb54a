"""What the tables of the control store are made of: moments in UTC, text that any database can hold, named constraints."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

HASH = String(64)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Time-zone aware on both sides; SQLite itself would drop the zone without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text that any database can hold.

    PostgreSQL refuses the character NUL and nothing can encode half a surrogate pair; both occur in what people send
    (a broken CSV, the words of a person) and must not stop a deposit. They are shown as `␀` and `?`; names of files are made plain before
    (`schemas.file_name`), as the ledger has to say the same.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.replace("\x00", "␀").encode("utf-8", "replace").decode()


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can alter it on any database."""

    type_annotation_map = {str: PlainText, datetime: UtcTime, date: Date}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    """A column takes one of a few words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
