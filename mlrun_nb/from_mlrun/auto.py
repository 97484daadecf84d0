"""MLRun's `AutoMLRun` for models of scikit-learn and alike: a model is kept as it is fitted, with what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlrun_nb.errors import UsageError
from mlrun_nb.from_mlrun.absent import refuse_member
from mlrun_nb.from_mlrun.context import MLClientCtx, get_or_create_ctx
from mlrun_nb.from_mlrun.data_item import DataItem
from mlrun_nb.from_mlrun.models import get_model

_PICKLED = (".pkl", ".pickle", ".joblib", ".cloudpickle")


@dataclass
class ModelHandler:
    """A `model` and its name."""

    model: Any
    model_name: str = "model"
    context: MLClientCtx | None = None

    def __getattr__(self, name: str) -> object:
        raise refuse_member(self, name)


class AutoMLRun:
    """What logs a model by itself; what MLRun draws beside (curves, importances) is not drawn."""

    @staticmethod
    def apply_mlrun(
        model: Any = None,  # noqa: ANN401  # of any library
        model_name: str = "model",
        *,
        context: MLClientCtx | None = None,
        x_test: object = None,
        y_test: object = None,
        model_path: object = None,
        **_: object,
    ) -> ModelHandler:
        """
        Have *model* log itself when it is fitted, with metrics of *x_test* where there is one.

        Without *x_test*, metrics of what it next predicts against *y_test*.
        """
        context = context or get_or_create_ctx(model_name)
        if model_path is None:
            _once(model, "fit", lambda _: _log_fitted(context, model, model_name, x_test, y_test))
        elif y_test is not None:
            _once(model, "predict", lambda said: context.log_results(_metrics(model, y_test, said)))
        return ModelHandler(model=model, model_name=model_name, context=context)

    @staticmethod
    def load_model(
        model_path: object, model_name: str = "model", context: MLClientCtx | None = None, **_: object
    ) -> ModelHandler:
        """Return the model in the file at *model_path*, an item, a path or a URL; raises UsageError."""
        path = Path(get_model(model_path)[0])
        if path.suffix in _PICKLED:
            import joblib

            return ModelHandler(model=joblib.load(path), model_name=model_name, context=context)
        model = DataItem(url=str(path)).value()
        if isinstance(model, Path):
            raise UsageError(
                f"`{path}` is no model that can be read by its suffix",
                hint=f"Give a file that ends in .skops or one of {', '.join(_PICKLED)}.",
            )
        return ModelHandler(model=model, model_name=model_name, context=context)


def _once(model: Any, name: str, then: Callable[[Any], None]) -> None:  # noqa: ANN401  # of any library
    """Call *then* with what the method *name* of *model* returns when it is called next, and no more."""
    method = getattr(model, name)

    def watched(*arguments: object, **named: object) -> object:
        del model.__dict__[name]  # before the model is pickled
        result = method(*arguments, **named)
        then(result)
        return result

    setattr(model, name, watched)


def _log_fitted(context: MLClientCtx, model: Any, name: str, x_test: object, y_test: object) -> None:  # noqa: ANN401  # as above
    if x_test is not None and y_test is not None:
        context.log_results(_metrics(model, y_test, model.predict(x_test)))
    context.log_model(name, body=model)


def _metrics(model: Any, true: object, said: object) -> dict[str, float]:  # noqa: ANN401  # of any library
    """Return the metrics that MLRun logs, by its names. Source: MLRun, `frameworks/_ml_common/utils.py`."""
    from sklearn import metrics
    from sklearn.base import is_classifier

    if is_classifier(model):
        mean = {"average": "weighted", "zero_division": 0}
        found = {
            "accuracy": metrics.accuracy_score(true, said),
            "f1_score": metrics.f1_score(true, said, **mean),
            "precision_score": metrics.precision_score(true, said, **mean),
            "recall_score": metrics.recall_score(true, said, **mean),
        }
    else:
        squared = metrics.mean_squared_error(true, said)
        found = {
            "mean_absolute_error": metrics.mean_absolute_error(true, said),
            "mean_squared_error": squared,
            "root_mean_squared_error": squared**0.5,
            "r2_score": metrics.r2_score(true, said),
        }
    return {key: float(value) for key, value in found.items()}
