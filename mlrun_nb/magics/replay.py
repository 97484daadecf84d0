"""
What the function's cell displayed where it ran, shown again below the card: figures, tables, the last line's value.

What it printed stands in the card's log. An output that only a live kernel can draw, such as a widget, is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MOST_BYTES = 10 * 1024**2
"""Of all outputs together; a notebook that grows by more with each run is no use to anybody."""

_LIVE = "application/vnd.jupyter.widget-view+json"


def replay(run_directory: str) -> None:
    """Display the outputs of the run again."""
    from IPython.display import display

    for output in outputs(Path(run_directory, "output.ipynb")):
        display(_joined(output["data"]), metadata=output.get("metadata", {}), raw=True)


def outputs(notebook: Path, *, most_bytes: int = MOST_BYTES) -> Iterator[dict[str, Any]]:
    """Yield what the body of the executed *notebook* displayed, up to *most_bytes*; nothing where it is not here."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
    except (OSError, ValueError, KeyError):
        return
    left = most_bytes
    for cell in cells:
        if cell["metadata"].get("mlrun_nb", {}).get("role") != "body":
            continue
        for output in cell.get("outputs", ()):
            if output["output_type"] in {"display_data", "execute_result"} and _LIVE not in output["data"]:
                left -= len(json.dumps(output["data"]))
                if left < 0:
                    return
                yield output


def _joined(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return *data* as a kernel sends it; in a file a text may be a list of lines. Source: nbformat 4, `mimebundle`."""
    return {
        kind: "".join(value) if isinstance(value, list) and not kind.endswith("json") else value
        for kind, value in data.items()
    }
