# %% [markdown]
# # Train a model
#
# A class of scikit-learn, or one that looks like it, on a table as it is: gaps are filled, texts become columns.
# What it is worth is told by cross validation; the model itself is trained on all rows.

# %%
import difflib
import inspect
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import sklearn
from matplotlib.figure import Figure
from sklearn.base import is_classifier
from sklearn.compose import make_column_transformer
from sklearn.ensemble import VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import roc_curve
from sklearn.model_selection import KFold, StratifiedKFold, cross_validate, learning_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MOST_CATEGORIES = 50  # of one text column; rarer ones share a column
MOST_CLASSES = 20  # whole numbers in a target that are still classes
USUAL = {
    "classification": "sklearn.ensemble.RandomForestClassifier",
    "regression": "sklearn.ensemble.RandomForestRegressor",
}


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


def task_of(wanted, values):
    """Return classification or regression: numbers that are whole and few are classes, as all that are no numbers."""
    if not pd.api.types.is_numeric_dtype(values):
        return "classification"
    if wanted:
        return wanted
    whole = not (values % 1).any() if not pd.api.types.is_bool_dtype(values) else True
    return "classification" if whole and values.nunique() <= MOST_CLASSES else "regression"


def estimator_of(path, params, seed):
    """Return an estimator of the class at *path*; raises ValueError naming what is wrong, and what there is."""
    home, _, name = path.rpartition(".")
    if not home:
        raise ValueError(f"`{path}` is no path of a class, as `{USUAL['classification']}` is")
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
    if unknown := sorted(set(params) - set(known)) if not others else []:
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


def folds_of(task, values, folds, seed):
    """Return how rows are held out; raises ValueError where a class has too few."""
    if folds < 2:
        raise ValueError(f"`folds` is 0 for no cross validation, or at least 2, not {folds}")
    if task == "regression":
        return KFold(folds, shuffle=True, random_state=seed)
    counts = values.astype(object).value_counts()  # as objects, for a category may have no rows
    if counts.iloc[-1] < folds:
        raise ValueError(
            f"class `{counts.index[-1]}` has {counts.iloc[-1]} rows, too few for {folds} folds: set `folds`"
        )
    return StratifiedKFold(folds, shuffle=True, random_state=seed)


def scoring_of(task, estimator, values):
    """Return the metrics that fit, by their own names and scikit-learn's; the first is the one that counts."""
    if task == "regression":
        return {"r2": "r2", "mae": "neg_mean_absolute_error", "rmse": "neg_root_mean_squared_error"}
    metrics = {"accuracy": "accuracy", "balanced_accuracy": "balanced_accuracy", "f1_macro": "f1_macro"}
    if hasattr(estimator, "predict_proba"):
        metrics["roc_auc"] = "roc_auc" if values.nunique() == 2 else "roc_auc_ovr_weighted"
    return metrics


def draw_learning(axes, pipeline, features, values, folds, seed):
    """Draw what more rows bring, drawn by chance, as tables may be sorted."""
    sizes, trained, held = learning_curve(
        pipeline, features, values, cv=folds, train_sizes=[0.1, 0.3, 0.6, 1.0], shuffle=True, random_state=seed
    )
    for scores, label in ((trained, "on rows it was trained on"), (held, "on rows held out")):
        axes.plot(sizes, scores.mean(axis=1), marker="o", label=label)
        axes.fill_between(sizes, scores.min(axis=1), scores.max(axis=1), alpha=0.15)
    axes.set(title="Learning curve", xlabel="rows trained on", ylabel="score")
    axes.legend()


def draw_folds(axes, found, features, values):
    """Draw what each fold's model said of the rows that it had not seen: ROC curves, or predicted against true."""
    for number, (model, rows) in enumerate(zip(found["estimator"], found["indices"]["test"], strict=True)):
        held, true = features.iloc[rows], values.iloc[rows]
        if is_classifier(model):
            one = model.classes_[-1]
            share, hit, _ = roc_curve(true == one, model.predict_proba(held)[:, -1])
            axes.plot(share, hit, label=f"fold {number + 1}", alpha=0.8)
            axes.set(xlabel="false positives", ylabel="true positives")
            axes.set_title(f"ROC of `{one}`", parse_math=False)
        else:
            axes.scatter(true, model.predict(held), s=8, alpha=0.5, label=f"fold {number + 1}")
            axes.set(title="Rows held out", xlabel="true", ylabel="predicted")
    ends = (0, 1) if is_classifier(model) else (values.min(), values.max())
    axes.plot(ends, ends, color="#888", linestyle="--")
    axes.legend()


