"""What is shown of runs: the reason first, numbers with units, a shape and a word for every state, 80 columns."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from mlrun_nb.commands.document import plain, text_of, width_of
from mlrun_nb.commands.views import fields
from mlrun_nb.commands.views.bars import cells_view
from mlrun_nb.commands.views.card import card_view
from mlrun_nb.commands.views.headline import again, headline
from mlrun_nb.commands.views.notices import notices_view
from mlrun_nb.commands.views.run import run_view
from mlrun_nb.commands.views.runs import runs_view
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import CellReport, Progress, RunError
from mlrun_nb.model.settings import MemoryLimit
from mlrun_nb.model.states import PendingPhase, RunState
from tests.unit.commands.records import CELLS, NOW, failed_run, make_details, make_run


@pytest.mark.parametrize("state", list(RunState))
def test_every_state_has_a_shape_and_a_word(state):
    """Nothing is said by colour alone."""
    text = text_of(headline(make_run(state=state)))
    assert str(state) in text
    assert width_of(text[0]) == 1


def test_shapes_differ_from_state_to_state():
    """But the two good ends may be told apart by their word."""
    assert len({text_of(headline(make_run(state=state)))[0] for state in RunState}) == len(RunState)


def test_a_card_says_the_reason_before_any_data():
    """Why it failed stands above the traceback and the results."""
    lines = plain(card_view(make_details(failed_run(results={"rows": 5})), (), 80)).splitlines()
    assert lines[0] == "✗ train 7f3a91c failed after 1 min 3 s · local · run 4k7q2m"
    assert lines[1:3] == ["  cell 3 (`train`) raised `ValueError`: no such column", "  hint: Read the traceback."]
    assert lines.index("Results") > lines.index("Traceback") > 2


def test_a_card_ends_with_commands_to_type():
    """Every end is a beginning."""
    assert "  mlrun-nb rerun 4k7q2m" in plain(card_view(make_details(failed_run()), (), 80)).splitlines()[-1]


def test_a_card_names_the_gate_that_closed():
    """Right below the headline."""
    lines = plain(card_view(make_details(make_run()), ("`a<1`: `a` is 0",), 80)).splitlines()
    assert lines[1] == "  ✗ fails on `a<1`: `a` is 0"


def test_results_are_compared_with_the_last_good_run():
    """Better or worse is seen at a glance."""
    good = make_run(id="8p2c3dabcdef", results={"accuracy": 0.95})
    text = plain(card_view(make_details(make_run(results={"accuracy": 0.962}), last_good=good), (), 80))
    assert "accuracy  0.962  +0.012" in text


def test_a_number_of_400_digits_is_cut_wherever_it_is_shown():
    """As a parameter, a result, a distance, and what changed; beyond floats no distance is told."""
    good = make_run(id="8p2c3dabcdef", parameters={"n": 7}, results={"big": 7, "share": 10**400})
    run = make_run(parameters={"n": 10**399}, results={"big": 10**399, "share": 0.5})
    text = plain(run_view(make_details(run, last_good=good), "", NOW, 80))
    assert "100000…000000 (400 digits)  was 7" in text
    assert "0" * 60 not in text


def test_a_run_that_lacked_memory_is_run_again_with_twice_as_much():
    """The command can be typed as it stands."""
    error = RunError(cls="OutOfMemory", fault="resources", summary="s", hint="h")
    limit = MemoryLimit(option="memory", amount="4Gi")
    assert again(make_run(state=RunState.FAILED, error=error), limit)[0] == "mlrun-nb rerun 4k7q2m --memory 8Gi"


def test_the_page_of_a_run_shows_all_that_is_known():
    """Each section of the page is there, with units."""
    run = failed_run(peak_memory_bytes=4 * 1024**3, cpu_s=81.5, parameters={"rows": 24}, overrides={"retries": 2})
    good = make_run(id="8p2c3dabcdef", parameters={"rows": 12}, created=NOW - timedelta(minutes=21))
    text = plain(run_view(make_details(run, last_good=good), "", NOW, 80))
    assert "since the last good run 8p2c3d, 20 min before" in " ".join(text.split())
    for part in (
        "rows  24  was 12",
        "retries  2      this run",
        "memory   4Gi    the function",
        "memory  4.0 GiB of 4Gi  ████████████████████ 100 %",
        "cpu     1.3 of 4 cores",
        "model  skops  1.2 MiB  artifacts/model.skops",
        "Traceback\n",
        "mlrun-nb diff 8p2c3d 4k7q2m",
    ):
        assert part in text


def test_the_end_of_the_log_stands_in_for_a_traceback():
    """A kernel that died leaves none."""
    error = RunError(cls="KernelDied", fault="resources", summary="the kernel died", hint="h")
    text = plain(run_view(make_details(make_run(state=RunState.FAILED, error=error)), "epoch 3\nepoch 4\n", NOW, 80))
    assert "End of the log\n  epoch 3\n  epoch 4\n" in text


def test_bars_lie_one_after_the_other():
    """A cell's bar begins where the one before it ended; one that was not reached has none."""
    bars = [text_of(item)[14:-14] for item in cells_view(CELLS, 78)]
    begins = [len(bar) - len(bar.lstrip()) for bar in bars if bar.strip()]
    assert begins == sorted(begins)
    assert len(begins) == 3
    assert "not reached" in text_of(cells_view(CELLS, 78)[3])


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_history_fits_its_width(width):
    """Also with long names, many parameters and long reasons."""
    wide = {"a_long_name": "x" * 50, "other": 3}
    runs = [
        failed_run(parameters=wide, results={"accuracy": 0.5}),
        make_run(id="8p2c3dabcdef", parameters={"other": 4}),
    ]
    assert all(width_of(text_of(item)) <= width for item in runs_view(runs, NOW, width))


