"""who has qualified a ticket, and how far it was escalated"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("qualified_by", AutoString(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("escalation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket", sa.Column("escalated_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    for name in ("escalated_at", "escalation", "qualified_by"):
        op.drop_column("ticket", name)
