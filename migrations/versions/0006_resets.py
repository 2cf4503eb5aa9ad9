"""How often in a row a server gave out the ids of a folder anew"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("folder_states", sa.Column("resets", sa.Integer(), server_default="0", nullable=False))
