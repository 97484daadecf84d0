# %% [markdown]
# # Load a table
#
# A set that ships with scikit-learn, then the same through a file.

# %%
from pathlib import Path
from tempfile import mkdtemp

import mlrun_nb as mn

folder = Path(mkdtemp())
load_data = mn.get_function("hub://load-data")
loaded = load_data.run(source="sklearn:diabetes")
table = loaded.outputs.table.load()
table.head()

# %%
table.to_csv(folder / "diabetes.csv", index=False)
again = load_data.run(source=str(folder / "diabetes.csv"), columns=["bmi", "target"], limit=100)
assert again.results["rows"] == 100
assert again.outputs.schema.load() == {"bmi": "float64", "target": "float64"}

# %% [markdown]
# Other files, and a database:

# %%
import sqlite3

table.to_parquet(folder / "diabetes.parquet")
table.to_json(folder / "diabetes.jsonl", orient="records", lines=True)
with sqlite3.connect(folder / "diabetes.db") as database:
    table.to_sql("patients", database, index=False)

files = [folder / "diabetes.parquet", folder / "diabetes.jsonl"]
whole = [load_data.run(source=str(file)).results["rows"] for file in files]
older = load_data.run(source=f"sqlite:///{folder}/diabetes.db", query="SELECT * FROM patients WHERE age > 0")
assert whole == [len(table), len(table)]
assert older.results["rows"] == int((table["age"] > 0).sum())
