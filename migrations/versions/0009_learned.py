"""What is learned of each ESP, and the wording of mails as a digest"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("messages", sa.Column("wording", sa.String(32), server_default="", nullable=False))
    op.create_table(
        "learned",
        sa.Column("esp_id", _ID, nullable=False),
        sa.Column("found", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("usual_hours", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["esp_id"], ["esps.id"], name=op.f("fk_learned_esp_id_esps")),
        sa.PrimaryKeyConstraint("esp_id", name=op.f("pk_learned")),
    )
