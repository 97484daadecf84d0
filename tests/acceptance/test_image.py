"""The image of a function: its Dockerfile, and one that is really built."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator

import pytest

from mlrun_nb.services.image import find_tool
from tests.acceptance.session import write_notebook
from tests.parts import require

CELL = "%%mlrun wait --requirement tqdm>=4\nimport tqdm\nprint('done')"


@pytest.fixture
def name() -> Iterator[str]:
    """Give the name of an image that is removed at the end."""
    name = f"localhost/mlrun-nb-test:{secrets.token_hex(4)}"
    yield name
    subprocess.run([find_tool(), "rmi", name], capture_output=True, check=False)


@pytest.fixture
def image(session):
    """Return a session with a function that requires something."""
    write_notebook(session.folder / "wait.ipynb", [CELL])
    return session


def test_the_dockerfile_of_a_function_is_printed_and_nothing_is_recorded(image):
    """Of a notebook, and of what is recorded."""
    said = image.type("image", "dockerfile", "wait.ipynb::wait", "--base", "registry.example/python:3.13")
    assert said.code == 0, said.err
    assert "\nFROM registry.example/python:3.13\n" in said.out
    assert "    'tqdm>=4'\nUSER 1000\n" in said.out
    assert not (image.folder / "home").exists()
    image.type("run", "wait.ipynb::wait", "--define")
    assert image.type("image", "dockerfile", "wait").out == image.type("image", "dockerfile", "wait.ipynb::wait").out


@pytest.mark.parametrize(
    ("words", "message", "remedy"),
    [
        ("dockerfile", "`TARGET` is missing", "mlrun-nb image dockerfile --help"),
        ("dockerfile absent", "there is no function `absent`", "hint:"),
        ("build wait.ipynb::wait", "`--tag` is missing", "mlrun-nb image build --help"),
        (
            "build wait.ipynb::wait -t x --pip-config absent",
            "File `absent` does not exist",
            "mlrun-nb image build --help",
        ),
        ("bild", "there is no verb `image bild`", "Did you mean `mlrun-nb image build`?"),
    ],
)
def test_bad_words_are_answered_with_what_to_type(image, words, message, remedy):
    """As by every verb."""
    said = image.type("image", *words.split())
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert remedy in said.err


@pytest.mark.cluster
def test_an_image_is_built_and_can_be_run(image, name, tmp_path):
    """The last line is what to run with; the image is no root's, and holds nothing of the index that it came from."""
    (tmp_path / "pip.conf").write_text("[global]\nno-index = true\n")
    build = (
        "image", "build", "wait.ipynb::wait", "--tag", name, "--base", require("base-image"),
        "--pip-config", str(tmp_path / "pip.conf"),
    )  # fmt: skip
    said = image.type(*build)
    for _ in range(2):
        if (
            "sealing memfd copy: Device or resource busy" in said.err
        ):  # an accident of crun's: it copies itself at start
            said = image.type(*build)
    assert said.code == 0, said.err
    assert said.out == f"--image {name}\n"
    assert "Requirement already satisfied: tqdm>=4" in said.err
    about = subprocess.run([find_tool(), "inspect", name], capture_output=True, text=True, check=True).stdout
    assert '"User": "1000"' in about
    assert "no-index" not in about


@pytest.mark.cluster
def test_a_build_that_fails_says_so_after_what_the_tool_said(image, name):
    """Its own words stand above ours."""
    said = image.type("image", "build", "wait.ipynb::wait", "--tag", name, "--base", "localhost:9/absent:1")
    assert (said.code, said.out) == (2, "")
    assert "localhost:9/absent" in said.err.partition("error: `")[0]
    assert f"error: `{find_tool()} build` ended with exit code" in said.err
    assert "hint: Correct what it names" in said.err
