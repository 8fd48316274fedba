"""whether a rule ended a ticket as it opened: that was deduced from who takes part"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("ended_at_once", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE ticket SET ended_at_once = TRUE WHERE reason IN ('declined', 'cancelled') AND NOT EXISTS "
        "(SELECT 1 FROM participant WHERE participant.ticket = ticket.number AND participant.role = 'agent')"
    )


def downgrade() -> None:
    op.drop_column("ticket", "ended_at_once")
