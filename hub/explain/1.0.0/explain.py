# %% [markdown]
# # Explain a model
#
# Which columns a model goes by, and how: what it loses when a column is shuffled, and what it says on average
# as one column moves. Any model can be asked so; SHAP, where it is installed, tells the same of each row.

# %%
from importlib.util import find_spec

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.base import is_classifier
from sklearn.inspection import permutation_importance

BLUE = "#3b7dd8"
MOST_BARS = 20
MOST_CATEGORIES = 12
SHAP_ROWS, SHAP_BACKGROUND = 100, 30  # each row asks the model a thousand times for each row of the background


def plain(table):
    """Return *table* with NaN, the one gap that scikit-learn knows, where columns had pandas' own."""
    columns = {}
    for name, values in table.items():
        if getattr(values.dtype, "na_value", None) is pd.NA:
            kind = float if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values) else object
            columns[name] = values.astype(object).where(values.notna(), np.nan).astype(kind)
    return table.assign(**columns)


def checked(table, model, target):
    """Return the columns that *model* takes and the true values; raises ValueError naming the column at fault."""
    table = plain(table.rename(columns=str))
    known = [str(name) for name in getattr(model, "feature_names_in_", [name for name in table if name != target])]
    for name in [target, *known]:
        if name not in table:
            whose = "the model learned from" if name in known else "there is no"
            raise ValueError(f"{whose} column `{name}`, and the table has {', '.join(table.columns)}")
    if gaps := int(table[target].isna().sum()):
        raise ValueError(f"`{target}` is missing in {gaps:,} of {len(table):,} rows; leave these out")
    return table[known], table[target]


def importance_of(model, features, values, scoring, repeats, seed):
    """Return by how much the score falls when each column is shuffled, the most important column first."""
    found = permutation_importance(model, features, values, scoring=scoring, n_repeats=repeats, random_state=seed)
    table = pd.DataFrame(
        {"column": features.columns, "importance": found.importances_mean, "std": found.importances_std}
    )
    return table.sort_values("importance", ascending=False, ignore_index=True)


def dependence_of(model, features, name, grid, output):
    """Return what *model* says on average as the column *name* has each value; of classes the chance of *output*."""
    there = features[name].dropna()
    if pd.api.types.is_any_real_numeric_dtype(there):
        points = np.unique(np.quantile(there, np.linspace(0.02, 0.98, grid), method="nearest")) if len(there) else []
    else:
        points = there.value_counts().index[:MOST_CATEGORIES]
    means = [float(said(model, features.assign(**{name: each}), output).mean()) for each in points]
    return pd.DataFrame({"column": name, "value": [str(each) for each in points], "mean": means})


def said(model, rows, output):
    """Return what *model* says of each row: a number, the chance of a class, or without chances 1 where it says it."""
    if hasattr(model, "predict_proba"):
        return model.predict_proba(rows)[:, output]
    answers = model.predict(rows)
    return (answers == model.classes_[output]).astype(float) if is_classifier(model) else answers


def importance_plot(importance, scoring):
    """Return the columns that count most."""
    shown = importance.head(MOST_BARS)[::-1]
    figure = Figure(figsize=(7, 0.8 + 0.3 * len(shown)), layout="constrained")
    axes = figure.subplots()
    axes.barh(range(len(shown)), shown["importance"], xerr=shown["std"], color=BLUE, ecolor="#888")
    axes.set_yticks(range(len(shown)), [name[:30] for name in shown["column"]], parse_math=False)
    axes.set(title="What is lost when a column is shuffled", xlabel=scoring)
    return figure