def test_the_history_is_told_by_day():
    """Today with ages, other days with the time of day."""
    runs = [make_run(), make_run(id="8p2c3dabcdef", created=NOW - timedelta(days=1, minutes=9))]
    lines = plain(runs_view(runs, NOW, 80)).splitlines()
    assert [lines[0], lines[3]] == ["Today", "Yesterday"]
    assert lines[1].endswith("1 min")
    assert lines[4].endswith("15:00")


def test_the_history_shows_the_parameters_that_tell_runs_apart():
    """What is the same everywhere says nothing."""
    runs = [make_run(id=f"{n}aaaaaaaaaaa", parameters={"lr": n, "epochs": 5}) for n in (1, 2)]
    text = plain(runs_view(runs, NOW, 80))
    assert "lr=1" in text
    assert "epochs" not in text


def test_ids_are_as_long_as_the_list_needs():
    """What is shown can be typed."""
    runs = [make_run(id="4k7q2mabcdef"), make_run(id="4k7q2mabxxxx")]
    assert "4k7q2mabc" in plain(runs_view(runs, NOW, 80))


WAITING = [
    (
        make_run(state=RunState.PENDING, phase=PendingPhase.QUEUED, reason="2 runs before this one"),
        "2 runs before this one",
    ),
    (make_run(state=RunState.PENDING, phase=PendingPhase.PULLING), "pulling"),
    (make_run(state=RunState.RUNNING, progress=Progress(done=2, total=5, cell="train")), "cell 3 of 5: train"),
    (make_run(state=RunState.RUNNING, cancel_requested=NOW), "asked to end"),
    (
        make_run(state=RunState.RUNNING, reason="node `a` is not heard of", progress=Progress(done=0, total=5)),
        "node `a` is not heard of; cell 1 of 5",
    ),
]


@pytest.mark.parametrize(("run", "reason"), WAITING)
def test_the_history_says_what_an_open_run_waits_for(run, reason):
    """Below its line."""
    assert reason in plain(runs_view([run], NOW, 80)).splitlines()[2]


