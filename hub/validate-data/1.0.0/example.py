# %% [markdown]
# # Validate a table
#
# A schema drafted from one table, and another held to it.

# %%
from sklearn.datasets import load_iris

import mlrun_nb as mn

table = load_iris(as_frame=True).frame
table["species"] = table["target"].map({0: "setosa", 1: "versicolor", 2: "virginica"})
validate = mn.get_function("hub://validate-data")
drafted = validate.run(table=table)
print(drafted.artifacts["schema"].load().read_text())

# %%
worse = table.drop(columns="target")
worse.loc[[3, 5], "sepal length (cm)"] = -1.0
worse.loc[7, "species"] = "rose"
checked = validate.run(table=worse, schema=drafted.artifacts["schema"].uri, fail=False)
failures = checked.outputs.failures.load().set_index("column")
print(failures)

# %%
assert drafted.results["valid"]
assert not checked.results["valid"]
assert failures["rows"].to_dict() == {"target": 150, "sepal length (cm)": 2, "species": 1}
assert failures.loc["species", "examples"] == "rose"
