"""
The run cache: find the earlier run whose outcome can stand for a new one, or say what differs from the nearest.

Two runs are equal when code, parameters, environment variables, content of the inputs and installed distributions are.
What a run reads beside these, a clock or a network, nobody can know: so nothing is reused unasked. Decides only;
`submit` acts on it.

A sweep is nobody's origin: its outcome is that of its best child, under parameters that are not its own. Nor is a
child: most of what children left is gone soon after, and the whole sweep would have to stay for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mlrun_nb._lib.files import link_or_copy
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.identity import identify
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.artifact import Artifact, InputReference
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run, RunRequest
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.runner import layout
from mlrun_nb.services.history import read_result
from mlrun_nb.services.resubmit import read_request

_KEPT = (layout.OUTPUT, layout.RESULT, layout.DISTRIBUTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheLook:
    """What the cache has for a request: the run to reuse, or None and in `difference` why there is none."""

    origin: Run | None = None
    artifacts: tuple[Artifact, ...] = ()
    difference: str = ""


def identify_inputs(request: RunRequest) -> RunRequest:
    """
    Return *request* with the digest, or for a URL the ETag, of each input's content as it is now.

    An input that has neither stays as it is. Raises ArtifactError for one that cannot be reached.
    """
    return replace(request, inputs={name: identify(reference) for name, reference in request.inputs.items()})


def look(project: Project, request: RunRequest) -> CacheLook:
    """Return the newest run that *request* would only repeat; its inputs are identified already."""
    unknown = next((name for name, item in request.inputs.items() if not _content(item)), None)
    if unknown is not None:
        return CacheLook(difference=f"input `{unknown}` has neither a digest nor an ETag")
    installed = project.engine(request.engine).distributions(request)
    if not installed:
        return CacheLook(difference=f"engine `{request.engine}` cannot tell beforehand what its runs find installed")
    nearest: tuple[int, str] | None = None
    for run in _same_code(project, request):
        agreed, difference = _first_difference(project, run, request, installed)
        if not difference:
            return CacheLook(origin=run, artifacts=tuple(project.store.artifacts(run.id)))
        if nearest is None or agreed > nearest[0]:
            nearest = agreed, f"{difference} in run {run.id[:6]}"
    return CacheLook(difference=nearest[1] if nearest else _other_code(project, request))


def reuse(project: Project, run: Run, found: CacheLook) -> Run:
    """
    End the recorded *run* as `cached` with the outcome of its origin.

    Notebook and result record are the origin's, its artifacts stay where they are. Interrupted before its end, the run
    is taken for one whose submission was, and executed.
    """
    origin = found.origin
    if origin is None:
        raise ValueError("nothing was found to reuse")
    folder, source = Path(run.run_directory), Path(origin.run_directory)
    for name in _KEPT:
        if (source / name).is_file():
            link_or_copy(source / name, folder / name)
    now = project.clock()
    ended = replace(
        run,
        state=RunState.CACHED,
        phase=None,
        origin=origin.id,
        reason=f"same as run {origin.id[:6]}",
        results=origin.results,
        duration_s=0.0,
        saved_s=origin.duration_s,
        ended=now,
        last_seen=now,
    )
    ingest = Ingest(artifacts=found.artifacts, metrics=project.store.metrics(origin.id))
    return project.store.advance(run, ended, ingest) or project.store.get_run(run.id)


def _other_code(project: Project, request: RunRequest) -> str:
    query = RunQuery(
        project=request.version.project, functions=(request.version.function,), states=(RunState.SUCCEEDED,), limit=1
    )
    newest = next(iter(project.store.list_runs(query).items), None)
    if newest is None:
        return f"no run of `{request.version.function}` has succeeded yet"
    return f"the code differs from that of every run that succeeded; the newest is {newest.id[:6]}"


def _same_code(project: Project, request: RunRequest) -> Iterator[Run]:
    """Yield runs that succeeded with equal code, of the newest version first, newest first."""
    version = request.version
    cursor: str | None = None
    while True:
        page = project.store.versions(version.project, version.function, limit=1000, cursor=cursor)
        for info in page.items:
            if info.code_hash == version.code_hash and info.runs:
                yield from _succeeded(project, request, info.hash)
        cursor = page.cursor
        if cursor is None:
            return


def _succeeded(project: Project, request: RunRequest, version: str) -> Iterator[Run]:
    query = RunQuery(
        project=request.version.project,
        functions=(request.version.function,),
        version=version,
        states=(RunState.SUCCEEDED,),
        limit=1000,
    )
    while True:
        page = project.store.list_runs(query)
        yield from (run for run in page.items if run.sweep is None)
        if page.cursor is None:
            return
        query = replace(query, cursor=page.cursor)


def _first_difference(project: Project, run: Run, request: RunRequest, installed: str) -> tuple[int, str]:
    """Return how many comparisons *run* stands before one fails, and what that one says; an empty text if none does."""
    agreed = 0
    for difference in _differences(project, run, request, installed):
        if difference:
            return agreed, difference
        agreed += 1
    return agreed, ""


def _differences(project: Project, run: Run, request: RunRequest, installed: str) -> Iterator[str]:
    """Yield the outcome of each comparison, the cheap ones first: a text that goes on `in run X`, empty for equal."""
    yield _parameters(run, request)
    before = read_request(run)
    if before is None:
        yield "nothing says any more what was asked"
        return
    yield _inputs(before, request)
    yield _environment(before, request)
    yield _distributions(run, installed)
    yield _gone(project, run)


def _parameters(run: Run, request: RunRequest) -> str:
    for name, value in request.parameters.items():
        if name not in run.parameters or not _same(run.parameters[name], value):
            return f"parameter `{name}` is {_shown(value)}, and {_shown(run.parameters.get(name))}"
    return ""


def _environment(before: RunRequest, request: RunRequest) -> str:
    old, new = before.settings.environment, request.settings.environment
    changed = [name for name in {**old.env, **new.env} if old.env.get(name) != new.env.get(name)]
    if changed:
        return f"variable `{min(changed)}` has another value"
    if old.secret != new.secret:
        return "secrets are taken from elsewhere"
    if before.version.spec.kernel != request.version.spec.kernel:
        return f"the kernel is `{request.version.spec.kernel}`, and `{before.version.spec.kernel}`"
    return ""


def _inputs(before: RunRequest, request: RunRequest) -> str:
    for name, reference in request.inputs.items():
        old = before.inputs.get(name)
        if old is None or not _content(old):
            return f"the content of input `{name}` was not recorded"
        if _content(old) != _content(reference):
            return f"input `{name}` has other content"
    return ""


def _content(reference: InputReference) -> str:
    return reference.digest or (f"{reference.uri} {reference.etag}" if reference.etag else "")


def _distributions(run: Run, installed: str) -> str:
    result = read_result(run)
    if result is None:
        return "the result record is gone"
    return "" if result.distributions == installed else "other distributions were installed"


def _gone(project: Project, run: Run) -> str:
    for artifact in project.store.artifacts(run.id):
        parent, _, name = artifact.uri.rpartition("/")
        try:
            is_there = open_folder(parent).exists(name)
        except ArtifactError:
            is_there = False
        if not is_there:
            return f"artifact `{artifact.name}` cannot be found"
    return ""


def _same(old: Json, new: Json) -> bool:
    """Tell whether two values are the same to a program: `1` and `True`, `1` and `1.0` are not."""
    return type(old) is type(new) and repr(old) == repr(new)


def _shown(value: Json) -> str:
    text = repr(value)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:39]}…`"
