"""
From a request to a route's function and back: reading, checking and encoding, the same for all routes.

Handlers hold no rule of the product. A function is executed in a thread, so that a slow disk or database holds up
nobody else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from http.client import responses
from typing import TYPE_CHECKING, Any

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from jupyter_server.utils import url_path_join
from tornado import web

from mlrun_nb.errors import MlrunNbError, OptionError, ProductBroken
from mlrun_nb.server.files import send_file
from mlrun_nb.server.problems import MEDIA_TYPE, Problem, problem_of
from mlrun_nb.server.route import BASE, Asked, File, Route, Where

if TYPE_CHECKING:
    from mlrun_nb.server.interface import Interface

_ENCODER = msgspec.json.Encoder()
_OF_JUPYTER = frozenset({"token", "_xsrf", "no_track_activity"})
"""Words in the query that are Jupyter's: who asks, and whether that counts as use."""
_LARGEST_BODY = 8 << 20

_HINTS = {
    401: "Log in again.",
    403: "Log in again, or ask whoever runs this server to be allowed to.",
    404: "Look at the address: `/mlrun-nb/api/openapi.json` names all there are.",
    405: "Look at the address: `/mlrun-nb/api/openapi.json` names what may be done with it.",
    413: "Send less: an open notebook's outputs are not needed.",
}


class Handler(ExtensionHandlerMixin, APIHandler):
    """
    Answers every address below ours by the table of routes.

    One for all, and the table is read by the first request: a server starts as quickly as without us.
    """

    def initialize(self, name: str, interface: Callable[[], Interface]) -> None:
        """Take what gives the interface; its first call takes a while, so it is called in a thread."""
        super().initialize(name)
        self._give_interface = interface

    @property
    def _track_activity(self) -> bool:  # type: ignore[override]  # a panel that looks keeps no idle server alive
        return self.request.method not in {"GET", "HEAD"}

    @web.authenticated
    async def get(self) -> None:
        """Answer the request, whatever its method."""
        interface = await asyncio.to_thread(self._give_interface)
        found = interface.find(self.request.path.removeprefix(url_path_join(self.base_url, BASE)))
        if found is None:
            raise web.HTTPError(404, "there is nothing at this address")
        routes, places = found
        route = routes.get(str(self.request.method))
        if route is None:
            self.set_header("Allow", ", ".join(routes))
            raise web.HTTPError(405, f"nothing is done here by {self.request.method}")
        # guarded here and not above: `authorized` keeps the resource that it was made with
        await authorized(action=route.action, resource=route.resource)(Handler._answer)(self, interface, route, places)

    post = put = delete = patch = head = get

    async def _answer(self, interface: Interface, route: Route[Any, Any], places: Mapping[str, str]) -> None:
        interface.looked()
        if len(self.request.body) > _LARGEST_BODY:
            raise web.HTTPError(413, "the request's body is longer than 8 MiB")
        try:
            query = _query(route.query, self.request.query_arguments)
            body = _body(route.body, self.request.body)
            answer = await asyncio.to_thread(_call, interface, route, query, body, places)
            await self._send(route, answer)
        except MlrunNbError as err:
            self._refuse(problem_of(err))
        except Exception as err:  # our own bug: what the user gets is a report to hand in, never a traceback
            from mlrun_nb.commands.bug_report import bug_words

            self.log.exception("mlrun_nb: %s %s", route.method, self.request.path)
            message, hint = bug_words(err, f"{route.method} {route.path}", ())
            self._refuse(problem_of(ProductBroken(message, hint=hint)))

    async def _send(self, route: Route[Any, Any], answer: object) -> None:
        if isinstance(answer, File):
            await send_file(self, answer)
            return
        self.set_status(route.status)
        if isinstance(answer, bytes):
            self.set_header("Cache-Control", "no-cache")  # asked again each time, by the ETag that Tornado makes
            self.write(answer)
        await self.finish()

    def _refuse(self, problem: Problem) -> None:
        self.set_status(problem.status)
        self.finish(_ENCODER.encode(problem), set_content_type=MEDIA_TYPE)

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401  # as Tornado has it
        """Say in the same form what Jupyter itself refuses: nobody logged in, not allowed, another method."""
        error = kwargs.get("exc_info", (None, None))[1]
        said = getattr(error, "log_message", None) or responses.get(status_code, "the request failed")
        hint = _HINTS.get(status_code, "Look at the server's log.")
        self._refuse(Problem(title="HTTPError", status=status_code, detail=str(said), hint=hint))


def _call(interface: Interface, route: Route[Any, Any], query: Where, body: Asked, places: Mapping[str, str]) -> object:
    answer = interface.call(route, query, body, places)
    return answer if route.answer is None else _encoded(answer)


def _encoded(answer: object) -> bytes:
    try:
        return _ENCODER.encode(answer)
    except (UnicodeEncodeError, OverflowError):  # halves of characters and numbers of any length, in a user's notebook
        return json.dumps(msgspec.to_builtins(answer)).encode()


def _query(shape: type[Where], arguments: Mapping[str, Sequence[bytes]]) -> Where:
    lists = {field.name for field in msgspec.structs.fields(shape) if "tuple" in str(field.type)}
    given: dict[str, object] = {}
    for name, values in arguments.items():
        if name in _OF_JUPYTER or name.isdigit():  # JupyterLab adds the time, so that no cache answers
            continue
        texts = [value.decode(errors="replace") for value in values]
        given[name] = texts if name in lists else texts[-1]
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as err:
        raise OptionError(f"the request's query cannot be read: {err}", hint=_words(shape)) from err


def _body(shape: type[Asked], data: bytes) -> Asked:
    try:
        return msgspec.json.decode(data or b"{}", type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as err:
        raise OptionError(f"the request's body cannot be read: {err}", hint=_words(shape)) from err


def _words(shape: type[Asked]) -> str:
    names = ", ".join(f"`{field.encode_name}`" for field in msgspec.structs.fields(shape))
    return f"It may have: {names}." if names else "Send none."
