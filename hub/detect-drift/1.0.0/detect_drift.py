# %% [markdown]
# # Detect drift
#
# Whether a table still is what another was, column by column.
# A column has drifted when the change is sure, by a test, and large, by its size: of a million rows any change is sure.

# %%
import html
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

BINS = 10
MOST_VALUES = 30  # of a column of texts that are compared one by one, those that are there most often
MOST_PLOTS = 12
SMALLEST = 1e-4  # share of a part that is empty, so that PSI stays finite
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


def is_number(values):
    """Tell whether *values* are compared as numbers; times are, truth values are not."""
    kind = values.dtype
    return pd.api.types.is_any_real_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)


def numbers_of(values):
    """Return what is there of *values* as floats; times are seconds."""
    values = values.dropna()
    if pd.api.types.is_datetime64_any_dtype(values):
        return (
            values.astype("datetime64[us, UTC]" if values.dt.tz else "datetime64[us]").astype("int64").to_numpy() / 1e6
        )
    return values.to_numpy(dtype=float)


def parts_of(old, new):
    """
    Return how often each part is in both: tenths of the old numbers, values of texts, and what is missing.

    A number so common that it fills a tenth is a part by itself.
    """
    if is_number(old):
        one, other = numbers_of(old), numbers_of(new)
        tenths = np.quantile(one, np.linspace(0, 1, BINS + 1)[1:-1], method="nearest") if len(one) else np.zeros(1)
        common = tenths[1:][tenths[1:] == tenths[:-1]]
        edges = np.unique([*tenths, *np.nextafter(common, -np.inf)])
        names = range(len(edges) + 1)
        counts = [np.bincount(np.searchsorted(edges, each), minlength=len(names)) for each in (one, other)]
    else:
        one, other = (each.dropna().astype(str).value_counts() for each in (old, new))
        names = list(one.add(other, fill_value=0).sort_values(ascending=False).index)
        counts = [each.reindex(names, fill_value=0).to_numpy() for each in (one, other)]
        if len(names) > MOST_VALUES:
            counts = [np.append(each[:MOST_VALUES], each[MOST_VALUES:].sum()) for each in counts]
            names = [*names[:MOST_VALUES], "others"]
    gaps = [int(each.isna().sum()) for each in (old, new)]
    table = pd.DataFrame(
        {"old": np.append(counts[0], gaps[0]), "new": np.append(counts[1], gaps[1])}, [*names, "missing"]
    )
    return table[table.any(axis=1)]


def chance_of(counts):
    """Return how likely differences like those of *counts* are by chance, by chi²."""
    counts = np.asarray(counts)
    counts = counts[counts.sum(axis=1) > 0]
    return float(stats.chi2_contingency(counts, correction=False).pvalue) if len(counts) > 1 else 1.0


def compared(name, old, new):
    """Return the row of one column: how much it changed, and how surely."""
    if is_number(old) != is_number(new):
        return {"column": name, "kind": f"{old.dtype} → {new.dtype}", "drifted": True}
    counts = parts_of(old, new)
    shares = (counts / counts.sum()).clip(lower=SMALLEST)
    row = {"column": name, "kind": "number" if is_number(old) else "category"}
    row["psi"] = float(((shares["new"] - shares["old"]) * np.log(shares["new"] / shares["old"])).sum())
    if is_number(old):
        gaps = [[each.isna().sum(), each.notna().sum()] for each in (old, new)]
        one, other = numbers_of(old), numbers_of(new)
        ks = stats.ks_2samp(one, other, method="asymp") if len(one) and len(other) else None
        chances = [chance_of(np.transpose(gaps)), ks.pvalue if ks else 1.0]
        row |= {"distance": float(ks.statistic) if ks else 0.0, "p": min(1.0, 2 * min(chances)), "test": "KS"}
        if pd.api.types.is_any_real_numeric_dtype(old) and ks:
            with np.errstate(over="ignore", invalid="ignore"):  # there are infinite ones
                row |= {"old_mean": one.mean(), "new_mean": other.mean()}
    else:
        distance = float((counts["old"] / counts["old"].sum() - counts["new"] / counts["new"].sum()).abs().sum() / 2)
        row |= {"distance": distance, "p": chance_of(counts), "test": "chi²"}
    return row | {"old_missing": float(old.isna().mean()), "new_missing": float(new.isna().mean())}


def drift_of(old, new, columns, limits):
    """Return a row for each column, those that drifted first; a column that came or went has drifted."""
    there = [name for name in old if name in new]
    looked_at = columns or there
    rows = [compared(name, old[name], new[name]) for name in looked_at]
    for kind, one, other in (("gone", old, new), ("new", new, old)):
        rows += [{"column": name, "kind": kind, "drifted": True} for name in one if not columns and name not in other]
    known = [
        "column",
        "kind",
        "drifted",
        "psi",
        "distance",
        "p",
        "test",
        "old_mean",
        "new_mean",
        "old_missing",
        "new_missing",
    ]
    table = pd.DataFrame(rows, columns=known)
    sure = table["p"] < limits["p"] / max(len(looked_at), 1)
    large = (table["psi"] >= limits["psi"]) | (table["distance"] >= limits["distance"])
    table["drifted"] = (table["drifted"] == True) | (sure & large)  # noqa: E712  # it may be missing
    return table.sort_values(["drifted", "psi"], ascending=[False, False], ignore_index=True, na_position="first")


