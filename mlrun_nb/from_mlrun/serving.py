"""The class that MLRun's model servers inherit from, so that they can be made and asked by hand."""

from __future__ import annotations

from typing import Any

from mlrun_nb.from_mlrun.absent import refuse_member
from mlrun_nb.from_mlrun.models import get_model


class V2ModelServer:
    """A model below *model_path*; `load` and `predict` are the inheriting class's own."""

    def __init__(
        self,
        context: object = None,
        name: str = "",
        model_path: str = "",
        model: object = None,
        **more: Any,  # noqa: ANN401  # of any type
    ) -> None:
        self.context, self.name, self.model_path, self.model = context, name, model_path, model
        self._params: dict[str, Any] = {**more.pop("parameters", {}), **more}

    def get_param(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  # of any type
        """Return a parameter."""
        return self._params.get(key, default)

    def get_model(self, suffix: str = "") -> tuple[str, dict[str, Any]]:
        """Return the path of the model's file and, as nothing else is known of it, an empty mapping."""
        return get_model(self.model_path, suffix)[0], {}

    def __getattr__(self, name: str) -> object:
        raise refuse_member(self, name)
