"""When the party that a URL was noticed to passed it on"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("takedowns", sa.Column("referred_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_notices_parent_id"), "notices", ["parent_id"])
