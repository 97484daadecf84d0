"""
The tables of a store and their indexes: the truth for new databases, which are made from here and stamped.

Columns hold what is filtered, sorted or counted; `record` holds the rest of a record as ASCII JSON in a text column,
so that no database has an opinion on it (PostgreSQL's jsonb refuses NUL). Older databases come here by
`stores.migrations`: whoever changes a table adds a migration and raises SCHEMA_VERSION; a test compares the two ways.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SCHEMA_VERSION = "0002"
"""Name of the newest migration; names are digits, so that older and newer can be told apart."""

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER PRIMARY KEY is the row's own address in SQLite
_ID = String(12).with_variant(String(12, collation="C"), "postgresql")  # prefixes are ranges, in byte order only

IS_OPEN = "state IN ('pending', 'running')"
"""What says in SQL that a run has not ended; a database finds the index by these very words."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

alembic_version = Table(
    "alembic_version",  # as Alembic itself would make it
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

changes = Table(
    "changes",  # one row: its lock orders all writers, its number is the store's revision and every new row's sequence
    metadata,
    Column("one", _NUMBER, CheckConstraint("one = 1", name="one"), primary_key=True, autoincrement=False),
    Column("identity", String(8), nullable=False),
    Column("number", _NUMBER, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=False),
    Column("project", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("cell_digest", Text, nullable=False),
    Column("notebook", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created", String(40), nullable=False),
    Column("runs", _NUMBER, nullable=False),
    Column("record", Text, nullable=False),
    UniqueConstraint("project", "function", "hash"),
    Index(None, "project", "function", "sequence"),
)

tags = Table(
    "tags",
    metadata,
    Column("project", Text, primary_key=True),
    Column("function", Text, primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("hash", String(64), nullable=False),
    ForeignKeyConstraint(
        ["project", "function", "hash"],
        ["versions.project", "versions.function", "versions.hash"],
        name="fk_tags_version",
    ),
    sqlite_with_rowid=False,
)

functions = Table(
    "functions",
    metadata,
    Column("project", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("latest", String(64), nullable=False),
    Column("versions", _NUMBER, nullable=False),
    Column("updated", String(40), nullable=False),
    sqlite_with_rowid=False,
)

runs = Table(
    "runs",
    metadata,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=False),
    Column("id", _ID, nullable=False),
    Column("revision", _NUMBER, nullable=False),
    Column("project", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("version", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("parent", _ID),
    Column("pinned", Boolean, nullable=False),
    Column("created_us", _NUMBER, nullable=False),
    Column("newest_us", _NUMBER, nullable=False),  # the latest `created_us` up to this row: rises with sequence
    Column("ended_us", _NUMBER),
    Column("record", Text, nullable=False),
    UniqueConstraint("id"),
    Index(None, "newest_us", "sequence"),
)
for _name, _names, _rows in (
    ("project_sequence", "project sequence", "parent IS NULL"),  # lists: children are not in their way
    ("project_state_sequence", "project state sequence", "parent IS NULL"),
    ("project_function_sequence", "project function sequence", "parent IS NULL"),
    ("project_function_state_sequence", "project function state sequence", "parent IS NULL"),
    ("project_function_version_sequence", "project function version sequence", "parent IS NULL"),
    ("parent_sequence_state", "parent sequence state", "parent IS NOT NULL"),  # counts them by state without their rows
    ("open", "project sequence", IS_OPEN),
    ("lost", "project ended_us", "state = 'lost'"),
):
    _where = text(_rows)
    Index(f"ix_runs_{_name}", *(runs.c[each] for each in _names.split()), sqlite_where=_where, postgresql_where=_where)

labels = Table(
    "labels",
    metadata,
    Column("project", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("sequence", _NUMBER, ForeignKey("runs.sequence", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("sequence", _NUMBER, ForeignKey("runs.sequence", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("record", Text, nullable=False),
    sqlite_with_rowid=False,
)

metrics = Table(
    "metrics",
    metadata,
    Column("sequence", _NUMBER, ForeignKey("runs.sequence", ondelete="CASCADE"), primary_key=True),
    Column("position", _NUMBER, primary_key=True, autoincrement=False),
    Column("time_us", _NUMBER, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "sequence", "time_us"),
    sqlite_with_rowid=False,
)

counts = Table(
    "counts",  # kept with every create, change of state and delete; rows may be 0
    metadata,
    Column("project", Text, primary_key=True),
    Column("function", Text, primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("runs", _NUMBER, nullable=False),
    sqlite_with_rowid=False,
)
