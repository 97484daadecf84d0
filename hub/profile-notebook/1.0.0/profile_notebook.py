# %% [markdown]
# # Profile a notebook
#
# Where its time and memory go, cell by cell.
# A notebook that was executed says itself how long each cell took; memory is seen only while it is executed here.

# %%
import html
import io
import os
import threading
import time
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import jupytext
import matplotlib as mpl
import nbformat
import pandas as pd
import psutil
from matplotlib.figure import Figure
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

LOOK_EVERY_S = 0.02
ADDED = "added-to-profile"  # marks a cell that is not the notebook's own
MIB = 1 << 20
BLUE, ORANGE = "#3b7dd8", "#d9772b"
COLUMNS = ["cell", "code", "seconds", "share", "memory_mib", "grown_mib", "peak_mib"]
STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d8dee4; --page: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #15191e }
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
td:nth-child(2) { font: 13px ui-monospace, monospace; max-width: 20rem; overflow: hidden; text-overflow: ellipsis }
th:nth-child(2), td:nth-child(2) { text-align: left }
td i { display: block; min-width: 1px; height: .35rem; border-radius: .2rem; background: #3b7dd8 }
td:nth-child(4) { min-width: 6rem }
figure { margin: 1.5rem 0 0 }
svg { width: 100%; height: auto } svg text { fill: currentColor; font-family: system-ui, sans-serif !important }
"""


def opened(place):
    """Return the notebook at *place*, or that which a run with this id left, and the folder to execute it in."""
    path = Path(place).expanduser()
    if not path.is_file():
        import mlrun_nb as mn

        try:
            path = mn.get_run(place).notebook
        except mn.MlrunNbError as err:
            raise ValueError(f"there is no notebook and no run `{place}`") from err
    return jupytext.read(path), path.resolve().parent


def seconds_of(cell):
    """Return how long *cell* took when it was executed, None where it does not say."""
    took = cell.metadata.get("papermill", {}).get("duration")
    times = cell.metadata.get("execution", {})
    if took is None and {"iopub.execute_input", "shell.execute_reply"} <= set(times):
        began, ended = (datetime.fromisoformat(times[name]) for name in ("iopub.execute_input", "shell.execute_reply"))
        took = (ended - began).total_seconds()
    return took


class Watch:
    """Watches the memory of the kernel and its children while cells are executed, in a thread of its own."""

    def __init__(self, client):
        self.client, self.samples, self.cells, self.ended = client, [], {}, threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def look(self):
        """Note the memory again and again, until it is over."""
        while not self.ended.wait(LOOK_EVERY_S):
            self.samples.append((time.perf_counter(), self.memory()))

    def memory(self):
        """Return the bytes that the kernel and its children hold in memory."""
        try:
            kernel = psutil.Process(self.client.km.provisioner.pid)
            return sum(each.memory_info().rss for each in (kernel, *kernel.children(recursive=True)))
        except (psutil.Error, AttributeError):  # it has not begun yet, or has ended
            return 0

    def begin(self, cell_index, **_):
        """Note that a cell begins."""
        self.cells[cell_index] = [time.perf_counter(), self.memory()]

    def end(self, cell_index, **_):
        """Note that a cell has ended, well or not."""
        self.cells[cell_index] += [time.perf_counter(), self.memory()]


def executed(notebook, folder, timeout_s):
    """Execute *notebook* in a kernel of its own; returns what was seen, and the error that ended it or None."""
    if any("%%mlrun" in cell.source for cell in notebook.cells):
        notebook.cells.insert(0, nbformat.v4.new_code_cell("%load_ext mlrun_nb", metadata={"tags": [ADDED]}))
    environment = {
        name: value for name, value in os.environ.items() if name != "MLRUN_NB_CONTEXT"
    }  # its results are not ours
    client = NotebookClient(notebook, timeout=timeout_s, resources={"metadata": {"path": str(folder)}})
    watch, error = Watch(client), None
    client.on_cell_execute, client.on_cell_executed = watch.begin, watch.end
    watch.thread.start()
    try:
        client.execute(env=environment)
    except CellExecutionError as err:
        error = err
    finally:
        watch.ended.set()
        watch.thread.join()
    return watch, error


def cells_of(notebook, watch):
    """Return a row for each code cell that was executed: its seconds, and with *watch* its memory."""
    rows, added = [], sum(ADDED in cell.metadata.get("tags", []) for cell in notebook.cells)
    for index, cell in enumerate(notebook.cells):
        seen = watch.cells.get(index, []) if watch else []
        took = seen[2] - seen[0] if len(seen) == 4 else None if watch else seconds_of(cell)
        if cell.cell_type != "code" or took is None or ADDED in cell.metadata.get("tags", []):
            continue
        first = next((line for line in cell.source.splitlines() if line.strip()), "")
        row = {"cell": index - added + 1, "code": first[:80], "seconds": took}
        if watch:
            peak = max((size for at, size in watch.samples if seen[0] <= at <= seen[2]), default=0)
            row |= {"memory_mib": seen[3] / MIB, "grown_mib": (seen[3] - seen[1]) / MIB}
            row["peak_mib"] = max(peak, seen[1], seen[3]) / MIB
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(share=table["seconds"] / max(table["seconds"].sum(), 1e-9))


def plot_of(cells, watch):
    """Return the time of the cells one after the other, and above it the memory where it was seen."""
    figure = Figure(figsize=(9.5, 3.2), layout="constrained")
    axes = figure.subplots()
    ends = cells["seconds"].cumsum()
    for number, (end, took) in enumerate(zip(ends, cells["seconds"], strict=True)):
        axes.axvspan(end - took, end, color=BLUE, alpha=0.22 if number % 2 else 0.1, linewidth=0)
        if took > 0.03 * ends.iloc[-1]:
            place = {"transform": axes.get_xaxis_transform(), "ha": "center", "va": "top", "fontsize": 8}
            axes.text(end - took / 2, 0.97, str(cells["cell"].iloc[number]), **place)
    if watch and watch.samples and watch.cells:
        began = min(seen[0] for seen in watch.cells.values())
        points = [(at - began, size / MIB) for at, size in watch.samples if at >= began and size]
        axes.plot(*zip(*points, strict=True), color=ORANGE, linewidth=1.5)
        axes.set_ylim(0, 1.2 * max(size for _, size in points))
    axes.set(
        title="Cells in time" + (", and memory in MiB" if watch else ""), xlabel="seconds", xlim=(0, ends.iloc[-1])
    )
    axes.spines[["top", "right"]].set_visible(False)
    if not watch:
        axes.set_yticks([])
    return figure


def svg_of(figure):
    """Return *figure* as part of a page, with the page's ink, so that it is legible on light and dark."""
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "report"}):
        figure.savefig(file, format="svg", transparent=True, dpi=150)
    label = html.escape(figure.axes[0].get_title())
    text = file.getvalue().replace("#000000", "currentColor")
    return f'<svg role="img" aria-label="{label}" ' + text[text.index("<svg") + 4 :]


