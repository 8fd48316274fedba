"""what promised times are counted by"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# As much as is still known of tickets from before: when they opened, when an agent answered last, how they stand.
_OPENED = """
    INSERT INTO moment (ticket, at, status, spoke, is_incomplete)
    SELECT number, opened_at, 'new', 'customer', 0 FROM ticket
"""
_ANSWERED = """
    INSERT INTO moment (ticket, at, status, spoke, is_incomplete)
    SELECT number, answered_at, 'open', 'agent', 0 FROM ticket WHERE answered_at IS NOT NULL
"""
_NOW = """
    INSERT INTO moment (ticket, at, status, spoke, is_incomplete)
    SELECT number, changed_at, status, '', missing <> '[]' FROM ticket
"""


def upgrade() -> None:
    op.create_table(
        "moment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("spoke", AutoString(), nullable=False),
        sa.Column("is_incomplete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moment")),
    )
    op.create_index("ix_moment_ticket", "moment", ["ticket"])
    op.create_table(
        "clocks_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", AutoString(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks_state")),
    )
    op.execute("INSERT INTO clocks_state (id, version, upto) VALUES (1, '', 0)")
    for statement in (_OPENED, _ANSWERED, _NOW):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("clocks_state")
    op.drop_table("moment")
