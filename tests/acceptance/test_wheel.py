"""What `pip install` gets: a wheel made of the sdist, looked into and installed where no Node is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.parts import require

ROOT = Path(__file__).parents[2]
PANEL = "share/jupyter/labextensions/mlrun-nb"
SHARED = {
    "etc/jupyter/jupyter_server_config.d/mlrun_nb.json",
    "share/jupyter/kernels/python3-warm/kernel.json",
    f"{PANEL}/install.json",
    f"{PANEL}/package.json",
    f"{PANEL}/schemas/mlrun-nb/panel.json",
    f"{PANEL}/static/style.js",
}
WHEEL_KB = 1500
"""What a download may weigh, the panel and the functions of the hub included."""


def _build(target: str, source: Path, folder: Path, **exports: str) -> subprocess.CompletedProcess[str]:
    """Build without isolation, so that nothing is downloaded, and with nothing on PATH."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    environment = os.environ | {"PATH": str(folder / "nothing")} | exports
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """Return an unpacked sdist of the working tree."""
    require("panel")
    folder = tmp_path_factory.mktemp("sdist")
    built = _build("sdist", ROOT, folder)
    assert built.returncode == 0, built.stderr
    (packed,) = folder.glob("*.tar.gz")
    with tarfile.open(packed) as file:
        file.extractall(folder, filter="data")
    return Path(str(packed).removesuffix(".tar.gz"))


def test_a_wheel_is_whole_and_installs_without_node(source: Path, tmp_path: Path):
    """The panel once, the server's setting, the kernel; JupyterLab finds the panel, and the command is there."""
    built = _build("wheel", source, tmp_path)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    holds_what_jupyter_looks_for_and_no_more(wheel)
    is_found_by_jupyterlab(wheel, tmp_path / "fresh")


def holds_what_jupyter_looks_for_and_no_more(wheel: Path) -> None:
    """No tests, no sources of the front end, no source maps, nothing twice."""
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    data = f"{wheel.name.rpartition('-py3')[0]}.data/data/"
    shared = {name.removeprefix(data) for name in names if name.startswith(data)}
    print(f"{wheel.name}: {len(names)} files, {wheel.stat().st_size / 1000:.0f} kB")
    assert shared >= SHARED
    assert {name for name in names if name.endswith((".map", ".ts", ".tsx", ".ipynb"))} == set()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"mlrun_nb"}
    assert not any(name.startswith("mlrun_nb/labextension/") for name in names)
    assert wheel.stat().st_size <= WHEEL_KB * 1000


def is_found_by_jupyterlab(wheel: Path, fresh: Path) -> None:
    """In an environment that has the wheel, and borrows all libraries from that of the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(fresh)], check=True)
    python, here = str(fresh / "bin/python"), sys.executable
    install = [here, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, str(wheel)]
    subprocess.run(install, check=True)
    (libraries,) = fresh.glob("lib/python3*/site-packages")
    (libraries / "borrowed.pth").write_text(str(Path(pytest.__file__).parents[1]))  # its own .pth files do not count
    environment = os.environ | {"PATH": str(fresh / "bin")}
    assert shutil.which("node", path=environment["PATH"]) is None

    def says(*command: str) -> str:
        done = subprocess.run(command, cwd=fresh, env=environment, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    assert says(python, "-c", "import mlrun_nb; print(mlrun_nb.__file__)").startswith(str(libraries))
    assert says(str(fresh / "bin/mlrun-nb"), "--version")
    listed = says(python, "-m", "jupyterlab.labextensions", "list")
    (line,) = [line for line in listed.splitlines() if "mlrun-nb v" in line]
    assert "enabled" in line
    assert "OK" in line
    assert "(python, mlrun-nb)" in line


def test_without_node_a_clone_says_what_to_do_and_the_panel_can_be_left_out(source: Path, tmp_path: Path):
    """One hint, no bundler's traceback; all else still installs."""
    clone = tmp_path / "clone"
    shutil.copytree(source, clone)
    shutil.rmtree(clone / "mlrun_nb/labextension")
    refused = _build("wheel", clone, tmp_path)
    assert refused.returncode != 0
    assert "hint: Install Node.js 20 or later, or leave the panel out" in refused.stderr
    assert "Traceback" not in refused.stderr
    built = _build("wheel", clone, tmp_path, SKIP_JUPYTER_BUILDER="1")
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        assert not any(PANEL in name for name in file.namelist())
