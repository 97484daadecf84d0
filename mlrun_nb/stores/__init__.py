"""
Where versions and runs are recorded, behind `protocols.store.RunStore`; the only user of SQLAlchemy and Alembic.

Here belong tables, migrations, queries and their plans, and the translation of a database's errors into ours.
Not here: which transition of a run is right (model.states, services), files of a run (artifacts).

In doubt: would it be the same for a store that is a dictionary? Then it belongs above.
"""
