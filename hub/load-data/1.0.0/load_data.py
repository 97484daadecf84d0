# %% [markdown]
# # Load a table
#
# From wherever it is to a table that other functions take as input.
# What can be read without a copy is: Parquet by columns, CSV and JSON by rows.

# %%
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pandas as pd

SAMPLE_ROWS = 5
SKLEARN = "sklearn:"


def from_sklearn(name):
    """Return a set that ships with scikit-learn; its target is the last column."""
    from sklearn import datasets

    loader = getattr(datasets, f"load_{name}", None)
    if loader is None:
        known = sorted(each.removeprefix("load_") for each in dir(datasets) if each.startswith("load_"))
        raise ValueError(f"scikit-learn has no set `{name}`; it has {', '.join(known)}")
    found = loader(as_frame=True)
    if getattr(found, "frame", None) is None:
        raise ValueError(f"the set `{name}` of scikit-learn is no table")
    return found.frame


def from_database(url, query):
    """Return what *query* finds in the database at *url*."""
    import sqlalchemy

    if not query:
        raise ValueError("`query` says what to take of a database: `-p query='SELECT * FROM orders'`")
    with sqlalchemy.create_engine(url).connect() as connection:
        return pd.read_sql(sqlalchemy.text(query), connection)


def from_file(source, columns):
    """Return the table in a file or behind a URL that fsspec knows, by the end of its name."""
    kind = "".join(PurePosixPath(urlsplit(source).path).suffixes).lower()
    if kind.endswith((".parquet", ".pq")):
        return pd.read_parquet(source, columns=columns or None)
    if ".csv" in kind or ".tsv" in kind:
        return pd.read_csv(source, sep="\t" if ".tsv" in kind else ",", usecols=columns or None)
    if ".json" in kind:
        return pd.read_json(source, lines=".jsonl" in kind)
    raise ValueError(f"`{source}` ends like no table: .parquet, .csv, .tsv, .json and .jsonl are read")


def load(source, query, columns):
    """Return the table at *source*, with *columns* only where some are named."""
    if source.startswith(SKLEARN):
        table = from_sklearn(source.removeprefix(SKLEARN))
    elif source.partition("://")[0].partition("+")[0] in {"sqlite", "postgresql", "mysql", "duckdb"}:
        table = from_database(source, query)
    else:
        table = from_file(source, columns)
    missing = [name for name in columns if name not in table]
    if missing:
        raise ValueError(f"`{source}` has no column {missing[0]!r}; it has {', '.join(map(repr, table.columns))}")
    return table[columns] if columns else table


# %%
# %%mlrun load_data --output table --output rows --output schema --output sample
"""Load a table from a file, a URL, a database or a set of scikit-learn."""
source: str = "sklearn:diabetes"  # path, URL, database URL, or sklearn:NAME
query: str = ""  # what to take of a database
columns: list[str] = []  # only these; all without
limit: int = 0  # at most so many rows; all for 0
table = load(source, query, columns)
if limit:
    table = table.head(limit)
rows = len(table)
schema = {str(name): str(kind) for name, kind in table.dtypes.items()}
sample = table.head(SAMPLE_ROWS)
