"""windows that close, follow-ups, merged and linked tickets, people who join later"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_WINDOW = timedelta(days=14)  # the default of `closing`; whether the rules want it is asked when it ends
_NUMBERS = ("ended_round", "follows", "merged_into")


def upgrade() -> None:
    for name in _NUMBERS:
        op.add_column("ticket", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket", sa.Column("answered_at", UTCDateTime(), nullable=True))
    op.add_column("ticket", sa.Column("linked_to", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("participant", sa.Column("joined_at", UTCDateTime(), nullable=True))
    _close_what_has_ended()


def _close_what_has_ended() -> None:
    """Tickets that ended before: their window counts from the last change."""
    ticket = sa.table("ticket", sa.column("number"), sa.column("status"), sa.column("changed_at", UTCDateTime()))
    timer = sa.table(
        "timer",
        *(sa.column(name) for name in ("ticket", "policy", "step", "round", "state")),
        sa.column("due_at", UTCDateTime()),
    )
    rows = op.get_bind()
    ended = rows.execute(sa.select(ticket.c.number, ticket.c.changed_at).where(ticket.c.status == "resolved")).all()
    for number, at in ended:
        row = {"ticket": number, "policy": "closing", "step": 1, "round": 0, "state": "armed", "due_at": at + _WINDOW}
        rows.execute(sa.insert(timer), row)


def downgrade() -> None:
    op.execute("DELETE FROM timer WHERE policy = 'closing'")
    op.execute("UPDATE ticket SET status = 'resolved' WHERE status = 'closed'")
    op.drop_column("participant", "joined_at")
    for name in ("linked_to", "answered_at", *_NUMBERS):
        op.drop_column("ticket", name)
