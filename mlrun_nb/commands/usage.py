"""What a run used of what it asked for, as data: the page of a run draws bars from it, a client draws its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlrun_nb.commands import humane
from mlrun_nb.errors import OptionError
from mlrun_nb.model.quantities import cpu_cores, memory_bytes
from mlrun_nb.model.settings import Resources
from mlrun_nb.services.history import RunDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One resource: what was `used` of what was `asked`, to read; `asked` and `share` are None where nothing was."""

    name: str
    used: str
    asked: str | None = None
    share: float | None = None


def usage(found: RunDetails) -> tuple[Usage, ...]:
    """Return what the run used of memory and CPU, as far as it was measured."""
    resources = found.request.settings.resources if found.request else Resources()
    return (*_memory(found, resources), *_cpu(found, resources))


def _memory(found: RunDetails, resources: Resources) -> Iterator[Usage]:
    peak = found.run.peak_memory_bytes
    if not peak:
        return
    limit = resources.memory_in_force
    if limit is not None:
        asked = limit.amount
        yield Usage(name="memory", used=humane.size(peak), asked=asked, share=_share(peak, _bytes(asked)))
    else:
        yield Usage(name="memory", used=f"{humane.size(peak)} at most")


def _cpu(found: RunDetails, resources: Resources) -> Iterator[Usage]:
    run = found.run
    if not (run.cpu_s and run.duration_s):
        return
    cores = run.cpu_s / run.duration_s
    used = f"{cores:.1f}" if cores >= 0.1 else f"{cores:.2f}"
    asked = resources.cpu_limit or resources.cpu
    if asked:
        words = f"{asked} cores" if asked != "1" else "1 core"
        yield Usage(name="cpu", used=used, asked=words, share=_share(cores, _cores(asked)))
    else:
        yield Usage(name="cpu", used=f"{used} cores on average")


def _share(used: float, asked: float | None) -> float | None:
    return used / asked if asked else None


def _bytes(quantity: str) -> float | None:
    try:
        return float(memory_bytes(quantity))
    except OptionError:  # what another engine made of it
        return None


def _cores(quantity: str) -> float | None:
    try:
        return float(cpu_cores(quantity))
    except OptionError:
        return None
