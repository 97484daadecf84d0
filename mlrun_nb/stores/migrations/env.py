"""
What Alembic runs to migrate: the scripts, on the connection and in the transaction that `stores.sql.making` holds.

Executed by Alembic, not imported. Nothing is configured here that a user could set.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
