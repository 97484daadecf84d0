# %% [markdown]
# # Predict
#
# Two files, scored in chunks of 40 rows, give what the model says of the whole table.

# %%
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

import mlrun_nb as mn

table = load_iris(as_frame=True).frame
model = LogisticRegression(max_iter=500).fit(table.drop(columns="target"), table["target"])
folder = Path(mkdtemp())
table.head(100).to_parquet(folder / "1.parquet")
table.tail(50).to_parquet(folder / "2.parquet")
scored = mn.get_function("hub://predict").run(
    model=model, source=str(folder), keep=["target"], probabilities=True, chunk=40
)
predictions = pd.read_parquet(scored.outputs.predictions.load())
print(predictions.head())

# %%
assert scored.results["rows"] == 150
assert list(predictions.columns) == ["target", "prediction", "probability_0", "probability_1", "probability_2"]
assert predictions["target"].to_list() == table["target"].to_list()
assert np.allclose(predictions.filter(like="probability"), model.predict_proba(table[model.feature_names_in_]))