def plot_of(name, old, new):
    """Return how a column is spread in both tables."""
    figure = Figure(figsize=(3.9, 2.7), layout="constrained")
    axes = figure.subplots()
    if is_number(old):
        both = [numbers_of(each) for each in (old, new)]
        both = [each[np.isfinite(each)] for each in both]
        every = np.concatenate([*both, [0.0] if not any(map(len, both)) else []])
        low, high = np.quantile(every, [0.005, 0.995], method="nearest")
        half = high / 2 - low / 2  # the whole may be more than a float holds
        for each, colour in zip(both, (BLUE, ORANGE), strict=True):
            shown = each[(each >= low) & (each <= high)]
            places = (shown / 2 - low / 2) / half if half else np.full(len(shown), 0.5)
            weights = np.full(len(shown), 1 / max(len(each), 1))
            axes.hist(places, 30, range=(0, 1), weights=weights, color=colour, alpha=0.5)
        axes.set_yticks([])
        ticks = [low, low + half, high]
        times = pd.api.types.is_datetime64_any_dtype(old)
        names = [f"{pd.Timestamp(tick, unit='s'):%Y-%m-%d}" if times else f"{tick:.4g}" for tick in ticks]
        axes.set_xticks([0, 0.5, 1], names)
    else:
        shares = parts_of(old, new).head(8)[::-1]
        shares, places = shares / [len(old), len(new)], np.arange(len(shares))
        axes.barh(places + 0.2, shares["old"], 0.38, color=BLUE)
        axes.barh(places - 0.2, shares["new"], 0.38, color=ORANGE)
        axes.set_yticks(places, [str(each)[:16] for each in shares.index], parse_math=False)
    axes.set_title(str(name)[:40], fontsize=10, parse_math=False)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def svg_of(figure):
    """Return *figure* as part of a page, with the page's ink, so that it is legible on light and dark."""
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "report"}):
        figure.savefig(file, format="svg", transparent=True, dpi=150)
    label = html.escape(figure.axes[0].get_title())
    text = file.getvalue().replace("#000000", "currentColor")
    return f'<svg role="img" aria-label="{label}" ' + text[text.index("<svg") + 4 :]


def report_of(title, facts, drift, plots):
    """Return the page: what drifted, all columns, and plots of those that changed most."""
    tiles = "".join(f"<div>{name}<b>{value}</b></div>" for name, value in facts.items())
    shown = (
        drift.drop(columns="drifted")
        .astype(object)
        .map(lambda each: f"{each:.3g}" if isinstance(each, float) else each)
    )
    shown = shown.fillna("").map(lambda each: html.escape(str(each)).replace("nan", ""))
    shown["column"] = shown["column"].where(~drift["drifted"], '<span class="bad">▲ ' + shown["column"] + "</span>")
    shown.columns = [name.replace("_", " ") for name in shown]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<style>{STYLE}</style><h1>{html.escape(title)}</h1><p class="facts">▲ marks columns that have drifted; '
        f'<span style="color: {BLUE}">■</span> reference, <span style="color: {ORANGE}">■</span> current.</p>'
        f'<div class="tiles">{tiles}</div><div class="plots">{"".join(map(svg_of, plots))}</div>'
        f'<h2>Columns</h2><div class="wide">{shown.to_html(index=False, border=0, escape=False)}</div></html>'
    )


# %%
# %%mlrun detect_drift --input reference --input current --output drifted --output columns --output drift
"""Compare a table with one of before: PSI, Kolmogorov-Smirnov and chi² for each column, and an HTML report."""
features: list[str] = []  # columns to compare; all without
psi: float = 0.2  # a population stability index from here on is a large change
distance: float = 0.15  # so is a largest difference of shares from here on
p_value: float = 0.01  # a change is sure where chance brings it less often, over all columns together
fail: bool = False  # end the run as failed where a column has drifted
title: str = "Drift"  # heading of the report
import mlrun_nb as mn

reference, current = reference.rename(columns=str), current.rename(columns=str)
for table, whose in ((reference, "reference"), (current, "current")):
    if missing := [name for name in features if name not in table]:
        raise ValueError(f"`{whose}` has no column `{missing[0]}`; it has {', '.join(table.columns)}")
    if not len(table):
        raise ValueError(f"`{whose}` has no rows")
drift = drift_of(reference, current, features, {"psi": psi, "distance": distance, "p": p_value})
columns = drift.loc[drift["drifted"], "column"].to_list()
drifted = bool(columns)
facts = {"columns": len(drift), "drifted": len(columns), "reference rows": f"{len(reference):,}"}
facts |= {"current rows": f"{len(current):,}"}
drawn = drift.loc[drift["psi"].notna(), "column"].head(MOST_PLOTS)
with TemporaryDirectory() as folder:
    report = Path(folder) / "report.html"
    page = report_of(title, facts, drift, [plot_of(name, reference[name], current[name]) for name in drawn])
    report.write_text(page, encoding="utf-8")
    mn.log_artifact(report, "report")
print(drift.to_string(index=False))
if drifted and fail:
    mn.log_artifact(drift, "drift")
    raise ValueError(f"{len(columns)} of {len(drift)} columns have drifted: {', '.join(columns)}")
