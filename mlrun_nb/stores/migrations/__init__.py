"""
How a store of an older release becomes one of this release: Alembic's scripts, one file per change of the schema.

New databases never come through here; a test makes one both ways and compares. A script is never edited once released.
"""
