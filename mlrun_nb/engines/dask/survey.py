"""
What the workers of a cluster have, see and offer; and what that comes to for a run, before it is submitted.

Asked of all workers at once, and remembered for a while: a sweep submits many runs to the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from mlrun_nb._lib.files import nearest
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.fork_pool import why_no_pool
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.quantities import memory_bytes
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Resources

SLOT, GPU, MEMORY = "slot", "GPU", "MEMORY"
"""Dask resources that a run takes where workers offer them: `dask worker --resources "slot=4 GPU=1 MEMORY=64e9"`."""
_OLDEST_PYTHON = (3, 11)
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """
    One worker: what it has, whether it `sees` the folder that was asked for, what it `offers`.

    `unreached` is why it does not reach the object store that was asked for, empty where it does or none was.
    """

    address: str
    threads: int
    offers: Mapping[str, float]
    python: tuple[int, ...]
    lacks: tuple[str, ...]
    release: str
    distributed: str
    sees: bool
    unreached: str = ""

    @property
    def is_able(self) -> bool:
        """Whether it has what executes a run."""
        return not self.lacks and self.python >= _OLDEST_PYTHON

    @property
    def slots(self) -> int:
        """How many runs it has at once."""
        return min(self.threads, int(self.offers.get(SLOT, self.threads)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """
    What was found at `address`: the scheduler's release of `distributed`, and the workers that answered.

    Runs go to workers that see `folder`; where none does, through the object store behind `url`, if there is one.
    """

    address: str
    folder: Path
    scheduler: str
    workers: tuple[Worker, ...]
    url: str = ""

    @property
    def is_away(self) -> bool:
        """Whether what runs write comes home through the object store: no worker sees where they are kept."""
        return bool(self.url) and not any(worker.sees for worker in self.workers)

    @property
    def fit(self) -> tuple[Worker, ...]:
        """The workers that can execute a run."""
        return tuple(worker for worker in self.workers if self.is_fit(worker))

    def is_fit(self, worker: Worker) -> bool:
        """Tell whether *worker* can execute a run, and what that writes comes home."""
        return worker.is_able and (not worker.unreached if self.is_away else worker.sees)

    @property
    def only(self) -> list[str]:
        """The addresses of the fit workers where there are others too, else none: any will do, also a new one."""
        return [worker.address for worker in self.fit] if len(self.fit) < len(self.workers) else []

    @property
    def offered(self) -> frozenset[str]:
        """The names of the resources that workers to which runs go offer."""
        return frozenset(name for worker in self.takers for name in worker.offers)

    @property
    def takers(self) -> tuple[Worker, ...]:
        """The workers that count for what a run may ask for: the fit ones, where there are any."""
        return self.fit or self.workers

    def refuse(self) -> None:
        """Raise EngineRejected where there are workers and none of them can execute a run."""
        if not self.workers or self.fit:
            return
        able = [worker for worker in self.workers if worker.is_able]
        if able and self.is_away:
            raise EngineRejected(
                f"no worker of `{self.address}` reaches `{self.url}`: {able[0].unreached} ({_named(able)})",
                hint="Give workers the store's credentials and its library (`pip install s3fs`).",
                cls="StoreUnreachable",
            )
        if able:
            raise EngineRejected(
                f"no worker of `{self.address}` sees `{self.folder}`, where runs are kept ({_named(able)})",
                hint="Put it on a file system that workers have at the same path, `export MLRUN_NB_HOME=/shared/you`, "
                "or have runs come home through an object store: `artifacts: s3://bucket/folder` in project.yaml.",
                cls="WorkerSeesNothing",
            )
        lacks = sorted({name for worker in self.workers for name in worker.lacks})
        if lacks:
            raise EngineRejected(
                f"workers of `{self.address}` lack {' and '.join(lacks)} ({_named(self.workers)})",
                hint=f"Install it where they run, `pip install {' '.join(lacks)}`, and start them again.",
                cls="WorkerLacks",
            )
        oldest = min(worker.python for worker in self.workers)
        raise EngineRejected(
            f"workers of `{self.address}` have Python {'.'.join(map(str, oldest))}, and a run needs 3.11 or later",
            hint="Start them with a newer Python.",
            cls="WorkerLacks",
        )

    def notices(self) -> list[Notice]:
        """Return what there is to know of the workers, and which versions do not fit together."""
        found = []
        if not self.workers:
            found.append(Notice(text=f"`{self.address}` has no worker now: the run waits until there is one"))
        unfit = [worker for worker in self.workers if not self.is_fit(worker)]
        if unfit and self.fit:
            found.append(
                Notice(
                    text=f"{len(unfit)} of {len(self.workers)} workers cannot execute runs ({_named(unfit)})",
                    hint="`mlrun-nb doctor --on dask` says what each lacks.",
                )
            )
        if skew := self.skew():
            found.append(Notice(text=skew, hint="Install the same release of `distributed` on all three."))
        return found

    def skew(self) -> str:
        """Return which releases of `distributed` meet here, empty where there is one."""
        own, workers = version("distributed"), sorted({worker.distributed for worker in self.workers})
        if {own, self.scheduler, *workers} == {own}:
            return ""
        return (
            f"different releases of `distributed` meet: client {own}, scheduler {self.scheduler}, "
            f"workers {', '.join(workers) or 'none'}"
        )


def survey(connection: Connection, folder: Path, url: str = "") -> Survey:
    """
    Return what the scheduler and its workers answer; *folder* is where run directories are, or one of them.

    Whether they reach the object store behind *url* is asked where none of them sees it.
    """
    seen = nearest(folder)
    about = seen.stat()
    mark = [about.st_ino, about.st_size, about.st_mtime_ns] if seen.is_file() else [about.st_ino]
    known: Mapping[str, Mapping[str, object]] = connection.identity()["workers"]
    answers = connection.ask_workers("look", str(seen))
    workers = tuple(
        _worker(address, known[address], answer, mark)
        for address, answer in sorted(answers.items())
        if isinstance(answer, Mapping) and address in known
    )
    if url and not any(worker.sees for worker in workers):
        reached = connection.ask_workers("reach", url)
        workers = tuple(replace(worker, unreached=str(reached.get(worker.address, "gone"))) for worker in workers)
    release = connection.release()
    return Survey(address=connection.address, folder=folder, scheduler=release, workers=workers, url=url)


def resources_of(resources: Resources, offered: Iterable[str]) -> dict[str, float]:
    """Return what a run takes of that which workers offer."""
    wanted: dict[str, float] = {SLOT: 1}
    if resources.gpu:
        wanted[GPU] = resources.gpu
    if limit := resources.memory_in_force:
        wanted[MEMORY] = float(memory_bytes(limit.amount))
    return {name: amount for name, amount in wanted.items() if name in set(offered)}


def uncounted(resources: Resources, known: Survey) -> list[Notice]:
    """
    Return which of the *resources* that a run asks for nobody counts; raises EngineRejected where no worker has enough.
    """
    for name, amount in resources_of(resources, known.offered).items():
        most = max(worker.offers.get(name, 0) for worker in known.takers)
        if amount > most:
            raise EngineRejected(
                f"no worker of `{known.address}` offers {amount:g} of `{name}`; the most is {most:g}",
                hint="Ask for less, or start a larger worker.",
                cls="Unschedulable",
            )
    found = []
    if resources.gpu and GPU not in known.offered:
        found.append(_uncounted(f"--gpu {resources.gpu}", GPU, resources.gpu))
    memory = resources.memory_in_force
    if memory and MEMORY not in known.offered:
        found.append(_uncounted(f"--{memory.option} {memory.amount}", MEMORY, memory_bytes(memory.amount)))
    return found


def why_singly(request: RunRequest, known: Survey, *, is_adaptive: bool) -> str:
    """Return why children of the sweep of *request* cannot be executed in batches, empty where they can."""
    release = version("mlrun-nb")
    if is_adaptive:
        return "its points depend on what the earlier ones come to"
    if known.is_away:
        return "workers do not see where runs are kept"
    if any(worker.release != release for worker in known.fit):
        return f"a worker has another release of mlrun-nb than {release}"
    return why_no_pool(request)


def _uncounted(option: str, name: str, amount: float) -> Notice:
    return Notice(
        text=f"no worker offers `{name}`, so `{option}` keeps no other run from the same worker",
        hint=f'Start workers with `--resources "{name}={amount:g}"` or more, so that Dask counts it.',
    )


def _worker(address: str, known: Mapping[str, object], answer: Mapping[str, object], mark: list[int]) -> Worker:
    seen, python, lacks = answer["sees"], answer["python"], answer["lacks"]
    offers, threads = known.get("resources") or {}, known.get("nthreads")
    assert isinstance(python, list)
    assert isinstance(lacks, list)
    assert isinstance(offers, Mapping)
    return Worker(
        address=address,
        threads=threads if isinstance(threads, int) else 1,
        offers=offers,
        python=tuple(python),
        lacks=tuple(lacks),
        release=str(answer["release"]),
        distributed=str(answer["distributed"]),
        sees=isinstance(seen, list) and seen[: len(mark)] == mark,
    )


def _named(workers: Iterable[Worker]) -> str:
    """Return the addresses of the first *workers*, and how many more there are."""
    addresses = [worker.address for worker in workers]
    more = len(addresses) - _NAMED
    return ", ".join(addresses[:_NAMED]) + (f" and {more} more" if more > 0 else "")
