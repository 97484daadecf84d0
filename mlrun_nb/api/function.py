"""
A function at one version, as Python code holds it: run it, look at it, compare it.

What `%%mlrun NAME` binds NAME to, and what `get_function` finds. Here are no cells: what a function is made of arrives
prepared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, Generic, ParamSpec, Self, TypeAlias, TypeVar, Unpack

from mlrun_nb._lib.records import Json
from mlrun_nb.api.arguments import find_inputs, take_arguments
from mlrun_nb.api.comparison import Comparison, VersionsComparison
from mlrun_nb.api.future import RunFuture
from mlrun_nb.api.listing import list_runs
from mlrun_nb.api.options import RUN_OPTIONS, RunOptions, checked_options, choose
from mlrun_nb.api.run import Run
from mlrun_nb.api.shown import Text
from mlrun_nb.api.sweepable import Sweepable, stated_parameters
from mlrun_nb.api.table import Table
from mlrun_nb.api.values import Outputs
from mlrun_nb.api.waiting import interruptible, start, until_end
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.show import FunctionPage, code_of
from mlrun_nb.commands.views.functions import function_view, versions_view
from mlrun_nb.errors import NotFoundError, UsageError
from mlrun_nb.model.function import Version, VersionHash, VersionInfo
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.notebook.compose import compose
from mlrun_nb.notebook.diff import declaration
from mlrun_nb.project import Project
from mlrun_nb.services.choice import Choice, laid_over_cell
from mlrun_nb.services.register import Prepared
from mlrun_nb.services.submit import Plan, plan_version

AS_STATED = Choice()
"""Nothing is chosen beside what the function says itself."""


P = ParamSpec("P")
R = TypeVar("R")


class Function(Sweepable, Generic[P, R]):
    """
    A function at one version: what `%%mlrun NAME` binds NAME to, what `@function` makes of a `def`.

    Parameters and inputs are given by name: `train.run(lr=0.2, data=frame)`; everything else that can be said of a run
    is said before: `train.with_options(memory="8Gi").run(lr=0.2)`.
    """

    def __init__(
        self, project: Project, version: Version, *, prepared: Prepared | None = None, choice: Choice = AS_STATED
    ) -> None:
        """*prepared* is what *version* was made of, which may not be recorded yet; None for a recorded one."""
        self._project = project
        self._version = version
        self._prepared = prepared
        self._choice = choice

    @property
    def project(self) -> Project:
        """The project that it belongs to."""
        return self._project

    @property
    def name(self) -> str:
        """The name."""
        return self._now()[0].function

    @property
    def version(self) -> str:
        """The hash of the version: 64 hexadecimal digits, of which the first 7 are shown."""
        return self._now()[0].hash

    @property
    def description(self) -> str:
        """The first paragraph of its docstring."""
        return self._now()[0].description

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it takes as plain values, each with name, type and default."""
        return self._now()[0].spec.parameters

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of what it takes as values of any type."""
        return self._now()[0].spec.inputs

    @property
    def source(self) -> str:
        """The code as it runs: what was captured, the parameters, the body."""
        return Text(code_of(self._now()[0]))

    @property
    def outputs(self) -> Outputs:
        """What the newest run that succeeded left: `train.outputs.model.load()`; raises NotFoundError without one."""
        found = self.runs(state="succeeded", limit=1) if self._is_recorded() else ()
        if not found:
            raise NotFoundError(f"no run of `{self.name}` has succeeded yet", hint=f"Run it: `{self.name}.run()`.")
        return found[0].outputs

    def run(self, /, **arguments: object) -> Run:
        """
        Run it, wait for the end, and return the run.

        *arguments* are parameters, and inputs: a value, an artifact of a run, or the path or URL of a file. Ctrl-C
        cancels the run. Raises RunFailed, with the run as `run`, if it does not succeed, and RunCancelled.
        """
        record = self._start(arguments)
        return Run(self.project, until_end(self.project, record)).check()

    def submit(self, /, **arguments: object) -> RunFuture:
        """Run it and return at once; *arguments* as for `run`. On engine `inline` it has ended then."""
        return RunFuture(Run(self.project, self._start(arguments)))

    def with_options(self, **options: Unpack[RunOptions]) -> Self:
        """Return the same function with other options for its runs, such as `memory="8Gi"` or `on="local"`."""
        checked = checked_options(options, RUN_OPTIONS, where="`with_options`")
        return self._with(choose(self._choice, checked))

    def notebook(self, path: str | PathLike[str] | None = None) -> dict[str, Any]:
        """Return the notebook that runs, in nbformat 4.5; with *path* it is written there too."""
        composed = compose(self._now()[0])
        if path is not None:
            Path(path).write_text(json.dumps(composed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return composed

    def runs(
        self,
        *,
        state: str | Sequence[str] = (),
        label: Mapping[str, str] | None = None,
        since: str | float | None = None,
        limit: int = 20,
    ) -> Table[Run]:
        """Return its newest runs, of all versions; see `runs`."""
        return list_runs(self.project, function=self.name, state=state, label=label, since=since, limit=limit)

    def versions(self, *, limit: int = 50) -> Table[AnyFunction]:
        """Return its newest recorded versions, each as a function that can be run; last registered first."""
        store, current = self.project.store, self._now()[0]
        infos = {info.hash: info for info in self._infos(current, limit)}
        found = [store.get_version(current.project, current.function, each) for each in infos]

        def view(items: Sequence[AnyFunction], now: datetime, width: int) -> Document:
            return versions_view([infos[VersionHash(item.version)] for item in items], now, width)

        def row(item: AnyFunction) -> Mapping[str, object]:
            info = infos[VersionHash(item.version)]
            return {
                "function": info.function,
                "version": info.hash,
                "tags": list(info.tags),
                "runs": info.runs,
                "created": info.created,
                "notebook": info.notebook,
            }

        return Table((Function(self.project, version) for version in found), view=view, row=row)

    def diff(self, other: AnyFunction | str | None = None) -> Comparison:
        """
        Return what this version changes of *other*: a function, a tag or a hash; without it the version before.

        Raises NotFoundError where there is no such version.
        """
        version = self._now()[0]
        if isinstance(other, Function):
            return VersionsComparison(other._now()[0], version)  # noqa: SLF001  # the other is one of us
        store = self.project.store
        reference = other if other is not None else self._before(version)
        return VersionsComparison(store.get_version(version.project, version.function, reference), version)

    def __call__(self, *_: P.args, **__: P.kwargs) -> R:
        """Raise UsageError: a cell has no value to return, so a call can only be a mistake for `run`."""
        raise UsageError(
            f"`{self.name}` is a function of cells and cannot be called",
            hint=f"`{self.name}.run(…)` runs it and records the run; `{self.name}.submit(…)` does not wait.",
        )

    def __repr__(self) -> str:
        version = self._now()[0]
        given = [*(declaration(item) for item in version.spec.parameters), *version.spec.inputs]
        return f"<Function {version.function}@{version.short}({', '.join(given)})>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Function) and (other.name, other.version) == (self.name, self.version)

    def __hash__(self) -> int:
        return hash(self.name)

    def _now(self) -> tuple[Version, Prepared | None]:
        """Return the version that stands for this function now, and what it was made of."""
        return self._version, self._prepared

    def _with(self, choice: Choice) -> Self:
        other = copy(self)
        other._choice = choice  # noqa: SLF001  # the other is one of us
        return other

    def _start(self, arguments: Mapping[str, object]) -> RunRecord:
        with interruptible():
            return start(self.project, self._plan(arguments))

    def _plan(self, arguments: Mapping[str, object]) -> Plan:
        version, prepared = self._now()
        stated = prepared.run_options if prepared else {}
        given = take_arguments(version, arguments, settled=stated_parameters(prepared))
        choice = laid_over_cell(replace(self._choice, parameters=given.parameters), stated)
        inputs = {**given.inputs, **find_inputs(self.project, version, given, prepared)}
        planned = plan_version(self.project, version, choice, prepared=prepared, inputs=inputs)
        return replace(planned, prepared=None) if self._stays_recorded() else planned

    def _stays_recorded(self) -> bool:
        """Tell whether a run is not to record the version: it is there, and `latest` may have gone on to a newer."""
        return self._is_recorded()

    def _is_recorded(self) -> bool:
        version, prepared = self._now()
        if prepared is None:
            return True
        try:
            self.project.store.get_version(version.project, version.function, version.hash)
        except NotFoundError:
            return False
        return True

    def _before(self, version: Version) -> str:
        hashes = [info.hash for info in self._infos(version)]
        earlier = hashes[hashes.index(version.hash) + 1 :] if version.hash in hashes else hashes
        if not earlier:
            raise NotFoundError(
                f"`{version.function}@{version.short}` is the first version of `{version.function}`",
                hint="Change the cell and run it, or name another function: `train.diff(other)`.",
            )
        return earlier[0]

    def _infos(self, version: Version, limit: int = 50) -> Sequence[VersionInfo]:
        try:
            return self.project.store.versions(version.project, version.function, limit=limit).items
        except NotFoundError:  # not recorded yet
            return ()

    def _view(self, now: datetime, width: int) -> Document:
        version = self._now()[0]
        infos = self._infos(version, limit=10)
        tags = next((info.tags for info in infos if info.hash == version.hash), ())
        query = RunQuery(project=version.project, functions=(version.function,), limit=5)
        runs = self.project.store.list_runs(query).items
        return function_view(FunctionPage(version=version, tags=tags, versions=infos, runs=runs), now, width)


AnyFunction: TypeAlias = Function[..., Any]
"""A function of which is not known what a call of it takes and returns."""


def stated_options(function: AnyFunction) -> dict[str, Json]:
    """Return the options that *function* has before profile and defaults: those of its code, and those chosen since."""
    choice = function._choice  # noqa: SLF001  # one of us
    on: dict[str, Json] = {"on": choice.on} if choice.on else {}
    return {**function._now()[0].spec.options, **choice.options, **on}  # noqa: SLF001  # one of us


def plan_of(function: AnyFunction, arguments: Mapping[str, object]) -> Plan:
    """Return the run that `function.submit(**arguments)` would start; raises what that would raise."""
    return function._plan(arguments)  # noqa: SLF001  # one of us
