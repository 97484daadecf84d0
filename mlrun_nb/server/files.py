"""
A file of a run on its way to a browser: always as a download, never as a page.

What a run left may be hostile. No byte of it may execute where the user is logged in: it is an attachment, its type is
not guessed, and opened all the same it lies in a sandbox without scripts, forms and an origin.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from urllib.parse import quote

from jupyter_server.base.handlers import APIHandler
from tornado.iostream import StreamClosedError

from mlrun_nb.errors import ArtifactError
from mlrun_nb.server.route import File
from mlrun_nb.services.artifact_files import LocalFile, opened

_PIECE = 1 << 20
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", re.ASCII)
_UNKNOWN = "application/octet-stream"


async def send_file(handler: APIHandler, file: File) -> None:
    """Send *file* in pieces; a client that goes away ends it. Raises ArtifactError before anything was sent."""
    media_type = file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else _UNKNOWN
    name = quote(file.name.encode(errors="replace"), safe="")
    handler.set_header("Content-Type", media_type)
    handler.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
    handler.set_header("Content-Security-Policy", _SANDBOX)
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Cross-Origin-Resource-Policy", "same-origin")
    handler.set_header("Cache-Control", "private, no-cache")
    try:
        if isinstance(file.content, LocalFile):
            with opened(file.content) as path:
                await _send(handler, _pieces_of(handler, path))
        else:
            await _send(handler, _one_by_one(file.content))
        await handler.finish(set_content_type=media_type)
    except StreamClosedError:
        return


async def _send(handler: APIHandler, pieces: AsyncIterator[bytes]) -> None:
    async for piece in pieces:
        handler.write(piece)
        await handler.flush()


async def _pieces_of(handler: APIHandler, path: Path) -> AsyncIterator[bytes]:
    """Yield the file at *path* as long as it is now; what is written to it meanwhile is left for the next time."""
    try:
        source = await asyncio.to_thread(path.open, "rb")
    except OSError as err:
        raise ArtifactError(f"`{path}` cannot be read: {err.strerror}", hint="Run again what made it.") from err
    with source:
        left = os.fstat(source.fileno()).st_size
        handler.set_header("Content-Length", str(left))
        while left and (piece := await asyncio.to_thread(source.read, min(left, _PIECE))):
            left -= len(piece)
            yield piece


async def _one_by_one(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    iterator = iter(pieces)
    while (piece := await asyncio.to_thread(next, iterator, None)) is not None:
        yield piece
