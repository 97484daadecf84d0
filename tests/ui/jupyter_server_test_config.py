"""A JupyterLab as Galata wants it; port and folders come from `server.js`."""

from __future__ import annotations

from jupyterlab.galata import configure_jupyter_server

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # there where Jupyter reads this
configure_jupyter_server(c)
c.ServerApp.allow_root = True
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = 0
