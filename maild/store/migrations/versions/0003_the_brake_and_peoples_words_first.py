"""the outbox's brake, people's words before machines', another try"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_WAITS = "state IN ('queued', 'uncertain')"


def upgrade() -> None:
    op.create_table(
        "switch",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switch")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_personal", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("owed_from", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        ready = ["is_personal", "next_at", "id"]
        batch_op.create_index("ix_outbox_ready", ready, unique=False, sqlite_where=sa.text(_WAITS))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_ready")
        batch_op.drop_column("owed_from")
        batch_op.drop_column("is_personal")
    op.drop_table("switch")
