# %% [markdown]
# # Describe a table
#
# What somebody wants to know of a table before using it, one row for each column, and a page to send to others.
# All of it is of all rows.

# %%
import html
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

BINS = 40
MOST_BARS = 6
TELLING = 3  # columns that are asked first which rows can be duplicates
STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d8dee4; --page: #fff; --bar: #3b7dd8 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #15191e; --bar: #5b95e5 }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page) }
body { max-width: 62rem; margin: 2.5rem auto; padding: 0 1.25rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
.facts { color: var(--soft); margin: .25rem 0 1.25rem }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .6rem }
.tiles div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .7rem; color: var(--soft) }
.tiles div { font-size: .8rem } .tiles b { display: block; font-size: 1.3rem; color: var(--ink) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap }
th { color: var(--soft); font-weight: 500 } th:first-child, td:first-child { text-align: left }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: 1.5rem 1.25rem }
figure { margin: 0 } figcaption { font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
figure svg { width: 100%; height: 7rem; display: block; fill: var(--bar); border-bottom: 1px solid var(--line) }
figure p { display: flex; justify-content: space-between; gap: .5rem; margin: .2rem 0 }
figure p { font-size: .8rem; color: var(--soft) }
figure p.part { background: linear-gradient(var(--bar), var(--bar)) 0 100% / var(--share) 3px no-repeat }
figure p.part { padding-bottom: 4px }
figure p span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
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
    }
    row["distinct"], row["top"] = counted(values)
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        row |= numeric_profile(values.to_numpy(dtype=float, na_value=np.nan))
    return row


def counted(values):
    """Return how many values differ, and of those that are no floats the one that is there most often."""
    try:
        if pd.api.types.is_float_dtype(values):
            return int(values.nunique()), None
        counts = values.value_counts(sort=False)
    except TypeError:  # lists cannot be compared
        return None, None
    counts = counts[counts > 0]  # categories that are not there
    return len(counts), str(counts.idxmax()) if len(counts) else None


def numeric_profile(numbers):
    """Return how *numbers* spread; outliers lie further than one and a half quartile ranges beyond the quartiles."""
    numbers = numbers[~np.isnan(numbers)]
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return {}
    first, middle, third = 2 * np.quantile(finite / 2, [0.25, 0.5, 0.75])  # halves have no overflow
    with np.errstate(over="ignore", invalid="ignore"):  # of the largest numbers these are infinite
        reach = 1.5 * (third - first)
        outliers = int(((finite < first - reach) | (finite > third + reach)).sum())
        mean, deviation = float(finite.mean()), float(finite.std(ddof=1)) if finite.size > 1 else 0.0
    return {
        "mean": mean,
        "std": deviation,
        "min": float(finite.min()),
        "25%": float(first),
        "50%": float(middle),
        "75%": float(third),
        "max": float(finite.max()),
        "outliers": outliers,
        "infinite": int(numbers.size - finite.size),
    }


def duplicates_of(table, profile):
    """
    Return how many rows are there before, or None where their values cannot be compared.

    The columns with the most values are asked first, which leaves few rows to compare.
    """
    try:
        for name in profile["distinct"].sort_values(ascending=False).index[:TELLING]:
            table = table[table.duplicated([name], keep=False)]
        return int(table.duplicated().sum())
    except TypeError:  # it holds lists
        return None


def said(number):
    """Return *number* as people read it."""
    return f"{number:,.0f}" if 1e4 <= abs(number) < 1e12 else f"{number:.4g}"


def drawn(name, values):
    """Return a small plot of one column: of numbers and times a histogram, else the commonest values."""
    values, label = values.dropna(), html.escape(str(name))
    if pd.api.types.is_any_real_numeric_dtype(values):
        plot = histogram(values.to_numpy(dtype=float), said)
    elif pd.api.types.is_datetime64_any_dtype(values):
        seconds = values.astype("int64").to_numpy() / {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}[values.dt.unit]
        plot = histogram(seconds, lambda number: f"{pd.Timestamp(number, unit='s'):%Y-%m-%d}")
    else:
        plot = bars(values)
    return f'<figure role="img" aria-label="distribution of {label}"><figcaption>{label}</figcaption>{plot}</figure>'


def histogram(numbers, shown):
    """Return the outline of a histogram, with its ends below."""
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return "<p>no values</p>"
    low, high = numbers.min(), numbers.max()
    half = high / 2 - low / 2  # the whole may be more than a float holds
    places = (numbers / 2 - low / 2) / half if half else np.full(len(numbers), 0.5)
    counts, _ = np.histogram(places, BINS, (0, 1))
    heights = 100 - 100 * counts / counts.max()
    outline = "".join(f"V{height:.4g}H{place}" for place, height in enumerate(heights, 1))
    ends = f"<p><span>{shown(low)}</span><span>{shown(high)}</span></p>"
    return f'<svg viewBox="0 0 {BINS} 100" preserveAspectRatio="none"><path d="M0 100{outline}V100Z"/></svg>{ends}'


def bars(values):
    """Return the values that are there most often, with their shares."""
    try:
        counts = values.value_counts().head(MOST_BARS)
    except TypeError:  # lists cannot be compared
        counts = values.astype(str).value_counts().head(MOST_BARS)
    shares = counts / max(len(values), 1)
    part = '<p class="part" style="--share: {share:.2%}"><span>{value}</span><span>{share:.1%}</span></p>'
    return "".join(part.format(value=html.escape(str(value)[:60]), share=share) for value, share in shares.items())


def report_of(table, profile, title, plots, facts):
    """Return the page: sizes, the first *plots* columns drawn, and the profile."""
    tiles = "".join(f"<div>{name}<b>{value}</b></div>" for name, value in facts.items())
    figures = "".join(drawn(name, table[name]) for name in table.columns[:plots])
    shown = profile.rename(columns=lambda name: name.replace("_", " "))
    shown = shown.astype(object).where(shown.notna(), "")
    shown = shown.map(lambda each: said(each) if isinstance(each, float) else each)
    shown = shown.rename_axis(None).to_html(border=0)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<style>{STYLE}</style><h1>{html.escape(title)}</h1><p class="facts">What is in it, column by column.</p>'
        f'<div class="tiles">{tiles}</div><h2>Distributions</h2><div class="plots">{figures}</div>'
        f'<h2>Columns</h2><div class="wide">{shown}</div></html>'
    )


# %%
# %%mlrun describe --input table --output profile --output rows --output missing --output duplicates
"""Profile a table: types, gaps and spread of each column, plots, and an HTML report."""
title: str = "Table"  # heading of the report
plots: int = 24  # columns to draw, at most
import mlrun_nb as mn

table = table.rename(columns=str)
profile = profile_of(table)
rows = len(table)
missing = int(profile["missing"].sum())
duplicates = duplicates_of(table, profile)
facts = {"rows": f"{rows:,}", "columns": f"{table.shape[1]:,}", "missing": f"{missing:,}"}
facts["duplicates"] = "not known" if duplicates is None else f"{duplicates:,}"
with TemporaryDirectory() as folder:
    report = Path(folder) / "report.html"
    report.write_text(report_of(table, profile, title, plots, facts), encoding="utf-8")
    mn.log_artifact(report, "report")
print(profile.to_string())
