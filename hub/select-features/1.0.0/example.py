# %% [markdown]
# # Select features
#
# Of columns that say something, one that says the same in other units, noise, and one that never changes.

# %%
import numpy as np
from sklearn.datasets import load_wine

import mlrun_nb as mn

table = load_wine(as_frame=True).frame
rng = np.random.default_rng(0)
table["alcohol_permille"] = table["alcohol"] * 10
table["noise"] = rng.normal(size=len(table))
table["year"] = 1991
selected = mn.get_function("hub://select-features").run(table=table, count=6)
ranking = selected.outputs.ranking.load().set_index("column")
print(ranking)

# %%
kept = selected.outputs.features.load()
assert len(kept) == 6
assert list(selected.outputs.kept.load()) == [*kept, "target"]
assert ranking.loc["year", "left_out"] == "hardly varies"
assert not ranking.loc["noise", "kept"]
assert len({"alcohol", "alcohol_permille"} & set(kept)) <= 1
