"""
What holds for every test: a home of its own, and a summary that names what was left out.

Fixtures for one kind of test stand in the conftest of its folder.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mlrun_nb.engines import supervisor_orders
from tests.parts import LEFT_OUT

pytest_plugins = ["tests.postgresql_server", "tests.warmth", "tests.wheels"]

# Hypothesis's own profile for CI tries the same examples of the same code again; at a desk each run tries new ones.
settings.register_profile(
    "shared machine",
    settings.get_profile("ci" if "CI" in os.environ else "default"),
    deadline=None,  # a slow minute of the machine is not a defect
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("shared machine")

STAGES = {"cluster": "make test-cluster", "soak": "make soak", "benchmark": "make bench"}
"""Markers that are chosen by a target of their own."""


def _isolate(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Point everything that is looked up per user to `home`; kernels of this environment are still found."""
    for name in [name for name in os.environ if name.startswith(("MLRUN_NB_", "XDG_", "JUPYTER_"))]:
        if name != "MLRUN_NB_REQUIRE":
            monkeypatch.delenv(name)
    for name, folder in {
        "HOME": ".",
        "MLRUN_NB_HOME": "mlrun-nb",
        "XDG_CACHE_HOME": ".cache",
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "JUPYTER_CONFIG_DIR": ".jupyter",
        "JUPYTER_DATA_DIR": ".local/share/jupyter",
        "JUPYTER_RUNTIME_DIR": ".local/share/jupyter/runtime",
        "IPYTHONDIR": ".ipython",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("MLRUN_NB_WARM", "off")  # see tests/warmth.py


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[None]:
    """Isolate fixtures that outlive a test; keep the caches that are costly to fill and the same for all."""
    shared = pytestconfig.rootpath / ".pytest_cache" / "shared"
    with pytest.MonkeyPatch.context() as monkeypatch:
        _isolate(monkeypatch, tmp_path_factory.mktemp("session-home"))
        monkeypatch.setenv("MPLCONFIGDIR", str(shared / "matplotlib"))
        monkeypatch.setenv("UV_CACHE_DIR", str(shared / "uv"))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, and return it."""
    folder = tmp_path_factory.mktemp("home")
    _isolate(monkeypatch, folder)
    return folder


def pytest_configure() -> None:
    """Take back what `nohup` or a shell's `&` has children ignore: tests send these signals."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


_other_stages: Counter[str] = Counter()


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count the tests of stages that were not chosen."""
    _other_stages.update(mark for item in items for mark in STAGES if item.get_closest_marker(mark))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's count to the process that prints the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["other_stages"] = dict(_other_stages)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take a worker's count; every worker collects all tests, so one count is as good as the other."""
    _other_stages.update(Counter(getattr(node, "workeroutput", {}).get("other_stages", {})) - _other_stages)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what did not run and how to run it, and what keeps limits here: it is what their tests prove."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.getreports("skipped"))
    lines = [f"{count} x {reason.partition(LEFT_OUT)[2] or reason}" for reason, count in sorted(reasons.items())]
    lines += [f"{count} x {stage} ({STAGES[stage]})" for stage, count in sorted(_other_stages.items())]
    if lines:
        terminalreporter.section("left out")
        terminalreporter.write_line("\n".join(lines))
    terminalreporter.write_line(f"\nlocal runs on this machine: {supervisor_orders.means().text}")
