"""who decided on a held mail, since when somebody takes part, whom is blocked"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_block")),
    )
    op.add_column("inbound", sa.Column("decided", AutoString(), nullable=False, server_default=""))
    op.add_column("inbound", sa.Column("decided_by", AutoString(), nullable=False, server_default=""))
    op.add_column("participant", sa.Column("joined_after", AutoString(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("participant", "joined_after")
    op.drop_column("inbound", "decided_by")
    op.drop_column("inbound", "decided")
    op.drop_table("block")
