"""A function of MLRun into a notebook and a report: the one way through this package."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlrun_nb._lib.nearness import some
from mlrun_nb.imports.annotations import Asked
from mlrun_nb.imports.arguments import Argument, arguments_of, asked_of_context
from mlrun_nb.imports.calling import Call, handler_cell, option_line, script_cell, typed
from mlrun_nb.imports.declaring import Declared, declare, why_renamed
from mlrun_nb.imports.document import CODE_ONLY, EVENTS, SERVING, Document, mapping, sequence, text
from mlrun_nb.imports.finding import Finding
from mlrun_nb.imports.handlers import Handler, find_handler
from mlrun_nb.imports.naming import Names, bound_by, identifier
from mlrun_nb.imports.notebook import Written, cells_of, split_program
from mlrun_nb.imports.options import options_of
from mlrun_nb.imports.outputs import Output, outputs_of, width_of
from mlrun_nb.imports.source import Source
from mlrun_nb.imports.undefined import with_undefined

_SCRIPT = "the whole file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """
    What was made of a function: the *cells*, and what became of everything that it said.

    `function` is its name in the notebook, empty where no cell of it can be run; `call` has its parts.
    """

    document: Document
    handler: str
    cells: Sequence[Written]
    call: Call | None
    findings: Sequence[Finding]

    @property
    def function(self) -> str:
        """What the function is called in the notebook."""
        return self.call.name if self.call else ""

    @property
    def stem(self) -> str:
        """The name of a file for it, without suffix."""
        return identifier(self.document.name or self.function or "function").lower()

    def command(self, path: str) -> str:
        """Return what to type to run the function when its notebook is at *path*, empty where there is none."""
        return typed(self.call, path) if self.call else ""


def import_function(document: Document, source: Source, place: str, *, chosen: str = "") -> Imported:
    """
    Return the notebook of *document*, whose code is *source*.

    *place* says where it was, *chosen* which handler to take.

    Raises HubError for a handler that is not there.
    """
    handler = find_handler(document, source, chosen)
    mapped = options_of(document)
    findings = [Finding(field="code", became="a cell, as it was", why=_program(source, handler))]
    if handler is None and document.kind in CODE_ONLY:
        findings.append(_no_handler(document))
        cells = cells_of(document, source, place, "", is_script=False)
        findings += [_without_cell(each, mapped.options) for each in mapped.findings]
        return Imported(document=document, handler="", cells=cells, call=None, findings=findings)
    build = _script if handler is None else _handler
    call, body, more = build(document, source, handler, mapped.options)  # type: ignore[arg-type]  # each gets its own
    cells = cells_of(document, source, place, body, is_script=handler is None)
    cells, undefined = with_undefined(cells, call)
    return Imported(
        document=document,
        handler=handler.name if handler else "",
        cells=cells,
        call=call,
        findings=[*findings, *more, *undefined, *mapped.findings],
    )


def _program(source: Source, handler: Handler | None) -> str:
    return "what it does as a program stands below it and is not run" if handler and split_program(source)[1] else ""


def _no_handler(document: Document) -> Finding:
    why, todo = (
        (
            "a server of models is nothing that runs and ends",
            "Write a `%%mlrun` cell that makes the class, calls `load()` and then `predict(…)`.",
        )
        if document.kind in SERVING
        else (
            "a module is there for other code and does nothing by itself",
            "Write a `%%mlrun` cell that uses it, or take one of its functions with `--handler NAME`.",
        )
    )
    return Finding(field=f"kind `{document.kind}`", why=why, todo=todo)


def _without_cell(finding: Finding, options: Mapping[str, Any]) -> Finding:
    """Return what is said of an option where there is no cell whose option it could be."""
    if not finding.option:
        return finding
    todo = f"Write `{option_line(finding.option, options[finding.option])}` there."
    return Finding(field=finding.field, why="it belongs below a `%%mlrun` line, and there is none yet", todo=todo)


def _handler(
    document: Document, source: Source, handler: Handler, options: Mapping[str, Any]
) -> tuple[Call, str, list[Finding]]:
    names = Names(bound_by(source))
    arguments = arguments_of(handler, document, source)
    known = {each.name for each in arguments}
    has_context = any(each.asked.role == "context" for each in arguments) or "get_or_create_ctx" in source.text
    arguments += asked_of_context(handler.definition, known) if has_context else []
    arguments += _further(document, handler, {each.name for each in arguments}, has_context=has_context)
    declared, findings = _declared(arguments, names, document)
    outputs, told, has_rest = _outputs(handler, document, names)
    call = Call(
        name=names.take(document.name or handler.definition.name, prefix="run_"),
        key=document.name or handler.definition.name,
        declared=declared,
        outputs=outputs,
        options=options,
        has_context=has_context,
        has_events=any(each.is_event for each in arguments),
        has_rest=has_rest,
        before=_before(document, source, has_context=has_context),
    )
    stated = [Finding(field=f"handler `{handler.name}`", became=f"%%mlrun {call.name}", why=_about(call, handler))]
    return call, handler_cell(call, handler), [*stated, *findings, *told, *_unknown(document, handler, arguments)]


def _script(document: Document, source: Source, _: None, options: Mapping[str, Any]) -> tuple[Call, str, list[Finding]]:
    names = Names(())
    arguments = asked_of_context(source.tree, set())
    known = {each.name for each in arguments}
    arguments += [_parameter(name) for name in _stated(document) if name not in known]
    declared, findings = _declared(arguments, names, document)
    call = Call(
        name=names.take(document.name or source.file.removesuffix(".py"), prefix="run_"),
        key=document.name or source.file,
        declared=declared,
        outputs=(),
        options=options,
        has_context="mlrun" in source.text,
    )
    functions = [node.name for node in source.tree.body if isinstance(node, ast.FunctionDef)]
    todo = f"`--handler NAME` takes one of its functions: {some(functions)}." if functions else ""
    stated = Finding(field=_SCRIPT, became=f"%%mlrun {call.name}", todo=todo)
    words = list(map(text, sequence(document.spec.get("args"))))
    if words:
        findings.append(Finding(field="spec.args", became="sys.argv"))
    return call, script_cell(call, source, words), [stated, *findings]


def _declared(arguments: Sequence[Argument], names: Names, document: Document) -> tuple[list[Declared], list[Finding]]:
    declared: list[Declared] = []
    findings: list[Finding] = []
    for argument in arguments:
        if argument.asked.role == "context":
            finding = Finding(field=f"argument `{argument.name}`", became="a stand-in for MLRun's context")
            declared.append(Declared(argument=argument, finding=finding))
        else:
            declared.append(declare(argument, names, _stated(document)))
        findings.append(declared[-1].finding)
    return declared, findings


def _outputs(
    handler: Handler, document: Document, names: Names
) -> tuple[list[tuple[str, Output]], list[Finding], bool]:
    field, outputs = outputs_of(handler, document)
    width = width_of(handler.definition)
    has_rest = 1 < len(outputs) < width
    kept = outputs[:width] if 1 < width < len(outputs) else outputs
    named = [(names.take(each.key), each) for each in kept]
    findings = []
    for name, output in named:
        why = "it is kept in one piece, not taken apart" if output.unpacks else why_renamed(output.key, name)
        findings.append(Finding(field=f"{field or 'returned'} `{output.key}`", became=f"--output {name}", why=why))
    findings += [
        Finding(field=f"{field} `{each.key}`", why="the function returns fewer values", todo="Take it from `returns`.")
        for each in outputs[len(kept) :]
    ]
    return named, findings, has_rest


def _further(document: Document, handler: Handler, known: set[str], *, has_context: bool) -> list[Argument]:
    """Return the stated parameters that are no arguments, where `**kwargs` or the context takes them."""
    takes_all = handler.definition.args.kwarg is not None
    if not (takes_all or has_context):
        return []
    return [_parameter(name, is_asked=not takes_all) for name in _stated(document) if name not in known]


def _parameter(name: str, *, is_asked: bool = True) -> Argument:
    return Argument(name=name, asked=Asked("parameter"), is_asked=is_asked, is_keyword=True)


def _stated(document: Document) -> Mapping[str, Any]:
    return mapping(document.spec.get("parameters"))


def _unknown(document: Document, handler: Handler, arguments: Sequence[Argument]) -> list[Finding]:
    known = {each.name for each in arguments}
    findings = [
        Finding(field=f"spec.parameters.{name}", why="the handler has no such argument", todo="Take it away.")
        for name in _stated(document)
        if name not in known
    ]
    collected = handler.definition.args
    for stars, arg in (("*", collected.vararg), ("**", collected.kwarg)):
        if arg is not None:
            why = "names that are not written out cannot be given to a run"
            findings.append(Finding(field=f"argument `{stars}{arg.arg}`", why=why, todo="Declare those that it takes."))
    return findings


def _before(document: Document, source: Source, *, has_context: bool) -> list[str]:
    if not has_context:
        return []
    lines: list[str] = []
    if document.kind == "dask" and "dask_client" in source.text:
        lines += ["from distributed import Client", "", "context.dask_client = Client()"]
    begins = any(isinstance(node, ast.FunctionDef) and node.name == "init_context" for node in source.tree.body)
    return [*lines, "init_context(context)"] if document.kind in EVENTS and begins else lines


def _about(call: Call, handler: Handler) -> str:
    if handler.owner:
        return f"`{handler.owner.name}` is made without arguments"
    return "" if call.name == identifier(call.key) else "the code has that name for something else"
