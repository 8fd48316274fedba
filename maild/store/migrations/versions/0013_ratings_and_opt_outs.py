"""ratings, and who wants no reminders"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("rating", AutoString(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("rating_comment", sa.Text(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("rated_at", UTCDateTime(), nullable=True))
    op.add_column("ticket", sa.Column("rated_round", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "opt_out",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_opt_out")),
    )


def downgrade() -> None:
    op.drop_table("opt_out")
    for name in ("rated_round", "rated_at", "rating_comment", "rating"):
        op.drop_column("ticket", name)
