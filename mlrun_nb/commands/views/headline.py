"""The first lines about a run, the same wherever one is shown: what came of it, why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import Document, Line, clean, line, wrap
from mlrun_nb.errors import OptionError
from mlrun_nb.model.run import Run
from mlrun_nb.model.settings import MemoryLimit
from mlrun_nb.model.states import RunState
from mlrun_nb.services.children import may_go_on

PROGRAM = "mlrun-nb"


def headline(run: Run) -> Line:
    """Return which run came to what: `✓ train 7f3a91c succeeded in 1 min 12 s · local · run 4k7q2m`."""
    where = f"{run.profile} ({run.engine})" if run.profile and run.profile != run.engine else run.engine
    attempt = f" · attempt {run.attempt}" if run.attempt > 1 else ""
    shape, style = states.look_of(run)
    return line(
        shape,
        " ",
        (run.function, "strong"),
        (f" {run.version[:7]} ", "dim"),
        (outcome(run), style),
        (f"{attempt} · {where} · run ", "dim"),
        states.short_id(run),
        (f" · {states.PIN} pinned" if run.pinned else "", "dim"),
    )


def outcome(run: Run) -> str:
    """Return the state with its duration: `succeeded in 1 min 12 s`, `failed after 48.2 s`, `running`."""
    if run.state is RunState.CACHED:
        saved = f", saved {humane.duration(run.saved_s)}" if run.saved_s else ""
        return f"{run.state}{saved}"
    if run.duration_s is None or not run.state.is_final:
        return str(run.state)
    link = "in" if run.state is RunState.SUCCEEDED and not run.pruned else "after"
    return f"{states.word_of(run)} {link} {humane.duration(run.duration_s)}"


def reason_lines(run: Run, width: int) -> Document:
    """Return why the run is where it is and what to do about it; empty for one that went well."""
    reason = clean(states.reason_of(run))
    hint = clean(states.hint_of(run))
    lines: Document = [line((text, states.style_of(run.state))) for text in wrap(reason, width)]
    for index, text in enumerate(wrap(hint, width - 6)):
        lines.append(line(("hint: ", "strong") if index == 0 else "      ", text))
    return lines


def next_commands(run: Run, memory: MemoryLimit | None = None, *, program: str = PROGRAM) -> list[tuple[str, str]]:
    """
    Return what to type next, with what it does, most useful first.

    *memory* is the limit that was in force, *program* what the verbs are typed behind: `%mlrun` in a notebook.
    """
    name = states.short_id(run)
    if not run.state.is_final:
        return [(f"{program} logs {name} -f", "follow what it prints"), (f"{program} cancel {name}", "end it")]
    show = (f"{program} show {name}", "everything about this run")
    if run.state in {RunState.SUCCEEDED, RunState.CACHED}:
        return [show]
    return [show, (f"{program} logs {name}", "all it printed"), _on(run, memory, program)]


def _on(run: Run, memory: MemoryLimit | None, program: str) -> tuple[str, str]:
    return resume(run, program=program) if may_go_on(run) else again(run, memory, program=program)


def resume(run: Run, *, program: str = PROGRAM) -> tuple[str, str]:
    """Return the command that lets a sweep go on."""
    return f"{program} sweep resume {states.short_id(run)}", "let it go on; no ended point is repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What would run a run again with a better chance: what for, and the options that are to be different."""

    purpose: str
    options: Mapping[str, str] = field(default_factory=dict)


def remedy(run: Run, memory: MemoryLimit | None = None) -> Remedy:
    """Return how to run it again: with as much more than *memory*, where that ran out, as the run's error says too."""
    if run.error is not None and run.error.cls == "OutOfMemory" and memory is not None:
        with suppress(OptionError):  # what another engine made of it
            amount = memory.raised(run.peak_memory_bytes)
            return Remedy(purpose=f"run it again with {amount} of memory", options={memory.option: amount})
    return Remedy(purpose="run the same version again")


def again(run: Run, memory: MemoryLimit | None = None, *, program: str = PROGRAM) -> tuple[str, str]:
    """Return the command that runs it again, as the remedy has it."""
    chosen = remedy(run, memory)
    options = "".join(f" --{name} {quoted(value)}" for name, value in chosen.options.items())
    return f"{program} rerun {states.short_id(run)}{options}", chosen.purpose
