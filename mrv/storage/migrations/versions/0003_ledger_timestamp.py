"""Time-stamps of an authority, beside the checkpoints they speak of"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_timestamp",
        sa.Column("size", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["size"], ["ledger_checkpoint.size"], name=op.f("fk_ledger_timestamp_size")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_timestamp")),
    )  # fmt: skip
    for name, deed in (("change", "UPDATE"), ("delete", "DELETE")):
        _refuse(name, deed)


def _refuse(name: str, deed: str) -> None:
    """The function of PostgreSQL is the one that the first revision made."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER ledger_timestamp_{name} BEFORE {deed} ON ledger_timestamp "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER ledger_timestamp_{name} BEFORE {deed} ON ledger_timestamp "
            "BEGIN SELECT RAISE(ABORT, 'ledger_timestamp is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("ledger_timestamp")
