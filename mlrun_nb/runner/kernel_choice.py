"""
The kernel that a notebook asks for, or why it cannot be had here: one judgement for whoever submits and for the run.

Says what is wrong in the words of `faults`; how kernel specs are found and read stands in `kernelspec`.
"""

from __future__ import annotations

import sys

from mlrun_nb.model.run import RunError
from mlrun_nb.runner import faults
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.kernelspec import NATIVE, KernelSpec, find_kernel, installed_kernels, spec_file


def choose_kernel(name: str, *, language: str = "") -> KernelSpec:
    """Return the kernel called *name*, by default this Python's own; AttemptFailed where it cannot be used."""
    spec = find_kernel(name or NATIVE)
    if spec is None:
        raise AttemptFailed(_absent(name or NATIVE, language))
    if spec.provisioner:
        raise AttemptFailed(faults.kernel_elsewhere(spec.name, spec.provisioner))
    if spec.lacks_ipykernel:
        raise AttemptFailed(faults.ipykernel_missing(sys.executable))
    return spec


def _absent(name: str, language: str) -> RunError:
    file = spec_file(name)
    if file is not None:
        return faults.kernel_broken(name, str(file))
    if name == NATIVE:
        return faults.ipykernel_missing(sys.executable)
    return faults.kernel_missing(name, installed_kernels(), language=language)
