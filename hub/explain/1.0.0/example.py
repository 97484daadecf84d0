# %% [markdown]
# # Explain a model
#
# Of a table where only two columns decide, one of them a text.

# %%
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import mlrun_nb as mn

rng = np.random.default_rng(0)
table = pd.DataFrame(
    {"age": rng.uniform(20, 70, 600), "shoe": rng.normal(size=600), "plan": rng.choice(["a", "b"], 600)}
)
chance = 1 / (1 + np.exp(-(table["age"] - 45) / 5 - 3 * (table["plan"] == "b")))
table["target"] = np.where(rng.random(600) < chance, "stays", "goes")
encoder = make_column_transformer((OneHotEncoder(), ["plan"]), remainder="passthrough")
model = make_pipeline(encoder, LogisticRegression(max_iter=1000)).fit(table.drop(columns="target"), table["target"])
explained = mn.get_function("hub://explain").run(table=table, model=model, top=2)
print(explained.outputs.importance.load())

# %%
importance = explained.outputs.importance.load().set_index("column")["importance"]
dependence = explained.outputs.dependence.load()
ages = dependence.loc[dependence["column"] == "age", "mean"]
assert importance.idxmax() == "age"
assert importance["shoe"] < 0.02 < importance["plan"]
assert ages.is_monotonic_increasing
assert explained.artifacts["dependence_plot"].kind == "figure"
