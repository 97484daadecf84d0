# %% [markdown]
# # Ask with SQL
#
# DuckDB over frames and files at once.
# Files are read where they lie, and of Parquet only the columns and rows that the query needs.

# %%
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import fsspec

READERS = {
    "parquet": "read_parquet",
    "pq": "read_parquet",
    "csv": "read_csv",
    "tsv": "read_csv",
    "json": "read_json",
    "jsonl": "read_json",
}


def named(tables):
    """Return *tables* by name; one table alone is called `data`."""
    if not isinstance(tables, dict):
        return {"data": tables}
    for name in tables:
        if not re.fullmatch(r"[^\W\d]\w*", str(name)):
            raise ValueError(
                f"`{name}` is no name of a table: it has letters, digits and `_`, and begins with no digit"
            )
    return tables


def reader_of(place):
    """Return how DuckDB reads the file at *place*; raises ValueError for one that is no table."""
    ending = re.search(r"\.(\w+?)(?:\.(?:gz|zst))?$", place)
    reader = READERS.get(ending[1].lower()) if ending else None
    if reader is None:
        raise ValueError(f"`{place}` ends like no table: {', '.join(f'.{each}' for each in READERS)} are read")
    quoted = place.replace("'", "''")
    return f"{reader}('{quoted}')"


def add(database, name, table):
    """Let *database* have *table*, a frame or the path or URL of a file, as *name*."""
    if not isinstance(table, str | Path):
        try:
            database.register(name, table)
        except duckdb.Error as err:
            raise ValueError(f"`{name}` is a `{type(table).__name__}`, no table and no path of one") from err
        return
    place = str(table).removeprefix("file://")
    if "://" in place:
        files = fsspec.url_to_fs(place)[0]
        protocol = files.protocol if isinstance(files.protocol, str) else files.protocol[0]
        if protocol not in database.list_filesystems():
            database.register_filesystem(files)
    try:
        database.sql(f"FROM {reader_of(place)}").create_view(name)
    except duckdb.Error as err:
        raise ValueError(f"`{name}` cannot be read: {err}") from err


def asked(database, query, names):
    """Return what *query* finds, the last of several statements; raises ValueError with the tables that there are."""
    try:
        found = database.sql(query)
    except duckdb.Error as err:
        raise ValueError(f"{err}\nThere are the tables {', '.join(names)}") from err
    if found is None:
        raise ValueError("`query` ends with no SELECT, so there is nothing to keep")
    return found.df()


# %%
# %%mlrun sql --input tables --output result --output rows --output schema
"""Ask with SQL, by DuckDB, of frames, Parquet, CSV and JSON files at once."""
query: str  # what to ask: SELECT … FROM a table's name
memory: str = ""  # at most, such as 4GB; four fifths of the machine's without
tables = named(tables)
with TemporaryDirectory() as folder, duckdb.connect(config={"temp_directory": folder}) as database:
    if memory:
        database.execute("SET memory_limit = ?", [memory])
    for name, table in tables.items():
        add(database, name, table)
    result = asked(database, query, tables)
rows = len(result)
schema = {str(name): str(kind) for name, kind in result.dtypes.items()}
print(result.head(20).to_string())
