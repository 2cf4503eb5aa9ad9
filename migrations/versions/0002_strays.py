"""Messages whose place in the mailbox changed and is not understood yet"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "strays",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("message_ref", _ID, nullable=False),
        sa.Column("passes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_ref"], ["messages.id"], name=op.f("fk_strays_message_ref_messages")),
        sa.PrimaryKeyConstraint("mailbox", "message_ref", name=op.f("pk_strays")),
    )
