"""
The way from a reader's browser to a dashboard: through jupyter-server-proxy where this server has it, else as it is.

A browser that reaches the Jupyter server often reaches no other port of its machine: under a JupyterHub, over SSH.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join

from mlrun_nb._lib import processes
from mlrun_nb.model.run import Run

_PROXY = "jupyter_server_proxy"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardLinks:
    """
    Links as this server can give them.

    `base` is the address of its proxy, empty where it has none; `hosts` are the other machines that the proxy reaches.
    """

    base: str = ""
    hosts: Collection[str] = ()

    def of(self, address: str, *, is_here: bool = True) -> str:
        """
        Return the link to the dashboard at *address*, empty where that is none of the web.

        *is_here* tells whether loopback in it is this machine's.
        What the proxy serves has the rights of this server's own pages: it is given nothing that is not certainly ours.
        """
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port or 80
        except ValueError:
            return ""
        if parts.scheme not in {"http", "https"} or not host:  # whoever wrote the run wrote this too
            return ""
        if not self.base or parts.scheme == "https" or ".." in parts.path:  # the proxy speaks no TLS
            return address
        if host in _LOOPBACK:
            return url_path_join(self.base, str(port), parts.path) if is_here else address
        return url_path_join(self.base, f"{host}:{port}", parts.path) if host in self.hosts else address


def is_of_this_user_here(run: Run) -> bool:
    """
    Tell whether *run* is executed by this user on this machine, so that loopback in what it says is this machine's.

    Others may record runs in a store that is shared: what those say of ports here leads to pages of theirs.
    """
    folder = run.handle.data.get("run_directory") if run.handle else None
    if run.handle is None or dict(run.handle.reach) != processes.place() or not isinstance(folder, str):
        return False
    try:
        return Path(folder).stat().st_uid == os.geteuid()
    except OSError:
        return False


def links_of(server: ServerApp) -> DashboardLinks:
    """
    Return the links that *server* can give.

    A proxy whose administrator decides about hosts by a function is asked for none: that takes a request to it.
    Source: jupyter-server-proxy, `ServerProxy.host_allowlist`.
    """
    extension = server.extension_manager.extensions.get(_PROXY)
    if extension is None or not extension.enabled:
        return DashboardLinks()
    from jupyter_server_proxy.config import ServerProxy

    hosts = ServerProxy(parent=server).host_allowlist
    return DashboardLinks(base=url_path_join(server.base_url, "proxy"), hosts=() if callable(hosts) else tuple(hosts))
