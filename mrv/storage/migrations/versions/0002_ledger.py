"""The ledger, the people who act, drafts, and what the national platform said"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# From these tables no row may be deleted and no column may change.
KEPT = (
    "received_file",
    "ledger_leaf",
    "ledger_node",
    "ledger_checkpoint",
    "audit",
    "platform_record",
    "internal_deadline",
    "draft",
    "draft_event",
)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def _hash(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=64), nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _word(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}"))


def _one_of(table: str, column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def upgrade() -> None:
    op.add_column("deposit", sa.Column("return_reference", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "received_file", _hash("sha256"), _text("sm3"), sa.Column("size", sa.Integer(), nullable=False), _text("name"),
        _text("uploader"), _moment("received_at"), _key("received_file", "sha256"),
    )  # fmt: skip
    op.create_table(
        "ledger_leaf", _number("number"), _word("kind", 20), _text("subject"), _text("content"),
        _key("ledger_leaf", "number"), sa.UniqueConstraint("kind", "subject", name=op.f("uq_ledger_leaf_kind_subject")),
    )  # fmt: skip
    op.create_table(
        "ledger_node", _number("level"), _number("position"), _hash("sha256"), _text("sm3"),
        _key("ledger_node", "level", "position"),
    )  # fmt: skip
    op.create_table(
        "ledger_checkpoint", _number("size"), _text("document"), _text("timestamp_token"), _key("ledger_checkpoint", "size")
    )
    op.create_table(
        "audit", _number("number"), _moment("at"), _text("actor"), _text("action"), _text("object"), _text("detail"),
        _hash("chain"), _key("audit", "number"),
    )  # fmt: skip
    op.create_table(
        "person", _text("id"), _text("name"), _text("organisation"), _word("role", 20), _text("department"),
        _text("plant_id"), sa.Column("active_from", sa.Date(), nullable=False), sa.Column("active_to", sa.Date(), nullable=True),
        _key("person", "id"),
        _one_of(
            "person", "role", "preparer", "reviewer", "approver", "verifier", "verifier_lead", "inspector", "auditor", "operator"
        ),
    )  # fmt: skip
    op.create_index("ix_person_plant_id", "person", ["plant_id"])
    op.create_table(
        "assignment", _text("person_id"), _text("plant_id"), sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True), _text("assigned_by"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        _key("assignment", "person_id", "plant_id", "valid_from"),
    )  # fmt: skip
    op.create_table(
        "platform_record", _hash("deposit_id"), _number("number"), _text("platform_number"), _word("status", 10),
        _moment("at"), _moment("recorded_at"), _text("recorded_by"), _text("note"),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_platform_record_deposit_id")),
        _key("platform_record", "deposit_id", "number"),
        _one_of("platform_record", "status", "submitted", "returned", "accepted"),
    )  # fmt: skip
    op.create_table(
        "internal_deadline", _text("plant_id"), _text("sector"), _word("month", 7), _number("number"),
        sa.Column("day", sa.Date(), nullable=False), _text("reason"), _text("set_by"), _moment("set_at"),
        _key("internal_deadline", "plant_id", "sector", "month", "number"),
    )  # fmt: skip
    op.create_table(
        "draft", _text("plant_id"), _text("sector"), _word("month", 7), _text("department"), _number("version"),
        _text("file_name"), _hash("sha256"), sa.Column("size", sa.Integer(), nullable=False), _text("uploader"), _moment("at"),
        _key("draft", "plant_id", "sector", "month", "department", "version"),
    )  # fmt: skip
    op.create_table(
        "draft_event", _text("plant_id"), _text("sector"), _word("month", 7), _number("number"), _word("event", 10),
        _text("parts"), _text("actor"), _moment("at"), _text("note"),
        _key("draft_event", "plant_id", "sector", "month", "number"),
        _one_of("draft_event", "event", "reviewed", "returned", "approved", "deposited"),
    )  # fmt: skip
    for table in KEPT:
        _refuse(table, "change", "UPDATE")
        _refuse(table, "delete", "DELETE")


def _refuse(table: str, name: str, deed: str) -> None:
    """The function of PostgreSQL is the one that the first revision made."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    for table in ("draft_event", "draft", "internal_deadline", "platform_record", "assignment", "person", "audit"):
        op.drop_table(table)
    for table in ("ledger_checkpoint", "ledger_node", "ledger_leaf", "received_file"):
        op.drop_table(table)
    op.drop_column("deposit", "return_reference")
