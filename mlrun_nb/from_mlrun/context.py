"""MLRun's context: what a handler logs with, and where it finds parameters and inputs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mlrun_nb.errors import MlrunNbError, UsageError
from mlrun_nb.from_mlrun.absent import refuse_member
from mlrun_nb.from_mlrun.data_item import DataItem, mlrun_item
from mlrun_nb.from_mlrun.keeping import keep_body, keep_file, keep_result
from mlrun_nb.from_mlrun.logger import logger
from mlrun_nb.from_mlrun.records import Artifact, DatasetArtifact, ModelArtifact
from mlrun_nb.runner import inside


class MLClientCtx:
    """
    The context of the run of *name*.

    Within `with` it is the one that `mlrun.get_or_create_ctx` returns; at the end files that were written below
    `artifact_path` and not logged are kept under their names.
    """

    def __init__(self, name: str, *, parameters: Mapping[str, Any], inputs: Mapping[str, object]) -> None:
        run = inside.current_run()
        self.name = name
        self.uid = run.id if run else ""
        self.project = run.project if run else ""
        self.iteration = 0
        self.parameters: dict[str, Any] = dict(parameters)
        self.inputs = {key: item for key, value in inputs.items() if (item := mlrun_item(value, key))}
        self.results: dict[str, Any] = {}
        self.artifacts: list[Artifact] = []
        self.labels: dict[str, str] = {}
        self.annotations: dict[str, str] = {}
        self.logger = logger
        self.state = "running"
        self.dask_client: Any = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._logged: set[Path] = set()
        self._error = ""

    @property
    def artifact_path(self) -> str:
        """A folder for files on the way to be logged."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="mlrun-nb-artifacts-")
        return self._folder.name

    out_path = artifact_path

    @property
    def in_path(self) -> str:
        """Where relative inputs lie: the folder of the run."""
        return ""

    def artifact_subpath(self, *parts: str) -> str:
        """Return a path below `artifact_path`."""
        return os.path.join(self.artifact_path, *parts)  # noqa: PTH118  # a text, as MLRun returns one

    def get_param(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  # a value of any type
        """Return the parameter *key*; where there is none, *default*, which is then its value."""
        return self.parameters.setdefault(key, default)

    def get_input(self, key: str, url: str = "") -> DataItem:
        """Return the input *key*; where it was not given, what lies at *url*, or at *key* itself."""
        if key not in self.inputs:
            self.inputs[key] = DataItem(key, url or key)
        return self.inputs[key]

    def get_dataitem(self, url: str) -> DataItem:
        """Return what lies at *url*."""
        return DataItem(url=url)

    def get_secret(self, key: str, default: str | None = None) -> str | None:
        """Return the variable *key* of the environment, where `--secret` puts secrets."""
        return os.environ.get(key, default)

    def log_result(self, key: str, value: Any, commit: bool = False) -> None:  # noqa: ANN401, ARG002, FBT001, FBT002  # MLRun's
        """Keep a result; a value that is no scalar is kept as an artifact."""
        self.results[key] = value
        keep_result(key, value)

    def log_results(self, results: Mapping[str, Any], commit: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # MLRun's
        """Keep several results."""
        for key, value in results.items():
            self.log_result(key, value)

    def log_metric(self, key: str, value: float, timestamp: object = None, labels: object = None) -> None:  # noqa: ARG002  # MLRun's
        """Add a point to the series *key*."""
        inside.log_metric(key, value)

    def log_metrics(self, keyvals: Mapping[str, float], timestamp: object = None, labels: object = None) -> None:  # noqa: ARG002  # MLRun's
        """Add a point to each of several series."""
        for key, value in keyvals.items():
            self.log_metric(key, value)

    def log_artifact(
        self,
        item: str | Artifact,
        body: object = None,
        local_path: str | None = None,
        **more: Any,  # noqa: ANN401  # MLRun's
    ) -> Artifact:
        """Keep *body*, or the file *local_path*, or the file of the key's name below `artifact_path`."""
        artifact = item if isinstance(item, Artifact) else Artifact(item)
        artifact.key = artifact.key or str(more.get("db_key") or "artifact")
        if body is not None:
            artifact.body = body
        name = str(local_path or more.get("src_path") or artifact.src_path or "")
        if artifact.body is not None:
            how = name or str(more.get("format") or artifact.format or Path(artifact.key).suffix)
            artifact.target_path = keep_body(artifact.key, artifact.body, how)
        else:
            artifact.target_path = self._log_file(artifact.key, name)
        self.artifacts.append(artifact)
        return artifact

    def log_dataset(self, key: str, df: object, *_: object, **more: Any) -> DatasetArtifact:  # noqa: ANN401  # MLRun's
        """Keep a table; it is kept as parquet, whatever `format` says."""
        artifact = DatasetArtifact(key, df, **more)
        artifact.target_path = keep_body(key, df)
        self.artifacts.append(artifact)
        self._log_extra(more.get("extra_data"))
        return artifact

    def log_model(
        self,
        key: str,
        body: object = None,
        *,
        model_file: str | None = None,
        model_dir: str | None = None,
        **more: Any,  # noqa: ANN401  # MLRun's
    ) -> ModelArtifact:
        """Keep a model: *body*, or the file *model_file* of the folder *model_dir*; its `metrics` become results."""
        artifact = ModelArtifact(key, body, **more)
        if body is not None:
            artifact.target_path = keep_body(key, body, model_file or "")
        else:
            path = os.path.join(model_dir or "", model_file or "")  # noqa: PTH118  # either may be missing
            artifact.target_path = self._log_file(key, path)
        self.artifacts.append(artifact)
        for name, value in (more.get("metrics") or {}).items():
            keep_result(f"{key}.{name}", value)
        self._log_extra(more.get("extra_data"))
        return artifact

    def get_cached_artifact(self, key: str) -> Artifact | None:
        """Return what was logged as *key* in this run."""
        return next((each for each in self.artifacts if each.key == key), None)

    def set_label(self, key: str, value: object, replace: bool = True) -> None:  # noqa: FBT001, FBT002  # MLRun's
        """Note a label and print it; labels of a run itself are given as it starts, `--label KEY=VALUE`."""
        if replace or key not in self.labels:
            self.labels[str(key)] = str(value)
            self.logger.info("label", **{str(key): str(value)})

    def set_annotation(self, key: str, value: object, replace: bool = True) -> None:  # noqa: FBT001, FBT002  # MLRun's
        """Note an annotation."""
        if replace or key not in self.annotations:
            self.annotations[str(key)] = str(value)

    def set_hostname(self, host: str) -> None:
        """Do nothing: the record of a run has its host."""

    def set_logger_level(self, level: str) -> None:
        """Print lines of this level and above."""
        self.logger.set_logger_level(level)

    def set_state(self, execution_state: str | None = None, error: str | None = None, commit: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002  # MLRun's
        """Note a state; with *error* the run fails at the end of the handler."""
        self.state = "error" if error else (execution_state or self.state)
        self._error = error or self._error

    def commit(self, message: str = "", completed: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # MLRun's
        """Print the *message*; everything is kept as soon as it is logged."""
        if message:
            self.logger.info(message)

    def update_artifact(self, artifact_object: Artifact) -> None:
        """Do nothing: an artifact is kept as it was logged."""

    def is_logging_worker(self) -> bool:
        """Tell whether this process logs: each does."""
        return True

    def to_dict(self) -> dict[str, Any]:
        """Return name, parameters and results."""
        return {
            "metadata": {"name": self.name, "uid": self.uid, "project": self.project, "labels": self.labels},
            "spec": {"parameters": self.parameters, "inputs": {key: item.url for key, item in self.inputs.items()}},
            "status": {"state": self.state, "results": self.results},
        }

    def __enter__(self) -> Self:
        _current.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        _current.remove(self)
        if self._folder is not None:
            with self._folder as folder:
                self._log_rest(Path(folder))
        if error is None and self._error:
            raise UsageError(f"`{self.name}` says that it failed: {self._error}", hint="Look at what it printed.")

    def __getattr__(self, name: str) -> object:
        raise refuse_member(self, name)

    def _log_file(self, key: str, name: str) -> str:
        path = Path(name or key)
        below = Path(self.artifact_path) / path
        path = below if not path.exists() and below.exists() else path
        self._logged.add(path.absolute())
        return keep_file(key, path)

    def _log_extra(self, extra: object) -> None:
        for key, value in (extra if isinstance(extra, Mapping) else {}).items():
            if isinstance(value, Artifact):
                if not value.target_path:
                    value.key = value.key or key
                    self.log_artifact(value)
            elif isinstance(value, str):
                self._log_file(key, value)
            else:
                keep_body(key, value)

    def _log_rest(self, base: Path) -> None:
        for path in sorted(base.rglob("*")):
            name = path.relative_to(base)
            is_hidden = any(part.startswith(".") for part in name.parts)
            if is_hidden or not path.is_file() or self._logged.intersection({path, *path.parents}):
                continue
            try:
                keep_file(name.as_posix(), path)
            except MlrunNbError as err:  # the handler has ended as it did, and nobody asked for this file
                self.logger.warning("not kept", file=str(name), why=err.message)


_current: list[MLClientCtx] = []


def get_or_create_ctx(name: str = "", *_: object, **__: object) -> MLClientCtx:
    """Return the context of what runs now; where none does, a new one with the parameters of the run."""
    if _current:
        return _current[-1]
    run = inside.current_run()
    return MLClientCtx(name or "run", parameters=run.parameters if run else {}, inputs={})
