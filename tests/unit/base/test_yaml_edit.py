"""One entry of a file that people write, and no other byte of it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mlrun_nb._lib.yaml_edit import YamlEditError, with_entry, without_entry

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True)
FILES = [
    "",
    "# only words\n",
    "name: a",
    "name: a\n",
    "hub:\n",
    "hub:\nname: a\n",
    "hub: {}  # none\n",
    "hub: {b: x}\nname: a  # b\n",
    "hub:\n  b: x  # why\n  d: y\n\n# end\nname: a\n",
    "name: a\nhub:\n    b: x\n    # between\n    d: {e: f}\n",
    "hub:\n  b:\n    e: f\n  d:\n    e: g\nname: a\n",
    "name: |\n  text\n  hub:\nhub:\n  d: >\n    folded\n",
    "name: 'ä: b'\r\nhub:\r\n  d: y\r\n",
    "'hub':\n  \"b\": x\n",
]


def comments(text: str) -> list[str]:
    """Return all comments in *text*."""
    return [line[line.index("#") :] for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize("text", FILES)
@pytest.mark.parametrize("key", ["a", "b", "c", "z"])
@pytest.mark.parametrize("value", ["folder", "git@host:x", {"version": "1.0.0", "digest": "sha256:00"}])
def test_an_entry_is_set_and_taken_out(text: str, key: str, value: str | dict[str, str]):
    """What the file says else it still says, with each comment."""
    before = yaml.safe_load(text) or {}
    done = with_entry(text, "hub", key, value)
    assert yaml.safe_load(done) == {**before, "hub": {**(before.get("hub") or {}), key: value}}
    assert comments(done) == [each for each in comments(text) if each != "# none"]
    gone = without_entry(done, "hub", key)
    left = {name: each for name, each in (before.get("hub") or {}).items() if name != key}
    assert yaml.safe_load(gone) == (
        ({**before, "hub": left} if left else {k: v for k, v in before.items() if k != "hub"}) or None
    )


def test_a_new_entry_is_one_line_in_its_place():
    """By the order of names; a changed one stays where it is."""
    text = "hub:\n  b: x  # why\n  d: y\nname: a\n"
    assert with_entry(text, "hub", "c", "z") == "hub:\n  b: x  # why\n  c: z\n  d: y\nname: a\n"
    assert with_entry(text, "hub", "e", "z") == "hub:\n  b: x  # why\n  d: y\n  e: z\nname: a\n"
    assert with_entry(text, "hub", "b", "z") == "hub:\n  b: z  # why\n  d: y\nname: a\n"
    assert without_entry(text, "hub", "b") == "hub:\n  d: y\nname: a\n"


@given(st.dictionaries(NAMES, st.text(st.characters(codec="utf-8")), max_size=3))
@example({"P": "\x85"})
def test_whatever_a_source_is_called_and_wherever_it_is(entries: dict[str, str]):
    """It is read as it was written."""
    text = "name: a  # mine\n"
    for key, value in entries.items():
        text = with_entry(text, "hub", key, value)
    assert text.startswith("name: a  # mine\n")
    assert yaml.safe_load(text).get("hub", {}) == entries


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "hub: [",
        "hub: [a]\n",
        "hub: text\n",
        "base: &b {x: y}\nhub:\n  <<: *b\n",
        "hub:\n  b: x\nhub:\n  d: y\n",
    ],
)
def test_a_file_of_another_form_is_left_alone(text: str):
    """Somebody has to write the entry."""
    with pytest.raises(YamlEditError):
        with_entry(text, "hub", "a", "z")
