"""Which starts may share a helper."""

from __future__ import annotations

import pytest

from mlrun_nb.kernels import lineage, warm
from mlrun_nb.kernels.key import key_of, name_of

PLAIN = {"HOME": "/home/ana", "LANG": "C.UTF-8", "PATH": "/bin"}


@pytest.mark.parametrize(
    "name", ["PYTHONHASHSEED", "OMP_PROC_BIND", "CUDA_VISIBLE_DEVICES", "LD_PRELOAD", "LC_ALL", "MPLRC"]
)
def test_what_is_read_once_makes_another_key(name):
    """Python, OpenMP, CUDA, the loader, the locale and matplotlib have asked already."""
    assert key_of(PLAIN) != key_of(PLAIN | {name: "1"})


@pytest.mark.parametrize("name", ["PATH", "OMP_NUM_THREADS", "MPLBACKEND", "MLRUN_NB_RUN", "TERM", "AWS_PROFILE"])
def test_what_a_child_can_be_given_makes_none(name):
    """One helper serves every shell and every notebook."""
    assert key_of(PLAIN) == key_of(PLAIN | {name: "1"})


def test_a_key_is_the_same_however_its_texts_came_about():
    """It is compared byte by byte by two processes."""
    made = {"".join(name): "".join(value) for name, value in PLAIN.items()}
    assert key_of(made) == key_of(PLAIN)
    assert name_of(key_of(made)) == name_of(key_of(PLAIN))


@pytest.mark.parametrize(
    ("name", "clashes"),
    [
        ("json.py", True),
        ("json/__init__.py", True),
        ("json/data.txt", False),
        ("mine.py", False),
        ("sitecustomize.py", True),
        ("matplotlibrc", True),
    ],
)
def test_a_file_with_the_name_of_something_loaded_is_found(tmp_path, name, clashes):
    """An ordinary start would import it; a folder without `__init__.py` it would not."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    assert bool(lineage.clash([str(tmp_path), str(tmp_path / "absent")])) is clashes


@pytest.mark.parametrize(
    ("environment", "mode", "reason"),
    [
        ({}, "auto", ""),
        ({"CI": "1"}, "auto", "off in CI"),
        ({"CI": "1"}, "on", ""),
        ({"MLRUN_NB_WARM": "off"}, "on", "switched off"),
        ({"MLRUN_NB_WARM": "on", "CI": "1"}, "off", ""),
        ({"MLRUN_NB_RUN": "x"}, "on", "inside a run"),
    ],
)
def test_whether_starts_are_warm_has_a_reason(environment, mode, reason):
    """The variable wins over the configuration; a run inside a run is never warm."""
    said = warm.why_not(environment, mode)
    assert (reason in said) if reason else said == ""
