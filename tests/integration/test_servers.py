"""The servers that a cluster brings answer; without these, tests against them would prove nothing."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request

import pytest

from tests.parts import require

pytestmark = pytest.mark.cluster


def test_the_cluster_is_ready():
    """The API server of KUBECONFIG says so itself."""
    command = ["kubectl", "--kubeconfig", require("cluster"), "get", "--raw", "/readyz"]
    assert subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout == "ok"


def test_the_object_store_refuses_strangers():
    """A server that answers everybody would not prove that credentials arrive."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(require("s3"), timeout=30)
    with refused.value as answer:
        assert answer.code == 403
