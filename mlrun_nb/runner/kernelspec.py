"""
Which command starts the kernel that a notebook names.

Reads kernel specs as Jupyter does, without importing jupyter_client: that takes as long as a kernel needs to start, and
the kernel is to start first.

Source: jupyter_client `KernelSpecManager` (search path, native kernel) and `KernelManager.format_kernel_cmd`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

NATIVE = "python3"
_LOCAL = {"local-provisioner", "mlrun-nb-warm"}
"""Provisioners whose kernels are processes of this machine, as ours are anyway."""
_PYTHONS = {"python", "python3", f"python{sys.version_info[0]}.{sys.version_info[1]}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelSpec:
    """A kernel that is installed here. `argv` still has `{connection_file}` in it."""

    name: str
    argv: tuple[str, ...]
    language: str
    env: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    interrupt_mode: str = "signal"
    provisioner: str = ""

    @property
    def is_ipykernel(self) -> bool:
        """Whether the kernel is IPython's, so that it takes IPython's options and IPC sockets."""
        return any(part.startswith("ipykernel") for part in self.argv)

    @property
    def is_this_python(self) -> bool:
        """Whether the kernel runs in the interpreter that runs us, and so sees the same packages."""
        return self.argv[0] in _PYTHONS or Path(self.argv[0]) == Path(sys.executable)

    @property
    def lacks_ipykernel(self) -> bool:
        """Whether the kernel is IPython's in this interpreter, and IPython's kernel is not installed."""
        return self.is_ipykernel and self.is_this_python and find_spec("ipykernel") is None

    def command(self, connection_file: str) -> list[str]:
        """Return the command line for *connection_file*."""
        known = {"connection_file": connection_file, "prefix": sys.prefix, "resource_dir": self.folder}
        first, *rest = self.argv
        argv = [sys.executable if first in _PYTHONS else first, *rest]
        return [re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], match[0]), part) for part in argv]


def find_kernel(name: str) -> KernelSpec | None:
    """Return the kernel that is installed as *name*; None where there is none, or its `kernel.json` is broken."""
    path = _folders().get(name.lower())
    if path is not None:
        return _read(name, path)
    if name == NATIVE and find_spec("ipykernel") is not None:
        argv = (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")
        return KernelSpec(name=name, argv=argv, language="python")
    return None


def spec_file(name: str) -> Path | None:
    """Return the `kernel.json` of the kernel installed as *name*, whatever it holds."""
    folder = _folders().get(name.lower())
    return None if folder is None else folder / "kernel.json"


def installed_kernels() -> list[str]:
    """Return the names of all kernels that are installed here."""
    native = {NATIVE} if find_spec("ipykernel") is not None else set()
    return sorted(native | set(_folders()))


def _folders() -> dict[str, Path]:
    from jupyter_core.paths import jupyter_path

    found: dict[str, Path] = {}
    for directory in map(Path, jupyter_path("kernels")):
        if directory.is_dir():
            for path in directory.iterdir():
                if (path / "kernel.json").is_file():
                    found.setdefault(path.name.lower(), path)
    return found


def _read(name: str, path: Path) -> KernelSpec | None:
    try:
        plain = json.loads((path / "kernel.json").read_bytes())
        if not plain["argv"]:
            return None
        provisioner = plain.get("metadata", {}).get("kernel_provisioner", {}).get("provisioner_name", "")
        return KernelSpec(
            name=name,
            argv=tuple(map(str, plain["argv"])),
            language=str(plain.get("language", "")).lower(),
            env={str(key): os.path.expandvars(str(value)) for key, value in plain.get("env", {}).items()},
            folder=str(path),
            interrupt_mode=str(plain.get("interrupt_mode", "signal")),
            provisioner="" if provisioner in _LOCAL else str(provisioner),
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
