"""Artifacts as MLRun's code makes them before it logs them: a key, a body or a file, and words about it."""

from __future__ import annotations

from typing import Any

from mlrun_nb.from_mlrun.absent import refuse_member


class Artifact:
    """
    Something to be logged: *body*, or the file *src_path*, under *key*.

    What else MLRun takes (viewers, titles, sizes of previews) is taken and kept in `more`. `target_path` and `uri` are
    where it lies once it was logged, empty before and outside a run.
    """

    kind = "artifact"

    def __init__(self, key: str | None = None, body: object = None, **more: Any) -> None:  # noqa: ANN401  # MLRun's
        self.key = key or ""
        self.body = body
        self.src_path = str(more.pop("src_path", None) or more.pop("local_path", None) or "")
        self.format = str(more.pop("format", None) or "")
        self.more = more
        self.target_path = ""

    @property
    def uri(self) -> str:
        """Where it lies."""
        return self.target_path

    def get_target_path(self) -> str:
        """Return where it lies."""
        return self.target_path

    def get_body(self) -> object:
        """Return what is to be logged."""
        return self.body

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") or name not in self.__dict__.get("more", {}):
            raise refuse_member(self, name)
        return self.more[name]


class DirArtifact(Artifact):
    """A folder."""

    kind = "dir"


class PlotArtifact(Artifact):
    """A figure of matplotlib."""

    kind = "plot"


class PlotlyArtifact(Artifact):
    """A figure of plotly; it comes before the key."""

    kind = "plotly"

    def __init__(self, figure: object = None, key: str | None = None, **more: Any) -> None:  # noqa: ANN401  # MLRun's
        super().__init__(key, figure, **more)


class TableArtifact(Artifact):
    """A table; MLRun takes it as `df` or as `body`."""

    kind = "table"

    def __init__(self, key: str | None = None, body: object = None, df: object = None, **more: Any) -> None:  # noqa: ANN401  # MLRun's
        super().__init__(key, body if df is None else df, **more)


class DatasetArtifact(TableArtifact):
    """A table; it comes behind the key."""

    kind = "dataset"

    def __init__(self, key: str | None = None, df: object = None, **more: Any) -> None:  # noqa: ANN401  # MLRun's
        super().__init__(key, df=df, **more)


class ModelArtifact(Artifact):
    """A model."""

    kind = "model"
