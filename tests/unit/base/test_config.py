"""Configuration is found upward, read strictly, and laid in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb.config import load_config
from mlrun_nb.errors import ConfigError


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with a home of its own and a user configuration folder."""
    return {"MLRUN_NB_HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "config")}


def write(path: Path, text: str) -> Path:
    """Write *text* to *path*, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_without_any_file_everything_lies_in_the_home(tmp_path, environment):
    """No configuration is needed to start."""
    config = load_config(tmp_path, environment)
    assert (config.project, config.root) == ("default", None)
    assert config.store == f"sqlite:///{tmp_path}/home/store.db"
    assert config.runs == tmp_path / "home" / "runs" / "default"


def test_the_project_is_found_upward(tmp_path, environment):
    """As git does it: the nearest project.yaml above the working directory."""
    write(tmp_path / "churn" / "project.yaml", "name: churn-model\n")
    (tmp_path / "churn" / "notebooks" / "deep").mkdir(parents=True)
    config = load_config(tmp_path / "churn" / "notebooks" / "deep", environment)
    assert (config.project, config.root) == ("churn-model", tmp_path / "churn")


def test_a_nameless_project_is_called_as_its_folder(tmp_path, environment):
    """An empty project.yaml is enough."""
    write(tmp_path / "churn" / "project.yaml", "")
    assert load_config(tmp_path / "churn", environment).project == "churn"


def test_the_project_file_beats_the_environment_beats_the_user(tmp_path, environment):
    """For settings and for default options alike."""
    write(tmp_path / "project.yaml", "store: sqlite:///project.db\n")
    write(tmp_path / "config" / "mlrun-nb" / "config.yaml", "store: sqlite:///user.db\nartifacts: s3://user\n")
    config = load_config(
        tmp_path, environment | {"MLRUN_NB_STORE": "sqlite:///env.db", "MLRUN_NB_ARTIFACTS": "s3://env"}
    )
    assert (config.store, config.artifacts) == ("sqlite:///project.db", "s3://env")
    assert [layer.source for layer in config.layers][:2] == ["project.yaml", "environment"]


def test_an_option_variable_is_a_layer_of_its_own(tmp_path, environment):
    """`MLRUN_NB_MEMORY_LIMIT=4Gi` is `memory-limit: 4Gi`."""
    layers = load_config(tmp_path, environment | {"MLRUN_NB_MEMORY_LIMIT": "4Gi"}).layers
    assert layers[1].values["memory-limit"] == "4Gi"


def test_the_option_on_is_what_it_says_though_yaml_reads_it_as_true(tmp_path, environment):
    """YAML 1.1 has more words for true than anybody remembers."""
    write(tmp_path / "project.yaml", "defaults: {on: big}\nprofiles: {big: {on: local}}\n")
    config = load_config(tmp_path, environment)
    assert (config.layers[0].values, config.profiles["big"].values) == ({"on": "big"}, {"on": "local"})


# (content of project.yaml, what the message says, what the hint says)
BROKEN = [
    ("storage: x\n", "unknown key `storage`", "Did you mean `store`?"),
    ("- a\n", "is not a mapping", "name"),
    ("name: [\n", "cannot be read", "Correct"),
    ("name: a/b\n", "`a/b` cannot name a project", "letters"),
    ("store: 3\n", "`store` in", "URL"),
    ("profiles: [a]\n", "`profiles` in", "under `profiles:`"),
    ("profiles: {big: 3}\n", "`profiles.big` in", "under `big:`"),
]


@pytest.mark.parametrize(("text", "message", "hint"), BROKEN)
def test_a_broken_project_file_is_refused_with_its_path(tmp_path, environment, text, message, hint):
    """The error names file and key, the hint what to write."""
    path = write(tmp_path / "project.yaml", text)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path, environment)
    assert message in caught.value.message
    assert str(path) in caught.value.message + caught.value.hint
    assert hint in caught.value.hint


def test_the_option_on_is_read_as_it_is_written(tmp_path, environment):
    """YAML takes the word `on` for a truth value."""
    write(tmp_path / "project.yaml", "defaults: {on: big}\nprofiles: {big: {memory: 1Gi}}\n")
    assert load_config(tmp_path, environment).layers[0].values == {"on": "big"}


@pytest.mark.parametrize(
    ("text", "mode", "idle"),
    [("", "auto", "10m"), ("warm: off", "off", "10m"), ("warm: on", "on", "10m"), ("warm: {idle: 1h}", "auto", "1h")],
)
def test_warm_starts_are_one_word_or_a_mapping(tmp_path, environment, text, mode, idle):
    """YAML's own idea of `on` and `off` is the user's."""
    write(tmp_path / "project.yaml", f"name: x\n{text}\n")
    warm = load_config(tmp_path, environment).warm
    assert (warm.mode, warm.idle) == (mode, idle)
    assert load_config(tmp_path, environment | {"MLRUN_NB_WARM": "off"}).warm.mode == "off"


@pytest.mark.parametrize("text", ["warm: maybe", "warm: {speed: 9}", "warm: {modules: numpy}"])
def test_a_way_to_start_that_there_is_not_is_an_error(tmp_path, environment, text):
    """With the forms that there are."""
    write(tmp_path / "project.yaml", text)
    with pytest.raises(ConfigError, match="is not a way to start") as caught:
        load_config(tmp_path, environment)
    assert "warm: auto" in caught.value.hint
