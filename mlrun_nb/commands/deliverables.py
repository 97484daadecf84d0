"""
Files that a waited run can leave for others: JUnit for CI, HTML for readers, Markdown for a CI's page, the notebook.

Places are checked before the run begins, so that an hour of work does not end in a typing error.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands.run import Ended
from mlrun_nb.errors import ArtifactError, OptionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where a person wants what; None where it is not wanted."""

    junit: Path | None = None
    report: Path | None = None
    report_with_code: bool = True
    summary: Path | None = None
    notebook: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files that are wanted."""
        return tuple(path for path in (self.junit, self.report, self.summary, self.notebook) if path is not None)


def check(files: Files) -> None:
    """Raise OptionError for a file whose folder is not there, and for a report that nothing here can make."""
    for path in files.paths:
        if not path.absolute().parent.is_dir():
            raise OptionError(
                f"there is no folder `{path.parent}` for `{path.name}`",
                hint=f"Make it: `mkdir -p {quoted(path.parent)}`.",
            )
    if files.report is not None:
        from mlrun_nb.commands.html_report import check_available

        check_available()


def write(files: Files, ended: Ended) -> None:
    """Write what is wanted of an ended run; raises ArtifactError for a file that cannot be written."""
    for path, write_to in _writers(files, ended):
        try:
            write_to(path)
        except OSError as err:
            raise ArtifactError(
                f"`{path}` cannot be written: {err.strerror}",
                hint=f"The run itself is recorded: `mlrun-nb show {ended.found.run.id[:6]}`.",
            ) from err


def _writers(files: Files, ended: Ended) -> Iterator[tuple[Path, Callable[[Path], object]]]:
    """Yield each file that is wanted and can be had, and what writes it."""
    notebook = Path(ended.found.run.run_directory, "output.ipynb")
    if files.junit is not None:
        from mlrun_nb.commands.junit import junit_xml

        yield files.junit, lambda path: path.write_text(junit_xml(ended), encoding="utf-8")
    if files.summary is not None:
        yield files.summary, lambda path: _append_summary(path, ended)
    if files.notebook is not None and notebook.is_file():
        yield files.notebook, lambda path: shutil.copyfile(notebook, path)
    if files.report is not None and notebook.is_file():
        from mlrun_nb.commands.html_report import html_report

        page = html_report(notebook, with_code=files.report_with_code)
        yield files.report, lambda path: path.write_text(page, encoding="utf-8")


def _append_summary(path: Path, ended: Ended) -> None:
    from mlrun_nb.commands.summary import summary_markdown

    with path.open("a", encoding="utf-8") as file:
        file.write(summary_markdown(ended))
