"""Environments for requirements that the present one does not meet."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlrun_nb.config import Config
from mlrun_nb.engines import installer, overlay
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.settings import Environment, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_until_ended, write_request


def say(python: str, code: str) -> str:
    """Return what *code* prints under *python*."""
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("text", ["papermill", "papermill>=2", "click>=1,<999", "no-such-thing; python_version < '3'"])
def test_what_is_met_needs_no_environment(tmp_path, text):
    """Nothing is made."""
    assert overlay.python_for(Environment(requirement=(text,)), tmp_path / "environments") == ""
    assert not (tmp_path / "environments").exists()


@pytest.mark.parametrize(
    "text", ["no-such-thing", "click<1", "click==999", "papermill[no-such-extra-thing]<1", "./folder"]
)
def test_what_is_not_met_or_cannot_be_told_is_unmet(text):
    """Absent, another version, a path."""
    assert overlay.unmet(["papermill", text]) == [text]


def test_an_overlay_has_what_is_required_before_what_is_here(tmp_path, wheel):
    """Its own versions win; everything else is found in the present environment."""
    environment = Environment(requirement=(wheel("click", "MARK = 'overlay'"), wheel("brand_new", "")))
    python = overlay.python_for(environment, tmp_path / "environments")
    assert say(python, "import click, brand_new, papermill, mlrun_nb; print(click.MARK)") == "overlay"


def test_an_environment_is_made_once_however_many_want_it_at_once(tmp_path, wheel):
    """The others wait for it."""
    environment, folder = Environment(requirement=(wheel("brand_new", ""),)), tmp_path / "environments"
    with ThreadPoolExecutor(4) as executor:
        pythons = set(executor.map(lambda _: overlay.python_for(environment, folder), range(4)))
    [made] = overlay.overlays(folder)
    assert pythons == {str(made.folder / "bin/python")}
    assert overlay.notices(environment, folder) == []


def test_requirements_that_cannot_be_met_are_rejected_in_the_resolvers_words(tmp_path):
    """Nothing half-made is left."""
    missing = f"brand-new @ {(tmp_path / 'gone-1.0-py3-none-any.whl').as_uri()}"
    with pytest.raises(EngineRejected, match=r"gone-1\.0") as caught:
        overlay.python_for(Environment(requirement=(missing,)), tmp_path / "environments")
    assert "--requirement" in caught.value.hint
    assert overlay.overlays(tmp_path / "environments") == []


def test_an_environment_that_was_left_half_made_is_made_anew(tmp_path, wheel):
    """Whoever made it was killed."""
    environment, folder = Environment(requirement=(wheel("brand_new", "MARK = 1"),)), tmp_path / "environments"
    python = Path(overlay.python_for(environment, folder))
    (python.parent.parent / "ready.json").unlink()
    python.unlink()
    assert say(overlay.python_for(environment, folder), "import brand_new; print(brand_new.MARK)") == "1"


def test_environments_are_listed_with_their_size_and_can_be_removed(tmp_path, wheel):
    """The bytes that are said to be freed are."""
    environment, folder = Environment(requirement=(wheel("brand_new", "x" + "=1" * 40_000),)), tmp_path / "environments"
    overlay.python_for(environment, folder)
    [made] = overlay.overlays(folder)
    assert made.requirements == environment.requirement
    assert made.size_bytes > 80_000
    assert overlay.remove(made) == made.size_bytes
    assert overlay.overlays(folder) == []


def test_pip_does_where_there_is_no_uv(tmp_path, wheel):
    """Slower, and the same."""
    home = tmp_path / "environment"
    packages = installer.make_environment(home, uv=None)
    installer.install(home, [wheel("brand_new", "MARK = 1")], pins=["click==8.1.8"], uv=None)
    assert (packages / "brand_new.py").exists()


def test_a_run_finds_what_it_requires(tmp_path, wheel):
    """Runner and kernel are those of the environment."""
    engine = LocalEngine(Config(home=tmp_path / "home", store="memory://"))
    settings = Settings(environment=Environment(requirement=(wheel("brand_new", "MARK = 'here'"),)))
    request = engine.prepare(
        write_request(tmp_path / "runs", "import brand_new; print(brand_new.MARK)", settings=settings)
    )
    handle = engine.submit([request])[request.id]
    assert wait_until_ended(engine, handle).state is RunState.SUCCEEDED
    assert engine.read(handle, None).log == b"here\n"


def test_an_isolated_run_sees_nothing_of_the_present_environment(tmp_path, wheel):
    """Papermill, ipykernel, what is required, and no more."""
    engine = LocalEngine(Config(home=tmp_path / "home", store="memory://"))
    settings = Settings(environment=Environment(requirement=(wheel("brand_new", ""),), isolated=True))
    cell = "import brand_new, importlib.util as u; print(u.find_spec('sqlalchemy'), u.find_spec('pytest'))"
    request = engine.prepare(write_request(tmp_path / "runs", cell, settings=settings))
    handle = engine.submit([request])[request.id]
    seen = wait_until_ended(engine, handle)
    assert seen.state is RunState.SUCCEEDED, seen.reason
    assert engine.read(handle, None).log == b"None None\n"
