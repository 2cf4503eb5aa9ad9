"""How a notice is classified in reports of XARF v4, from the column of an import"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("xarf", sa.Text()))
