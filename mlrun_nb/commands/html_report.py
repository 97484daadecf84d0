"""An executed notebook as one HTML file, made by nbconvert; the extra `report` installs it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from mlrun_nb.errors import ArtifactError, OptionError


def check_available() -> None:
    """Raise OptionError where nbconvert is not installed."""
    if importlib.util.find_spec("nbconvert") is None:
        raise OptionError("`--report` needs nbconvert", hint="Install it: `pip install 'mlrun-nb[report]'`.")


def html_report(notebook: Path, *, with_code: bool) -> str:
    """Return *notebook* as a complete HTML page, its images inside; raises ArtifactError for one that is broken."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]  # nbconvert is partly typed
        exclude_input=not with_code, exclude_input_prompt=True, exclude_output_prompt=True
    )
    try:
        page, _ = exporter.from_filename(str(notebook))
    except Exception as err:  # nbconvert and what it calls raise anything; the run itself is safe
        raise ArtifactError(
            f"nbconvert cannot make a report of `{notebook}`: {err}", hint=f"Open `{notebook}` in Jupyter instead."
        ) from err
    return str(page)
