"""by what a ticket came, the minutes spent on it, and its topic"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision: str = "0017"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("channel", AutoString(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket", sa.Column("topic", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_ticket_topic", "ticket", ["topic"])


def downgrade() -> None:
    op.drop_index("ix_ticket_topic", "ticket")
    for name in ("topic", "minutes", "channel"):
        op.drop_column("ticket", name)
