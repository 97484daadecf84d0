"""
From `input.ipynb` to the notebook that is executed: read, upgraded, checked, parameters injected by papermill.

Nothing is executed here. Imports papermill and nbformat, so it is itself imported late.
"""

from __future__ import annotations

import logging
import warnings

import nbformat
from nbformat import NotebookNode
from papermill import __version__ as papermill_version
from papermill.exceptions import PapermillException
from papermill.execute import remove_error_markers
from papermill.parameterize import parameterize_notebook

from mlrun_nb.errors import NotebookError, ParameterError
from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner.cell_metadata import INJECTED
from mlrun_nb.runner.kernelspec import KernelSpec
from mlrun_nb.runner.parameter_values import parameter_values

logging.getLogger("papermill").setLevel(logging.ERROR)  # what it warns of, we decide


def prepare(data: bytes, request: RunRequest, spec: KernelSpec) -> NotebookNode:
    """Return the notebook in *data* with the request's parameters; raises NotebookError or ParameterError."""
    notebook = _with_papermill_metadata(_read(data))
    notebook = remove_error_markers(notebook)  # left by an earlier papermill; they would shift all indices
    if request.parameters:
        notebook = _with_parameters(notebook, request, spec)
    notebook.metadata.setdefault(
        "kernelspec", {"name": spec.name, "display_name": spec.name, "language": spec.language}
    )
    return notebook


def _read(data: bytes) -> NotebookNode:
    invalid: dict[str, object] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of missing cell ids, which it adds
            notebook: NotebookNode = nbformat.reads(data.decode(), as_version=4, capture_validation_error=invalid)
            notebook = nbformat.v4.upgrade(notebook) or notebook
    except Exception as err:  # nbformat raises KeyError, AttributeError and others on what is no notebook
        raise NotebookError(
            f"the notebook of this run cannot be read: {type(err).__name__}: {err}",
            hint="Open it in JupyterLab and save it again, then submit the run anew.",
        ) from err
    if invalid:
        reason = str(invalid["ValidationError"]).partition("\n")[0]
        raise NotebookError(
            f"the notebook of this run is not valid: {reason}",
            hint="Open it in JupyterLab and save it again, then submit the run anew.",
        )
    return notebook


def _with_papermill_metadata(notebook: NotebookNode) -> NotebookNode:
    empty: dict[str, object] = {"default_parameters": {}, "parameters": {}, "environment_variables": {}}
    notebook.metadata["papermill"] = NotebookNode(empty | {"version": papermill_version})
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata["papermill"] = NotebookNode()
    return notebook


def _with_parameters(notebook: NotebookNode, request: RunRequest, spec: KernelSpec) -> NotebookNode:
    values = parameter_values(request)
    try:
        notebook = parameterize_notebook(notebook, values, kernel_name=spec.name, language=spec.language)
    except PapermillException as err:
        raise ParameterError(
            f"papermill cannot write parameters for the kernel `{spec.name}` ({spec.language}): {err}",
            hint="Run it without `-p`, or use a kernel of Python, R, Scala, Julia, Matlab, C#, F#, PowerShell or bash.",
        ) from err
    for cell in notebook.cells:
        cell.metadata.setdefault("papermill", NotebookNode())
        cell.metadata.setdefault("tags", [])
        if "injected-parameters" in cell.metadata.tags:
            cell.metadata["mlrun_nb"] = {"role": "parameters", "name": INJECTED}
    return notebook
