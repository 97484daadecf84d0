"""What another distribution adds through entry points works, and what of it is broken is reported and passed over."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.session import Said, Session, write_notebook

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "mlrun-nb-extras"
version = "1.0"

[project.entry-points."mlrun_nb.engines"]
patient = "extras:patient"
absent = "extras_absent:engine"
moody = "extras:moody"

[project.entry-points."mlrun_nb.stores"]
shelf = "extras:shelf"
absent = "extras_absent:store"
moody = "extras:moody"

[project.entry-points."mlrun_nb.strategies"]
middle = "extras:middle"
absent = "extras_absent:strategy"

[project.entry-points."mlrun_nb.packagers"]
fraction = "extras:FractionPackager"
absent = "extras_absent:Packager"
moody = "extras:MoodyPackager"

[tool.hatch.build.targets.wheel]
only-include = ["extras.py", "extras_absent.py"]
"""
EXTRAS = """
import os
from fractions import Fraction
from pathlib import Path

from mlrun_nb.artifacts.packagers.protocol import Packed
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.errors import OptionError
from mlrun_nb.stores.opening import open_store

if os.environ.get("EXTRAS") == "broken":
    raise ImportError("libextras.so.1 is missing")

class FractionPackager:
    name = "fraction"
    def can_save(self, value):
        return type(value) is Fraction
    def save(self, value, folder, name):
        (folder / f"{name}.txt").write_text(str(value))
        return Packed(file=f"{name}.txt")
    def load(self, path, type_name):
        return Fraction(path.read_text())

class MoodyPackager:
    name = "moody"
    def can_save(self, value):
        return type(value) is complex
    def save(self, value, folder, name):
        raise ValueError("not today")

def patient(config):
    engine = LocalEngine(config, grace_s=120)
    engine.name = "patient"
    return engine

def shelf(url):
    return open_store(f"sqlite:///{os.getcwd()}/{url.partition('://')[2]}.db")

def middle(search, memory):
    raise OptionError(f"no middle of {search.strategy} in {memory.name}", hint="Try another.")

def moody(_):
    raise ValueError("not today")
"""
CELLS = [
    "from fractions import Fraction",
    "%%mlrun thirds --output third --output odd\nthird = Fraction(1, 3)\nodd = 1j",
    "%%mlrun use --input third --output sixth\nsixth = str(third / 2)",
]


@pytest.fixture(scope="module")
def extras(tmp_path_factory) -> Path:
    """Return a folder into which a distribution with plug-ins was installed, as `pip install --target` does it."""
    folder: Path = tmp_path_factory.mktemp("extras")
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "extras.py").write_text(EXTRAS)
    (folder / "extras_absent.py").write_text("import a_library_that_is_not_there\n")
    options = ("--offline", "--no-deps", "--no-build-isolation", "--python", sys.executable)
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        *options,
        "--target",
        f"{folder}/site",
        str(folder),
    ]
    subprocess.run(command, check=True)
    return folder / "site"


@pytest.fixture
def user(tmp_path, extras) -> Session:
    """Return somebody who has the plug-ins."""
    write_notebook(tmp_path / "n.ipynb", CELLS)
    return replace(Session(tmp_path), exported={"PYTHONPATH": str(extras)})


def test_engine_store_and_packager_of_others_work_together(user):
    """A run on the one, recorded in the other, whose output is kept by the third and comes back."""
    user = replace(user, exported={**user.exported, "MLRUN_NB_STORE": "shelf://record"})
    said = user.type("run", "n.ipynb::thirds", "--on", "patient")
    assert (said.code, " · patient · " in said.out) == (0, True), said.err
    assert (user.folder / "record.db").exists()
    assert "third  fraction" in user.type("artifacts", "last").out
    assert user.type("run", "n.ipynb::use", "--json").json["results"] == {"sixth": "1/6"}


