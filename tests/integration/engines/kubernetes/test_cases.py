"""What becomes of runs on a real cluster, and what is said of each."""

from __future__ import annotations

import pytest

from tests.integration.engines.kubernetes.cases import CASES, QUOTA
from tests.integration.engines.kubernetes.conftest import Bench
from tests.integration.kube.scenarios import QUOTAS

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def started(bench: Bench, request: pytest.FixtureRequest) -> Bench:
    """Submit all cases that are asked for at once, in a namespace with a quota."""
    bench.space.api.post(QUOTAS, {"metadata": {"name": "limits"}, "spec": {"hard": QUOTA}})
    chosen = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    for name, case in CASES.items():
        if name not in chosen:
            continue
        bench.handles[name] = bench.submit(*case.cells, settings=case.settings, image=case.image)
    return bench


@pytest.mark.parametrize("name", CASES)
def test_a_run_ends_as_it_did_and_says_why(started: Bench, name: str):
    """State, class, summary, hint, and what had been written until then."""
    case, handle = CASES[name], started.handles[name]
    seen = started.ended(handle)
    print(name, seen.state, seen.error)
    assert seen.state is case.state, seen
    assert seen.attempt == case.attempt
    if seen.error is not None:
        assert seen.error.cls == case.cls or not case.cls
        assert case.summary in seen.error.summary
        assert case.hint in seen.error.hint
        assert seen.error.hint
    chunk = started.engine.read(handle, None)
    if case.kept:
        assert chunk.log.count(case.kept) >= case.attempt
        assert b"begun" in (started.directory(handle) / "output.ipynb").read_bytes()
