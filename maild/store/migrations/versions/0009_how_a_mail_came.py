"""how a mail came, and the automatic answers by their time"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("sender", AutoString(), nullable=False),
        sa.Column("came_at", UTCDateTime(), nullable=False),
        sa.Column("is_proved", sa.Boolean(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("text_mark", AutoString(), nullable=False),
        sa.Column("subject_mark", AutoString(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("is_prompt", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_arrival")),
    )
    op.create_index("ix_arrival_sender", "arrival", ["sender", "came_at"])
    op.create_index("ix_arrival_prompt", "arrival", ["sender", "came_at"], sqlite_where=sa.text("is_prompt = 1"))
    op.create_index("ix_outbox_answered", "outbox", ["created_at"], sqlite_where=sa.text("is_answer = 1"))


def downgrade() -> None:
    op.drop_index("ix_outbox_answered", "outbox")
    op.drop_table("arrival")
