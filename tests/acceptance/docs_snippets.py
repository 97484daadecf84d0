"""
Fenced blocks of a documentation page, and the folder in which they are tried in the order of the page.

`docs/README.md` states the convention that this module keeps. Used by `test_docs.py`.
"""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import yaml

from mlrun_nb.config import PROJECT_FILE, load_config

ROOT = Path(__file__).parents[2]
PERSON = "/home/ana"
"""The home folder that pages show."""

_BLOCK = re.compile(r"^```(?P<language>\S+)(?: +(?P<path>\S+))?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_ANY_LINES = "…"
_VARIABLE = (
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.+:Z]*"), "<date>"),
    (re.compile(r"\b(?!\d{5}[shd]\b)\d+(?:\.\d+)?(?:e-?\d+)? ?(?:µs|ms|s|min|h|d)\b"), "<time>"),  # 33695h is a run
    (re.compile(r"\b\d+(?:\.\d+)? (?:B|KiB|MiB|GiB)\b"), "<size>"),
    (re.compile(r"\b(?:[0-9a-f]{64}|(?=[a-f]*\d)[0-9a-f]{7})\b"), "<digest>"),
    (re.compile(r"(?<![\w.])(?:[0-9a-hjkmnp-tv-z]{12}|[0-9a-hjkmnp-tv-z]{6})\b"), "<run>"),
)
"""What differs from one time to the next."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file that it is written to (or empty), its text and its line in the page."""

    language: str
    path: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of *page* in their order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(match["language"], match["path"] or "", match["text"], text.count("\n", 0, match.start()) + 1)
        for match in _BLOCK.finditer(text)
    ]


@dataclass(slots=True, kw_only=True)
class Desk:
    """
    The folder of one page, with a shell whose folder, variables and last exit code last as long as the page.

    *places* maps what the page calls a server to what it is here.
    """

    folder: Path
    environment: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    _status: int = 0

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "examples", self.folder / "desk")
        (self.folder / "where").write_text(str(self.folder / "desk"))
        (self.folder / "variables").touch()

    def try_out(self, block: Block) -> None:
        """Do with *block* what its language says; raises AssertionError where it does not hold."""
        assert block.language in _LANGUAGES, f"line {block.line}: no way to check a block of `{block.language}`"
        if block.path:
            self._write(block)
        if not block.path or block.language not in {"console", "python"}:
            _LANGUAGES[block.language](self, block)
        if block.path == PROJECT_FILE:
            load_config(self._here(), {"HOME": str(self.folder)})

    def console(self, block: Block) -> None:
        """Run the commands of *block* and compare what they print with what is shown."""
        found = list(_commands(block.text))
        for position, (command, shown) in enumerate(found):
            out, err = self.shell(command)
            following = found[position + 1][0] if position + 1 < len(found) else ""
            assert not self._status or following == "echo $?", f"line {block.line}: `{command}` failed:\n{out}{err}"
            seen = [out, err, err + out]
            assert not shown or any(map(_pattern(shown).fullmatch, map(_plain, seen))), (
                f"line {block.line}: `{command}` shows\n{shown}\nbut printed\n{err}{out}"
            )

    def shell(self, command: str) -> tuple[str, str]:
        """Run *command* where the last one ended; returns what it printed, with the names that pages use."""
        where, variables = self.folder / "where", self.folder / "variables"
        script = (
            f'. "{variables}"; cd "$(cat "{where}")"; (exit {self._status}); {self._named(command)}\n'
            f'code=$?; pwd >"{where}"; export -p >"{variables}"; exit $code'
        )
        done = subprocess.run(
            ["bash", "-c", script],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        self._status = done.returncode
        return self._shown(done.stdout), self._shown(done.stderr)

    def python(self, block: Block) -> None:
        """Run *block* as a program of its own."""
        path = self.folder / "block.py"
        path.write_text(self._named(block.text), encoding="utf-8")
        out, err = self.shell(f'python "{path}"')
        assert not self._status, f"line {block.line}: {out}{err}"

    def _write(self, block: Block) -> None:
        path = self._here() / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        text = self._named(block.text)
        path.write_text(_notebook(text) if path.suffix == ".ipynb" else text, encoding="utf-8")

    def _here(self) -> Path:
        return Path((self.folder / "where").read_text().strip())

    def _named(self, text: str) -> str:
        for ours, real in self._names().items():
            text = text.replace(ours, real)
        return text

    def _shown(self, text: str) -> str:
        for ours, real in self._names().items():
            text = text.replace(real, ours)
        return text

    def _names(self) -> dict[str, str]:
        """Return what a page calls something, and what that is here; the longer names come first."""
        home = {f"{PERSON}/notebooks": str(self.folder / "desk"), PERSON: str(self.folder)}
        return {**home, **self.places}


_LANGUAGES = {
    "console": Desk.console,
    "python": Desk.python,
    "yaml": lambda _, block: yaml.safe_load(block.text),
    "toml": lambda _, block: tomllib.loads(block.text),
    "json": lambda _, block: json.loads(block.text),
    "ini": lambda _, block: configparser.ConfigParser().read_string(block.text),
}
"""What is done with a block of each language."""


def workflow_commands(text: str) -> list[str]:
    """Return the lines that a GitHub workflow or a GitLab pipeline in *text* would run with our program."""
    return [line for line in _scripts(yaml.safe_load(text)) if line.strip().startswith("mlrun-nb ")]


def _scripts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"run", "script"}:
                yield from "\n".join([value] if isinstance(value, str) else value).replace("\\\n", "").splitlines()
            else:
                yield from _scripts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _scripts(item)


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command after `$ `, with the lines that follow it; a backslash at its end takes the next line in."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        end = next((number for number, line in enumerate(lines) if not line.endswith("\\")), len(lines) - 1) + 1
        yield "\n".join(lines[:end]), "\n".join(lines[end:])


def _plain(text: str) -> str:
    """Return *text* without blank lines, without the width of gaps, and with a word for whatever differs each time."""
    for pattern, word in _VARIABLE:
        text = pattern.sub(word, text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _pattern(shown: str) -> re.Pattern[str]:
    lines = _plain(shown).splitlines()
    parts = [r"(?:.*\n)*" if line == _ANY_LINES else _line_pattern(line) for line in lines]
    return re.compile("".join(parts))


def _line_pattern(line: str) -> str:
    return ".*".join(map(re.escape, line.split("…"))) + r"\n"


def _notebook(text: str) -> str:
    """Return the notebook whose cells stand in *text*, each below a line `# %%`, with tags where it has some."""
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for part in re.split(r"^# %%(?=\s)", text, flags=re.MULTILINE)[1:]:
        heading, _, source = part.partition("\n")
        tags = re.search(r"tags=(\[.*\])", heading)
        metadata = {"tags": json.loads(tags[1])} if tags else {}
        new = nbformat.v4.new_markdown_cell if "[markdown]" in heading else nbformat.v4.new_code_cell
        notebook.cells.append(new(source.strip("\n"), metadata=metadata))
    return str(nbformat.writes(notebook))
