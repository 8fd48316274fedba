"""what rules say of a ticket, and what its requester stated"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    for name in ("product", "impact", "urgency"):
        op.add_column("ticket", sa.Column(name, AutoString(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("fields", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("ticket", sa.Column("missing", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("missing", "fields", "urgency", "impact", "product"):
        op.drop_column("ticket", name)
