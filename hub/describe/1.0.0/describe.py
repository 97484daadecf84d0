# %% [markdown]
# # Describe a table
#
# What somebody wants to know of a table before using it, one row for each column, and a page to send to others.
# Counts and quantiles are of all rows; plots are of a sample.

# %%
import base64
import html
import io
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

PLOTTED_ROWS = 20_000
MOST_BARS = 12
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem; margin-top: 1.5rem }
.plots img { width: 100% }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1c1c1c }
  th, td { border-color: #444 }
  .plots img { background: #fff }
}
"""


def profile_of(table):
    """Return a row for each column of *table*: what it holds, what is missing, how it spreads."""
    return pd.DataFrame([column_profile(str(name), table[name]) for name in table.columns]).set_index("column")


def column_profile(name, values):
    """Return what there is to know of one column; of text and dates the numeric part is missing."""
    missing = int(values.isna().sum())
    row = {
        "column": name,
        "type": str(values.dtype),
        "missing": missing,
        "missing_share": round(missing / len(values), 4) if len(values) else 0.0,
        "distinct": distinct_of(values),
        "top": top_of(values),
    }
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        row |= numeric_profile(values.to_numpy(dtype=float, na_value=np.nan))
    return row


def distinct_of(values):
    """Return how many values differ; None where they cannot be compared, as lists cannot."""
    try:
        return int(values.nunique())
    except TypeError:
        return None


def top_of(values):
    """Return the value that is there most often, of columns that are no numbers."""
    if pd.api.types.is_float_dtype(values):
        return None
    try:
        counts = values.value_counts()
    except TypeError:
        return None
    return str(counts.index[0]) if len(counts) else None


def numeric_profile(numbers):
    """Return how *numbers* spread; outliers lie further than one and a half quartile ranges beyond the quartiles."""
    numbers = numbers[~np.isnan(numbers)]
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return {}
    low, first, middle, third, high = np.quantile(finite, [0, 0.25, 0.5, 0.75, 1])
    reach = 1.5 * (third - first)
    return {
        "mean": float(finite.mean()),
        "std": float(finite.std(ddof=1)) if finite.size > 1 else 0.0,
        "min": float(low),
        "25%": float(first),
        "50%": float(middle),
        "75%": float(third),
        "max": float(high),
        "outliers": int(((finite < first - reach) | (finite > third + reach)).sum()),
        "infinite": int(numbers.size - finite.size),
    }


def plot_of(name, values):
    """Return a small plot of one column as an image in text."""
    figure = Figure(figsize=(3.2, 2.2), layout="constrained")
    axes = figure.subplots()
    values = values.dropna()
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers = values.to_numpy(dtype=float)
        axes.hist(numbers[np.isfinite(numbers)], bins=30, color="#3b7dd8")
    else:
        counts = values.astype(str).value_counts().head(MOST_BARS)[::-1]
        axes.barh([each[:18] for each in counts.index], counts.to_numpy(), color="#3b7dd8")
    axes.set_title(str(name)[:40], fontsize=9)
    axes.tick_params(labelsize=7)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110)
    text = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="distribution of {html.escape(str(name))}" src="data:image/png;base64,{text}">'


def report_of(table, profile, title, plots):
    """Return the page: sizes, the profile, and the first *plots* columns drawn."""
    rows = min(len(table), PLOTTED_ROWS)
    drawn = table.sample(rows, random_state=0) if rows < len(table) else table
    images = "".join(plot_of(name, drawn[name]) for name in table.columns[:plots])
    shown = profile.to_html(na_rep="", float_format=lambda number: f"{number:.4g}", border=0)
    facts = f"{len(table):,} rows, {table.shape[1]} columns, {int(table.isna().to_numpy().sum()):,} values missing"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{html.escape(title)}</h1><p>{facts}</p>{shown}"
        f'<div class="plots">{images}</div></html>'
    )


# %%
# %%mlrun describe --input table --output profile --output rows --output missing --output duplicates
"""Profile a table: types, gaps and spread of each column, plots, and an HTML report."""
title: str = "Table"  # heading of the report
plots: int = 24  # columns to draw, at most
import mlrun_nb as mn

profile = profile_of(table)
rows = len(table)
missing = int(table.isna().to_numpy().sum())
try:
    duplicates = int(table.duplicated().sum())
except TypeError:  # it holds lists, which cannot be compared
    duplicates = 0
report = Path("report.html")
report.write_text(report_of(table, profile, title, plots), encoding="utf-8")
mn.log_artifact(report, "report")
print(profile.to_string())
