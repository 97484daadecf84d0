# %% [markdown]
# # Validate a table
#
# Without a schema one is drafted from the table, to be read, corrected and kept.
# With one, each column and check that fails is told, with how many rows and examples of them.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec
import pandas as pd
import pandera.pandas as pa

MOST_VALUES = 20  # of a text column that are listed in a draft
EXAMPLES = 3
ABOUT_COLUMNS = {"column_in_dataframe": "is missing", "column_in_schema": "is not in the schema"}
COLUMNS = ["column", "check", "rows", "share", "examples", "first_row"]


def drafted(table):
    """Return a schema that *table* meets: types, gaps, ranges of numbers, and values of texts that have few."""
    return pa.DataFrameSchema({name: column_of(values) for name, values in table.items()})


def column_of(values):
    """Return what can be asked of a column like *values*."""
    there, checks = values.dropna(), []
    if pd.api.types.is_any_real_numeric_dtype(values) and len(there):
        checks = [pa.Check.in_range(there.min().item(), there.max().item())]
    elif is_text(there) and 0 < there.nunique() <= min(MOST_VALUES, len(there) / 2):
        checks = [pa.Check.isin(sorted(there.unique().tolist()))]
    kind = "str" if is_text(values) and values.dtype != "category" else str(values.dtype)
    return pa.Column(kind, checks, nullable=len(there) < len(values))


def is_text(values):
    """Tell whether *values* are texts, by whatever type a library has for them."""
    return values.dtype == "category" or pd.api.types.infer_dtype(values, skipna=True) == "string"


def read(place):
    """Return the schema in a YAML or JSON file; raises ValueError where it holds none."""
    with fsspec.open(place, "rt", encoding="utf-8") as file:
        text = file.read()
    try:
        found = pa.DataFrameSchema.from_json(text) if place.endswith(".json") else pa.DataFrameSchema.from_yaml(text)
    except Exception as err:  # readers raise what they like
        raise ValueError(f"`{place}` is no schema of pandera, in YAML or `.json`: {type(err).__name__}: {err}") from err
    if not isinstance(found, pa.DataFrameSchema) or not found.columns:
        raise ValueError(f"`{place}` is no schema of pandera: it names no columns")
    return found


def failures_of(schema, table):
    """Return a row for each column and check that fails, those with the most rows first."""
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as err:
        cases = err.failure_cases
        about = cases["check"].isin(ABOUT_COLUMNS)
        cases["column"] = cases["failure_case"].where(about, cases["column"])
    else:
        return pd.DataFrame(columns=COLUMNS).astype({"rows": int, "share": float})
    parts = cases.groupby(["column", "check"], dropna=False)
    found = [row_of(table, column, check, each) for (column, check), each in parts]
    return pd.DataFrame(found, columns=COLUMNS).sort_values("rows", ascending=False, ignore_index=True)


def row_of(table, column, check, cases):
    """Return what to tell of one check that fails; of one that is about the whole column all rows fail."""
    whole = cases["index"].isna().all()
    examples = list(dict.fromkeys(map(str, cases["failure_case"].head(100))))
    rows = len(table) if whole else cases["index"].nunique()
    return {
        "column": str(column),
        "check": ABOUT_COLUMNS.get(check, str(check)),
        "rows": rows,
        "share": rows / max(len(table), 1),
        "examples": ", ".join(examples[:EXAMPLES]),
        "first_row": None if whole else str(cases["index"].iloc[0]),
    }


# %%
# %%mlrun validate_data --input table --output valid --output failing --output failures
"""Draft a schema of a table, or check a table against one and tell each column and check that fails."""
schema: str = ""  # path or URL of a schema in YAML or JSON; one is drafted without
strict: bool = False  # columns that the schema does not name fail too
fail: bool = True  # end the run as failed where a check fails
import mlrun_nb as mn

table = table.rename(columns=str).reset_index(drop=True)
asked = read(schema) if schema else drafted(table)
if strict:
    asked.strict = True
failures = failures_of(asked, table)
failing = len(failures)
valid = not failing
with TemporaryDirectory() as folder:
    for form, write in (("yaml", asked.to_yaml), ("json", asked.to_json)):
        place = Path(folder) / f"schema.{form}"
        write(place)
        mn.log_artifact(place, "schema" if form == "yaml" else "schema_json")
print("valid" if valid else failures.to_string(index=False))
if failing and fail:
    mn.log_artifact(failures, "failures")
    worst = failures.head(5).itertuples()
    told = [f"`{each.column}` {each.check} ({each.rows:,} rows: {each.examples})" for each in worst]
    raise ValueError(f"{failing} checks fail: " + "; ".join(told))
