"""
What two Python starts must have in common for one to be forked from the other: the key of a helper.

A helper serves those alone whose key equals its own: the same user and groups in the same namespaces and limits, the
same interpreter with the same installed distributions, and the same variables that are read once, at start or at an
import. All the rest, which a child can be given after the fork, is in `surroundings`.

Imports next to nothing, on purpose.
"""

from __future__ import annotations

import binascii
import os
import sys
from collections.abc import Iterable, Mapping

FORMAT = 1
"""Changes with what helper and client say to each other."""

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
)
"""Read once by BLAS and OpenMP, but a child can be given another number: see `threads`."""
_GIVEN_LATER = frozenset({*THREADS, "PYTHONPATH", "MPLBACKEND"})
_PREFIXES = (
    "PYTHON", "PYDEVD_", "LD_", "LC_", "JUPYTER_CONFIG", "JUPYTER_PLATFORM", "JUPYTER_NO_CONFIG", "IPYTHON",
    "MALLOC_", "GLIBC_", "OPENSSL_", "SSL_", "OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "BLIS_", "NUMEXPR_",
    "NUMBA_", "NPY_", "SCIPY_", "SKLEARN_", "ARROW_", "POLARS_", "DASK_", "JOBLIB_", "MPL", "MATPLOTLIB",
    "CUDA_", "NVIDIA_", "NCCL_", "HIP_", "ROCR_", "TORCH", "PYTORCH_", "TF_", "XLA_", "JAX_", "KERAS_", "HF_",
    "TRANSFORMERS_",
)  # fmt: skip
_NAMES = frozenset(
    {
        "HOME",
        "LANG",
        "LANGUAGE",
        "USER",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
    }
)
_NAMESPACES = ("mnt", "pid", "net", "user", "ipc", "uts")
_PRIVILEGES = ("CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:")
_CGROUP_LIMITS = ("memory.max", "memory.high", "cpu.max", "cpuset.cpus")
_UNLIMITED = ("", "max", "max 100000")


def key_of(environment: Mapping[str, str]) -> bytes:
    """Return the key of a Python that this one would start with *environment*."""
    variables = sorted(f"{name}={value}" for name, value in import_variables(environment).items())
    parts = [str(FORMAT), *_interpreter(), *_user(), *variables, environment.get("PYTHONPATH", "")]
    return "\0".join(parts).encode("utf-8", "surrogateescape")


def name_of(key: bytes) -> str:
    """Return a file name for *key*; that two keys may share one does no harm, the whole key is compared."""
    return f"{binascii.crc32(key):08x}{binascii.crc32(key[::-1]):08x}"


def import_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return those of *environment* that Python or a library reads once, but for what a child can be given later."""
    return {
        name: value
        for name, value in environment.items()
        if (name.startswith(_PREFIXES) or name in _NAMES) and name not in _GIVEN_LATER
    }


def is_plain() -> bool:
    """Tell whether this interpreter was started without options that change what code does, `-P` aside."""
    return not (sys.warnoptions or _OPTIONS or _flags() != [0] * len(_FLAGS))


_OPTIONS: dict[str, object] = sys._xoptions  # noqa: SLF001  # documented, whatever its name
_FLAGS = ("debug", "inspect", "interactive", "optimize", "no_site", "verbose", "bytes_warning", "dev_mode")


def installed() -> str:
    """Return what changes whenever a distribution is installed, upgraded or removed."""
    # each of these makes or removes a folder of metadata here
    folders = [folder for folder in sys.path if folder.endswith(("site-packages", "dist-packages"))]
    return "\n".join(f"{folder}:{os.stat(folder).st_mtime_ns}" for folder in folders if os.path.isdir(folder))


def _flags() -> list[int]:
    return [int(getattr(sys.flags, name)) for name in _FLAGS]


def _interpreter() -> Iterable[str]:
    yield from (sys.executable, sys.version, sys.prefix, repr((_flags(), sys.warnoptions, sorted(_OPTIONS))))
    yield installed()
    yield os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _user() -> Iterable[str]:
    yield repr((os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getgroups(), os.uname().nodename))
    yield _read("/proc/sys/kernel/random/boot_id")
    for name in _NAMESPACES:
        yield _link(f"/proc/self/ns/{name}")
    for line in _read("/proc/self/status").splitlines():
        if line.startswith(_PRIVILEGES):
            yield line
    yield _confinement()


def _confinement() -> str:
    """Return the nearest cgroup above this process that limits anything: who is limited stays limited."""
    found = []
    for line in _read("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers:  # version 1: one hierarchy for each controller
            found.append(line)
            continue
        while path != "/":
            folder = f"/sys/fs/cgroup{path}"
            if any(_read(f"{folder}/{name}").strip() not in _UNLIMITED for name in _CGROUP_LIMITS):
                found.append(path)
                break
            path = os.path.dirname(path)
    return "\n".join(found)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
