"""
A connection to the scheduler of one cluster: ask about tasks and workers, hand tasks over, call them off.

No exception of Dask leaves this module: what cannot be reached is EngineUnavailable.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlrun_nb.engines.dask.target import Target
from mlrun_nb.errors import EngineRejected, EngineUnavailable

if TYPE_CHECKING:
    from distributed import Client
    from distributed.security import Security

TASKS = "mlrun_nb_tasks"
"""A question that the scheduler of a cluster of ours understands beside Dask's own."""
CONNECT_S = 5.0
ASK_S = 10.0
_KNOWN = frozenset({"waiting", "no-worker", "queued", "processing", "memory", "erred"})
"""States in which a scheduler has a task for good; one that is `released` is only being read."""
_FILTERING = threading.Lock()
"""Held while warnings are filtered: that is one for the whole process, and Dask warns in a thread of its own."""
_CALL = "(exec(text, names), names[function](*arguments))[1]"


class Connection:
    """To the scheduler at *address*, asked for as *target*."""

    def __init__(self, target: Target, address: str) -> None:
        self.address = address
        with _reaching(address), _FILTERING, warnings.catch_warnings():
            from distributed import Client
            from distributed.versions import VersionMismatchWarning

            warnings.simplefilter("ignore", VersionMismatchWarning)  # said by `survey`, as a notice
            with _collected_here():
                self._client: Client = Client(
                    address,
                    security=_security(target),
                    timeout=CONNECT_S,
                    set_as_default=False,
                    name="mlrun-nb",
                    direct_to_workers=False,
                )
            # what is lost stays lost: at the same address another scheduler may answer, which is told by its name
            self._client._reconnect = self._client._close  # type: ignore[method-assign]  # noqa: SLF001
            self.scheduler = str(self._ask("identity")["id"])

    @property
    def is_open(self) -> bool:
        """Whether the scheduler has been there until now."""
        return self._client.status == "running"

    def states(self, keys: Sequence[str]) -> Mapping[str, str | None]:
        """Return the state of each task; None for one that the scheduler does not know, or no more."""
        found: Mapping[str, str | None] = self._ask("get_task_status", keys=list(keys))
        return found

    def identity(self) -> Mapping[str, Any]:
        """Return what the scheduler says of itself and its workers."""
        found: Mapping[str, Any] = self._ask("identity")
        return found

    def ask_workers(self, function: str, *arguments: object) -> Mapping[str, Any]:
        """Return what *function* of `task` answers on each worker; an exception where it raised one."""
        with _reaching(self.address):
            found: Mapping[str, Any] = self._client.sync(
                self._client._run,  # noqa: SLF001  # `run` knows no limit, and a worker that is dying says nothing
                eval, _CALL, _names(function, arguments), on_error="return", callback_timeout=ASK_S,
            )  # fmt: skip
        return found

    def has_workers(self) -> bool:
        """Tell whether the scheduler has any worker now."""
        return bool(self.identity()["workers"])

    def tasks(self) -> int:
        """Return how many tasks a cluster of ours has."""
        found: int = self._ask(TASKS)
        return found

    def release(self) -> str:
        """Return the scheduler's release of `distributed`."""
        found: str = self._ask("versions")["packages"]["distributed"]
        return found

    def said(self, run: str) -> str:
        """Return what a worker said last that could not execute *run*; empty where none has said anything."""
        events: Sequence[tuple[float, str]] = self._ask("events", topic=f"mlrun-nb-{run}")
        return events[-1][1] if events else ""

    def submit(
        self,
        key: str,
        function: str,
        arguments: Sequence[object],
        *,
        resources: Mapping[str, float],
        workers: Sequence[str],
        is_there: Callable[[], bool],
    ) -> None:
        """
        Have *workers*, or any where none is named, execute *function* of `task` once; returns when it would without us.

        Nobody holds the result: a scheduler executes again whatever somebody holds and a lost worker had. *is_there*
        tells whether the task has been begun: a short one may be forgotten before it was ever seen.
        """
        with _reaching(self.address):
            from distributed import fire_and_forget

            future = self._client.submit(
                eval,
                _CALL,
                _names(function, arguments),
                key=key,
                pure=False,
                retries=0,
                resources=dict(resources) or None,
                workers=list(workers) or None,
            )
            fire_and_forget(future)
            deadline = time.monotonic() + ASK_S
            while self.states([key])[key] not in _KNOWN and not is_there() and not future.done():
                if time.monotonic() > deadline:
                    raise TimeoutError("it did not say that it has the task")
                time.sleep(0.002)

    def cancel(self, key: str) -> None:
        """Have the scheduler forget a task; what a worker has begun goes on."""
        with _reaching(self.address):
            from distributed import Future

            self._client.cancel([Future(key, client=self._client)], force=True)

    def close(self) -> None:
        """Let go of the scheduler."""
        self._client.close(timeout=2)

    def _ask(self, question: str, **words: object) -> Any:  # noqa: ANN401  # each caller says what comes
        with _reaching(self.address):
            try:
                return self._client.sync(getattr(self._client.scheduler, question), callback_timeout=ASK_S, **words)
            except RuntimeError as err:  # the client closed itself, as its scheduler went
                raise ConnectionError(str(err)) from err


