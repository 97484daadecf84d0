"""
The composition root: one project with its configuration, store and engines.

Everything that has state is made here, late, and handed to the services; nothing below reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Self

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb.config import Config, Warm, load_config
from mlrun_nb.errors import ConfigError, OptionError
from mlrun_nb.model.quantities import parse_duration_s
from mlrun_nb.plugins import check_store, make_engine, make_store
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.protocols.store import RunStore

_left: list[RunStore] = []
"""Stores of the parent in a forked child; kept, because to let them go would end the parent's connections."""


class Project:
    """
    Store and engines of one project. Opened lazily: a verb that needs no store does not pay for one.

    May be shared between threads; use it as a context manager or call `close`. *engines* are used instead of those that
    their names would otherwise mean.
    """

    def __init__(
        self, config: Config, *, clock: Clock = now, engines: Mapping[str, Engine] = MappingProxyType({})
    ) -> None:
        self.config = config
        self.clock = clock
        self._engines = dict(engines)
        self._opening = RLock()

    @cached_property
    def store(self) -> RunStore:
        """The store of versions and runs; raises StoreError when it cannot be opened."""
        with self._opening:  # since Python 3.12 cached_property lets two threads in
            if "store" not in self.__dict__:
                self.__dict__["store"] = make_store(self.config.store)
            opened: RunStore = self.__dict__["store"]
            return opened

    def engine(self, name: str) -> Engine:
        """Return the engine called *name*; raises ConfigError for an unknown one."""
        with self._opening:
            if name not in self._engines:
                self._engines[name] = make_engine(name, self.config)
            return self._engines[name]

    def check_places(self, *, requirements: Sequence[str] = ()) -> None:
        """
        Raise for a store or a place of artifacts that could not be opened, without connecting to either.

        *requirements* are what a run will have beside what is installed here.
        """
        from mlrun_nb.artifacts.folder import check_folder

        check_store(self.config.store)
        if self.config.artifacts:
            check_folder(self.config.artifacts, requirements=requirements)

    def leave_connections(self) -> None:
        """Leave the store's connections to the process that opened them, in a child that was forked from it."""
        self._opening = RLock()  # another thread of the parent may have held it
        if "store" in self.__dict__:
            _left.append(self.__dict__.pop("store"))

    def close(self) -> None:
        """Release the store's connections; a second time nothing happens."""
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_project(start: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Project:
    """
    Return the project in force for work in the folder *start* (default: the working directory).

    Raises ConfigError for a file or variable that cannot be used. Nothing is written and no store is opened.
    """
    config = load_config(start or _here(), os.environ if environment is None else environment)
    _check_warm(config.warm)
    return Project(config)


def _check_warm(warm: Warm) -> None:
    try:
        parse_duration_s(warm.idle)
    except OptionError as err:
        raise ConfigError(f"`warm:` in `{warm.source}`: {err.message}", hint=err.hint) from err


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as err:
        raise ConfigError(
            "the working directory is not there any more", hint="Go to one that is: `cd`, then the command again."
        ) from err
