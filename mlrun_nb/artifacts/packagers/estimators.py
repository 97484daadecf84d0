"""scikit-learn estimators: skops where it brings them back without trusting anything, else joblib."""

from __future__ import annotations

import os
import pickle
import warnings
from pathlib import Path
from types import FunctionType
from typing import Any

from mlrun_nb.artifacts.packagers.protocol import CannotPack, Packed, is_a


class Skops:
    """An estimator made of types that skops knows, so that loading it runs no code of the file."""

    name = "skops"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return is_a(value, "sklearn.base", "BaseEstimator")

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        try:
            import skops.io
        except ImportError as err:
            raise CannotPack("`skops` is not installed; `pip install skops` keeps estimators without pickle") from err
        path = folder / f"{name}.skops"
        try:
            skops.io.dump(value, path)
            unknown = skops.io.get_untrusted_types(file=path)
        except Exception as err:  # skops lets through what the estimator's own methods raise
            path.unlink(missing_ok=True)
            raise CannotPack(f"skops cannot write it: {err}") from err
        if unknown:
            path.unlink()
            raise CannotPack(f"skops does not know `{unknown[0]}`, a type in it")
        return Packed(file=path.name, metadata=_versions())

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # the file names the type
        """See Packager."""
        import skops.io

        return skops.io.load(path)


class Joblib:
    """Any estimator, as a pickle of the scikit-learn release that is installed."""

    name = "joblib"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return is_a(value, "sklearn.base", "BaseEstimator") and type(value).__module__ != "__main__"

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        import joblib

        path = folder / f"{name}.joblib"
        try:
            with Path(os.devnull).open("wb") as nowhere:
                _NoneOfMain(nowhere).dump(value)
            joblib.dump(value, path, compress=3)
        except CannotPack:
            raise
        except Exception as err:  # pickling runs the methods of everything in the estimator
            path.unlink(missing_ok=True)
            raise CannotPack(f"joblib cannot write it: {err}") from err
        return Packed(file=path.name, metadata=_versions())

    def load(self, path: Path, type_name: str) -> object:
        """See Packager."""
        import joblib

        warnings.warn(
            f"`{path.name}` ({type_name}) is a joblib pickle: it runs code when it is read, and other releases of "
            "scikit-learn may read it wrongly. `pip install skops` keeps estimators without pickle.",
            stacklevel=2,
        )
        return joblib.load(path)


class _NoneOfMain(pickle.Pickler):
    """Refuses what a notebook defines: joblib writes the name alone, which a run that lacks the cell cannot read."""

    def reducer_override(self, obj: object) -> Any:  # noqa: ANN401  # what pickle takes, or NotImplemented
        if isinstance(obj, type | FunctionType) and obj.__module__ == "__main__":
            raise CannotPack(f"`{obj.__qualname__}` of the notebook is in it, of which joblib keeps the name only")
        return NotImplemented


def _versions() -> dict[str, str]:
    import sklearn

    return {"scikit-learn": sklearn.__version__}
