"""NumPy arrays as `.npy` files; arrays of Python objects are left to a pickle that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from mlrun_nb.artifacts.packagers.protocol import CannotPack, Packed, is_exactly


class Npy:
    """An array of plain numbers, texts or times; never read as a pickle."""

    name = "npy"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return is_exactly(value, "numpy", "ndarray")

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        import numpy as np

        array = cast("np.ndarray[Any, np.dtype[Any]]", value)
        if array.dtype.hasobject:
            raise CannotPack("its elements are Python objects")
        path = folder / f"{name}.npy"
        np.save(path, array, allow_pickle=False)
        return Packed(file=path.name, metadata={"shape": list(array.shape), "dtype": str(array.dtype)})

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # one type
        """See Packager."""
        import numpy as np

        return np.load(path, allow_pickle=False)
