"""accounts that agents admit, agents who have left, mails that wait for an account"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0006"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("address", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("person", AutoString(), nullable=False),
        sa.Column("admitted_by", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_account")),
    )
    op.create_index(op.f("ix_account_person"), "account", ["person"])
    op.create_table(
        "departure",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_departure")),
    )
    waits = sa.text("disposition = 'held' AND verdict = 'unknown_sender'")
    op.create_index("ix_inbound_unknown", "inbound", ["sender"], sqlite_where=waits)


def downgrade() -> None:
    op.drop_index("ix_inbound_unknown", "inbound")
    op.drop_table("departure")
    op.drop_table("account")
