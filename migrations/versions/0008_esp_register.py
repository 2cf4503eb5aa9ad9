"""The register of ESPs: changes by two persons, onboarding, the silent ones"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UTC = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.add_column("esps", sa.Column("line", sa.String(40), server_default="seen", nullable=False))
    op.add_column("esps", sa.Column("beside", _JSON))
    op.execute("UPDATE esps SET line = state")
    op.add_column("contacts", sa.Column("former_at", _UTC))
    _changes()
    _onboardings()
    _silences()


def _ref(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _changes() -> None:
    op.create_table(
        "esp_changes",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("esp_id", _ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("old", sa.Text(), server_default="", nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("role", sa.String(40), server_default="primary", nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("message_ref", _ID),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", _UTC, nullable=False),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("confirmed_at", _UTC),
        sa.Column("apply_at", _UTC),
        sa.Column("outbox_id", _ID),
        sa.Column("ended_by", sa.Text()),
        sa.Column("ended_at", _UTC),
        _ref("esp_changes", "esp_id", "esps"),
        _ref("esp_changes", "message_ref", "messages"),
        _ref("esp_changes", "outbox_id", "outbox"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_esp_changes")),
    )
    op.create_index(op.f("ix_esp_changes_esp_id"), "esp_changes", ["esp_id"])
    op.create_index("ix_esp_changes_state_apply_at", "esp_changes", ["state", "apply_at"])


def _onboardings() -> None:
    op.create_table(
        "onboardings",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("esp_id", _ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("steps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", _UTC, nullable=False),
        sa.Column("introduced_at", _UTC),
        sa.Column("next_due_at", _UTC),
        sa.Column("confirmed_at", _UTC),
        sa.Column("confirmed_ref", _ID),
        sa.Column("agreed_at", _UTC),
        sa.Column("active_at", _UTC),
        sa.Column("ended_by", sa.Text()),
        sa.Column("ended_at", _UTC),
        _ref("onboardings", "esp_id", "esps"),
        _ref("onboardings", "confirmed_ref", "messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboardings")),
    )
    op.create_index(op.f("ix_onboardings_next_due_at"), "onboardings", ["next_due_at"])
    _one_open("onboardings", "ended_at IS NULL")


def _silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("esp_id", _ID, nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("since", _UTC, nullable=False),
        sa.Column("notices", sa.Integer(), server_default="0", nullable=False),
        sa.Column("urls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("entered_at", _UTC, nullable=False),
        sa.Column("found_at", _UTC),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("confirmed_at", _UTC),
        sa.Column("escalated_by", sa.Text()),
        sa.Column("escalated_at", _UTC),
        sa.Column("left_at", _UTC),
        sa.Column("left_by", sa.String(40)),
        sa.Column("left_ref", _ID),
        _ref("silences", "esp_id", "esps"),
        _ref("silences", "left_ref", "messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    _one_open("silences", "left_at IS NULL")


def _one_open(table: str, where: str) -> None:
    text = sa.text(where)
    op.create_index(
        f"uq_{table}_one_open", table, ["esp_id"], unique=True, sqlite_where=text, postgresql_where=text
    )
