# %% [markdown]
# # Tune a model
#
# Try points of a space of parameters, each by cross validation, and train the best one on all rows.
# Trials run here, one after the other, or each as a run of `hub://train`, on a cluster, as a sweep.

# %%
import difflib
import inspect
from importlib import import_module

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats
from sklearn.base import clone, is_classifier
from sklearn.compose import make_column_transformer
from sklearn.ensemble import VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, ParameterGrid, ParameterSampler, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MOST_CATEGORIES = 50  # of one text column; rarer ones share a column
USUAL_TRIALS = 20
SCORERS = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "f1_macro": "f1_macro",
    "roc_auc": "roc_auc_ovr_weighted",
    "r2": "r2",
    "mae": "neg_mean_absolute_error",
    "rmse": "neg_root_mean_squared_error",
}
LOWER = ("mae", "rmse")  # the lower the better


def plain(table):
    """Return *table* with NaN, the one gap that scikit-learn knows, where columns had pandas' own."""
    columns = {}
    for name, values in table.items():
        if getattr(values.dtype, "na_value", None) is pd.NA:
            kind = float if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values) else object
            columns[name] = values.astype(object).where(values.notna(), np.nan).astype(kind)
    return table.assign(**columns)


def parts_of(table, target, features):
    """Return what to learn from and what to learn; raises ValueError where a column is missing or of no use."""
    table = table.rename(columns=str)
    if table.empty:
        raise ValueError("`table` has no rows")
    for name in [target, *features]:
        if name not in table:
            raise ValueError(f"there is no column `{name}`; there are {', '.join(table.columns)}")
    if gaps := int(table[target].isna().sum()):
        raise ValueError(f"`{target}` is missing in {gaps:,} of {len(table):,} rows; leave these out")
    chosen = list(features) or [name for name in table if name != target]
    for name in [target, *chosen]:
        if table[name].dtype.kind in "mM":
            hint = "" if name == target else ", or leave it out of `features`"
            raise ValueError(f"`{name}` is a time ({table[name].dtype}): make numbers of it{hint}")
    table = plain(table)
    return table[chosen], table[target]


def estimator_of(path, params, varied, seed):
    """Return an estimator of the class at *path*; raises ValueError naming what is wrong, and what there is."""
    home, _, name = path.rpartition(".")
    if not home:
        raise ValueError(f"`{path}` is no path of a class, as `sklearn.linear_model.Ridge` is")
    try:
        module = import_module(home)
    except ModuleNotFoundError as err:
        if "." in err.name:
            raise ValueError(f"there is no module `{err.name}`, so no `{path}`") from err
        raise ValueError(f"`{path}` needs `{err.name}`, which is not here: `pip install {home.split('.')[0]}`") from err
    kind = getattr(module, name, None)
    if not hasattr(kind, "fit") or not hasattr(kind, "get_params"):
        near = ", ".join(difflib.get_close_matches(name, dir(module), 3)) or "no name like it"
        raise ValueError(f"`{path}` is no class that can be trained; `{home}` has {near}")
    taken = inspect.signature(kind).parameters.values()
    needed = [each.name for each in taken if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD]
    if missing := [each for each in needed if each not in params]:
        raise ValueError(f"`{name}` needs `{missing[0]}`: give it in `params`, or take another class")
    known = kind(**{each: params[each] for each in needed}).get_params()
    others = any(each.kind is each.VAR_KEYWORD for each in taken)
    if unknown := sorted({*params, *varied} - set(known)) if not others else []:
        raise ValueError(f"`{name}` takes no `{unknown[0]}`; it takes {', '.join(sorted(known))}")
    return kind(**({"random_state": seed} if "random_state" in known else {}) | params)


def with_any_classes(estimator, values):
    """Return *estimator*, behind a vote of its own where it takes only classes 0, 1, 2, as XGBoost's do."""
    numbered = set(values) == set(range(values.nunique()))
    if numbered or not is_classifier(estimator) or not type(estimator).__module__.startswith("xgboost"):
        return estimator
    return VotingClassifier([("alone", estimator)], voting="soft")  # numbers classes, and names them again


def pipeline_of(features, estimator):
    """Return *estimator* behind what makes numbers of *features*, so that it takes tables as they come."""
    numbers = [name for name in features if pd.api.types.is_any_real_numeric_dtype(features[name])]
    others = [name for name in features if name not in numbers]
    numeric = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MOST_CATEGORIES, sparse_output=False)
    return make_pipeline(make_column_transformer((numeric, numbers), (encoder, others)), estimator)


def axis_of(name, values):
    """Return what to draw of one parameter: a list of values, or a distribution between `low` and `high`."""
    if isinstance(values, list) and values:
        return values
    if not isinstance(values, dict) or not {"low", "high"} <= set(values) or not values["low"] < values["high"]:
        raise ValueError(f'`{name}` varies over a list of values, or as {{"low": 0.01, "high": 10, "log": true}}')
    low, high = values["low"], values["high"]
    if values.get("log"):
        return stats.loguniform(low, high)
    return (
        stats.randint(low, high + 1)
        if isinstance(low, int) and isinstance(high, int)
        else stats.uniform(low, high - low)
    )


