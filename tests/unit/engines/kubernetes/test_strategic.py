"""A patch over a pod template, as `kubectl patch` would lay it."""

from __future__ import annotations

from typing import Any

import pytest

from mlrun_nb.engines.kubernetes.strategic import merged

POD: dict[str, Any] = {
    "spec": {
        "securityContext": {"runAsUser": 1000, "fsGroup": 100},
        "tolerations": [{"key": "a"}],
        "containers": [
            {"name": "main", "image": "x", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
        ],
    }
}


def patched(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the spec of the pod under a patch of it."""
    result: dict[str, Any] = merged(POD, {"spec": spec})["spec"]
    return result


@pytest.mark.parametrize(
    ("patch", "path", "expected"),
    [
        ({"securityContext": {"runAsUser": None}}, ("securityContext",), {"fsGroup": 100}),
        ({"securityContext": {"$patch": "replace", "a": 1}}, ("securityContext",), {"a": 1}),
        ({"securityContext": {"$patch": "delete"}}, ("securityContext",), None),
        ({"hostNetwork": True}, ("hostNetwork",), True),
        ({"tolerations": [{"key": "b"}]}, ("tolerations",), [{"key": "b"}]),
    ],
)
def test_maps_are_merged_and_other_lists_replaced(patch: dict[str, Any], path: tuple[str, ...], expected: object):
    """Null deletes, and so does the directive."""
    assert patched(patch).get(path[0]) == expected


def test_lists_are_merged_by_the_key_of_their_items():
    """A container by its name, a variable in it by its own; what is new comes last."""
    patch = [{"name": "main", "env": [{"name": "B", "value": "3"}, {"name": "C", "value": "4"}]}, {"name": "proxy"}]
    main, proxy = patched({"containers": patch})["containers"]
    assert main["image"] == "x"
    assert [(each["name"], each["value"]) for each in main["env"]] == [("A", "1"), ("B", "3"), ("C", "4")]
    assert proxy == {"name": "proxy"}


def test_an_item_can_be_deleted():
    """By its key and the directive."""
    patch = {"containers": [{"name": "main", "env": [{"name": "A", "$patch": "delete"}]}]}
    assert [each["name"] for each in patched(patch)["containers"][0]["env"]] == ["B"]


def test_what_was_there_is_not_changed():
    """Both are read only."""
    patched({"containers": [{"name": "main", "image": "y"}]})
    assert POD["spec"]["containers"][0]["image"] == "x"
