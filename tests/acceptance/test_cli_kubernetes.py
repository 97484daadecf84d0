"""What the command line says about Kubernetes where there is no cluster."""

from __future__ import annotations

import json
import socket

import pytest
import yaml

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: away
clusters: [{name: away, cluster: {server: "http://127.0.0.1:PORT"}}]
users: [{name: ana, user: {token: nothing}}]
contexts: [{name: away, context: {cluster: away, user: ana}}]
"""


@pytest.fixture
def kubeconfig(tmp_path) -> str:
    """Return a kubeconfig of a server that is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = tmp_path / "kubeconfig"
    path.write_text(KUBECONFIG.replace("PORT", str(port)))
    return str(path)


@pytest.mark.parametrize(
    ("words", "message", "remedy"),
    [
        ("k8s rbac", "`--namespace` is missing", "mlrun-nb k8s rbac --help"),
        ("k8s rbac --namespace Team_A", "`Team_A` cannot name a namespace", "`team-a`"),
        ("k8s rbac --namespace a --service-account X", "`X` cannot name a ServiceAccount", "`NAMESPACE:NAME`"),
        ("k8s rbac --namespace a --service-account b --user c", "exclude each other", "once for each of them"),
        ("k8s rbak", "there is no verb `k8s rbak`", "Did you mean `mlrun-nb k8s rbac`?"),
        ("doctor --probe", "`--probe` is about the place of an engine", "`--on kubernetes --probe`"),
        ("doctor --namespace a", "`--namespace` is about the place of an engine", "`--on kubernetes --namespace`"),
        ("doctor --on moon", "there is no engine or profile `moon`", "Engines are:"),
        ("doctor --on local --probe", "there is nothing to probe", "Leave `--probe` out."),
        ("run hello.ipynb --validate", "engine `local` has no server that could check a run", "`--dry-run`"),
        ("run hello.ipynb --validate --json", "`--validate` starts no run that `--json` could print", "Leave one"),
        ("run hello.ipynb --validate --define", "`--validate` changes nothing", "Leave one of them out."),
        ("run hello.ipynb --dry-run=server", "`--dry-run` takes no value", "Write `--validate`"),
        ("run hello.ipynb --on kubernetes --dry-run", "no image is named", "`mlrun-nb image build` makes one."),
    ],
)
def test_bad_words_are_answered_with_what_to_type(session, words, message, remedy):
    """As by every verb; nothing is recorded."""
    said = session.type(*words.split())
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert remedy in said.err
    assert not list(session.folder.glob("home/runs/*/*"))


def test_the_rights_of_somebody_are_printed_without_asking_a_cluster(session, kubeconfig):
    """As YAML for `kubectl apply`."""
    words = ("k8s", "rbac", "--namespace", "team-a", "--service-account", "hub:notebook")
    said = session.type(*words, KUBECONFIG=kubeconfig)
    assert said.code == 0
    assert [each["kind"] for each in yaml.safe_load_all(said.out)] == ["Role", "RoleBinding"]


def test_doctor_says_of_a_server_that_is_away_what_to_try(session, kubeconfig):
    """What depends on it is not said."""
    said = session.type("doctor", "--on", "kubernetes", "--image", "x", "--json", KUBECONFIG=kubeconfig)
    found = json.loads(said.out)
    assert said.code == 4
    assert [(each["name"], each["ok"]) for each in found] == [("engine kubernetes", True), ("cluster", False)]
    assert "cannot be reached" in found[1]["text"]
    assert "kubectl get --raw /readyz" in found[1]["hint"]


def test_doctor_says_where_no_cluster_is_named(session):
    """Neither a kubeconfig nor a pod with an account; no image is named either."""
    said = session.type("doctor", "--on", "kubernetes", KUBECONFIG="/nonexistent")
    text = " ".join(said.out.split())
    assert said.code == 4
    assert "no image is named for the run on Kubernetes hint: Set `image:` in the profile" in text
    assert "there is no cluster to run on" in text
    assert text.endswith("2 things to repair")


def test_doctor_looks_at_one_engine_that_runs_here(session):
    """And at the place of artifacts, which it leaves as it was."""
    store = session.folder / "artifacts"
    said = session.type("doctor", "--on", "local", MLRUN_NB_ARTIFACTS=str(store), COLUMNS="200")
    assert said.code == 0, said.out
    assert "✓ ok      engine local  ready" in said.out
    assert f"✓ ok      artifacts     {store}, written, read and removed from here" in said.out
    assert list(store.iterdir()) == []


def test_lines_of_doctor_fit_the_terminal_and_are_whole_in_a_file(session):
    """A long text goes on below itself."""
    words = ("doctor", "--on", "kubernetes", "--image", "x")
    narrow = session.type(*words, COLUMNS="60", KUBECONFIG="/nonexistent").out
    assert max(len(line) for line in narrow.splitlines() if not line.startswith("hint")) <= 60
    piped = session.type(*words, "--json", KUBECONFIG="/nonexistent")
    assert "/nonexistent" in json.loads(piped.out)[1]["text"]


@pytest.mark.parametrize("words", [(), ("k8s",), ("image",)])
def test_a_word_that_takes_further_words_shows_them(session, words):
    """With a line for each."""
    said = session.type(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"Usage: {' '.join(('mlrun-nb', *words))} VERB")
    assert "\nVerbs:\n" in said.err


def test_a_run_that_is_alone_has_one_log(session):
    """Its own."""
    session.type("run", "hello.ipynb", "--quiet")
    assert session.type("logs", "last", "--rank", "0").out == "hello world 0\nhello world 1\n"
    said = session.type("logs", "last", "--rank", "1")
    assert said.code == 2
    assert "hint: It is alone: leave `--rank` out." in said.err
