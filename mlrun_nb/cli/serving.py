"""A folder behind http, read only, until somebody presses Ctrl-C."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen
from mlrun_nb.errors import OptionError


class _Quiet(SimpleHTTPRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Keep silent."""


def serve_folder(screen: Screen, host: str, port: int, write: Callable[[Path], int]) -> ExitCode:
    """Serve what *write* puts into a folder, which is asked once; raises OptionError for an address that is taken."""
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.humane import count

    with tempfile.TemporaryDirectory(prefix="mlrun-nb-hub-") as text:
        versions = write(Path(text))
        try:
            server = ThreadingHTTPServer((host, port), partial(_Quiet, directory=text))
        except OSError as err:
            raise OptionError(
                f"`{host}:{port}` cannot be listened at: {err.strerror}",
                hint="Choose another one: `--port 0` takes any.",
            ) from err
        with server:
            screen.out([line(f"{count(versions, 'version')} at http://{host}:{server.server_port}/")])
            screen.err([line("Ctrl-C ends it.")])
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                screen.err([line("Ended.")])
    return ExitCode.OK
