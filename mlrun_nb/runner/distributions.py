"""
Which distributions an interpreter finds, and their digest: what is recorded of a run's environment.

Read from the names of the `.dist-info` folders on the path, without opening one: a few milliseconds for hundreds.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.digest import digest_bytes

_ASK = "import platform, sys; print(platform.python_version(), *sys.path, sep='\\n')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python by what it imports from: its version, and the folders on its path."""

    version: str
    path: tuple[str, ...]

    def distributions(self) -> str:
        """Return lines `name==version`, Python's own first; of two with one name the first on the path counts."""
        return f"python=={self.version}\n{distributions(self.path)}"


def this_interpreter() -> Interpreter:
    """Return the interpreter that runs us."""
    return Interpreter(version=platform.python_version(), path=tuple(sys.path))


def ask_interpreter(python: str) -> Interpreter:
    """Return the interpreter whose command is *python*; ours where that one cannot be asked."""
    try:
        asked = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return this_interpreter()
    version, *path = asked.stdout.splitlines()
    return Interpreter(version=version, path=tuple(path))


def distributions(path: Sequence[str]) -> str:
    """Return lines `name==version`, sorted, of what lies in the folders of *path*; relative ones are left out."""
    found: dict[str, str] = {}
    for folder in map(Path, dict.fromkeys(path)):
        if folder.is_absolute() and folder.is_dir():
            for entry in folder.iterdir():
                if entry.suffix in {".dist-info", ".egg-info"}:
                    name, _, version = entry.stem.partition("-")
                    found.setdefault(name.lower().replace("_", "-").replace(".", "-"), version.partition("-py")[0])
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def digest_of(text: str) -> str:
    """Return the digest of a list of distributions."""
    return digest_bytes(text.encode())
