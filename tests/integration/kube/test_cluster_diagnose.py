"""Every scenario on a real cluster: what is said of it on the way, and in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.integration.kube.cluster import space
from tests.integration.kube.scenarios import SCENARIOS
from tests.integration.kube.watched import FINAL, Watched
from tests.parts import require

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def watched() -> Iterator[dict[str, Watched]]:
    """Start all scenarios, those that change their namespace in one of their own; return who watches which."""
    require("cluster")
    together = {name: scenario for name, scenario in SCENARIOS.items() if not scenario.needs_space}
    with ExitStack() as stack:
        shared = Watched(stack.enter_context(space()).api, together)
        stack.enter_context(shared.following())
        each = dict.fromkeys(together, shared)
        for name, scenario in SCENARIOS.items():
            if scenario.needs_space:
                own = Watched(stack.enter_context(space(labels=scenario.labels)).api, {name: scenario})
                each[name] = stack.enter_context(own.following())
        yield each


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_job_comes_to_what_is_expected_of_it(name, watched):
    """State and class; and no end was told before, nor a reason to give up."""
    said = watched[name].wait_for(name)
    if name == "oom" and said[-1].cls == "RunnerKilled":  # containerd heard of the kill after the end, and told nobody
        assert "memory limit, `48Mi`" in said[-1].hint
        return
    assert (SCENARIOS[name].state, SCENARIOS[name].cls) == (said[-1].state, said[-1].cls)
    assert [diagnosis for diagnosis in said[:-1] if diagnosis.state in FINAL or diagnosis.is_overdue] == []
