"""Runs migrations on the connection that ``daemon.store.schema`` hands over."""

from alembic import context

from daemon.store.tables import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("run 'noticed db upgrade': the migrations need its connection")
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
