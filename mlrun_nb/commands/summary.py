"""A run in Markdown, for the page that a CI system shows of a step (GitHub's `$GITHUB_STEP_SUMMARY`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import clean
from mlrun_nb.commands.run import Ended
from mlrun_nb.commands.views.headline import outcome

_CODE = re.compile(r"(?<!`)(`[^`]+`)(?!`)")
_OUTSIDE_CODE = str.maketrans({"&": "&amp;", "<": "&lt;", **{sign: f"\\{sign}" for sign in "\\|*_`"}})
_BARE_PIPE = re.compile(r"(?<!\\)\|")
"""It would end a cell of a table even inside code. Source: GitHub Flavored Markdown, tables."""


def summary_markdown(ended: Ended) -> str:
    """Return the summary: outcome and reason first, then results, parameters, artifacts."""
    found, run = ended.found, ended.found.run
    shape = states.symbol(run.state).text
    blocks = [f"### {shape} {_escaped(run.function)} {outcome(run)}"]
    blocks += [f"**{_escaped(run.error.summary)}**\n\nHint: {_escaped(states.hint_of(run))}"] if run.error else []
    blocks += [f"**Fails on** {_escaped(reason)}" for reason in ended.closed]
    before = found.last_good.results if found.last_good else {}
    results = (
        (name, humane.rounded(value), humane.rounded(before[name]) if name in before else "")
        for name, value in run.results.items()
    )
    blocks += _table(("Result", "Value", "Last good run"), results)
    blocks += _table(("Parameter", "Value"), ((name, humane.exact(value)) for name, value in run.parameters.items()))
    artifacts = ((item.name, item.kind, humane.size(item.size)) for item in found.artifacts)
    blocks += _table(("Artifact", "Kind", "Size"), artifacts)
    if run.error is not None and run.error.traceback:
        trace = "\n".join(clean(text) for text in run.error.traceback.splitlines())
        blocks.append(f"<details><summary>Traceback</summary>\n\n````text\n{trace}\n````\n\n</details>")
    blocks.append(f"Run `{run.id}`, version `{run.version[:7]}`, {_escaped(run.engine)}")
    return "\n\n".join(blocks) + "\n\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [_row(tuple(_BARE_PIPE.sub(r"\|", _escaped(cell)) for cell in row)) for row in rows]
    return ["\n".join([_row(head), _row(("---",) * len(head)), *lines])] if lines else []


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Return *text* so that Markdown and HTML leave it alone; code in backticks stays as it is."""
    parts = _CODE.split(clean(text))
    return "".join(part if index % 2 else part.translate(_OUTSIDE_CODE) for index, part in enumerate(parts))
