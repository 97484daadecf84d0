# %% [markdown]
# # Evaluate a model
#
# What a model is worth on rows that it has not seen: as a whole, in plots, and for each part of the table,
# because a good mean can hide a part where it fails.

# %%
import html
import io
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn import metrics as measures
from sklearn.base import is_classifier
from sklearn.calibration import calibration_curve

MOST_CURVES = 6  # classes that have curves of their own, the commonest first
MOST_PARTS = 20  # values of a column that are parts of their own
PLOTTED_ROWS = 5_000
BLUE, ORANGE = "#3b7dd8", "#d9772b"
STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d8dee4; --page: #fff; --bad: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #15191e; --bad: #ff8a80 }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page) }
body { max-width: 62rem; margin: 2.5rem auto; padding: 0 1.25rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } .bad { color: var(--bad) }
.facts { color: var(--soft); margin: .25rem 0 1.25rem }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .6rem }
.tiles div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .7rem; color: var(--soft) }
.tiles div { font-size: .8rem } .tiles b { display: block; font-size: 1.3rem; color: var(--ink) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap }
th { color: var(--soft); font-weight: 500 } th:first-child, td:first-child { text-align: left }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1.25rem }
.plots { margin-top: 1.25rem } .plots.two { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)) }
svg { width: 100%; height: auto } svg text { fill: currentColor; font-family: system-ui, sans-serif !important }
"""


def checked(table, model, target, by):
    """Return the columns that *model* takes and the true values; raises ValueError naming the column at fault."""
    table = plain(table.rename(columns=str))
    known = [str(name) for name in getattr(model, "feature_names_in_", [name for name in table if name != target])]
    for name in [target, *known, *by]:
        if name not in table:
            whose = "the model learned from" if name in known else "there is no"
            raise ValueError(f"{whose} column `{name}`, and the table has {', '.join(table.columns)}")
    if gaps := int(table[target].isna().sum()):
        raise ValueError(f"`{target}` is missing in {gaps:,} of {len(table):,} rows; leave these out")
    if is_classifier(model) and (strange := set(table[target]) - set(model.classes_)):
        raise ValueError(f"`{target}` has {strange.pop()!r}, and the model knows {', '.join(map(str, model.classes_))}")
    return table[known], table[target].to_numpy()


def plain(table):
    """Return *table* with NaN, the one gap that scikit-learn knows, where columns had pandas' own."""
    columns = {}
    for name, values in table.items():
        if getattr(values.dtype, "na_value", None) is pd.NA:
            kind = float if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values) else object
            columns[name] = values.astype(object).where(values.notna(), np.nan).astype(kind)
    return table.assign(**columns)


def metrics_of(true, said, chances, classes):
    """Return the metrics that fit, the first the one that counts; None where a part has too few classes."""
    if classes is None:
        return {
            "r2": measures.r2_score(true, said) if len(true) > 1 else None,
            "mae": measures.mean_absolute_error(true, said),
            "rmse": measures.root_mean_squared_error(true, said),
            "bias": float(np.mean(said - true)),
        }
    found = {
        "accuracy": measures.accuracy_score(true, said),
        "balanced_accuracy": float(np.mean([np.mean(said[true == each] == each) for each in np.unique(true)])),
        "f1_macro": measures.f1_score(true, said, average="macro", zero_division=0),
    }
    if chances is None:
        return found
    found["log_loss"] = measures.log_loss(true, chances, labels=classes)
    if len(classes) == 2:
        hit = true == classes[1]
        found["roc_auc"] = measures.roc_auc_score(hit, chances[:, 1]) if 0 < hit.sum() < len(hit) else None
        found["average_precision"] = measures.average_precision_score(hit, chances[:, 1]) if hit.any() else None
        found["brier"] = measures.brier_score_loss(hit, chances[:, 1])
    elif len(np.unique(true)) == len(classes):
        found["roc_auc"] = measures.roc_auc_score(true, chances, multi_class="ovr", average="weighted", labels=classes)
    return found