def points_of(space, trials, seed):
    """Return the points to try: the whole grid where it is small enough, else *trials* that are drawn."""
    axes = {name: axis_of(name, values) for name, values in space.items()}
    if not axes:
        raise ValueError('`space` says what varies: {"C": [0.1, 1, 10]}')
    grid = ParameterGrid(axes) if all(isinstance(each, list) for each in axes.values()) else None
    if grid is not None and (not trials or len(grid) <= trials):
        return list(grid)
    drawn = ParameterSampler(axes, trials or USUAL_TRIALS, random_state=seed)
    return [{name: as_asked(space[name], value) for name, value in each.items()} for each in drawn]


def as_asked(values, value):
    """Return what was drawn as Python's own value: a whole number between whole ends."""
    if isinstance(values, list):
        return value
    return round(value) if isinstance(values["low"], int) and isinstance(values["high"], int) else float(value)


def model_of(features, values, estimator, point):
    """Return what can be trained: *estimator* with the parameters of *point*, behind all that comes before it."""
    return pipeline_of(features, with_any_classes(clone(estimator).set_params(**point), values))


def tried_here(estimator, points, features, values, metric, folds):
    """Yield score and deviation over the folds for each point."""
    for point in points:
        model = model_of(features, values, estimator, point)
        scores = cross_val_score(model, features, values, cv=folds, scoring=SCORERS[metric], error_score="raise")
        scores = np.abs(scores) if metric in LOWER else scores
        yield {"score": scores.mean(), "std": scores.std()}


def trials_plot(trials, metric, names):
    """Return the score over each parameter that varied."""
    figure = Figure(figsize=(4 * len(names), 3.2), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(names), squeeze=False, sharey=True)[0], names, strict=True):
        numeric = pd.api.types.is_any_real_numeric_dtype(trials[name])
        values = trials[name] if numeric else [str(each).replace("$", r"\$") for each in trials[name]]
        axes.plot(values, trials["score"], "o", alpha=0.7)
        if numeric and trials[name].min() > 0 and trials[name].max() / trials[name].min() > 50:
            axes.set_xscale("log")
        axes.set_xlabel(name, parse_math=False)
    figure.supylabel(metric)
    return figure


# %%
# %%mlrun tune --input table --output model --output score --output best --output trials
"""Tune any scikit-learn compatible class on a table: grid or random search, here or as a sweep on a cluster."""
model_class: str  # path of the class, sklearn.linear_model.LogisticRegression
space: dict  # what varies: {"C": [0.1, 1], "tol": {"low": 1e-5, "high": 1e-2, "log": true}}
params: dict = {}  # what is the same in all trials
target: str = "target"  # column to predict
features: list[str] = []  # columns to learn from; all others without
metric: str = ""  # accuracy, balanced_accuracy, f1_macro, roc_auc, r2, mae or rmse
tries: int = 0  # points to draw; without, the whole grid, or 20
folds: int = 5
trials_on: str = ""  # profile or engine on which each trial is a run of hub://train; here without
seed: int = 0
import mlrun_nb as mn

known, values = parts_of(table, target, features)
estimator = estimator_of(model_class, params, space, seed)
metric = metric or ("accuracy" if is_classifier(estimator) else "r2")
if metric not in SCORERS:
    raise ValueError(f"there is no metric `{metric}`: there are {', '.join(SCORERS)}")
points = points_of(space, tries, seed)
if trials_on:
    train = mn.get_function("hub://bundled/train").with_options(on=trials_on)
    same = {"table": table, "model_class": model_class, "target": target, "folds": folds}
    same |= {"curves": False, "minimize" if metric in LOWER else "maximize": metric}
    each = {"features": features, "seed": seed}
    sweep = train.sweep(points=[{"params": params | point, **each} for point in points], **same)
    points = [run.parameters["params"] for run in sweep.children]
    rows = [{"score": run.results.get(metric), "run": run.id} for run in sweep.children]
else:
    rows = []
    held = (StratifiedKFold if is_classifier(estimator) else KFold)(folds, shuffle=True, random_state=seed)
    for row in tried_here(estimator, points, known, values, metric, held):
        mn.log_metric("score", row["score"], step=len(rows))
        rows.append(row)
trials = pd.DataFrame([{name: point[name] for name in space} | row for point, row in zip(points, rows, strict=True)])
first = trials["score"].idxmin() if metric in LOWER else trials["score"].idxmax()
score, best = float(trials["score"][first]), params | points[first]
model = sweep.best.outputs.model.load() if trials_on else model_of(known, values, estimator, best).fit(known, values)
mn.log_artifact(trials_plot(trials, metric, list(space)), "plot")
trials = trials.sort_values("score", ascending=metric in LOWER, ignore_index=True)
print(trials.to_string(index=False))
print(f"best {metric}: {score:.4g} with {best}")
