"""where the server's copies lie, and what a mailbox held at the first start"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "folder_start",
        sa.Column("mailbox", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("folder", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.Integer(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("left_alone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", name=op.f("pk_folder_start")),
    )
    words = sqlmodel.sql.sqltypes.AutoString()
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        for name in ("sha256", "damage", "filed_as", "filed_folder"):
            batch_op.add_column(sa.Column(name, words, nullable=False, server_default=""))
        for name in ("filed_uidvalidity", "filed_uid"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_inbound_damage"), "damage IN ('', 'damaged', 'lost')")
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        place = ["mailbox", "filed_folder", "filed_uidvalidity", "filed_uid"]
        batch_op.create_index("ix_inbound_place", place, unique=False)
        misplaced, damaged = "filed_as <> '' AND filed_as <> disposition", "damage <> ''"
        batch_op.create_index("ix_inbound_misplaced", ["mailbox"], unique=False, sqlite_where=sa.text(misplaced))
        batch_op.create_index("ix_inbound_damage", ["mailbox", "damage"], unique=False, sqlite_where=sa.text(damaged))
    op.execute("UPDATE inbound SET filed_as = disposition WHERE filed_at IS NOT NULL AND NOT is_vanished")
