"""Make an item of a function, and give it to a source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from mlrun_nb.errors import HubError, NotFoundError, OptionError
from mlrun_nb.hubs.verifying import item_of
from mlrun_nb.hubs.writing import check_same, following
from mlrun_nb.model.function import Version
from mlrun_nb.model.hub import ITEM, NAME, VERSION, Bundle, HubItem
from mlrun_nb.notebook.as_cells import editable_cells, percent_text
from mlrun_nb.project import Project
from mlrun_nb.protocols.hub import Publication, Publishable
from mlrun_nb.services import hub
from mlrun_nb.services.register import Prepared

FIRST = "1.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    What is to be published, and what is said of it; what is empty is missing, or comes from the function.

    `example` is a notebook that uses `hub://NAME`; without one that runs the function with its defaults is made.
    """

    source: str
    name: str = ""
    version: str = ""
    summary: str = ""
    categories: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    license: str = ""
    readme: Path | None = None
    example: Path | None = None


def completed(project: Project, prepared: Prepared, draft: Draft) -> Draft:
    """
    Return *draft* with what the function and the source say where nothing else is said.

    Raises OptionError for what cannot be published, NotFoundError for a source that is not there.
    """
    version = prepared.version
    if version.spec.form == "notebook":
        raise OptionError("a whole notebook cannot be published", hint="Name a function in it: `NOTEBOOK::NAME`.")
    name = draft.name or version.function.replace("_", "-").lower().strip("-")
    if not NAME.fullmatch(name):
        raise OptionError(f"`{name}` cannot name an item", hint="Give one as in `--name load-data`.")
    if draft.version and not VERSION.fullmatch(draft.version):
        raise OptionError(f"`{draft.version}` is no version", hint="Write it as in `--version 1.0.0`.")
    return replace(
        draft,
        name=name,
        version=draft.version or _next_version(project, draft.source, name),
        summary=draft.summary or version.description.strip().partition("\n")[0],
        requirements=draft.requirements or _required(version),
    )


def missing(draft: Draft, version: Version) -> tuple[str, ...]:
    """Return what somebody has to say before *draft* can be published: `summary`, `categories`, `example`."""
    needs_values = bool(version.spec.inputs) or any(each.required for each in version.spec.parameters)
    lacks = {
        "summary": not draft.summary,
        "categories": not draft.categories,
        "example": draft.example is None and needs_values,
    }
    return tuple(name for name, is_missing in lacks.items() if is_missing)


def bundle_of(prepared: Prepared, draft: Draft) -> Bundle:
    """Return the item that *draft* makes of the function; raises HubError for what it cannot be."""
    version = prepared.version
    function = version.function
    notebook, example = f"{function}.py", f"example{draft.example.suffix if draft.example else '.py'}"
    files = {
        notebook: percent_text([f"# {draft.name}\n\n{draft.summary}"], editable_cells(version)).encode(),
        example: _read(draft.example) if draft.example else _example_of(draft.name),
        **({"README.md": _read(draft.readme)} if draft.readme else {}),
    }
    about: dict[str, object] = {
        "name": draft.name,
        "version": draft.version,
        "summary": draft.summary,
        "categories": list(draft.categories),
        "notebook": notebook,
        "function": function,
        "example": example,
        "requirements": list(draft.requirements),
        "license": draft.license,
    }
    about = {key: value for key, value in about.items() if value}
    files[ITEM] = yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=2**20).encode()
    if taken := sorted(files.keys() & prepared.files):
        raise HubError(
            f"`{taken[0]}` travels with `{function}`, and an item has a file of its own of that name",
            hint="Nothing was published. Give your file another name.",
        )
    files.update(prepared.files)
    return Bundle(item=item_of(files, f"`{draft.name}@{draft.version}`"), files=files)


def publish(project: Project, bundle: Bundle, source: str, *, push: bool) -> Publication:
    """Give *bundle*, which was tried, to *source*; raises HubError for a version that has another content there."""
    taker = _taker(project, source)
    check_same(bundle.item, _versions(project, source, bundle.item.name), source)
    return taker.publish(bundle, push=push)


def check_taken(project: Project, source: str) -> None:
    """Raise OptionError, or NotFoundError, where *source* takes nothing."""
    _taker(project, source)


def _taker(project: Project, source: str) -> Publishable:
    found = hub.source_called(project, source)
    if not isinstance(found, Publishable) or source not in project.config.hub_sources:
        raise OptionError(
            f"hub source `{source}` takes nothing",
            hint="Publish to a folder or a repository of git; `mlrun-nb hub serve` makes a catalog of either.",
        )
    return found


def _next_version(project: Project, source: str, name: str) -> str:
    found = _versions(project, source, name)
    return following(found[0].version) if found else FIRST


def _versions(project: Project, source: str, name: str) -> list[HubItem]:
    found = hub.source_called(project, source)
    try:
        return list(found.versions(name))
    except NotFoundError:
        return []


def _required(version: Version) -> tuple[str, ...]:
    stated = version.spec.options.get("requirements")
    return tuple(map(str, stated)) if isinstance(stated, list | tuple) else ()


def _example_of(name: str) -> bytes:
    code = f'import mlrun_nb as mn\n\nrun = mn.get_function("hub://{name}").run()\nrun'
    return percent_text([f"# {name} with its defaults"], [code]).encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise OptionError(f"`{path}` cannot be read: {err.strerror}", hint="Give the path of a file.") from err