def parts_of(table, by):
    """Yield column, value and rows of each part: of a number with many values its quarters."""
    for name in by:
        values = table[name]
        if pd.api.types.is_any_real_numeric_dtype(values) and values.nunique() > 10:
            values, edges = pd.qcut(values, 4, retbins=True, duplicates="drop")
            shown = ([f"{edge:.{digits}g}" for edge in edges] for digits in range(4, 18))
            ends = next(each for each in shown if len(set(each)) == len(each))
            values = values.cat.rename_categories([f"{low} to {high}" for low, high in pairwise(ends)])
        found = values.cat.categories if values.dtype == "category" else values.value_counts().index
        for value in found[:MOST_PARTS]:
            yield name, str(value), (values == value).fillna(value=False).to_numpy(dtype=bool)
        if values.isna().any():
            yield name, "missing", values.isna().to_numpy()


def curve_plots(true, chances, classes):
    """Return ROC, precision-recall and calibration: of two classes for the second, else for each of the commonest."""
    drawn = [1] if len(classes) == 2 else np.argsort([-(true == each).sum() for each in classes])[:MOST_CURVES]
    titles = ("ROC", "false positives", "true positives"), ("Precision and recall", "recall", "precision")
    (roc, roc_axes), (pr, pr_axes), (cal, cal_axes) = (
        blank(*titles[0]),
        blank(*titles[1]),
        blank("Calibration", "said", "came true"),
    )
    for index in drawn:
        hit, chance, label = true == classes[index], chances[:, index], str(classes[index]).replace("$", r"\$")
        if not 0 < hit.sum() < len(hit):
            continue
        roc_axes.plot(*measures.roc_curve(hit, chance)[:2], label=label)
        precision, recall, _ = measures.precision_recall_curve(hit, chance, drop_intermediate=True)
        pr_axes.plot(recall, precision, label=label)
        share, mean = calibration_curve(hit, chance, n_bins=10, strategy="quantile")
        cal_axes.plot(mean, share, marker="o", markersize=3, label=label)
    for axes in (roc_axes, cal_axes):
        axes.plot([0, 1], [0, 1], color="#888888", linestyle=":", linewidth=1)
    for axes in (roc_axes, pr_axes, cal_axes):
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        axes.legend(fontsize=8, frameon=False)
    return [roc, pr, cal]


def confusion_plot(true, said, classes):
    """Return which class was taken for which; the colour is the share of the true class."""
    counts = measures.confusion_matrix(true, said, labels=classes)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = blank("Confusion", "predicted", "true")
    colours = np.zeros((*counts.shape, 4))
    colours[...] = mpl.colors.to_rgba(BLUE)
    colours[..., 3] = shares * 0.85
    axes.imshow(colours)
    if len(classes) <= 12:
        for (row, column), count in np.ndenumerate(counts):
            axes.text(column, row, f"{count:,}", ha="center", va="center", fontsize=8)
    names = [str(each)[:12] for each in classes]
    axes.set_xticks(range(len(names)), names, rotation=0 if len(names) < 5 else 90, parse_math=False)
    axes.set_yticks(range(len(names)), names, parse_math=False)
    return figure


def residual_plots(true, said):
    """Return predicted against true, what is left over, and how that spreads."""
    few = np.random.default_rng(0).permutation(len(true))[:PLOTTED_ROWS]
    first, axes = blank("Predicted and true", "true", "predicted")
    axes.scatter(true[few], said[few], s=6, alpha=0.5, color=BLUE, rasterized=True)
    axes.plot([true.min(), true.max()], [true.min(), true.max()], color="#888888", linestyle=":")
    second, axes = blank("Residuals", "predicted", "predicted less true")
    axes.scatter(said[few], said[few] - true[few], s=6, alpha=0.5, color=BLUE, rasterized=True)
    axes.axhline(0, color="#888888", linestyle=":")
    third, axes = blank("How they spread", "predicted less true", "rows")
    axes.hist(said - true, bins=30, color=BLUE)
    return [first, second, third]


