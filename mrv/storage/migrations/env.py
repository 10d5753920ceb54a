"""Run by Alembic. The program hands over a connection; a developer names a database with `-x url=…`."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

from mrv.storage import ledger_models, models  # noqa: F401 - the tables are known once their modules are loaded
from mrv.storage.base import Base


def _plain_types(kind: str, value: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Revisions name types of SQLAlchemy alone, so that they still mean the same when ours change."""
    if kind == "type" and isinstance(value, TypeDecorator):
        return "sa." + repr(value.impl_instance)
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    _run(handed_over)
else:
    from mrv.storage.control import engine_of

    with engine_of(context.get_x_argument(as_dictionary=True)["url"]).begin() as own:
        _run(own)
