"""Whatever no other packager takes, as a pickle that names the type in it."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb.artifacts.packagers.protocol import CannotPack, Packed


class CloudPickle:
    """Any value that can be pickled, classes and functions of the notebook included."""

    name = "pickle"

    def can_save(self, value: object) -> bool:  # noqa: ARG002  # the last resort
        """See Packager."""
        return True

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        from mlrun_nb.artifacts import pickling

        path = folder / f"{name}.pkl"
        try:
            with path.open("wb") as file:
                pickling.dump(value, file)
        except Exception as err:  # pickling runs the methods of everything in the value
            path.unlink(missing_ok=True)
            raise CannotPack(f"it cannot be pickled: {err}") from err
        return Packed(file=path.name)

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # the pickle names the type
        """See Packager."""
        from mlrun_nb.artifacts import pickling

        with path.open("rb") as file:
            return pickling.load(file)