def test_doctor_tells_which_plug_ins_work_and_what_to_do_about_the_others(user):
    """Each by its kind and name; the distribution to reinstall is named."""
    said = user.type("doctor", COLUMNS="200")
    lines = said.out.splitlines()
    for name in (
        "engine patient",
        "store shelf",
        "packager fraction",
        "packager moody",
        "store moody",
        "strategy middle",
    ):
        assert any(line.startswith("✓ ok") and f" {name} " in line for line in lines), name
    for name in ("engine absent", "store absent", "packager absent", "engine moody", "strategy absent"):
        place = next(number for number, line in enumerate(lines) if f" {name} " in line)
        assert lines[place].startswith("✗ broken")
        assert "a_library_that_is_not_there" in lines[place] or "not today" in lines[place]
        assert lines[place + 1] == "hint: Reinstall or remove `mlrun-nb-extras`, or ask those who make it."
    assert "5 things to repair" in said.out


def test_broken_plug_ins_stop_nobody_who_did_not_ask_for_them(user):
    """The run succeeds; that a packager was passed over is told with it."""
    said = user.type("run", "n.ipynb::thirds")
    assert said.code == 0
    told = " ".join(user.type("show", "last").out.split())
    assert "packager `absent` was skipped: it does not load, `extras_absent:Packager`: ModuleNotFoundError" in told
    assert "packager `moody` failed over `odd`: ValueError: not today" in told
    assert "odd pickle" in " ".join(user.type("artifacts", "last").out.split())


ASKED = [
    ("run n.ipynb::thirds --on absent", "", "the engine `absent` does not load, `extras_absent:engine`: Mod"),
    ("run n.ipynb::thirds --on moody", "", "`moody` does not load, `extras:moody`: ValueError: not today"),
    ("run n.ipynb::thirds --dry-run", "absent://x", "the store `absent` does not load"),
    ("runs", "absent://x", "the store `absent` does not load, `extras_absent:store`: Mod"),
    ("runs", "moody://x", "the store `moody` does not load, `extras:moody`: ValueError: not today"),
]


@pytest.mark.parametrize(("words", "store", "text"), ASKED)
def test_who_asks_for_a_broken_plug_in_hears_why_it_does_not_work(user, words, store, text):
    """What the code of others raised, and which distribution it came with; no traceback."""
    said = user.type(*words.split(), **({"MLRUN_NB_STORE": store} if store else {}))
    assert (said.code, text in " ".join(said.err.split())) == (4, True), said.err
    assert "hint: Reinstall or remove `mlrun-nb-extras`" in said.err
    assert "Traceback" not in said.err


def test_a_strategy_of_others_is_made_by_its_name(extras):
    """What it refuses it says in its own words; one that does not load is named, with its distribution."""
    code = (
        "import sys; from mlrun_nb.plugins import make_strategy; from mlrun_nb.model.search import Memory, Search\n"
        "make_strategy(Search(strategy=sys.argv[1]), Memory(name='s'))"
    )
    said = {}
    for name in ("middle", "absent"):
        environment = {**os.environ, "PYTHONPATH": str(extras)}
        command = [sys.executable, "-c", code, name]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        said[name] = done.stderr
    assert "OptionError: no middle of middle in s\nhint: Try another." in said["middle"]
    assert "ConfigError: the strategy `absent` does not load, `extras_absent:strategy`: Mod" in said["absent"]
    assert "hint: Reinstall or remove `mlrun-nb-extras`" in said["absent"]


def test_a_value_whose_packager_broke_is_not_read_by_another(user):
    """The error names the packager and what is wrong with it."""
    user.type("run", "n.ipynb::thirds")
    said = user.type("run", "n.ipynb::use", "--json", EXTRAS="broken")
    assert said.code == 1
    error = said.json["error"]
    assert "the packager `fraction` does not load, `extras:FractionPackager`: ImportError: libextras" in error["evalue"]
    assert error["hint"].startswith("Reinstall or remove `mlrun-nb-extras`")


def test_a_scheme_that_nobody_knows_is_an_error_of_the_setting(user):
    """Not of a plug-in."""
    said: Said = user.type("runs", MLRUN_NB_STORE="redis://x")
    assert (said.code, "`redis` is not a kind of store" in said.err) == (2, True)
