"""what needed the admin, restored databases, audits"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("notice", AutoString(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("paged_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alert")),
    )
    op.create_table(
        "identity",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_identity")),
    )
    op.create_table(
        "restoration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("pending", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.add_column("folder_start", sa.Column("is_seen", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("folder_start", sa.Column("read_to", sa.Integer(), nullable=False, server_default="0"))

    op.drop_index("ix_outbox_recipient", "outbox")
    op.drop_index("ix_outbox_unknown", "outbox")
    op.create_index("ix_outbox_answers", "outbox", ["recipient_key", "created_at", "is_answer", "template"])
    strangers = ["to_unknown", "created_at", "recipient_key", "recipient_domain", "is_answer", "template"]
    op.create_index("ix_outbox_strangers", "outbox", strangers)


def downgrade() -> None:
    op.drop_column("folder_start", "read_to")
    op.drop_column("folder_start", "is_seen")
    op.drop_index("ix_outbox_strangers", "outbox")
    op.drop_index("ix_outbox_answers", "outbox")
    op.create_index("ix_outbox_unknown", "outbox", ["to_unknown", "created_at"])
    op.create_index("ix_outbox_recipient", "outbox", ["recipient_key", "created_at"])
    for table in ("audit", "restoration", "identity", "alert"):
        op.drop_table(table)
