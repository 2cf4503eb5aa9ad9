"""The tables, as the newest migration leaves them; only the store and the digest's sections may look at them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from daemon.store.types import Id, Json, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, table: str, *, null: bool = True, index: bool = False, key: bool = False) -> Column[Any]:
    """A reference to the ``id`` of ``table``; ``key``: part of the primary key."""
    return Column(name, Id, ForeignKey(f"{table}.id"), nullable=null, index=index, primary_key=key)


def _word(name: str, default: str | None = None, *, null: bool = False) -> Column[Any]:
    """A word of a closed list."""
    return Column(name, String(40), nullable=null, server_default=default)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _number(name: str, default: int = 0) -> Column[Any]:
    return Column(name, Integer, nullable=False, server_default=str(default))


esps = Table(
    "esps",
    metadata,
    _id(),
    Column("key", String(200), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    _word("kind", "host"),
    _word("state", "seen"),  # what is shown; follows from the two columns below
    _word("line", "seen"),
    Column("beside", Json),
    Column("language", String(20)),
    Column("zone", String(60)),
    _ref("merged_into", "esps"),
    Column("settings", Json),
    Column("created_at", Utc, nullable=False),
)

esp_domains = Table(
    "esp_domains",
    metadata,
    _id(),
    _ref("esp_id", "esps", null=False),
    Column("domain", Text, nullable=False, index=True),
    _word("source", "import"),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("esp_id", "domain"),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    _ref("esp_id", "esps", null=False),
    Column("address", Text, nullable=False, index=True),
    _word("role", "primary"),
    Column("language", String(20)),
    _word("health", "ok"),
    _number("soft_bounces"),
    _word("source", "import"),
    Column("confirmed_at", Utc),
    Column("created_at", Utc, nullable=False),
    Column("former_at", Utc),  # replaced by another: it neither speaks nor is written to any more
    UniqueConstraint("esp_id", "address"),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    Column("number", Text, nullable=False, unique=True),
    Column("number_key", Text, nullable=False, unique=True),  # ``number`` in upper case: answers write it as they like
    _ref("esp_id", "esps", null=False, index=True),
    Column("contact_address", Text, nullable=False, server_default=""),
    Column("mailbox", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Column("body", Text),
    Column("message_id", Text, index=True),  # as ``notices.keys.bare`` writes it
    Column("sent_at", Utc, index=True),
    _number("priority", 2),
    _flag("survivor_linked"),
    _word("status", "draft"),
    _ref("parent_id", "notices", index=True),
    Column("clock_from", Utc),
    _number("cycle", 1),
    _word("source", "import"),
    Column("content_hash", String(64), nullable=False),
    Column("xarf", Text),  # how it is classified in reports of XARF v4, None: it has none
    Column("imported_at", Utc, nullable=False),
    Column("first_response_at", Utc),
    Column("ladder", Text),
    _number("rung"),
    Column("next_due_at", Utc, index=True),
    Column("paused_until", Utc),
    Column("pause_by", Text),
    Column("pause_reason", Text),
    _word("hold_reason", null=True),
    Column("answer_by", Utc),  # a first response is overdue after it
    Column("remove_by", Utc),
    Column("still_since", Utc),  # they asked us, and their clocks stand still
    _number("still_seconds"),  # how long they stood still before that
)

RUNNING = "status IN ('sent', 'open', 'partly_resolved')"  # notices whose ESP has something to do
for _name in ("answer_by", "remove_by"):
    Index(f"ix_notices_{_name}", notices.c[_name], sqlite_where=text(RUNNING), postgresql_where=text(RUNNING))

takedowns = Table(
    "takedowns",
    metadata,
    _id(),
    _ref("esp_id", "esps", null=False),
    Column("url", Text, nullable=False),
    Column("url_key", String(32), nullable=False),  # a digest of ``url``: no index takes an address of 5,000 characters
    _number("cycle", 1),
    _word("status", "draft"),
    _word("outcome", "no_change"),
    _word("evidence", "none"),
    _flag("survivor_linked"),
    _number("priority", 2),
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    _flag("awaiting_verification"),
    Column("opened_at", Utc, nullable=False),
    Column("sent_at", Utc),
    Column("closed_at", Utc, index=True),
    Column("referred_at", Utc),  # when its ESP said who stores it instead: what comes after is not their time
    Column("updated_at", Utc, nullable=False),
    _ref("last_message_id", "messages"),
    UniqueConstraint("esp_id", "url_key", "cycle"),
)
Index(
    "uq_takedowns_one_open",
    takedowns.c.esp_id,
    takedowns.c.url_key,
    unique=True,
    sqlite_where=text("is_open"),
    postgresql_where=text("is_open"),
)
Index("ix_takedowns_url_key", takedowns.c.url_key)
Index("ix_takedowns_is_open_sent_at", takedowns.c.is_open, takedowns.c.sent_at)
Index("ix_takedowns_esp_id_is_open", takedowns.c.esp_id, takedowns.c.is_open)

notice_items = Table(
    "notice_items",
    metadata,
    _id(),
    _ref("notice_id", "notices", null=False),
    Column("position", Integer, nullable=False),
    Column("url_as_written", Text, nullable=False),
    _ref("takedown_id", "takedowns", null=False, index=True),
    UniqueConstraint("notice_id", "position"),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("message_id", Text, nullable=False, index=True),  # "" when the mail has none
    Column("fingerprint", String(64), nullable=False),
    _number("fingerprint_version", 1),
    Column("mailbox", Text, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("recorded_at", Utc, nullable=False, index=True),
    Column("from_domain", Text, nullable=False, server_default=""),
    _word("kind", "reply"),
    _word("category", "other"),
    _flag("automatic"),
    _word("state"),
    _ref("esp_id", "esps", index=True),
    Column("ticket", Text),
    _ref("notice_id", "notices", index=True),
    Column("size", Id, nullable=False, server_default="0"),
    Column("body_enc", LargeBinary),
    Column("wording", String(32), nullable=False, server_default=""),  # a digest, see ``message.wording``
    _ref("twin_of", "messages"),  # an earlier mail with the same Message-ID and other content
    UniqueConstraint("message_id", "fingerprint"),
)

places = Table(
    "places",
    metadata,
    _id(),
    Column("mailbox", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("uid", Text, nullable=False),
    _ref("message_ref", "messages", null=False, index=True),
    _word("how", "met"),  # met: listed there; filed: put there by us
    Column("at", Utc, nullable=False),
    UniqueConstraint("mailbox", "folder", "uid"),
)

message_notices = Table(
    "message_notices",
    metadata,
    _ref("message_ref", "messages", null=False, key=True),
    _ref("notice_id", "notices", null=False, index=True, key=True),
    Column("proofs", Json, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    _ref("esp_id", "esps", null=False, key=True),
    Column("ticket", Text, primary_key=True, index=True),
    _ref("notice_id", "notices", null=False, index=True),
    _ref("learned_from", "messages"),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    _ref("message_ref", "messages", null=False, index=True),
    Column("at", Utc, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("rules_version", String(64), nullable=False, server_default=""),
    _word("category"),
    _flag("needs_human"),
    _word("evidence", "none"),
    _word("standing", "claimed"),
    Column("items", Json, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("rule", Text, nullable=False, server_default=""),
    _word("task", ""),
    Column("live", Boolean, nullable=False, server_default=text("true")),
)

journal = Table(
    "journal",
    metadata,
    _id(),
    Column("seq", Id, unique=True),  # place in the chain; null together with hash: not sealed yet
    Column("at", Utc, nullable=False, index=True),
    Column("actor", Text, nullable=False),
    _word("action"),
    Column("esp_id", Id),  # no foreign keys: the journal outlives what it speaks of
    Column("notice_id", Id, index=True),
    Column("takedown_id", Id, index=True),
    Column("message_ref", Id, index=True),
    Column("outbox_id", Id, index=True),
    Column("review_id", Id),
    Column("old", Text),
    Column("new", Text),
    Column("details", Json),
    Column("prev_hash", String(64)),
    Column("hash", String(64)),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _word("kind"),
    Column("template", Text, nullable=False, server_default=""),
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text, nullable=False, unique=True),
    Column("mailbox", Text, nullable=False, server_default=""),
    _ref("esp_id", "esps", index=True),
    Column("to_address", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("raw", LargeBinary),
    Column("context", Json, nullable=False),
    _word("state", "queued"),
    _flag("survivor_linked"),
    Column("due_at", Utc, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_at", Utc),
    _number("attempts"),
    Column("next_try_at", Utc),
    Column("sent_at", Utc, index=True),
    _word("reply", ""),
    Column("created_at", Utc, nullable=False),
    Column("approved_by", Text),
)
Index("ix_outbox_state_due_at", outbox.c.state, outbox.c.due_at)
Index(  # what left of late, to whom: asked for every letter, and answered without the rows, which hold whole mails
    "ix_outbox_left",
    *(
        outbox.c[_name]
        for _name in ("state", "claimed_at", "to_address", "kind", "survivor_linked", "esp_id", "approved_by")
    ),
)

rungs = Table(
    "rungs",
    metadata,
    _id(),
    _ref("notice_id", "notices", null=False),
    _number("cycle", 1),
    Column("rung", Integer, nullable=False),
    _ref("outbox_id", "outbox", index=True),
    _word("outcome"),  # QUEUED, SENT, SKIPPED, CANCELLED
    _word("reason", ""),
    Column("at", Utc, nullable=False),
    UniqueConstraint("notice_id", "cycle", "rung"),
)

reviews = Table(
    "reviews",
    metadata,
    _id(),
    _word("kind", "review"),
    _ref("message_ref", "messages", index=True),
    _ref("notice_id", "notices", index=True),
    _ref("esp_id", "esps"),
    _word("reason", ""),
    Column("reasons", Json, nullable=False),
    Column("proposal", Json),
    _word("state", "open"),
    Column("assigned_to", Text),
    Column("created_at", Utc, nullable=False),
    Column("decided_at", Utc),
    Column("decided_by", Text),
    Column("note", Text),
)
Index("ix_reviews_state_created_at", reviews.c.state, reviews.c.created_at)

alerts = Table(  # who was told of which mail of others; the row makes it happen once
    "alerts",
    metadata,
    _ref("review_id", "reviews", null=False, key=True),
    Column("recipient", Text, primary_key=True),
    _ref("outbox_id", "outbox"),
    Column("at", Utc, nullable=False),
)
Index("ix_alerts_recipient_at", alerts.c.recipient, alerts.c.at)

wishes = Table(
    "wishes",
    metadata,
    _id(),
    Column("mailbox", Text, nullable=False),
    _ref("message_ref", "messages", null=False, index=True),
    Column("folder", Text, nullable=False),
    Column("tags", Json, nullable=False),
    _word("state", "open"),
    _number("attempts"),
    Column("next_try_at", Utc),
    Column("created_at", Utc, nullable=False),
    Column("done_at", Utc),
)
Index("ix_wishes_state_mailbox", wishes.c.state, wishes.c.mailbox)

strays = Table(  # messages whose place or tags changed, until a full look at the mailbox tells what it means
    "strays",
    metadata,
    Column("mailbox", Text, primary_key=True),
    _ref("message_ref", "messages", null=False, key=True),
    _number("passes"),
    _flag("retagged"),
    Column("at", Utc, nullable=False),
)

folder_states = Table(
    "folder_states",
    metadata,
    Column("mailbox", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("text", Text, nullable=False),
    _number("resets"),
    Column("updated_at", Utc, nullable=False),
)

strikes = Table(
    "strikes",
    metadata,
    Column("mailbox", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("uid", Text, primary_key=True),
    _number("count"),
    Column("last_at", Utc, nullable=False),
)

rule_versions = Table(
    "rule_versions",
    metadata,
    _id(),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("activated_at", Utc),
    Column("activated_by", Text),
    _flag("active"),
)

learned = Table(
    "learned",
    metadata,
    _ref("esp_id", "esps", null=False, key=True),
    Column("found", Json, nullable=False),  # see ``followups.learned``
    Column("usual_hours", Integer),  # after which a reminder makes sense; None: not known
    Column("at", Utc, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("week", String(10), primary_key=True),
    Column("recipient", Text, primary_key=True),
    _ref("outbox_id", "outbox"),
    Column("created_at", Utc, nullable=False),
)

settings_state = Table(
    "settings_state",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Json, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Column("changed_by", Text, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    _id(),
    Column("at", Utc, nullable=False),
    _word("source"),
    Column("actor", Text, nullable=False),
    _number("rows"),
    _number("added"),
    _number("already_there"),
    Column("sha256", String(64), nullable=False, server_default=""),
)

esp_changes = Table(  # who may speak for an ESP, and where it is written to: changed by two persons
    "esp_changes",
    metadata,
    _id(),
    _ref("esp_id", "esps", null=False, index=True),
    _word("kind"),  # contact, domain, merge
    Column("old", Text, nullable=False, server_default=""),  # the address that is replaced
    Column("new", Text, nullable=False),  # an address, a domain, or the row of the ESP to be merged into this one
    _word("role", "primary"),
    _word("state"),  # proposed, waiting, applied, objected, stopped
    _ref("message_ref", "messages"),  # the mail that asked for it
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Utc, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", Utc),
    Column("apply_at", Utc),
    _ref("outbox_id", "outbox"),  # the letter to the old address
    Column("ended_by", Text),
    Column("ended_at", Utc),
)
Index("ix_esp_changes_state_apply_at", esp_changes.c.state, esp_changes.c.apply_at)

onboardings = Table(
    "onboardings",
    metadata,
    _id(),
    _ref("esp_id", "esps", null=False),
    Column("address", Text, nullable=False),
    _word("state"),
    _number("steps"),  # reminders queued so far
    Column("started_by", Text, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("introduced_at", Utc),  # when the introduction left
    Column("next_due_at", Utc, index=True),
    Column("confirmed_at", Utc),
    _ref("confirmed_ref", "messages"),
    Column("agreed_at", Utc),
    Column("active_at", Utc),
    Column("ended_by", Text),
    Column("ended_at", Utc),
)
Index(
    "uq_onboardings_one_open",
    onboardings.c.esp_id,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

silences = Table(  # the register of ESPs that do not answer
    "silences",
    metadata,
    _id(),
    _ref("esp_id", "esps", null=False),
    _word("level"),  # watch, unresponsive, escalated
    Column("since", Utc, nullable=False),  # their last answer, or our first letter
    _number("notices"),  # when it was entered
    _number("urls"),
    Column("entered_at", Utc, nullable=False),
    Column("found_at", Utc),  # when a lead was asked to confirm
    Column("confirmed_by", Text),
    Column("confirmed_at", Utc),
    Column("escalated_by", Text),
    Column("escalated_at", Utc),
    Column("left_at", Utc),
    _word("left_by", null=True),  # answered, outcome, nothing_open, merged, person
    _ref("left_ref", "messages"),
)
Index(
    "uq_silences_one_open",
    silences.c.esp_id,
    unique=True,
    sqlite_where=text("left_at IS NULL"),
    postgresql_where=text("left_at IS NULL"),
)
