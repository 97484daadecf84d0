"""What an administrator is asked to apply: the least that runs need, for whoever is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mlrun_nb.engines.kubernetes.access import (
    DASK_RIGHTS,
    FORWARD_RIGHTS,
    RIGHTS,
    Subject,
    as_yaml,
    check_namespace,
    manifests,
    service_account,
)
from mlrun_nb.errors import OptionError

GOLDEN = Path(__file__).with_name("golden") / "rbac.yaml"


def test_the_output_is_as_somebody_has_read_it():
    """Line by line, comments included."""
    assert as_yaml("team-a", service_account("trainer", "team-a")) == GOLDEN.read_text()


def test_what_is_printed_is_what_is_meant():
    """As YAML reads it, for a name that looks like a number too."""
    text = as_yaml("007", Subject(name="ana@example.com"))
    assert list(yaml.safe_load_all(text)) == manifests("007", Subject(name="ana@example.com"))


def test_the_role_gives_nothing_on_secrets_and_nothing_everywhere():
    """No wildcard either."""
    role = manifests("team-a", None)[0]
    assert role["kind"] == "Role"
    words = {word for rule in role["rules"] for word in (*rule["resources"], *rule["verbs"], *rule["apiGroups"])}
    assert not {"secrets", "*", "update", "deletecollection"} & words
    changed = [rule["resources"] for rule in role["rules"] if "patch" in rule["verbs"]]
    assert changed == [["daskautoscalers"]]
    assert [rule["verbs"] for rule in role["rules"]] == [
        list(right.verbs) for right in (*RIGHTS, *DASK_RIGHTS, *FORWARD_RIGHTS)
    ]


@pytest.mark.parametrize(
    ("subject", "kinds", "who"),
    [
        # nobody yet: the Role alone
        (None, ["Role"], None),
        # an account of the namespace of the runs is made too
        (
            service_account("nb", "team-a"),
            ["ServiceAccount", "Role", "RoleBinding"],
            {"kind": "ServiceAccount", "name": "nb", "namespace": "team-a"},
        ),
        # one of another namespace is there already
        (
            service_account("hub:nb", "team-a"),
            ["Role", "RoleBinding"],
            {"kind": "ServiceAccount", "name": "nb", "namespace": "hub"},
        ),
        (
            Subject(name="ana@example.com"),
            ["Role", "RoleBinding"],
            {"kind": "User", "name": "ana@example.com", "apiGroup": "rbac.authorization.k8s.io"},
        ),
    ],
)
def test_the_role_is_bound_to_whom_is_named(subject, kinds, who):
    """And to nobody else."""
    made = manifests("team-a", subject)
    assert [each["kind"] for each in made] == kinds
    assert [each["subjects"] for each in made if each["kind"] == "RoleBinding"] == ([[who]] if who else [])


def test_bindings_of_two_accounts_do_not_take_each_others_place():
    """Also where both have one name, in two namespaces."""
    names = {
        manifests("team-a", service_account(text, "team-a"))[-1]["metadata"]["name"] for text in ("nb", "a:nb", "b:nb")
    }
    assert len(names) == 3


@pytest.mark.parametrize("text", ["", "No", "a b", "x:", ":x", "a:b:c", "-a", "a..b", "x" * 64])
def test_a_name_that_no_account_can_have_is_refused(text):
    """With what to write."""
    with pytest.raises(OptionError, match="cannot name a ServiceAccount") as caught:
        service_account(text, "team-a")
    assert caught.value.hint.startswith("Write ")


@pytest.mark.parametrize(("text", "near"), [("Team_A", "`team-a`"), ("x" * 70, f"`{'x' * 63}`"), ("_", "`team-a`")])
def test_a_name_that_no_namespace_can_have_is_refused(text, near):
    """With the nearest that one can."""
    with pytest.raises(OptionError, match="cannot name a namespace") as caught:
        check_namespace(text)
    assert near in caught.value.hint
