"""`/runs/{run}/artifacts/{artifact}`: what a run left, as a file and as a look at it."""

from __future__ import annotations

from mlrun_nb.artifacts.preview import is_picture
from mlrun_nb.artifacts.preview import preview as look
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import Run
from mlrun_nb.server.endpoints.found import recorded_run_of
from mlrun_nb.server.route import Call, File, NoBody, Where
from mlrun_nb.server.shapes.run import Preview
from mlrun_nb.services.artifact_files import file_name, find_file, find_rendering, is_worth_a_look, opened
from mlrun_nb.services.artifacts import find_artifact


def file(call: Call[Where, NoBody]) -> File:
    """Return an artifact as a file."""
    run, artifact = _artifact(call)
    content = find_file(call.project, run, artifact)
    return File(name=file_name(artifact), media_type=artifact.media_type, content=content)


def rendering(call: Call[Where, NoBody]) -> File:
    """Return a rendering of an artifact as a file."""
    run, artifact = _artifact(call)
    name = call.places["name"]
    content, media_type = find_rendering(call.project, run, artifact, name)
    return File(name=name.rpartition("/")[2], media_type=media_type, content=content)


def preview(call: Call[Where, NoBody]) -> Preview:
    """Return a few rows, the first lines, or which rendering is a picture; executes nothing."""
    run, artifact = _artifact(call)
    pictures = {media: name for media, name in artifact.previews.items() if is_picture(media)}
    for media, name in pictures.items():
        return Preview(kind="picture", picture=name, media_type=media)
    if not is_worth_a_look(artifact):
        return Preview(kind="none", reason="It lies elsewhere and is large; it can be downloaded.")
    with opened(find_file(call.project, run, artifact)) as path:
        found = look(path, artifact.media_type, name=file_name(artifact))
    return Preview(
        kind=found.kind,
        columns=found.columns,
        rows=found.rows,
        text=found.text,
        media_type=artifact.media_type,
        cut=found.cut,
        reason=found.reason,
    )


def _artifact(call: Call[Where, NoBody]) -> tuple[Run, Artifact]:
    run = recorded_run_of(call)
    return run, find_artifact(call.project, run, call.places["artifact"])
