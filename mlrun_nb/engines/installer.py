"""Make a virtual environment and install into it: with uv where it is found, else with venv and pip."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_LAST_LINES = 12


class InstallError(Exception):
    """The environment cannot be made; the text is the installer's own, its last lines."""


def make_environment(home: Path, *, uv: str | None) -> Path:
    """Make an empty environment of this Python in *home*; returns its folder of packages. Raises InstallError."""
    if uv:
        _run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(home)])
    else:
        _run([sys.executable, "-m", "venv", str(home)])
    return home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def install(home: Path, requirements: Sequence[str], *, pins: Sequence[str], uv: str | None) -> None:
    """
    Install *requirements* into the environment *home*, in the versions *pins* where that is possible at all.

    Raises InstallError.
    """
    if not requirements:
        return
    constraints = home / "pins.txt"
    constraints.write_text("\n".join(pins) + "\n", encoding="utf-8")
    command = _installer(home / "bin" / "python", uv)
    try:
        _run([*command, "--constraint", str(constraints), "--", *requirements])
    except InstallError:
        _run([*command, "--", *requirements])


def find_uv() -> str | None:
    """Return the path of uv, looked for beside the present Python first."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _installer(python: Path, uv: str | None) -> list[str]:
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", str(python)]
    return [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise InstallError("\n".join((done.stderr or done.stdout).strip().splitlines()[-_LAST_LINES:]))
