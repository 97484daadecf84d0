"""Why objects are refused: the words of the API server, seen on a real one unless a comment says otherwise."""

from __future__ import annotations

import json

import pytest

from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.refusals import refusal, refusal_of_pods

FORBIDDEN = (
    'jobs.batch is forbidden: User "system:serviceaccount:lab:sub" cannot create resource "jobs" in API group "batch"'
)


@pytest.mark.parametrize(
    ("message", "cls", "fault", "hint"),
    [
        (
            'jobs.batch "t" is forbidden: exceeded quota: q, requested: count/jobs.batch=1, used: count/jobs.batch=5',
            "QuotaExceeded",
            "resources",
            "kubectl -n lab describe quota q",
        ),
        (
            'pods "t" is forbidden: failed quota: mem: must specify limits.memory for: main',
            "QuotaExceeded",
            "resources",
            "kubectl -n lab describe quota mem",
        ),
        (f"{FORBIDDEN} in the namespace", "Forbidden", "environment", "mlrun-nb k8s rbac"),
        ('namespaces "lab" not found', "NamespaceMissing", "request", "kubectl create namespace lab"),
        (
            'jobs.batch "t" is forbidden: unable to create new content in namespace lab because it is being terminated',
            "NamespaceEnding",
            "environment",
            "another `namespace`",
        ),
        (
            'admission webhook "policy.example" denied the request: no latest tags',  # an add-on's
            "Rejected",
            "environment",
            "the rule `policy.example`",
        ),
        ("something of a later release", "Rejected", "environment", "Ask who runs the cluster"),
    ],
)
def test_a_refusal_says_whose_move_it_is(message, cls, fault, hint):
    """With the server's own sentence and a command."""
    finding = refusal(ApiProblem(403, reason="Forbidden", message=message), what="Job `t`", namespace="lab")
    assert (cls, fault) == (finding.cls, finding.fault)
    assert f"Job `t` was refused: {message}" == finding.summary
    assert hint in finding.hint


@pytest.mark.parametrize(
    ("status", "causes", "hint"),
    [
        (422, [{"field": "spec.template.spec.containers[0].resources.limits"}], "`spec.template.spec.containers[0]"),
        (400, [], "Correct what it names"),
        (413, [], "Correct what it names"),
    ],
)
def test_what_is_not_valid_is_the_requests_fault(status, causes, hint):
    """And the fields are named."""
    problem = ApiProblem(status, reason="Invalid", message="no", details={"causes": causes})
    finding = refusal(problem, what="Job `t`")
    assert (finding.cls, finding.fault) == ("InvalidSpec", "request")
    assert hint in finding.hint


def test_the_sentence_about_a_pod_loses_what_the_reader_knows():
    """The pod that was not made has a name that nobody will meet again."""
    finding = refusal_of_pods('Error creating: pods "t-x7" is forbidden: too sad', what="Job `t`")
    assert (finding.cls, finding.summary) == ("Rejected", "Job `t` gets no pod: too sad")


def test_a_problem_is_read_from_the_servers_answer():
    """A `Status` object, field by field."""
    said = {"kind": "Status", "reason": "Invalid", "message": "no", "details": {"causes": [{"field": "spec"}]}}
    problem = ApiProblem.from_answer(422, json.dumps(said).encode())
    assert (problem.status, problem.reason, problem.message) == (422, "Invalid", "no")
    assert problem.causes == [{"field": "spec"}]


@pytest.mark.parametrize("body", [b"<html>no</html>", b"[]", b"", b"\xff\xfe"])
def test_an_answer_that_is_no_status_is_a_problem_all_the_same(body):
    """Proxies answer in HTML."""
    assert ApiProblem.from_answer(502, body).status == 502
