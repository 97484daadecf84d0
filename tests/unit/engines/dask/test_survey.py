"""What workers offer to a run, among workers to which none goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb.engines.dask.survey import Survey, Worker, resources_of, uncounted
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.settings import Resources


def worker(address: str, *, sees: bool = True, **offers: float) -> Worker:
    """Return one with what a run needs."""
    return Worker(
        address=address, threads=2, offers=offers, python=(3, 11), lacks=(), release="1", distributed="1", sees=sees
    )


def survey(*workers: Worker) -> Survey:
    """Return a cluster of *workers*."""
    return Survey(address="tcp://s", folder=Path("/runs"), scheduler="1", workers=workers)


def test_only_workers_to_which_runs_go_count():
    """A graphics card of one that does not see the run directory is none."""
    known = survey(worker("a"), worker("b", sees=False, GPU=1))
    asked = Resources(gpu=1)
    assert resources_of(asked, known.offered) == {}
    assert [notice.text.split(",")[0] for notice in uncounted(asked, known)] == ["no worker offers `GPU`"]


def test_more_than_any_of_them_offers_is_refused():
    """Whatever the others have."""
    known = survey(worker("a", GPU=1), worker("b", sees=False, GPU=4))
    with pytest.raises(EngineRejected, match="offers 2 of `GPU`; the most is 1"):
        uncounted(Resources(gpu=2), known)
