"""Whether people changed the tags of a message, and not only its place"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("strays", sa.Column("retagged", sa.Boolean(), server_default=sa.false(), nullable=False))
