"""The two clocks of a notice, and how long they stood still for us"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RUNNING = "status IN ('sent', 'open', 'partly_resolved')"
_TIMES = ("answer_by", "remove_by")


def upgrade() -> None:
    for name in (*_TIMES, "still_since"):
        op.add_column("notices", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("notices", sa.Column("still_seconds", sa.Integer(), server_default="0", nullable=False))
    for name in _TIMES:
        op.create_index(
            f"ix_notices_{name}",
            "notices",
            [name],
            sqlite_where=sa.text(_RUNNING),
            postgresql_where=sa.text(_RUNNING),
        )
    op.execute("UPDATE notices SET next_due_at = sent_at WHERE next_due_at > sent_at")  # the next tick sets the clocks
