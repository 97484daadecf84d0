"""
From a store's URL to the store: the only module of this package that others import to get one.

Stays light: a back end and its libraries are imported when a URL asks for them. Which URL is in force is decided by
`config`; which names third parties have registered, by `plugins`.
"""

from __future__ import annotations

from pathlib import Path

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb._lib.files import expanded
from mlrun_nb.errors import ConfigError
from mlrun_nb.protocols.store import RunStore

_KINDS = frozenset({"memory", "sqlite", "postgresql"})
_FORMS = "Write `sqlite:////absolute/path/store.db`, `postgresql://host/database` or the URL of an installed plug-in."


def knows(url: str) -> bool:
    """Tell whether *url* is for a store of ours, be it well formed or not."""
    return _kind(url) in _KINDS


def open_store(url: str, *, clock: Clock = now) -> RunStore:
    """
    Open the store at *url*; *clock* dates what the store itself dates.

    A new one is made by the first thing recorded in it. A SQLite file of an older release is migrated, with a copy
    beside it; a PostgreSQL database never is.
    Raises ConfigError for a URL of no known form, StoreNewer and StoreError for a store that cannot be used.
    """
    scheme = _scheme(url)
    if scheme == "memory":
        from mlrun_nb.stores.memory import MemoryStore

        return MemoryStore(clock=clock)
    if scheme == "sqlite":
        from mlrun_nb.stores.sqlite import open_sqlite

        return open_sqlite(_path(url), clock=clock)
    from mlrun_nb.stores.postgresql import open_postgresql

    return open_postgresql(url, clock=clock)


def check_url(url: str) -> None:
    """Raise for a store that could not be opened for a reason that can be known without connecting to it."""
    scheme = _scheme(url)
    if scheme == "sqlite":
        _path(url)
    elif scheme == "postgresql":
        from mlrun_nb.stores.postgresql import check_url as check

        check(url)


def migrate(url: str) -> tuple[str, str]:
    """
    Bring the store at *url* to this release's schema; returns the schema's versions before and after.

    Raises what `open_store` raises. Nobody else should be using the store meanwhile.
    """
    scheme = _scheme(url)
    if scheme == "memory":
        return "", ""
    if scheme == "sqlite":
        from mlrun_nb.stores.sqlite import migrate_sqlite

        return migrate_sqlite(_path(url))
    from mlrun_nb.stores.postgresql import migrate_postgresql

    return migrate_postgresql(url)


def _scheme(url: str) -> str:
    kind = _kind(url)
    if "://" not in url or kind not in _KINDS:
        raise ConfigError(f"`{kind or url}` is not a kind of store", hint=_FORMS)
    return kind


def _kind(url: str) -> str:
    scheme = url.partition("://")[0].partition("+")[0]
    return "postgresql" if scheme == "postgres" else scheme


def _path(url: str) -> Path:
    """Return what follows `sqlite:///` as it stands: a path may hold `?`, `#` and `%`."""
    text = url.partition("://")[2]
    if not text.startswith("/") or len(text) < 2:
        raise ConfigError(f"`{url}` names no file", hint=_FORMS)
    return expanded(text[1:])