def test_a_notice_is_said_once_with_its_place_and_hint():
    """However many cells cause it."""
    notice = Notice(text="a seed is set here", hint="Tag the cell `mlrun-setup`.", cell=2, line=4, place="cell 3")
    assert plain(notices_view([notice, notice], 80)) == (
        "notice: cell 3, line 4: a seed is set here\nhint: Tag the cell `mlrun-setup`.\n"
    )


ENDED = [  # how a cell ended, its line without the bar
    (CellReport(index=0, name="train", state="failed", duration_s=2.0), "✗ train 2.0 s"),
    (CellReport(index=0, name="train", state="cancelled", duration_s=2.0), "⊘ train 2.0 s"),
    (CellReport(index=0, name="train", state="cancelled"), "⊘ train cancelled"),
    (CellReport(index=0, name="train", state="lost"), "◇ train lost"),
    (CellReport(index=0, name="train", state="pending"), "◌ train not reached"),
]


@pytest.mark.parametrize(("cell", "told"), ENDED)
def test_a_cell_is_told_as_what_became_of_it(cell, told):
    """By its shape, and how long it took where that is known."""
    details = make_details(make_run(state=RunState.CANCELLED))
    page = run_view(replace(details, result=replace(details.result, cells=(cell,))), "", NOW, 80)
    text = plain(page).partition("\nCells")[2].splitlines()[1]
    assert " ".join(re.sub("[█▏▎▍▌▋▊▉]", "", text).split()) == told


MACHINERY = [
    (CellReport(index=0, name="setup", role="setup", origin=0, state="succeeded", duration_s=0.05), False),
    (CellReport(index=0, name="parameters of this run", role="parameters", state="succeeded"), False),
    (CellReport(index=0, name="load inputs", role="prepare", state="succeeded", duration_s=0.09), False),
    (CellReport(index=0, name="save outputs", role="save", state="pending"), False),
    (CellReport(index=0, name="save outputs", role="save", state="succeeded", duration_s=0.1), True),
    (CellReport(index=0, name="prepare", role="prepare", state="failed", duration_s=0.01), True),
    (CellReport(index=0, name="fit", role="definition", origin=1, state="succeeded", duration_s=0.01), True),
    (CellReport(index=0, name="save outputs", role="body", origin=2, state="succeeded"), True),  # the user's own words
    (CellReport(index=0, name="an old record", state="succeeded"), True),
]


@pytest.mark.parametrize(("cell", "shown"), MACHINERY)
def test_machinery_that_did_its_work_quickly_is_not_listed(cell, shown):
    """Only the cells that somebody wrote, and what took time or failed."""
    details = make_details(make_run())
    mine = CellReport(index=1, name="train", state="succeeded", duration_s=2.0)
    text = plain(run_view(replace(details, result=replace(details.result, cells=(cell, mine))), "", NOW, 80))
    assert (f" {cell.name} " in text.partition("Cells")[2].partition("\n\n")[0]) is shown


def test_a_page_without_cells_worth_listing_has_no_table_of_cells():
    """A notebook that was cancelled in its first moments."""
    details = make_details(make_run())
    cells = (CellReport(index=0, name="prepare", role="prepare", state="succeeded"),)
    assert "Cells" not in plain(run_view(replace(details, result=replace(details.result, cells=cells)), "", NOW, 80))


def test_a_pinned_run_is_marked_wherever_it_is_shown():
    """In the list by the mark, on its page by mark and word; others have neither."""
    pinned = make_run(pinned=True)
    assert "4k7q2m ⚑  train" in plain(runs_view([pinned], NOW, 80))
    assert text_of(headline(pinned)).endswith("run 4k7q2m · ⚑ pinned")
    assert "⚑" not in plain(runs_view([make_run()], NOW, 80)) + text_of(headline(make_run()))


def test_a_command_to_type_is_never_cut():
    """What it is for is left out where it has no room, and stays beside the others."""
    long = "mlrun-nb run " + "x" * 80
    assert plain(fields.commands((long, "run it"), ("mlrun-nb show", "all of it"), width=60)).splitlines() == [
        long,
        "mlrun-nb show  all of it",
    ]