def report_of(title, facts, cells, plot):
    """Return the page: sums, the course, and the cells with a bar for their share of the time."""
    tiles = "".join(f"<div>{name}<b>{value}</b></div>" for name, value in facts.items())
    shown = cells.dropna(axis=1, how="all").astype(object)
    for name in shown.columns[2:]:
        shown[name] = [f"{each:,.2f}" if name == "seconds" else f"{each:,.0f}" for each in cells[name]]
    shown["share"] = [f'{each:.0%}<i style="width: {each:.1%}"></i>' for each in cells["share"]]
    shown["code"] = cells["code"].map(html.escape)
    shown.columns = [name.replace("_mib", ", MiB") for name in shown]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<style>{STYLE}</style><h1>{html.escape(title)}</h1><p class="facts">Time and memory by cell.</p>'
        f'<div class="tiles">{tiles}</div><figure>{svg_of(plot)}</figure>'
        f'<h2>Cells</h2><div class="wide">{shown.to_html(index=False, border=0, escape=False)}</div></html>'
    )


# %%
# %%mlrun profile_notebook --output cells --output seconds --output peak_mib --output slowest
"""Tell where a notebook's time and memory go: by its own records, or by executing it, with plot and HTML report."""
source: str  # path of a notebook, .ipynb, .py or .md, or the id of a run
execute: bool = False  # execute it also where it says how long its cells took; memory is seen only so
timeout_s: int = 3600  # for a cell
title: str = ""  # heading of the report; the notebook's name without
import mlrun_nb as mn

notebook, folder = opened(source)
execute = execute or all(seconds_of(cell) is None for cell in notebook.cells)
watch, error = executed(notebook, folder, timeout_s) if execute else (None, None)
cells = cells_of(notebook, watch)
if cells.empty:
    raise ValueError(f"`{source}` has no code cell that was executed")
seconds, slowest = float(cells["seconds"].sum()), int(cells.loc[cells["seconds"].idxmax(), "cell"])
peak_mib = float(cells["peak_mib"].max()) if watch else None
plot = plot_of(cells, watch)
facts = {"cells": len(cells), "seconds": f"{seconds:,.2f}", "slowest cell": slowest}
facts |= {"peak memory": f"{peak_mib:,.0f} MiB"} if watch else {}
with TemporaryDirectory() as place:
    report = Path(place) / "report.html"
    report.write_text(report_of(title or Path(source).name, facts, cells, plot), encoding="utf-8")
    mn.log_artifact(report, "report")
    if watch:
        nbformat.write(notebook, Path(place) / "executed.ipynb")
        mn.log_artifact(Path(place) / "executed.ipynb", "executed")
mn.log_artifact(plot, "plot")
print(cells.to_string(index=False))
if error:
    mn.log_artifact(cells, "cells")
    raise error
