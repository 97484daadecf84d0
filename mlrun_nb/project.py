"""
The composition root: one project with its configuration, store and engines.

Everything that has state is made here, late, and handed to the services; nothing below reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Self

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb.config import Config, load_config
from mlrun_nb.plugins import make_engine
from mlrun_nb.protocols import Engine, RunStore


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

    @cached_property
    def store(self) -> RunStore:
        """The store of versions and runs; raises StoreError when it cannot be opened."""
        from mlrun_nb.stores.opening import open_store  # SQLAlchemy takes 0.2 s

        return open_store(self.config.store)

    def engine(self, name: str) -> Engine:
        """Return the engine called *name*; raises ConfigError for an unknown one."""
        if name not in self._engines:
            self._engines[name] = make_engine(name, self.config)
        return self._engines[name]

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
    return Project(load_config(start or Path.cwd(), os.environ if environment is None else environment))
