"""
A package `mlrun` where there is none, so that `import mlrun` in code written for MLRun works.

`install` does nothing where MLRun is installed. What the package has stands in `_CONTENTS`; every other name, and every
other module, is there as something that raises as soon as it is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any, TypeVar

from mlrun_nb.from_mlrun import records
from mlrun_nb.from_mlrun.absent import Absent
from mlrun_nb.from_mlrun.addresses import (
    FEATURE_SEPARATOR,
    StorePrefix,
    create_class,
    create_function,
    is_store_uri,
    parse_feature_string,
    parse_store_uri,
)
from mlrun_nb.from_mlrun.auto import AutoMLRun
from mlrun_nb.from_mlrun.context import MLClientCtx, get_or_create_ctx
from mlrun_nb.from_mlrun.data_item import DataItem
from mlrun_nb.from_mlrun.logger import Logger, logger
from mlrun_nb.from_mlrun.models import get_model
from mlrun_nb.from_mlrun.serving import V2ModelServer

_NAME = "mlrun"
_RELEASE = "1.12.1"
"""The release of MLRun whose behaviour is stood in for; code asks for it to tell old ways from new ones."""
Function = TypeVar("Function", bound=Callable[..., Any])


def install() -> None:
    """Answer imports of `mlrun` where it is not installed; twice is fine."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path) and not _is_installed():
        sys.meta_path.append(_Finder())


def _is_installed() -> bool:
    try:
        return find_spec(_NAME) is not None
    except ValueError:  # a module of that name without a spec: somebody else's stand-in
        return True


def handler(function: Function | None = None, **_: object) -> Any:  # noqa: ANN401  # the function, or a decorator
    """Return the function as it is: its outputs are those of the cell that calls it."""
    return function if function is not None else lambda inner: inner


def get_dataitem(url: str, *_: object, **__: object) -> DataItem:
    """Return what lies at *url*."""
    return DataItem(url=url)


def _error(name: str) -> type[Exception]:
    return type(name, (Exception,), {"__module__": "mlrun.errors"})


_ARTIFACTS: Mapping[str, object] = {
    "Artifact": records.Artifact,
    "DatasetArtifact": records.DatasetArtifact,
    "DirArtifact": records.DirArtifact,
    "ModelArtifact": records.ModelArtifact,
    "PlotArtifact": records.PlotArtifact,
    "PlotlyArtifact": records.PlotlyArtifact,
    "TableArtifact": records.TableArtifact,
    "get_model": get_model,
}
_RUN: Mapping[str, object] = {
    "MLClientCtx": MLClientCtx,
    "DataItem": DataItem,
    "get_dataitem": get_dataitem,
    "get_or_create_ctx": get_or_create_ctx,
    "handler": handler,
}
_ITEMS: Mapping[str, object] = {
    "DataItem": DataItem,
    "get_dataitem": get_dataitem,
    "is_store_uri": is_store_uri,
    "parse_store_uri": parse_store_uri,
}
_AUTO: Mapping[str, object] = {"AutoMLRun": AutoMLRun}
_LOGGER: Mapping[str, object] = {"logger": logger, "Logger": Logger}
_WORDS: Mapping[str, object] = {
    **_LOGGER,
    "StorePrefix": StorePrefix,
    "create_class": create_class,
    "create_function": create_function,
}
_CONTENTS: Mapping[str, Mapping[str, object]] = {
    "mlrun": {**_RUN, "__version__": _RELEASE},
    "mlrun.artifacts": _ARTIFACTS,
    "mlrun.artifacts.base": _ARTIFACTS,
    "mlrun.artifacts.dataset": _ARTIFACTS,
    "mlrun.artifacts.model": _ARTIFACTS,
    "mlrun.artifacts.plots": _ARTIFACTS,
    "mlrun.datastore": _ITEMS,
    "mlrun.datastore.base": {"DataItem": DataItem},
    "mlrun.errors": {},
    "mlrun.feature_store": {},
    "mlrun.feature_store.common": {
        "feature_separator": FEATURE_SEPARATOR,
        "parse_feature_string": parse_feature_string,
    },
    "mlrun.frameworks": {},
    "mlrun.frameworks.auto_mlrun": _AUTO,
    "mlrun.frameworks.auto_mlrun.auto_mlrun": _AUTO,
    "mlrun.execution": {"MLClientCtx": MLClientCtx},
    "mlrun.package": {"handler": handler},
    "mlrun.run": _RUN,
    "mlrun.serving": {"V2ModelServer": V2ModelServer},
    "mlrun.serving.v2_serving": {"V2ModelServer": V2ModelServer},
    "mlrun.utils": _WORDS,
    "mlrun.utils.helpers": _WORDS,
    "mlrun.utils.logger": _LOGGER,
}


class _StandIn(ModuleType):
    """A module of that package."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        if full in _CONTENTS:  # MLRun imports its own modules
            return import_module(full)
        made: object = _error(name) if self.__name__ == "mlrun.errors" and name.startswith("MLRun") else Absent(full)
        setattr(self, name, made)  # one class for each error, so that it can be caught
        return made


class _Finder(MetaPathFinder, Loader):
    """Finds and makes every module below `mlrun`."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002  # the protocol's
        target: ModuleType | None = None,  # noqa: ARG002  # the protocol's
    ) -> ModuleSpec | None:
        """See MetaPathFinder."""
        is_ours = fullname == _NAME or fullname.startswith(f"{_NAME}.")
        return ModuleSpec(fullname, self, origin="mlrun_nb", is_package=True) if is_ours else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """See Loader."""
        return _StandIn(spec.name, __doc__)

    def exec_module(self, module: ModuleType) -> None:
        """See Loader."""
        contents = _CONTENTS.get(module.__name__, {})
        vars(module).update(contents)
        vars(module)["__all__"] = sorted(contents)