def blank(title, across, up):
    """Return a figure with one plot of the report's kind."""
    figure = Figure(figsize=(3.9, 3.1), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(across, fontsize=8)
    axes.set_ylabel(up, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_prop_cycle(color=[BLUE, ORANGE, "#2f9e78", "#a259c4", "#c94f6d", "#8a8f98"])
    return figure, axes


def svg_of(figure):
    """Return *figure* as part of a page, with the page's ink, so that it is legible on light and dark."""
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "report"}):
        figure.savefig(file, format="svg", transparent=True, dpi=150)
    label = html.escape(figure.axes[0].get_title())
    text = file.getvalue().replace("#000000", "currentColor")
    return f'<svg role="img" aria-label="{label}" ' + text[text.index("<svg") + 4 :]


def report_of(title, facts, found, slices, plots):
    """Return the page: the metrics, the plots, and each part, those that are worse than the whole marked."""
    tiles = "".join(f"<div>{name.replace('_', ' ')}<b>{value:.4g}</b></div>" for name, value in found.items())
    parts, wide = "", "plots" if len(plots) % 3 == 0 else "plots two"
    if len(slices):
        counts = next(iter(found))
        bad = slices[counts] < found[counts] - 0.1 * abs(found[counts])
        cells = slices.map(lambda each: f"{each:.4g}" if isinstance(each, float) else html.escape(str(each)))
        cells[counts] = cells[counts].where(~bad, '<span class="bad">▼ ' + cells[counts] + "</span>")
        shown = cells.to_html(index=False, border=0, escape=False)
        note = f"▼ marks parts whose {counts} is worse than that of all rows by more than a tenth."
        parts = f'<h2>Parts</h2><p class="facts">{note}</p><div class="wide">{shown}</div>'
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<style>{STYLE}</style><h1>{html.escape(title)}</h1><p class="facts">{html.escape(facts)}</p>'
        f'<div class="tiles">{tiles}</div><div class="{wide}">{"".join(map(svg_of, plots))}</div>{parts}</html>'
    )


# %%
# %%mlrun evaluate --input table --input model --output score --output metrics --output slices
"""Evaluate a model on a table: metrics, curves, confusion or residuals, parts of the table, and an HTML report."""
target: str = "target"  # column with the true values
by: list[str] = []  # columns whose values are parts to look at
title: str = "Evaluation"  # heading of the report
import mlrun_nb as mn

features, true = checked(table, model, target, by)
classes = list(model.classes_) if is_classifier(model) else None
said = np.asarray(model.predict(features))
chances = model.predict_proba(features) if classes and hasattr(model, "predict_proba") else None
metrics = {name: float(value) for name, value in metrics_of(true, said, chances, classes).items() if value is not None}
rows = [
    {"column": name, "value": value, "rows": int(part.sum())}
    | metrics_of(true[part], said[part], None if chances is None else chances[part], classes)
    for name, value, part in parts_of(table.rename(columns=str), by)
    if part.any()
]
slices = pd.DataFrame(rows, columns=None if rows else ["column", "value", "rows", *metrics])
score = next(iter(metrics.values()))
for name, value in metrics.items():
    mn.log_result(name, value)
plots = residual_plots(true, said) if classes is None else [confusion_plot(true, said, classes)]
if chances is not None:
    plots += curve_plots(true, chances, classes)
facts = f"{type(model[-1] if hasattr(model, 'steps') else model).__name__} on {len(table):,} rows, `{target}`"
with TemporaryDirectory() as folder:
    report = Path(folder) / "report.html"
    report.write_text(report_of(title, facts, metrics, slices, plots), encoding="utf-8")
    mn.log_artifact(report, "report")
print(pd.Series(metrics).to_string())
