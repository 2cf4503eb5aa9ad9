"""An index that tells what left of late, and to whom, without a look at the mails themselves"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_claimed_at_to_address", "outbox")
    columns = ["state", "claimed_at", "to_address", "kind", "survivor_linked", "esp_id", "approved_by"]
    op.create_index("ix_outbox_left", "outbox", columns)
