# %% [markdown]
# # Tune a model
#
# In one run, then with a run for each trial.

# %%
from sklearn.datasets import load_wine

import mlrun_nb as mn

table = load_wine(as_frame=True).frame
tune = mn.get_function("hub://tune")
tuned = tune.run(
    table=table,
    model_class="sklearn.neighbors.KNeighborsClassifier",
    space={"n_neighbors": {"low": 1, "high": 80}, "weights": ["uniform", "distance"]},
    tries=8,
    folds=3,
)
trials = tuned.outputs.trials.load()
print(trials)

# %%
assert len(trials) == 8
assert trials["score"].is_monotonic_decreasing
assert tuned.results["score"] == trials["score"][0] > 0.9
assert (
    tuned.outputs.model.load()[-1].n_neighbors == tuned.outputs.best.load()["n_neighbors"] == trials["n_neighbors"][0]
)
assert len(tuned.metrics.to_pandas()) == 8

# %%
spread = tune.run(
    table=table,
    model_class="sklearn.linear_model.LogisticRegression",
    space={"C": [0.0001, 1.0]},
    folds=3,
    trials_on="local",
)
assert spread.outputs.best.load() == {"C": 1.0}
assert mn.get_run(spread.outputs.trials.load()["run"][0]).function == "train"
