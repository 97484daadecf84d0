"""What `%%mlrun?` shows: a manual page, its options from the one table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from mlrun_nb.model.options import OPTIONS, SECTIONS, Kind, Option

_WIDTH = 88
_COLUMN = 34

_HEAD = """\
%%mlrun NAME [options]

Make the cell a function called NAME, run it, wait for it, and bring its outputs back.

The cell becomes a version under one hash: its text, and what it needs of the cells that ran before it, imports,
functions, classes and constants. Data comes in by `--input` and goes out by `--output`. Annotated assignments at the
top, `lr: float = 0.1`, are its parameters. A cell that is a single `def` takes them from its signature.

Examples
--------
    %%mlrun train --output model --output accuracy
    lr: float = 0.1
    model = fit(lr)
    accuracy = score(model)

    %%mlrun train --input df --memory 16Gi --timeout 2h    a variable of the notebook, and limits
    %%mlrun train --param lr=0.2                            another value, for this run
    %%mlrun train --on inline                               in this process, for the debugger
    %%mlrun train --sweep lr=0.1,0.01 --maximize accuracy   a run for each value, and the outputs of the best
    %%mlrun train --detach                                  go on working; `%mlrun logs last -f` follows it
    %%mlrun train --dry-run                                 what would be sent
    %%mlrun train --on gpu-eu --validate                    the same, checked by the cluster

Options may also stand in comments at the top of the cell: `#| mlrun.memory: 16Gi`.
The interrupt button cancels the run. `%mlrun VERB` is the command line: `%mlrun runs`, `%mlrun show train --code`.
"""

LINE_MANUAL = """\
%mlrun VERB [words]

The command line `mlrun-nb` below the cell: same verbs, same words, same output. Tab completes verbs and words.

Examples
--------
    %mlrun runs                       the history, newest first
    %mlrun show last                  everything about the newest run
    %mlrun show train --code          the source of a function, as it runs
    %mlrun logs last -f               what it prints
    %mlrun diff train@3f2a91c train   what changed between two versions
    %mlrun --help                     all verbs
"""


def manual() -> str:
    """Return the manual page of the cell magic."""
    return "\n".join([_HEAD, *_options()])


def _options() -> Iterator[str]:
    for section, title in SECTIONS.items():
        yield f"{title}\n{'-' * len(title)}"
        for option in OPTIONS.values():
            if option.section == section:
                yield from _entry(option)
        yield ""


def _entry(option: Option) -> Iterator[str]:
    value = "" if option.kind is Kind.FLAG else f" {'|'.join(option.choices) or option.example}"
    head = f"    {option.flag}{value}"
    lines = textwrap.wrap(option.help, _WIDTH - _COLUMN)
    if len(head) >= _COLUMN - 1:
        yield head
        head = ""
    yield f"{head:<{_COLUMN}}{lines[0]}"
    for text in lines[1:]:
        yield f"{'':<{_COLUMN}}{text}"
