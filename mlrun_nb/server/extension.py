"""The Jupyter server's extension: address and events at the start; what answers is made by the first request."""

from __future__ import annotations

from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp

from mlrun_nb.server.handler import Handler
from mlrun_nb.server.route import BASE

if TYPE_CHECKING:
    from mlrun_nb.server.interface import Interface


class ServerExtension(ExtensionApp):
    """Serves functions and runs to the JupyterLab panel, under `/mlrun-nb/api`."""

    name = "mlrun_nb"
    extension_url = f"/{BASE}/status"
    serverapp: ServerApp  # there from the first hook on

    def initialize_handlers(self) -> None:
        """Add the handler of all our addresses, and the schema of our events."""
        self._made: Interface | None = None
        self._lock = Lock()
        self.handlers.append((f"/{BASE}(?:/.*)?", Handler, {"interface": self._interface}))
        schema = files("mlrun_nb.server") / "events" / "changes.yaml"
        assert self.serverapp.event_logger is not None  # made before any extension is loaded
        self.serverapp.event_logger.register_event_schema(schema.read_text())

    async def stop_extension(self) -> None:
        """Stop what a request has started."""
        if self._made is not None:
            await self._made.close()

    def _interface(self) -> Interface:
        """Return what answers requests."""
        with self._lock:
            if self._made is None:
                from mlrun_nb.server.dashboards import links_of
                from mlrun_nb.server.interface import Interface

                root = getattr(self.serverapp.contents_manager, "root_dir", "")
                self._made = Interface(root, self._emit, self.log, dashboards=links_of(self.serverapp))
            return self._made

    def _emit(self, schema: str, change: dict[str, str]) -> None:
        """Tell listeners; called in a thread, while the events' logger belongs to the loop."""
        events = self.serverapp.event_logger
        assert events is not None
        self.serverapp.io_loop.add_callback(lambda: events.emit(schema_id=schema, data=change))
