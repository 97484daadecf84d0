"""
Tracebacks as people read them: the user's frames only, each at its place in the notebook that the function came from.

A kernel numbers cells as it executed them (`Cell In[4], line 3`), the in-process execution by their place in the
executed notebook; here both become `Cell 3 of train.ipynb, line 6`. The executed notebook keeps its own numbers.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Sequence

from mlrun_nb.runner.faults import Raised, plain
from mlrun_nb.runner.original import Original

_FILE = re.compile(r"\s*File (?P<path>.+?)(:\d+)?(,? in .*)?")
_FOREIGN = re.compile(r"[/\\](site-packages|dist-packages|lib[/\\]python3[^/\\]*|mlrun_nb)[/\\]|^<frozen ")
_KERNEL_FRAME = re.compile(
    r"^(?P<indent> *)Cell In ?\[(?P<count>\d+)\], line (?P<line>\d+)(?P<rest>.*)"
    r"(?P<code>(?:\n(?:-*> ?| *)\d+(?: .*)?)*)"
    r"(?:\n+File <timed (?:exec|eval)>:(?P<timed>\d+)(?:, in .*)?\n(?:-*>)? *\d+ 'Could not get source.*)?",
    re.MULTILINE,
)
"""A cell's frame, its code, and the frame of what `%time` executed there. Source: IPython.core.ultratb."""
_CODE = re.compile(r"^(?P<arrow>-*>)? *(?P<line>\d+)(?P<text>(?: .*)?)$", re.MULTILINE)
_GUTTER = 7
"""The column in which IPython's line numbers end."""
_PROCESS_FRAME = re.compile(r'File "<run \w+ cell (?P<number>\d+)>", line (?P<line>\d+)')
_COMPILED = re.compile(r" \((?:\d+\.py|<run \w+ cell \d+>), line (?P<line>\d+)\)$")
"""How the message of a SyntaxError in a cell's own text ends: with the name of a file that nobody has seen."""
_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})
_MAGIC = "get_ipython()."


def raised(original: Original, index: int, *, ename: str, evalue: str, frames: Sequence[str]) -> Raised:
    """Return what the cell *index* raised, as people read it; *frames* are as a kernel or Python shows them."""
    if ename in _SYNTAX:
        evalue = _COMPILED.sub(lambda found: f" (line {_number(original, index, found['line'])})", evalue)
    own = "\n".join(filter(None, (_own_paragraphs(plain(frame)) for frame in frames)))
    return Raised(ename=ename, evalue=evalue, traceback=in_original(original, own))


def in_original(original: Original, text: str) -> str:
    """Return *text*, a traceback without colours, with each frame in a cell at its original place."""
    text = _KERNEL_FRAME.sub(lambda found: _kernel_frame(original, found), text)
    return _PROCESS_FRAME.sub(lambda found: _process_frame(original, found), text)


def python_traceback(error: BaseException) -> str:
    """Return the traceback of an exception of this process as plain text without the frames of libraries."""
    report = traceback.TracebackException.from_exception(error)
    for each in _with_causes(report):
        own = [frame for frame in each.stack if not _FOREIGN.search(frame.filename)]
        each.stack = traceback.StackSummary.from_list(own)
    return "".join(report.format())


def _with_causes(report: traceback.TracebackException | None) -> Iterator[traceback.TracebackException]:
    if report is not None:
        yield report
        yield from _with_causes(report.__cause__)
        yield from _with_causes(report.__context__)


def _own_paragraphs(frame: str) -> str:
    return "\n\n".join(part for part in frame.split("\n\n") if not _is_foreign(part))


def _is_foreign(part: str) -> bool:
    match = _FILE.fullmatch(part.partition("\n")[0])
    return match is not None and _FOREIGN.search(match["path"]) is not None


def _process_frame(original: Original, found: re.Match[str]) -> str:
    index = int(found["number"]) - 1
    return original.place(index, original.source_line(index, int(found["line"])))


def _kernel_frame(original: Original, found: re.Match[str]) -> str:
    index = original.counted(int(found["count"]))
    if index is None or not _shows(original, index, found["code"]):
        return found[0]
    below = original.below_cell_magic(index, int(found["timed"])) if found["timed"] else None
    if below is not None:
        number = original.number(index, below)
        return f"{original.place(index, below)}\n{_gutter(number, is_arrow=True)} {original.written(index, below)}"
    place = original.place(index, original.source_line(index, int(found["line"])))
    code = _CODE.sub(lambda line: _code_line(original, index, line), found["code"])
    return f"{found['indent']}{place}{found['rest']}{code}"


def _shows(original: Original, index: int, code: str) -> bool:
    """Tell whether *code* is of the cell: what a cell gives to `run_cell` comes under the number of that cell too."""
    arrows = (found for found in _CODE.finditer(code) if found["arrow"])
    return all(_MAGIC in found["text"] or _same(found["text"], _written(original, index, found)) for found in arrows)


def _same(shown: str, written: str) -> bool:
    return "".join(shown.split()) == "".join(written.split())


def _code_line(original: Original, index: int, found: re.Match[str]) -> str:
    number = _number(original, index, found["line"])
    text = f" {_written(original, index, found)}" if _MAGIC in found["text"] else found["text"]
    return f"{_gutter(number, is_arrow=bool(found['arrow']))}{text}"


def _written(original: Original, index: int, found: re.Match[str]) -> str:
    return original.written(index, original.source_line(index, int(found["line"])))


def _number(original: Original, index: int, compiled: str) -> int:
    return original.number(index, original.source_line(index, int(compiled)))


def _gutter(number: int, *, is_arrow: bool) -> str:
    arrow = "> ".rjust(_GUTTER - len(str(number)), "-") if is_arrow else ""
    return f"{arrow}{number}" if arrow else f"{number:>{_GUTTER}}"