@contextmanager
def _collected_here() -> Iterator[None]:
    """
    Have a client that could not connect be collected now, in this thread.

    It closes itself when it is, and takes a lock for that which whoever starts the next client's loop holds while it
    waits for that loop: collected there, both would wait for ever.
    """
    try:
        yield
    except BaseException as err:
        traceback.clear_frames(err.__traceback__)
        gc.collect()
        raise


@contextmanager
def _reaching(address: str) -> Iterator[None]:
    """Say in our words what is wrong with the scheduler at *address*."""
    try:
        yield
    except ModuleNotFoundError as err:
        raise EngineUnavailable(
            f"a Dask cluster is reached through the library `distributed`, which cannot be imported: {err}",
            hint="Run `pip install 'mlrun-nb[dask]'`.",
        ) from err
    except (ValueError, TypeError, RuntimeError) as err:  # so Dask says that address and TLS do not fit
        is_tls = address.startswith("tls://")
        raise EngineRejected(
            f"the Dask scheduler's address `{address}` cannot be used: {err}",
            hint="Name the certificates: `--dask-tls-ca FILE --dask-tls-cert FILE --dask-tls-key FILE`."
            if is_tls
            else "Write it as `tcp://HOST:PORT` or `tls://HOST:PORT`, or `local` for a cluster of this machine.",
        ) from err
    except ImportError as err:  # so Dask calls it, where the two cannot understand each other
        raise EngineUnavailable(
            f"the Dask scheduler at `{address}` has a release of `distributed` that does not fit this one: {err}",
            hint="Install the same release of `distributed` on client, scheduler and workers.",
        ) from err
    except (OSError, TimeoutError, asyncio.CancelledError) as err:
        said = str(err) or type(err).__name__
        raise EngineUnavailable(
            f"the Dask scheduler at `{address}` cannot be reached: {said}",
            hint="See that it runs and that this machine reaches its port: `mlrun-nb doctor --on dask`.",
        ) from err


def _security(target: Target) -> Security | None:
    """Return how the scheduler is to be trusted; None where Dask's own settings say so."""
    files = {"ca": target.tls_ca, "cert": target.tls_cert, "key": target.tls_key}
    if not any(files.values()):
        return None
    for name, file in files.items():
        if file and not Path(file).is_file():
            raise EngineRejected(
                f"`--dask-tls-{name} {file}` names no file", hint="Give the path of a PEM file that is on this machine."
            )
    from distributed.security import Security

    return Security(
        tls_ca_file=target.tls_ca or None,
        tls_client_cert=target.tls_cert or None,
        tls_client_key=target.tls_key or None,
        require_encryption=True,
    )


@cache
def _text() -> str:
    return Path(__file__).with_name("task.py").read_text(encoding="utf-8")


def _names(function: str, arguments: Sequence[object]) -> dict[str, object]:
    return {"text": _text(), "names": {}, "function": function, "arguments": list(arguments)}
