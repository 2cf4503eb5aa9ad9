"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UTC = sa.DateTime(timezone=True)

_APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal WHEN OLD.hash IS NOT NULL BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""",
        """CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal FOR EACH ROW WHEN (OLD.hash IS NOT NULL) EXECUTE FUNCTION journal_append_only()""",
        """CREATE TRIGGER journal_stays BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_append_only()""",
        """CREATE TRIGGER journal_whole BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()""",
    ),
}


def upgrade() -> None:
    op.create_table('esps',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=40), server_default='host', nullable=False),
    sa.Column('state', sa.String(length=40), server_default='seen', nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('zone', sa.String(length=60), nullable=True),
    sa.Column('merged_into', _ID, nullable=True),
    sa.Column('settings', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('created_at', _UTC, nullable=False),
    sa.ForeignKeyConstraint(['merged_into'], ['esps.id'], name=op.f('fk_esps_merged_into_esps')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_esps')),
    sa.UniqueConstraint('key', name=op.f('uq_esps_key'))
    )
    op.create_table('folder_states',
    sa.Column('mailbox', sa.Text(), nullable=False),
    sa.Column('folder', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('updated_at', _UTC, nullable=False),
    sa.PrimaryKeyConstraint('mailbox', 'folder', name=op.f('pk_folder_states'))
    )
    op.create_table('imports',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('at', _UTC, nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('rows', sa.Integer(), server_default='0', nullable=False),
    sa.Column('added', sa.Integer(), server_default='0', nullable=False),
    sa.Column('already_there', sa.Integer(), server_default='0', nullable=False),
    sa.Column('sha256', sa.String(length=64), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_table('journal',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('seq', _ID, nullable=True),
    sa.Column('at', _UTC, nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('esp_id', _ID, nullable=True),
    sa.Column('notice_id', _ID, nullable=True),
    sa.Column('takedown_id', _ID, nullable=True),
    sa.Column('message_ref', _ID, nullable=True),
    sa.Column('outbox_id', _ID, nullable=True),
    sa.Column('review_id', _ID, nullable=True),
    sa.Column('old', sa.Text(), nullable=True),
    sa.Column('new', sa.Text(), nullable=True),
    sa.Column('details', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('prev_hash', sa.String(length=64), nullable=True),
    sa.Column('hash', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal')),
    sa.UniqueConstraint('seq', name=op.f('uq_journal_seq'))
    )
    op.create_index(op.f('ix_journal_at'), 'journal', ['at'], unique=False)
    op.create_index(op.f('ix_journal_message_ref'), 'journal', ['message_ref'], unique=False)
    op.create_index(op.f('ix_journal_notice_id'), 'journal', ['notice_id'], unique=False)
    op.create_index(op.f('ix_journal_outbox_id'), 'journal', ['outbox_id'], unique=False)
    op.create_index(op.f('ix_journal_takedown_id'), 'journal', ['takedown_id'], unique=False)
    op.create_table('rule_versions',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', _UTC, nullable=False),
    sa.Column('activated_at', _UTC, nullable=True),
    sa.Column('activated_by', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_versions')),
    sa.UniqueConstraint('sha256', name=op.f('uq_rule_versions_sha256'))
    )
    op.create_table('settings_state',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('changed_at', _UTC, nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_settings_state'))
    )
    op.create_table('strikes',
    sa.Column('mailbox', sa.Text(), nullable=False),
    sa.Column('folder', sa.Text(), nullable=False),
    sa.Column('uid', sa.Text(), nullable=False),
    sa.Column('count', sa.Integer(), server_default='0', nullable=False),
    sa.Column('last_at', _UTC, nullable=False),
    sa.PrimaryKeyConstraint('mailbox', 'folder', 'uid', name=op.f('pk_strikes'))
    )
    op.create_table('contacts',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('esp_id', _ID, nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=40), server_default='primary', nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('health', sa.String(length=40), server_default='ok', nullable=False),
    sa.Column('soft_bounces', sa.Integer(), server_default='0', nullable=False),
    sa.Column('source', sa.String(length=40), server_default='import', nullable=False),
    sa.Column('confirmed_at', _UTC, nullable=True),
    sa.Column('created_at', _UTC, nullable=False),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_contacts_esp_id_esps')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts')),
    sa.UniqueConstraint('esp_id', 'address', name=op.f('uq_contacts_esp_id_address'))
    )
    op.create_index(op.f('ix_contacts_address'), 'contacts', ['address'], unique=False)
    op.create_table('esp_domains',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('esp_id', _ID, nullable=False),
    sa.Column('domain', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=40), server_default='import', nullable=False),
    sa.Column('created_at', _UTC, nullable=False),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_esp_domains_esp_id_esps')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_esp_domains')),
    sa.UniqueConstraint('esp_id', 'domain', name=op.f('uq_esp_domains_esp_id_domain'))
    )
    op.create_index(op.f('ix_esp_domains_domain'), 'esp_domains', ['domain'], unique=False)
    op.create_table('notices',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('number_key', sa.Text(), nullable=False),
    sa.Column('esp_id', _ID, nullable=False),
    sa.Column('contact_address', sa.Text(), server_default='', nullable=False),
    sa.Column('mailbox', sa.Text(), server_default='', nullable=False),
    sa.Column('subject', sa.Text(), server_default='', nullable=False),
    sa.Column('body', sa.Text(), nullable=True),
    sa.Column('message_id', sa.Text(), nullable=True),
    sa.Column('sent_at', _UTC, nullable=True),
    sa.Column('priority', sa.Integer(), server_default='2', nullable=False),
    sa.Column('survivor_linked', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('status', sa.String(length=40), server_default='draft', nullable=False),
    sa.Column('parent_id', _ID, nullable=True),
    sa.Column('clock_from', _UTC, nullable=True),
    sa.Column('cycle', sa.Integer(), server_default='1', nullable=False),
    sa.Column('source', sa.String(length=40), server_default='import', nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('imported_at', _UTC, nullable=False),
    sa.Column('first_response_at', _UTC, nullable=True),
    sa.Column('ladder', sa.Text(), nullable=True),
    sa.Column('rung', sa.Integer(), server_default='0', nullable=False),
    sa.Column('next_due_at', _UTC, nullable=True),
    sa.Column('paused_until', _UTC, nullable=True),
    sa.Column('pause_by', sa.Text(), nullable=True),
    sa.Column('pause_reason', sa.Text(), nullable=True),
    sa.Column('hold_reason', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_notices_esp_id_esps')),
    sa.ForeignKeyConstraint(['parent_id'], ['notices.id'], name=op.f('fk_notices_parent_id_notices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('number', name=op.f('uq_notices_number')),
    sa.UniqueConstraint('number_key', name=op.f('uq_notices_number_key'))
    )
    op.create_index(op.f('ix_notices_esp_id'), 'notices', ['esp_id'], unique=False)
    op.create_index(op.f('ix_notices_message_id'), 'notices', ['message_id'], unique=False)
    op.create_index(op.f('ix_notices_next_due_at'), 'notices', ['next_due_at'], unique=False)
    op.create_index(op.f('ix_notices_sent_at'), 'notices', ['sent_at'], unique=False)
    op.create_table('outbox',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('template', sa.Text(), server_default='', nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('mailbox', sa.Text(), server_default='', nullable=False),
    sa.Column('esp_id', _ID, nullable=True),
    sa.Column('to_address', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), server_default='', nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=True),
    sa.Column('context', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('state', sa.String(length=40), server_default='queued', nullable=False),
    sa.Column('survivor_linked', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('due_at', _UTC, nullable=False),
    sa.Column('claimed_by', sa.Text(), nullable=True),
    sa.Column('claimed_at', _UTC, nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('next_try_at', _UTC, nullable=True),
    sa.Column('sent_at', _UTC, nullable=True),
    sa.Column('reply', sa.String(length=40), server_default='', nullable=False),
    sa.Column('created_at', _UTC, nullable=False),
    sa.Column('approved_by', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_outbox_esp_id_esps')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_key')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbox_message_id'))
    )
    op.create_index('ix_outbox_claimed_at_to_address', 'outbox', ['claimed_at', 'to_address'], unique=False)
    op.create_index(op.f('ix_outbox_esp_id'), 'outbox', ['esp_id'], unique=False)
    op.create_index(op.f('ix_outbox_sent_at'), 'outbox', ['sent_at'], unique=False)
    op.create_index('ix_outbox_state_due_at', 'outbox', ['state', 'due_at'], unique=False)
    op.create_table('digests',
    sa.Column('week', sa.String(length=10), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('outbox_id', _ID, nullable=True),
    sa.Column('created_at', _UTC, nullable=False),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_digests_outbox_id_outbox')),
    sa.PrimaryKeyConstraint('week', 'recipient', name=op.f('pk_digests'))
    )
    op.create_table('messages',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('fingerprint_version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('mailbox', sa.Text(), nullable=False),
    sa.Column('received_at', _UTC, nullable=False),
    sa.Column('recorded_at', _UTC, nullable=False),
    sa.Column('from_domain', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.String(length=40), server_default='reply', nullable=False),
    sa.Column('category', sa.String(length=40), server_default='other', nullable=False),
    sa.Column('automatic', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('esp_id', _ID, nullable=True),
    sa.Column('ticket', sa.Text(), nullable=True),
    sa.Column('notice_id', _ID, nullable=True),
    sa.Column('size', _ID, server_default='0', nullable=False),
    sa.Column('body_enc', sa.LargeBinary(), nullable=True),
    sa.Column('twin_of', _ID, nullable=True),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_messages_esp_id_esps')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_messages_notice_id_notices')),
    sa.ForeignKeyConstraint(['twin_of'], ['messages.id'], name=op.f('fk_messages_twin_of_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('message_id', 'fingerprint', name=op.f('uq_messages_message_id_fingerprint'))
    )
    op.create_index(op.f('ix_messages_esp_id'), 'messages', ['esp_id'], unique=False)
    op.create_index(op.f('ix_messages_message_id'), 'messages', ['message_id'], unique=False)
    op.create_index(op.f('ix_messages_notice_id'), 'messages', ['notice_id'], unique=False)
    op.create_index(op.f('ix_messages_recorded_at'), 'messages', ['recorded_at'], unique=False)
    op.create_table('rungs',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('notice_id', _ID, nullable=False),
    sa.Column('cycle', sa.Integer(), server_default='1', nullable=False),
    sa.Column('rung', sa.Integer(), nullable=False),
    sa.Column('outbox_id', _ID, nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=40), server_default='', nullable=False),
    sa.Column('at', _UTC, nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_rungs_notice_id_notices')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_rungs_outbox_id_outbox')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rungs')),
    sa.UniqueConstraint('notice_id', 'cycle', 'rung', name=op.f('uq_rungs_notice_id_cycle_rung'))
    )
    op.create_index(op.f('ix_rungs_outbox_id'), 'rungs', ['outbox_id'], unique=False)
    op.create_table('decisions',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('message_ref', _ID, nullable=False),
    sa.Column('at', _UTC, nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('rules_version', sa.String(length=64), server_default='', nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('needs_human', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('evidence', sa.String(length=40), server_default='none', nullable=False),
    sa.Column('standing', sa.String(length=40), server_default='claimed', nullable=False),
    sa.Column('items', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('reasons', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('rule', sa.Text(), server_default='', nullable=False),
    sa.Column('task', sa.String(length=40), server_default='', nullable=False),
    sa.Column('live', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.ForeignKeyConstraint(['message_ref'], ['messages.id'], name=op.f('fk_decisions_message_ref_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    op.create_index(op.f('ix_decisions_at'), 'decisions', ['at'], unique=False)
    op.create_index(op.f('ix_decisions_message_ref'), 'decisions', ['message_ref'], unique=False)
    op.create_table('message_notices',
    sa.Column('message_ref', _ID, nullable=False),
    sa.Column('notice_id', _ID, nullable=False),
    sa.Column('proofs', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['message_ref'], ['messages.id'], name=op.f('fk_message_notices_message_ref_messages')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_message_notices_notice_id_notices')),
    sa.PrimaryKeyConstraint('message_ref', 'notice_id', name=op.f('pk_message_notices'))
    )
    op.create_index(op.f('ix_message_notices_notice_id'), 'message_notices', ['notice_id'], unique=False)
    op.create_table('places',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('mailbox', sa.Text(), nullable=False),
    sa.Column('folder', sa.Text(), nullable=False),
    sa.Column('uid', sa.Text(), nullable=False),
    sa.Column('message_ref', _ID, nullable=False),
    sa.Column('how', sa.String(length=40), server_default='met', nullable=False),
    sa.Column('at', _UTC, nullable=False),
    sa.ForeignKeyConstraint(['message_ref'], ['messages.id'], name=op.f('fk_places_message_ref_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_places')),
    sa.UniqueConstraint('mailbox', 'folder', 'uid', name=op.f('uq_places_mailbox_folder_uid'))
    )
    op.create_index(op.f('ix_places_message_ref'), 'places', ['message_ref'], unique=False)
    op.create_table('reviews',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=40), server_default='review', nullable=False),
    sa.Column('message_ref', _ID, nullable=True),
    sa.Column('notice_id', _ID, nullable=True),
    sa.Column('esp_id', _ID, nullable=True),
    sa.Column('reason', sa.String(length=40), server_default='', nullable=False),
    sa.Column('reasons', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('proposal', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('state', sa.String(length=40), server_default='open', nullable=False),
    sa.Column('assigned_to', sa.Text(), nullable=True),
    sa.Column('created_at', _UTC, nullable=False),
    sa.Column('decided_at', _UTC, nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_reviews_esp_id_esps')),
    sa.ForeignKeyConstraint(['message_ref'], ['messages.id'], name=op.f('fk_reviews_message_ref_messages')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_reviews_notice_id_notices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews'))
    )
    op.create_index(op.f('ix_reviews_message_ref'), 'reviews', ['message_ref'], unique=False)
    op.create_index(op.f('ix_reviews_notice_id'), 'reviews', ['notice_id'], unique=False)
    op.create_index('ix_reviews_state_created_at', 'reviews', ['state', 'created_at'], unique=False)
    op.create_table('takedowns',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('esp_id', _ID, nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('url_key', sa.String(length=32), nullable=False),
    sa.Column('cycle', sa.Integer(), server_default='1', nullable=False),
    sa.Column('status', sa.String(length=40), server_default='draft', nullable=False),
    sa.Column('outcome', sa.String(length=40), server_default='no_change', nullable=False),
    sa.Column('evidence', sa.String(length=40), server_default='none', nullable=False),
    sa.Column('survivor_linked', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('priority', sa.Integer(), server_default='2', nullable=False),
    sa.Column('is_open', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('awaiting_verification', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('opened_at', _UTC, nullable=False),
    sa.Column('sent_at', _UTC, nullable=True),
    sa.Column('closed_at', _UTC, nullable=True),
    sa.Column('updated_at', _UTC, nullable=False),
    sa.Column('last_message_id', _ID, nullable=True),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_takedowns_esp_id_esps')),
    sa.ForeignKeyConstraint(['last_message_id'], ['messages.id'], name=op.f('fk_takedowns_last_message_id_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_takedowns')),
    sa.UniqueConstraint('esp_id', 'url_key', 'cycle', name=op.f('uq_takedowns_esp_id_url_key_cycle'))
    )
    op.create_index(op.f('ix_takedowns_closed_at'), 'takedowns', ['closed_at'], unique=False)
    op.create_index('ix_takedowns_esp_id_is_open', 'takedowns', ['esp_id', 'is_open'], unique=False)
    op.create_index('ix_takedowns_is_open_sent_at', 'takedowns', ['is_open', 'sent_at'], unique=False)
    op.create_index('ix_takedowns_url_key', 'takedowns', ['url_key'], unique=False)
    op.create_index('uq_takedowns_one_open', 'takedowns', ['esp_id', 'url_key'], unique=True, sqlite_where=sa.text('is_open'), postgresql_where=sa.text('is_open'))
    op.create_table('tickets',
    sa.Column('esp_id', _ID, nullable=False),
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('notice_id', _ID, nullable=False),
    sa.Column('learned_from', _ID, nullable=True),
    sa.ForeignKeyConstraint(['esp_id'], ['esps.id'], name=op.f('fk_tickets_esp_id_esps')),
    sa.ForeignKeyConstraint(['learned_from'], ['messages.id'], name=op.f('fk_tickets_learned_from_messages')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_tickets_notice_id_notices')),
    sa.PrimaryKeyConstraint('esp_id', 'ticket', name=op.f('pk_tickets'))
    )
    op.create_index(op.f('ix_tickets_notice_id'), 'tickets', ['notice_id'], unique=False)
    op.create_index(op.f('ix_tickets_ticket'), 'tickets', ['ticket'], unique=False)
    op.create_table('wishes',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('mailbox', sa.Text(), nullable=False),
    sa.Column('message_ref', _ID, nullable=False),
    sa.Column('folder', sa.Text(), nullable=False),
    sa.Column('tags', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('state', sa.String(length=40), server_default='open', nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('next_try_at', _UTC, nullable=True),
    sa.Column('created_at', _UTC, nullable=False),
    sa.Column('done_at', _UTC, nullable=True),
    sa.ForeignKeyConstraint(['message_ref'], ['messages.id'], name=op.f('fk_wishes_message_ref_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wishes'))
    )
    op.create_index(op.f('ix_wishes_message_ref'), 'wishes', ['message_ref'], unique=False)
    op.create_index('ix_wishes_state_mailbox', 'wishes', ['state', 'mailbox'], unique=False)
    op.create_table('notice_items',
    sa.Column('id', _ID, autoincrement=True, nullable=False),
    sa.Column('notice_id', _ID, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('url_as_written', sa.Text(), nullable=False),
    sa.Column('takedown_id', _ID, nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_items_notice_id_notices')),
    sa.ForeignKeyConstraint(['takedown_id'], ['takedowns.id'], name=op.f('fk_notice_items_takedown_id_takedowns')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_items')),
    sa.UniqueConstraint('notice_id', 'position', name=op.f('uq_notice_items_notice_id_position'))
    )
    op.create_index(op.f('ix_notice_items_takedown_id'), 'notice_items', ['takedown_id'], unique=False)
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
