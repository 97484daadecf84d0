"""A bug of ours: its traceback goes into a file, and what a person gets is two lines."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from time import strftime

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.project import open_project


def bug_words(error: BaseException, program: str, arguments: Sequence[str]) -> tuple[str, str]:
    """
    Return message and hint for *error*, which no user caused; its report is written.

    *program* and *arguments* are what was typed; of the arguments only the names of options are reported.
    """
    what = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    try:
        path = _write_report(error, program, arguments)
    except OSError as err:
        return f"something in mlrun-nb is broken ({what}), and the report could not be written: {err}", (
            "Run it again with MLRUN_NB_HOME set to a folder that can be written, and file an issue with the report."
        )
    return f"something in mlrun-nb is broken ({what}); this is not your fault", (
        f"Please file an issue and attach `{path}`; read it first, it may name your files."
    )


def _write_report(error: BaseException, program: str, arguments: Sequence[str]) -> Path:
    from importlib.metadata import version

    folder = _home() / "reports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / strftime("%Y%m%d-%H%M%S.txt")
    words = " ".join(word if word.startswith("-") and "=" not in word else "…" for word in arguments)
    head = f"mlrun-nb {version('mlrun-nb')}, Python {sys.version.split()[0]}, {platform.platform()}"
    trace = "".join(traceback.format_exception(error))
    path.write_text(f"{head}\n{program} {words}\n\n{trace}", encoding="utf-8")
    return path


def _home() -> Path:
    try:
        return open_project().config.home
    except MlrunNbError:  # the configuration itself may be what broke
        return Path(tempfile.gettempdir()) / "mlrun-nb"
