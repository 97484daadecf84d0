"""The helper that starts come from: seen to after a command, described, and ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlrun_nb._lib.processes import proportional_bytes
from mlrun_nb.config import Config
from mlrun_nb.kernels import client, kindle, warm
from mlrun_nb.kernels.key import is_plain
from mlrun_nb.model.quantities import parse_duration_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmth:
    """
    What is known of the helper for starts from here. `reason` says why there is none.

    `seconds` has what each module took to load that starts are spared; `unsafe` why a module is never loaded there.
    """

    pid: int | None = None
    reason: str = ""
    age_s: float = 0.0
    bytes: int = 0
    births: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    unsafe: Mapping[str, str] = field(default_factory=dict)


def keep_warm(config: Config, environment: Mapping[str, str]) -> bool:
    """
    See that the next start finds a helper, if one is wanted; returns whether one is starting. Never raises.

    Who has only looked has no home yet, and gets none by that.
    """
    if warm.why_not(environment, config.warm.mode) or not config.home.is_dir():
        return False
    idle_s = parse_duration_s(config.warm.idle)
    return kindle.kindle(environment, idle_s=idle_s, modules=config.warm.modules)


def look(config: Config, environment: Mapping[str, str]) -> Warmth:
    """Return what is known of the helper."""
    about = client.tell(environment, verb="about")
    if about is None:
        return Warmth(reason=warm.why_not(environment, config.warm.mode) or _why_none())
    return Warmth(
        pid=about["pid"],
        age_s=time.time() - about["started"],
        bytes=proportional_bytes([about["pid"]]),
        births=about["births"],
        seconds=about["seconds"],
        unsafe=about["unsafe"],
    )


def stop(environment: Mapping[str, str]) -> int | None:
    """Have the helper end and return its process id; None where there is none."""
    answer = client.tell(environment, verb="stop")
    return answer["pid"] if answer else None


def _why_none() -> str:
    if not is_plain():
        return "Python was started with options of its own"
    return "none is there yet; it starts after the next command, once a run was recorded"
