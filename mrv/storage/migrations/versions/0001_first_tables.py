"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Columns that may never change once written; None: no column may. From none of these tables may a row be deleted.
# A later revision that rebuilds one of these tables on SQLite (batch mode) has to create its triggers again.
KEPT = {
    "deposit": (
        "id, plant_id, sector, month, version, file_name, sha256, size, kind, received_at, uploader, reason, supersedes"
    ),
    "deposit_file": None,
    "factor_import": None,
    "finding_event": None,
    "meter_file": None,
    "register_row": None,
}


def upgrade() -> None:
    op.create_table(
        "deposit",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plant_id", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploader", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_accepted", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("rows_ignored", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("template_version", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('complete', 'incomplete')", name=op.f("ck_deposit_status")),
        sa.CheckConstraint(
            "rows_read = rows_accepted + rows_refused + rows_ignored", name=op.f("ck_deposit_rows_accounted_for")
        ),
        sa.ForeignKeyConstraint(["supersedes"], ["deposit.id"], name=op.f("fk_deposit_supersedes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sa.UniqueConstraint(
            "plant_id", "sector", "month", "version", name=op.f("uq_deposit_plant_id_sector_month_version")
        ),
    )
    op.create_index("ix_deposit_sha256", "deposit", ["sha256"])
    op.create_table(
        "factor_import",
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploader", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "sha256", name=op.f("pk_factor_import")),
    )
    op.create_table(
        "finding_life",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("plant_id", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("stream_id", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("first_seen_in", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_in", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('open', 'fixed', 'came_back')", name=op.f("ck_finding_life_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_life")),
    )
    op.create_index("ix_finding_life_plant_id_period", "finding_life", ["plant_id", "period"])
    op.create_table(
        "meter_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploader", sa.Text(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_accepted", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("rows_ignored", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rows_read = rows_accepted + rows_refused + rows_ignored", name=op.f("ck_meter_file_rows_accounted_for")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_meter_file")),
    )
    op.create_table(
        "register_row",
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plant_id", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "row_key", "valid_from", "revision", name=op.f("pk_register_row")),
    )
    op.create_index("ix_register_row_plant_id", "register_row", ["plant_id"])
    op.create_table(
        "run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('running', 'completed', 'partial', 'failed')", name=op.f("ck_run_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_kind_as_of", "run", ["kind", "as_of"])
    op.create_table(
        "deposit_file",
        sa.Column("deposit_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.CheckConstraint("role IN ('filing', 'evidence')", name=op.f("ck_deposit_file_role")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_deposit_file_deposit_id")),
        sa.PrimaryKeyConstraint("deposit_id", "name", "role", name=op.f("pk_deposit_file")),
    )
    op.create_index("ix_deposit_file_sha256", "deposit_file", ["sha256"])
    op.create_table(
        "finding_event",
        sa.Column("finding_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(length=10), nullable=False),
        sa.Column("seen_in", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("event IN ('new', 'fixed', 'came_back')", name=op.f("ck_finding_event_event")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding_life.id"], name=op.f("fk_finding_event_finding_id")),
        sa.PrimaryKeyConstraint("finding_id", "number", name=op.f("pk_finding_event")),
    )
    op.create_table(
        "run_plant",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("plant_id", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('ok', 'failed')", name=op.f("ck_run_plant_status")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_plant_run_id")),
        sa.PrimaryKeyConstraint("run_id", "plant_id", name=op.f("pk_run_plant")),
    )
    op.create_table(
        "run_step",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("batch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plants", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("rows_in", sa.Integer(), nullable=False),
        sa.Column("rows_out", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('ok', 'failed')", name=op.f("ck_run_step_status")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_step_run_id")),
        sa.PrimaryKeyConstraint("run_id", "step", "batch", "attempt", name=op.f("pk_run_step")),
    )
    for table, columns in KEPT.items():
        of = f"UPDATE OF {columns}" if columns else "UPDATE"
        _refuse(table, "change", of)
        _refuse(table, "delete", "DELETE")


def _refuse(table: str, name: str, deed: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("run_step")
    op.drop_table("run_plant")
    op.drop_table("finding_event")
    op.drop_table("deposit_file")
    op.drop_table("run")
    op.drop_table("register_row")
    op.drop_table("meter_file")
    op.drop_table("finding_life")
    op.drop_table("factor_import")
    op.drop_table("deposit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
