# %% [markdown]
# # Disease progression: a pipeline of our own steps
# Transformers grow over several cells; one gets a method only later, which capture cannot follow.
#
# - `coefficients`: notice `LogColumns.describe = describe` in cell 9

# %%
from __future__ import annotations

from collections import namedtuple
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_diabetes

# %%
Frame = TypeVar("Frame", bound=pd.DataFrame)
Split = namedtuple("Split", "train test")
FEATURES = "bmi bp s5 age".split()
ALPHAS = [10**power for power in range(-3, 2)]
FOLDS = len(ALPHAS)


class Fits(Protocol):
    def fit(self, X, y): ...


# %%
class Columns(BaseEstimator, TransformerMixin):
    def __init__(self, names=FEATURES):
        self.names = names

    def fit(self, X, y=None):
        return self

    def transform(self, X: Frame) -> Frame:
        return X[self.names]


# %% [markdown]
# The logarithm helps with skewed columns.


# %%
class LogColumns(Columns):
    def transform(self, X):
        chosen = super().transform(X)
        return np.log(chosen - chosen.min() + 1)


# %%
frame, target = load_diabetes(return_X_y=True, as_frame=True)
frame.head()


# %%
def halves(X, y, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    cut = len(X) // 2
    return Split((X.iloc[order[:cut]], y.iloc[order[:cut]]), (X.iloc[order[cut:]], y.iloc[order[cut:]]))


# %%
def describe(self):
    return f"{type(self).__name__} of {', '.join(self.names)}"


LogColumns.describe = describe
LogColumns().describe()

# %%
# %%mlrun search --input frame --input target --output scores --output best
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

seed: int = 4  # not a parameter: imports come first
split = halves(frame, target, seed)
pipeline: Fits = Pipeline([("columns", Columns()), ("ridge", Ridge())])
grid = GridSearchCV(pipeline, {"ridge__alpha": ALPHAS}, cv=FOLDS).fit(*split.train)
scores = pd.Series(grid.cv_results_["mean_test_score"], index=ALPHAS)
best = grid.best_params_["ridge__alpha"]

# %%
scores.plot(logx=True)

# %%
# %%mlrun coefficients --input frame --input target --output weights --output quality
seed: int = 4
alpha: float = 0.1
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

(X, y), (X_test, y_test) = halves(frame, target, seed)
fitted = make_pipeline(LogColumns(), Ridge(alpha)).fit(X, y)
weights = dict(zip(FEATURES, fitted[-1].coef_.tolist()))
quality = fitted.score(X_test, y_test)

# %%
weights, quality
