"""
Files behind http and https: read with a limit in size and in time, asked for again only where they have changed.

Connections, proxies, certificates, redirects and `.netrc` are the library's. Whatever goes wrong is a HubError that
names the address, without a password in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from mlrun_nb.errors import HubError, HubMissing, HubUnreached

PATIENCE_S = 30.0
"""How long one file may take, and how long a server may be silent."""
_CONNECT_S = 10.0
_GRACE_S = 0.5
"""How much longer than a file may take who waits for it does, so that the better reason is told."""
_BLOCK = 1 << 16
_NOT_MODIFIED, _NOT_FOUND, _REFUSED = 304, 404, (401, 403)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server sent: `data`, None where it has not changed, and the `tag` that tells by which it is known."""

    data: bytes | None
    tag: str = ""


class Web:
    """A connection that is kept from file to file; each may take *patience_s* seconds."""

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        import requests  # 60 ms, for sources behind http only
        import urllib3

        self._patience_s = patience_s
        self._session = requests.Session()
        self._failures = (requests.RequestException, urllib3.exceptions.HTTPError)

    def __enter__(self) -> Self:
        """Return itself; the connections end with the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, at: TracebackType | None) -> None:
        """Close the connections."""
        self._session.close()

    def read(self, url: str, *, most_bytes: int, tag: str = "") -> Answer:
        """
        Return what is at *url*, without data where it is still the one of *tag*.

        Raises HubUnreached for no answer in time, HubMissing, and HubError for more than *most_bytes*, a refusal, and
        an address that cannot be asked.
        """
        answers: Queue[Answer | Exception] = Queue()

        def ask() -> None:
            try:
                answers.put(self._read(url, most_bytes=most_bytes, tag=tag))
            except Exception as err:  # noqa: BLE001  # raised by who waits
                answers.put(err)

        # The library's limits are of silence: a server that sends its head byte by byte would hold us for ever.
        Thread(target=ask, daemon=True, name=f"read {shown(url)}").start()
        try:
            answer = answers.get(timeout=self._patience_s + _GRACE_S)
        except Empty:
            raise self._late(url) from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _read(self, url: str, *, most_bytes: int, tag: str) -> Answer:
        headers = {"If-None-Match": tag} if tag else {}
        wait = (min(_CONNECT_S, self._patience_s), self._patience_s)
        end = time.monotonic() + self._patience_s
        try:
            with self._session.get(url, headers=headers, timeout=wait, stream=True) as response:
                _check(response, url)
                if response.status_code == _NOT_MODIFIED:
                    return Answer(data=None, tag=tag)
                return Answer(data=self._body(response, url, most_bytes, end), tag=response.headers.get("ETag", ""))
        except self._failures as err:
            raise HubUnreached(f"`{shown(url)}` gave no answer: {_reason(err)}", hint=_WAIT) from err
        except ValueError as err:  # an address that is none
            raise HubError(f"`{shown(url)}` cannot be asked: {err}", hint="Correct the address.") from err

    def _body(self, response: Any, url: str, most_bytes: int, end: float) -> bytes:  # noqa: ANN401  # the library's
        data = bytearray()
        while block := response.raw.read1(_BLOCK, decode_content=True):  # what is there: a server may drip
            data += block
            if len(data) > most_bytes:
                raise HubError(
                    f"`{shown(url)}` is larger than the {_amount(most_bytes)} that are taken",
                    hint="Nothing was kept. Ask whoever looks after it.",
                )
            if time.monotonic() > end:
                raise self._late(url)
        return bytes(data)

    def _late(self, url: str) -> HubUnreached:
        return HubUnreached(
            f"`{shown(url)}` did not arrive within {self._patience_s:g} s", hint=f"Nothing was kept. {_WAIT}"
        )


def shown(url: str) -> str:
    """Return *url* as it may be shown: without what is before an `@` in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


_WAIT = "Look whether it is there, or try again later."


def _check(response: Any, url: str) -> None:  # noqa: ANN401  # the library's
    code = response.status_code
    if code == _NOT_FOUND:
        raise HubMissing(f"there is no `{shown(url)}`", hint="Correct the address, or ask whoever looks after it.")
    if code in _REFUSED:
        raise HubError(
            f"`{shown(url)}` asks for a name and a password, or refuses yours ({code})",
            hint="Write them to `~/.netrc`: `machine HOST login NAME password TOKEN`.",
        )
    if code >= 500:  # RFC 9110: the server's fault
        raise HubUnreached(f"`{shown(url)}` answers with an error of its own ({code})", hint=_WAIT)
    if code not in {200, _NOT_MODIFIED}:
        raise HubError(f"`{shown(url)}` answers with status {code}", hint="Correct the address.")


def _reason(err: Exception) -> str:
    name = type(err).__name__
    if "Timeout" in name:
        return "it was silent for too long"
    return {"SSLError": "its certificate is not one that is trusted here", "TooManyRedirects": "it sends around"}.get(
        name, "it cannot be reached"
    )


def _amount(count: int) -> str:
    return f"{count / (1 << 20):.0f} MiB" if count >= 1 << 20 else f"{count} bytes"
