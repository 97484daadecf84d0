"""The repository as a stranger finds it: links lead somewhere, nothing of one machine is left in a file."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.architecture.tree import ROOT, texts

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.}$-])/(?:[r]oot|[w]ork)/",
    "a folder beside the repository": r"\.\./[s]hared",
    "a package registry's host": r"https?://(?:registry|files|proxy|deb|repo1?)\.[a-z]|https?://p[y]pi\.org",
    "an address in a lock file": r'"resolved": "[h]ttp|__archive[U]rl',
}
"""What no file may hold (letters in brackets keep this table from finding itself)."""

ALLOWED = {("a folder beside the repository", ".ci/run")}  # CI's cluster lies there


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names_what_only_one_machine_has(what: str):
    """A clone works anywhere."""
    lines = [
        (name, line) for name, text in texts().items() if (what, name) not in ALLOWED for line in text.splitlines()
    ]
    assert [(name, line.strip()) for name, line in lines if re.search(FORBIDDEN[what], line)] == []


def test_every_relative_link_leads_to_a_file():
    """A reader who follows a link arrives."""
    broken = []
    for name, text in texts().items():
        prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE) if name.endswith(".md") else ""
        targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", prose) + re.findall(r'\bsrc(?:set)?="([^"]+)"', prose)
        local = [target for target in targets if not re.match(r"[a-z]+:", target)]
        broken += [(name, target) for target in local if not (ROOT / name).parent.joinpath(target).exists()]
    assert broken == []


@pytest.mark.parametrize("name", ["pyproject.toml", "package.json", "README.md"])
def test_the_licence_is_named_where_people_look(name: str):
    """The metadata of both halves and the readme say what LICENSE says."""
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert "Apache-2.0" in (ROOT / name).read_text()


def test_the_readme_is_short():
    """Longer than this is documentation and belongs in docs/."""
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def _names(requirements: list[str]) -> set[str]:
    return {name.lower() for name in re.findall(r"^[\w.-]+", "\n".join(requirements), re.MULTILINE)}


@pytest.mark.parametrize(
    ("lock", "extras", "groups"),
    [
        (
            "test",
            ["panel", "report", "postgresql", "s3", "kubernetes", "widgets", "optuna", "data"],
            ["build", "test", "lint"],
        ),
        ("demo", ["data"], ["build"]),
        ("bench", [], ["build", "bench"]),
        ("bootstrap", None, ["bootstrap"]),  # None: without the package itself
    ],
)
def test_a_lock_file_holds_every_requirement(lock: str, extras: list[str] | None, groups: list[str]):
    """`make lock` was not forgotten."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [] if extras is None else [*stated["project"]["dependencies"]]
    wanted += [name for extra in extras or [] for name in stated["project"]["optional-dependencies"][extra]]
    wanted += [name for group in groups for name in stated["dependency-groups"][group]]
    assert _names(wanted) - _names((ROOT / f"requirements/{lock}.txt").read_text().splitlines()) == set()


def test_a_test_is_left_out_in_one_place_only():
    """`tests.parts.require` names the missing part; any other skip would hide a test from CI."""
    leaving_out = re.compile(r"pytest\.(?:skip|importorskip)\b|mark\.(?:skip|skipif|xfail)\b|unittest\.skip")
    tests = [(name, text) for name, text in texts().items() if re.fullmatch(r"tests/.*\.py", name)]
    assert [name for name, text in tests if leaving_out.search(text)] == ["tests/parts.py"]
