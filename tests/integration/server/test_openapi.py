"""The interface does what its own description says, also where what is sent was made by a machine."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mlrun_nb.server.openapi import document
from mlrun_nb.server.route import BASE
from mlrun_nb.server.table import ROUTES
from tests.integration.server.served import TOKEN, Server, make_session, run, running_server

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance, status_code_conformance]
EXAMPLES = 12
NO_CLUSTER_OF_OURS = "defaults:\n  dask-address: tcp://127.0.0.1:1\n"
"""So that no machine-made request begins a real one, of any size: that is refused, as it may be."""

described = schemathesis.openapi.from_dict(document(ROUTES))


@pytest.fixture(scope="module")
def asked(warm_exports, tmp_path_factory) -> Iterator[tuple[Server, dict[str, str]]]:
    """Give a server of its own, since runs are deleted and started here, and names that something has."""
    session = make_session(tmp_path_factory.mktemp("asked"), warm_exports)
    (session.folder / "project.yaml").write_text(NO_CLUSTER_OF_OURS)
    made = [run(session, f"train.ipynb::{function}") for function in ("train", "broken", "broken")]
    with running_server(session) as server:
        hub = {"source": "bundled", "name": "describe"}
        yield server, {"run": made[0], "function": "broken", "artifact": "table", **hub}


def test_the_server_gives_the_description_that_is_in_the_documentation(server: Server):
    """Whoever reads either reads the same."""
    assert server.get("openapi.json") == document(ROUTES)


@described.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
)
def test_every_answer_is_as_described(case, asked):
    """Whatever is asked: no error of ours, and nothing that the description does not know."""
    server, known = asked
    names = {
        name: known[name] if name in known and len(text) % 2 else text for name, text in case.path_parameters.items()
    }
    case.path_parameters = names
    response: Response = case.call(base_url=f"{server.url}{BASE}", headers={"Authorization": f"token {TOKEN}"})
    case.validate_response(response, checks=CHECKS)
