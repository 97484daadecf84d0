"""All routes: the whole interface on one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from mlrun_nb.server.endpoints import (
    artifacts,
    charts,
    clusters,
    differences,
    functions,
    health,
    hub,
    log,
    metrics,
    notebook,
    options,
    publishing,
    run,
    runs,
    status,
    sweep,
)
from mlrun_nb.server.openapi import document
from mlrun_nb.server.route import Action, Asked, Call, Method, NoBody, Route, Where
from mlrun_nb.server.shapes import clusters as cluster_shapes
from mlrun_nb.server.shapes import differences as difference_shapes
from mlrun_nb.server.shapes import functions as function_shapes
from mlrun_nb.server.shapes import hub as hub_shapes
from mlrun_nb.server.shapes import notebook as notebook_shapes
from mlrun_nb.server.shapes import publishing as publishing_shapes
from mlrun_nb.server.shapes import run as run_shapes
from mlrun_nb.server.shapes import runs as list_shapes
from mlrun_nb.server.shapes import status as status_shapes
from mlrun_nb.server.shapes import sweep as sweep_shapes


def _route(
    words: str,
    call: Callable[[Call[Any, Any]], object],
    summary: str,
    answer: Any,  # noqa: ANN401  # a shape, or a type of JSON values
    *,
    query: type[Where] = Where,
    body: type[Asked] = NoBody,
    action: Action = "read",
) -> Route[Any, Any]:
    """Return the route that *words*, `METHOD /path` and where it is not 200 `→ status`, and the rest say."""
    address, _, status = words.partition(" → ")
    method, _, path = address.partition(" ")
    return Route(
        method=cast("Method", method),
        path=path,
        call=call,
        summary=summary,
        resource=f"mlrun-nb:{re.split(r'[/.]', path)[1]}",
        query=query,
        body=body,
        answer=answer,
        status=int(status or 200),
        action=action,
    )


def _described(_: Call[Where, NoBody]) -> dict[str, Any]:
    """Return the whole interface, described for machines."""
    return document(ROUTES)


ROUTES: tuple[Route[Any, Any], ...] = (
    _route(
        "GET /status",
        status.status,
        "Which server this is, which project it shows, how many runs there are",
        status_shapes.Status,
    ),
    _route("GET /openapi.json", _described, "This interface, described for machines", dict[str, Any]),
    _route("GET /health", health.health, "What `doctor` finds", status_shapes.Health),
    _route("GET /runs", runs.runs, "A page of runs, newest first", list_shapes.RunPage, query=list_shapes.RunsAsked),
    _route("GET /runs/{run}", run.run, "Everything about a run", run_shapes.RunDetail),
    _route("DELETE /runs/{run} → 204", run.delete, "Delete an ended run and its files", None, action="write"),
    _route("POST /runs/{run}/cancel", run.cancel, "Ask for the end of a run", list_shapes.RunRow, action="execute"),
    _route("PUT /runs/{run}/pin", run.pin, "Keep a run from retention", list_shapes.RunRow, action="write"),
    _route("DELETE /runs/{run}/pin", run.unpin, "Let retention have a run", list_shapes.RunRow, action="write"),
    _route(
        "POST /runs/{run}/rerun → 201",
        run.rerun,
        "Run it again, with what is to be different",
        list_shapes.RunRow,
        body=list_shapes.Rerun,
        action="execute",
    ),
    _route("GET /runs/{run}/card", run.card, "The card of a run as a notebook shows it", run_shapes.Card),
    _route(
        "GET /runs/{run}/notebook",
        run.notebook,
        "The executed notebook as a Jupyter contents model",
        run_shapes.Executed,
    ),
    _route("GET /runs/{run}/log", log.lines, "Lines of the log", run_shapes.LogLines, query=run_shapes.TailAsked),
    _route(
        "GET /runs/{run}/log/search",
        log.search,
        "Where a text stands in the log",
        run_shapes.Found,
        query=run_shapes.SearchAsked,
    ),
    _route("GET /runs/{run}/log/file", log.file, "The whole log as a file", None),
    _route(
        "GET /runs/{run}/metrics",
        metrics.metrics,
        "The numbers that a run logged",
        run_shapes.Metrics,
        query=run_shapes.SeriesAsked,
    ),
    _route(
        "GET /runs/{run}/children",
        sweep.children,
        "The children of a sweep, as columns",
        sweep_shapes.Children,
        query=sweep_shapes.ChildrenAsked,
    ),
    _route(
        "GET /runs/{run}/charts",
        charts.charts,
        "The children of a sweep over its parameters, few enough to draw",
        sweep_shapes.Charts,
        query=sweep_shapes.ChartsAsked,
    ),
    _route(
        "GET /runs/{run}/around",
        sweep.around,
        "The space of a sweep around its best child",
        sweep_shapes.Around,
    ),
    _route("GET /runs/{run}/artifacts/{artifact}", artifacts.file, "An artifact as a file", None),
    _route(
        "GET /runs/{run}/artifacts/{artifact}/preview",
        artifacts.preview,
        "A few rows, the first lines, or how it looks",
        run_shapes.Preview,
    ),
    _route(
        "GET /runs/{run}/artifacts/{artifact}/previews/{name}",
        artifacts.rendering,
        "A rendering of an artifact as a file",
        None,
    ),
    _route(
        "GET /runs/{run}/diff",
        differences.runs,
        "What differs from another run",
        difference_shapes.Comparison,
        query=difference_shapes.DiffAsked,
    ),
    _route(
        "GET /compare",
        differences.table,
        "Runs beside each other",
        difference_shapes.Table,
        query=difference_shapes.CompareAsked,
    ),
    _route("GET /functions", functions.functions, "All functions of the project", function_shapes.Functions),
    _route(
        "GET /functions/{function}",
        functions.function,
        "A function at one version",
        function_shapes.FunctionDetail,
        query=function_shapes.VersionAsked,
    ),
    _route(
        "GET /functions/{function}/versions",
        functions.versions,
        "A page of its versions",
        function_shapes.Versions,
        query=function_shapes.VersionsAsked,
    ),
    _route(
        "GET /functions/{function}/versions/{version}/diff",
        differences.versions,
        "What a version changed",
        difference_shapes.VersionComparison,
        query=difference_shapes.DiffAsked,
    ),
    _route(
        "PUT /functions/{function}/tags/{tag}",
        functions.tag,
        "Move a tag to a version",
        function_shapes.VersionRow,
        body=function_shapes.TagMoved,
        action="write",
    ),
    _route(
        "POST /functions/{function}/runs → 201",
        functions.start,
        "Run it",
        list_shapes.RunRow,
        body=function_shapes.RunFunction,
        action="execute",
    ),
    _route(
        "GET /functions/{function}/draft",
        publishing.draft,
        "What it would be as an item of a hub",
        publishing_shapes.PublicationDraft,
        query=publishing_shapes.DraftAsked,
    ),
    _route(
        "POST /functions/{function}/publication",
        publishing.publish,
        "Try it by its example and give it to a source",
        publishing_shapes.PublicationState,
        body=publishing_shapes.Publish,
        action="execute",
    ),
    _route(
        "GET /functions/{function}/publication",
        publishing.state,
        "How far that is, or what came of it",
        publishing_shapes.PublicationState,
    ),
    _route(
        "GET /hub", hub.search, "Functions that others have published", hub_shapes.HubFound, query=hub_shapes.HubAsked
    ),
    _route(
        "GET /hub/{source}/{name}",
        hub.item,
        "One version of an item",
        hub_shapes.HubDetail,
        query=hub_shapes.HubVersionAsked,
    ),
    _route(
        "GET /hub/{source}/{name}/versions/{version}/diff",
        hub.diff,
        "What a version of it changed",
        difference_shapes.VersionComparison,
        query=difference_shapes.DiffAsked,
    ),
    _route(
        "POST /hub/{source}/{name}/cells",
        hub.cells,
        "Code of it to put into a notebook",
        hub_shapes.HubCells,
        body=hub_shapes.HubCellsAsked,
    ),
    _route(
        "PUT /hub/{source}/{name}/lock",
        hub.install,
        "Have the project use a version",
        hub_shapes.Installed,
        body=hub_shapes.InstallItem,
        action="write",
    ),
    _route(
        "DELETE /hub/{source}/{name}/lock → 204",
        hub.uninstall,
        "Have the project use no version of its own",
        None,
        action="write",
    ),
    _route(
        "POST /hub/{source}/{name}/runs → 201",
        hub.start,
        "Run it",
        list_shapes.RunRow,
        body=hub_shapes.RunItem,
        action="execute",
    ),
    _route(
        "GET /clusters", clusters.clusters, "The Dask clusters that runs start by themselves", cluster_shapes.Clusters
    ),
    _route(
        "POST /clusters",
        clusters.begin,
        "Begin a cluster, or find it",
        cluster_shapes.ClusterRow,
        body=cluster_shapes.BeginCluster,
        action="execute",
    ),
    _route(
        "PUT /clusters/{on}",
        clusters.scale,
        "Give the cluster of an engine or profile another number of workers",
        cluster_shapes.ClusterRow,
        body=cluster_shapes.ScaleCluster,
        action="execute",
    ),
    _route(
        "DELETE /clusters/{on} → 204",
        clusters.end,
        "End the cluster of an engine or profile",
        None,
        query=cluster_shapes.EndAsked,
        action="execute",
    ),
    _route("GET /options", options.options, "All options of functions and runs, for forms", status_shapes.Options),
    _route(
        "POST /notebook/functions",
        notebook.functions,
        "The functions of a notebook as somebody has it open",
        notebook_shapes.FunctionCells,
        body=notebook_shapes.NotebookText,
    ),
    _route(
        "POST /notebook/proposal",
        notebook.propose,
        "What a cell could be as a function",
        notebook_shapes.Proposal,
        body=notebook_shapes.ProposeAsked,
    ),
    _route(
        "POST /notebook/edit",
        notebook.edit,
        "A cell with other options on its line",
        notebook_shapes.Edited,
        body=notebook_shapes.EditAsked,
    ),
)
