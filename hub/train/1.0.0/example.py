# %% [markdown]
# # Train a model
#
# On a table with gaps and texts, as tables are.

# %%
import numpy as np
from sklearn.datasets import load_wine

import mlrun_nb as mn

table = load_wine(as_frame=True).frame
table["strength"] = np.where(table["alcohol"] > 13, "strong", "light")
table.loc[::7, "hue"] = None
trained = mn.get_function("hub://train").run(
    table=table, model_class="sklearn.linear_model.LogisticRegression", params={"C": 0.5}, folds=3
)
print(trained.artifacts["card"].load().read_text())

# %%
model = trained.outputs.model.load()
assert trained.results["score"] > 0.9
assert set(trained.outputs.metrics.load()) == {"accuracy", "balanced_accuracy", "f1_macro", "roc_auc"}
assert model.score(table, table["target"]) > 0.95
assert trained.artifacts["curves"].kind == "figure"
