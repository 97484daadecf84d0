"""
What changed between two versions of a function, or between two runs: as records, and in one line.

Knows nothing of terminals or HTML; commands and the panel render what this finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, unified_diff
from typing import Protocol

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.model.function import FunctionSpec, Role, Version
from mlrun_nb.model.options import OPTIONS, Section
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.canonical import canonical_cell

_ROLES: tuple[Role, ...] = ("setup", "definition", "parameters", "body", "markdown", "raw")
_LONGEST = 60
"""Characters of a value in a summary."""
_PROSE: frozenset[Role] = frozenset({"markdown", "raw"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing by name, before and after; None where it is absent."""

    name: str
    old: Json = None
    new: Json = None

    @property
    def text(self) -> str:
        """The change in a few words."""
        if self.old is None:
            return f"{self.name} {_gist(self.new)} added"
        if self.new is None:
            return f"{self.name} {_gist(self.old)} removed"
        return f"{self.name} {_gist(self.old)} → {_gist(self.new)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """
    The text of all cells of one role: `diff` holds the lines of a unified diff, `lines` counts those that changed.

    With `comments_only` the two texts do the same.
    """

    role: Role
    diff: tuple[str, ...]
    lines: int
    comments_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDiff:
    """
    All that differs between two versions. `same_code` is true where only comments and formatting of the code differ.

    `parameters` has a change for each declaration (`lr: float = 0.1`), `files` one for each path with its digests.
    """

    code: tuple[CodeChange, ...] = ()
    same_code: bool = True
    parameters: tuple[Change, ...] = ()
    inputs: tuple[Change, ...] = ()
    outputs: tuple[Change, ...] = ()
    files: tuple[Change, ...] = ()
    kernel: tuple[Change, ...] = ()
    environment: tuple[Change, ...] = ()
    resources: tuple[Change, ...] = ()
    placement: tuple[Change, ...] = ()
    dask: tuple[Change, ...] = ()
    storage: tuple[Change, ...] = ()
    policy: tuple[Change, ...] = ()
    summary: str = "nothing changed"


def diff_versions(old: Version, new: Version) -> VersionDiff:
    """Return what *new* changes of *old*; the two may be versions of different functions."""
    before, after = old.spec, new.spec
    diff = VersionDiff(
        code=tuple(_code_changes(before, after)),
        same_code=old.code_hash == new.code_hash,
        parameters=changes_of(_declarations(before), _declarations(after)),
        inputs=_name_changes("input", before.inputs, after.inputs),
        outputs=_name_changes("output", before.outputs, after.outputs),
        files=changes_of(_files(before), _files(after)),
        kernel=changes_of(_kernel(before), _kernel(after)),
        environment=_options(before, after, "environment"),
        resources=_options(before, after, "resources"),
        placement=_options(before, after, "placement"),
        dask=_options(before, after, "dask"),
        storage=_options(before, after, "storage"),
        policy=_options(before, after, "policy"),
    )
    words = [*_parameter_words(before.parameters, after.parameters), *_words(diff)]
    return replace(diff, summary="; ".join(words) or "nothing changed")


def _words(diff: VersionDiff) -> Iterator[str]:
    """Yield what the summary says beside parameters; comments last."""
    settings = (diff.environment, diff.resources, diff.placement, diff.dask, diff.storage, diff.policy)
    told = [change.text for part in (diff.inputs, diff.outputs, diff.kernel) for change in part]
    told += _code_words(diff.code, declared=bool(diff.parameters))
    told += _file_words(diff.files)
    told += [change.text for part in settings for change in part]
    yield from told
    if any(change.comments_only for change in diff.code):
        yield "comments changed" if told or diff.parameters else "only comments changed"


class Asked(Protocol):
    """What was asked for one run: a `RunRequest` or a `Run`."""

    @property
    def parameters(self) -> Mapping[str, Json]:
        """Values in force."""
        ...

    @property
    def overrides(self) -> Mapping[str, Json]:
        """Option values given for this run only."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDiff:
    """What differs between what was asked for two runs, beside their versions."""

    parameters: tuple[Change, ...] = ()
    overrides: tuple[Change, ...] = ()

    @property
    def summary(self) -> str:
        """The difference in one line."""
        return "; ".join(change.text for change in (*self.parameters, *self.overrides)) or "nothing changed"


def diff_runs(old: Asked, new: Asked) -> RunDiff:
    """Return how the values given for two runs differ."""
    return RunDiff(
        parameters=changes_of(old.parameters, new.parameters), overrides=changes_of(old.overrides, new.overrides)
    )


