# %% [markdown]
# # Predict
#
# Score as many rows as there are: from Parquet to Parquet by chunks, so that memory depends on the chunk alone,
# and of the files only the columns are read that the model takes or that are kept.

# %%
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import fsspec
import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

READ_BYTES = 1 << 20  # of a column at once


def files_of(source):
    """Return the file system and the Parquet files at *source*: a file, a folder or a pattern, maybe behind a URL."""
    files, path = fsspec.url_to_fs(source)
    if files.isdir(path):
        found = sorted(name for name in files.find(path) if name.endswith((".parquet", ".pq")))
    else:
        found = sorted(files.glob(path))
    if not found:
        raise ValueError(f"there is no Parquet file at `{source}`: it is a path, a folder, a pattern or a URL")
    return files, found


def columns_of(model, features):
    """Return the columns that *model* takes, and whether it knows them by name."""
    known = getattr(model, "feature_names_in_", None)
    if known is None and not features:
        raise ValueError("the model does not say which columns it takes, having learned from an array: name `features`")
    return list(features) or [str(name) for name in known], known is not None


def plain(table):
    """Return *table* with NaN, the one gap that scikit-learn knows, where columns had pandas' own."""
    columns = {}
    for name, values in table.items():
        if getattr(values.dtype, "na_value", None) is pd.NA:
            kind = float if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values) else object
            columns[name] = values.astype(object).where(values.notna(), np.nan).astype(kind)
    return table.assign(**columns)


def predicted(model, rows, *, probabilities):
    """Return what *model* says of *rows*, as columns; of several outputs one each."""
    if hasattr(model, "steps") and len(model.steps) > 1:  # what stands before the last step is asked once
        model, rows = model[-1], model[:-1].transform(rows)
    said = np.asarray(model.predict(rows))
    if said.ndim == 2:
        return {f"prediction_{index}": said[:, index] for index in range(said.shape[1])}
    columns = {"prediction": said}
    if probabilities:
        chances = model.predict_proba(rows)
        columns |= {f"probability_{name}": chances[:, index] for index, name in enumerate(model.classes_)}
    return columns


def schema_of(files, paths, wanted, kept):
    """Return the columns to read, by types that hold those of all files; a `*` in *kept* stands for the first's."""
    found, names = [], None
    for path in paths:
        with files.open(path, "rb") as file:
            there = parquet.read_schema(file).remove_metadata()
        if names is None:
            names = list(dict.fromkeys([*(there.names if "*" in kept else kept), *wanted]))
        if missing := [name for name in names if name not in there.names]:
            raise ValueError(f"`{path}` has no column `{missing[0]}`; it has {', '.join(there.names)}")
        found.append(pa.schema([there.field(name) for name in names]))
    try:
        return pa.unify_schemas(found, promote_options="permissive")
    except pa.ArrowException as err:
        raise ValueError(f"`{paths[0]}` and the other files do not fit together: {err}") from err


def batches(files, paths, schema, chunk):
    """Yield chunks of all files, each with the columns of *schema*."""
    for path in paths:
        with (
            files.open(path, "rb") as file,
            parquet.ParquetFile(file, pre_buffer=False, buffer_size=READ_BYTES) as rows,
        ):
            for batch in rows.iter_batches(chunk, columns=schema.names):
                yield pa.Table.from_batches([batch]).select(schema.names).cast(schema)


def score(model, batch, wanted, kept, *, named, probabilities):
    """Return the rows of *batch* to write: what is kept, and what *model* says."""
    rows = plain(batch.select(wanted).to_pandas())
    said = predicted(model, rows if named else rows.to_numpy(), probabilities=probabilities)
    names = batch.schema.names if "*" in kept else kept
    if twice := set(names) & set(said):
        raise ValueError(f"the column `{twice.pop()}` to keep is called as what is predicted: keep others")
    return pa.table({**{name: batch[name] for name in names}, **{name: pa.array(each) for name, each in said.items()}})


def written(tables, place):
    """Write *tables* as one file at *place*, once all are there, and return how many rows; without rows no file."""
    partial, rows, writer = f"{place.path}.{uuid4().hex}.part", 0, None
    try:
        with ExitStack() as opened:
            for table in tables:
                if writer is None:
                    file = opened.enter_context(place.fs.open(partial, "wb"))
                    repeated = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
                    writer = opened.enter_context(parquet.ParquetWriter(file, table.schema, use_dictionary=repeated))
                writer.write_table(table.cast(writer.schema))
                rows += len(table)
        if rows:
            place.fs.mv(partial, place.path)
    finally:
        if place.fs.exists(partial):
            place.fs.rm(partial)
    return rows


# %%
# %%mlrun predict --input model --output rows
"""Score Parquet files with a model, chunk by chunk, into one Parquet file."""
source: str  # a file, a folder or a pattern of Parquet files, here or behind a URL
keep: list[str] = []  # columns to take along; "*" for all
probabilities: bool = False  # a column for each class
to: str = ""  # path or URL of the file to write; the artifact `predictions` without
features: list[str] = []  # columns that the model takes, where it does not know them itself
chunk: int = 32_768  # rows at once
import mlrun_nb as mn

files, paths = files_of(source)
wanted, named = columns_of(model, features)
if probabilities and not hasattr(model, "predict_proba"):
    raise ValueError(f"`{type(model).__name__}` tells no probabilities: set `probabilities` to false")
with TemporaryDirectory() as folder:
    target = to or str(Path(folder) / "predictions.parquet")
    place = fsspec.open(target, "wb")
    if place.fs == files and Path(place.path).resolve() in {Path(path).resolve() for path in paths}:
        raise ValueError(f"`{to}` is read, being among the files of `{source}`: let `to` name another")
    if place.fs.isdir(place.path):
        raise ValueError(f"`{to}` is a folder: let `to` name a file")
    schema = schema_of(files, paths, wanted, keep)
    scored = (
        score(model, batch, wanted, keep, named=named, probabilities=probabilities)
        for batch in batches(files, paths, schema, chunk)
    )
    rows = written(scored, place)
    if not rows:
        raise ValueError(f"`{source}` has no rows")
    if not to:
        mn.log_artifact(Path(target), "predictions")
print(f"{rows:,} rows of {len(paths)} files")
