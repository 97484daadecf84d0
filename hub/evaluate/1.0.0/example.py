# %% [markdown]
# # Evaluate a model
#
# On rows that it has not seen, and on each part of them.

# %%
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mlrun_nb as mn

table = load_breast_cancer(as_frame=True).frame
seen, unseen = train_test_split(table, random_state=0, stratify=table["target"])
columns = ["mean texture", "mean area", "mean smoothness"]
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(seen[columns], seen["target"])
evaluated = mn.get_function("hub://evaluate").run(table=unseen, model=model, by=["mean area"])
slices = evaluated.outputs.slices.load()
print(slices)

# %%
assert evaluated.results["roc_auc"] > 0.95
assert evaluated.results["score"] == evaluated.results["accuracy"]
assert slices["rows"].sum() == len(unseen)
assert np.isclose((slices["accuracy"] * slices["rows"]).sum() / len(unseen), evaluated.results["accuracy"])
assert "Precision and recall" in evaluated.artifacts["report"].load().read_text()