def dependence_plot(dependence, features, of):
    """Return how what is said moves with each column."""
    names = list(dict.fromkeys(dependence["column"]))
    down = -(-len(names) // 3)
    figure = Figure(figsize=(11, 3 * down), layout="constrained")
    for axes, name in zip(
        figure.subplots(down, 3, squeeze=False, sharey=True).flat, [*names, None, None], strict=False
    ):
        if name is None:
            axes.set_visible(False)
            continue
        rows = dependence[dependence["column"] == name]
        if pd.api.types.is_any_real_numeric_dtype(features[name]):
            axes.plot(rows["value"].astype(float), rows["mean"], color=BLUE)
            axes.plot(
                features[name].quantile(np.arange(0.1, 1, 0.1)),
                [0.02] * 9,
                "|",
                color="#888",
                transform=axes.get_xaxis_transform(),
            )
        else:
            axes.bar(range(len(rows)), rows["mean"], color=BLUE)
            axes.set_xticks(range(len(rows)), [each[:12] for each in rows["value"]], parse_math=False)
        axes.set_title(name[:40], fontsize=10, parse_math=False)
    figure.supylabel(of, parse_math=False)
    return figure


def shap_of(model, features, rows, output, seed):
    """Return the SHAP value of each column for some *rows*; raises ValueError where shap is not installed."""
    if find_spec("shap") is None:
        raise ValueError("SHAP values need `shap`, which is not here: `pip install shap`, or set `shap` to false")
    import shap

    few = features.sample(min(rows, len(features)), random_state=seed)
    others = [name for name in few if not pd.api.types.is_any_real_numeric_dtype(few[name])]
    kinds = {name: few[name].astype("category").cat for name in others}

    def answer(values):
        table = pd.DataFrame(values, columns=few.columns)
        for name, kind in kinds.items():
            known = pd.Categorical.from_codes(table[name].astype(int), kind.categories)
            table[name] = pd.Series(known).astype(few[name].dtype)
        return said(model, table, output)

    points = few.assign(**{name: kind.codes for name, kind in kinds.items()}).to_numpy(dtype=float)
    explained = shap.Explainer(answer, points[:SHAP_BACKGROUND], seed=seed)(points, silent=True)
    return pd.DataFrame(explained.values, columns=few.columns)


# %%
# %%mlrun explain --input table --input model --output importance --output dependence --output features
"""Explain a model: permutation importance, partial dependence, and SHAP values where shap is installed."""
target: str = "target"  # column with the true values
scoring: str = ""  # scikit-learn's name of what is lost; accuracy or R² without
top: int = 6  # columns whose dependence is drawn, the most important ones
output_class: str = ""  # the class whose chance is explained; the last one without
rows: int = 2000  # to ask the model about, at most
repeats: int = 5  # how often each column is shuffled
shap: bool = False  # SHAP values too, of 100 rows
seed: int = 0
import mlrun_nb as mn

known, values = checked(table, model, target)
picked = np.sort(np.random.default_rng(seed).permutation(len(known))[:rows])
known, values = known.iloc[picked], values.iloc[picked]
classes = [str(each) for each in model.classes_] if is_classifier(model) else []
if output_class and output_class not in classes:
    raise ValueError(
        f"the model has no class `{output_class}`; it has {', '.join(classes) or 'none, for it tells numbers'}"
    )
which = classes.index(output_class) if output_class else max(len(classes) - 1, 0)
lost = scoring or ("accuracy" if classes else "r2")
importance = importance_of(model, known, values, lost, repeats, seed)
features = importance.loc[importance["importance"] > 0, "column"].to_list()
drawn = importance["column"].head(top)
of = f"{'chance' if hasattr(model, 'predict_proba') else 'share'} of {classes[which]}" if classes else "prediction"
dependence = pd.concat([dependence_of(model, known, name, 20, which) for name in drawn], ignore_index=True)
mn.log_artifact(importance_plot(importance, lost), "importance_plot")
mn.log_artifact(dependence_plot(dependence, known, of), "dependence_plot")
if shap:
    mn.log_artifact(shap_of(model, known, SHAP_ROWS, which, seed), "shap_values")
print(importance.head(MOST_BARS).to_string(index=False))