def changes_of(old: Mapping[str, Json], new: Mapping[str, Json]) -> tuple[Change, ...]:
    """Return a change for each name whose value differs, in the order of *old*, then of *new*."""
    names = dict.fromkeys([*old, *new])
    return tuple(
        Change(name=name, old=old.get(name), new=new.get(name))
        for name in names
        if to_json(old.get(name)) != to_json(new.get(name))  # as text NaN equals itself
    )


def _options(before: FunctionSpec, after: FunctionSpec, section: Section) -> tuple[Change, ...]:
    def of(spec: FunctionSpec) -> dict[str, Json]:
        return {
            name: value for name, value in spec.options.items() if name in OPTIONS and OPTIONS[name].section == section
        }

    return changes_of(of(before), of(after))


def _name_changes(what: str, old: Sequence[str], new: Sequence[str]) -> tuple[Change, ...]:
    removed = [Change(name=what, old=name) for name in old if name not in new]
    return (*removed, *(Change(name=what, new=name) for name in new if name not in old))


def _code_changes(before: FunctionSpec, after: FunctionSpec) -> Iterator[CodeChange]:
    for role in _ROLES:
        old, new = lines_of(before, role), lines_of(after, role)
        if old != new:
            diff = tuple(unified_diff(old, new, f"{role} (old)", f"{role} (new)", lineterm=""))
            same = role not in _PROSE and _canonical(before, role) == _canonical(after, role)
            yield CodeChange(role=role, diff=diff, lines=_changed(old, new), comments_only=same)


def lines_of(spec: FunctionSpec, role: Role) -> list[str]:
    """Return the lines of all cells of one role, an empty one between two cells."""
    texts = [cell.source for cell in spec.cells if cell.role == role]
    return "\n\n".join(texts).split("\n") if texts else []


def _canonical(spec: FunctionSpec, role: Role) -> list[str]:
    """Return what of the code of *role* counts; of another language than Python all of it does."""
    sources = [cell.source for cell in spec.cells if cell.role == role]
    if spec.language.lower() != "python":
        return sources
    return [text for source in sources for text in canonical_cell(source)]


def _changed(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many lines changed; a line in place of another is one."""
    steps = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    return sum(max(end - start, until - first) for tag, start, end, first, until in steps if tag != "equal")


def _declarations(spec: FunctionSpec) -> dict[str, Json]:
    return {parameter.name: declaration(parameter) for parameter in spec.parameters}


def _files(spec: FunctionSpec) -> dict[str, Json]:
    return {file.path: file.digest for file in spec.files}


def _kernel(spec: FunctionSpec) -> dict[str, Json]:
    return {"form": spec.form, "kernel": spec.kernel, "language": spec.language}


def declaration(parameter: Parameter) -> str:
    """Return a parameter as it would be declared: `lr: float = 0.1`."""
    annotation = f": {parameter.type}" if parameter.type else ""
    return (
        f"{parameter.name}{annotation}"
        if parameter.required
        else f"{parameter.name}{annotation} = {_default(parameter)}"
    )


def _default(parameter: Parameter) -> str:
    return parameter.default_source or repr(parameter.default)


def _parameter_words(old: Sequence[Parameter], new: Sequence[Parameter]) -> Iterator[str]:
    before, after = {item.name: item for item in old}, {item.name: item for item in new}
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield f"parameter {name} removed"
        elif name not in before:
            yield f"parameter {name} added"
        else:
            yield from _one_parameter(before[name], after[name])


def _one_parameter(old: Parameter, new: Parameter) -> Iterator[str]:
    if old.type != new.type:
        yield f"{new.name} type {old.type or 'any'} → {new.type or 'any'}"
    if old.required != new.required:
        yield f"{new.name} is required now" if new.required else f"{new.name} default {_default(new)} added"
    elif _default(old) != _default(new):
        yield f"{new.name} default {_default(old)} → {_default(new)}"


def _code_words(code: Sequence[CodeChange], *, declared: bool) -> Iterator[str]:
    """Count lines; those of parameters are not counted where their declarations say already what changed."""
    told = _PROSE | ({"parameters"} if declared else set())
    lines = sum(change.lines for change in code if change.role not in told and not change.comments_only)
    prose = sum(change.lines for change in code if change.role in _PROSE)
    if lines:
        yield f"{_count(lines, 'line')} of code"
    if prose:
        yield f"{_count(prose, 'line')} of text"


def _file_words(files: Sequence[Change]) -> Iterator[str]:
    if len(files) > 3:
        yield f"{len(files)} files"
        return
    for change in files:
        how = "added" if change.old is None else "removed" if change.new is None else "changed"
        yield f"{change.name} {how}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _gist(value: Json) -> str:
    text = _shown(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _shown(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_shown(item)}" for key, item in value.items())
    if isinstance(value, Sequence):
        return ", ".join(map(_shown, value))
    return repr(value)
