"""A function of MLRun that was found made into a notebook, and that put where it is wanted."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb._lib.files import write_once
from mlrun_nb.errors import OptionError
from mlrun_nb.imports.document import read_document
from mlrun_nb.imports.importing import Imported, import_function
from mlrun_nb.imports.notebook import check_target, written
from mlrun_nb.imports.source import source_of
from mlrun_nb.services.import_places import Place


def import_from(place: Place, *, handler: str = "") -> Imported:
    """Return the notebook of the function at *place* and what became of all it said; raises HubError."""
    document = read_document(place.data, place.name)
    return import_function(document, source_of(document, place.read), place.name, chosen=handler)


def put(imported: Imported, to: Path | None, folder: Path, *, force: bool) -> Path:
    """
    Write the notebook to *to*, else to a file of the function's name in *folder*; returns the path.

    Raises OptionError for a file that is there, unless *force*, and for one that is no notebook.
    """
    path = to or folder / f"{imported.stem}.ipynb"
    check_target(path.name)
    data = written(imported.cells, path.name)
    try:
        if force:
            path.write_bytes(data)
        elif not write_once(path, data):
            raise OptionError(
                f"`{path}` is there already", hint="Give another name, `--to NAME.ipynb`, or write over it, `--force`."
            )
    except OSError as err:
        raise OptionError(
            f"`{path}` cannot be written: {err.strerror}", hint="Give a path in a folder of yours: `--to PATH`."
        ) from err
    return path