def card_of(facts, metrics, features):
    """Return the model's card in Markdown."""
    scores = [f"| {name} | {mean:.4g} | {spread:.2g} |" for name, (mean, spread) in metrics.items()]
    columns = [f"| `{name}` | {kind} | {features[name].isna().mean():.1%} |" for name, kind in features.dtypes.items()]
    return "\n".join(
        ["# Model card", "", *(f"- {name}: {fact}" for name, fact in facts.items()), ""]
        + (["## Cross validation", "", "| metric | mean | deviation |", "|---|---|---|", *scores, ""] if scores else [])
        + ["## Features", "", "| column | type | missing |", "|---|---|---|", *columns, ""]
    )


# %%
# %%mlrun train --input table --output model --output score --output metrics
"""Train any scikit-learn compatible class on a table, cross validated, with curves and a model card."""
target: str = "target"  # column to predict
model_class: str = ""  # path of the class; a random forest without
params: dict = {}  # what the class is made with
features: list[str] = []  # columns to learn from; all others without
task: str = ""  # classification or regression; told by class and target without
folds: int = 5  # of the cross validation; 0 for none
curves: bool = True  # draw the learning curve, and ROC or predicted against true
seed: int = 0
import mlrun_nb as mn

if task not in {"", *USUAL}:
    raise ValueError(f"`task` is classification or regression, not `{task}`")
known, values = parts_of(table, target, features)
kind = task_of(task, values)
estimator = estimator_of(model_class or USUAL[kind], params, seed)
kind = "classification" if is_classifier(estimator) else "regression"
pipeline = pipeline_of(known, with_any_classes(estimator, values))
scoring, metrics, score = scoring_of(kind, estimator, values), {}, None
if folds:
    held = folds_of(kind, values, folds, seed)
    found = cross_validate(
        pipeline,
        known,
        values,
        cv=held,
        scoring=scoring,
        return_estimator=True,
        return_indices=True,
        error_score="raise",
    )
    scores = {name: np.abs(found[f"test_{name}"]) if name != "r2" else found["test_r2"] for name in scoring}
    metrics = {name: [float(each.mean()), float(each.std())] for name, each in scores.items()}
    for name, (mean, _) in metrics.items():
        mn.log_result(name, mean)
    score = metrics[next(iter(scoring))][0]
if folds and curves:
    second = kind == "regression" or (values.nunique() == 2 and "roc_auc" in scoring)
    figure = Figure(figsize=(11 if second else 5.5, 4.5), layout="constrained")
    axes = figure.subplots(1, 2 if second else 1, squeeze=False)[0]
    draw_learning(axes[0], pipeline, known, values, held, seed)
    if second:
        draw_folds(axes[1], found, known, values)
    mn.log_artifact(figure, "curves")
model = pipeline.fit(known, values)
run = mn.current_run()
facts = {
    "class": f"`{type(estimator).__module__}.{type(estimator).__name__}`",
    "parameters": ", ".join(f"`{name}={value!r}`" for name, value in params.items()) or "the usual ones",
    "task": f"{kind} of `{target}`" + (f", {values.nunique()} classes" if kind == "classification" else ""),
    "trained on": f"{len(known):,} rows, {known.shape[1]} columns",
    "run": f"`{run.id}`" if run else "none",
    "made with": f"scikit-learn {sklearn.__version__}",
}
with TemporaryDirectory() as folder:
    card = Path(folder) / "card.md"
    card.write_text(card_of(facts, metrics, known), encoding="utf-8")
    mn.log_artifact(card, "card")
print(f"{facts['class']}: {score}")
