"""Alembic's entry: run on the connection that `Database` has opened."""

from alembic import context

from assistant.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter much of a table
)
with context.begin_transaction():
    context.run_migrations()
