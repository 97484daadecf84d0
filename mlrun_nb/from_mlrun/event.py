"""Events and answers of Nuclio, as far as a handler needs them to be called once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from mlrun_nb.from_mlrun.absent import refuse_member
from mlrun_nb.from_mlrun.context import MLClientCtx


class Event:
    """An event with a *body*; other fields are what a request over HTTP without more would have."""

    def __init__(self, body: object = None, **about: Any) -> None:  # noqa: ANN401  # of any type, as in Nuclio
        self.body = body
        self.content_type = about.get("content_type", "application/json")
        self.headers: dict[str, Any] = dict(about.get("headers", {}))
        self.fields: dict[str, Any] = dict(about.get("fields", {}))
        self.path = about.get("path", "/")
        self.method = about.get("method", "POST")
        self.id = about.get("id", "")

    def __getattr__(self, name: str) -> object:
        raise refuse_member(self, name)


class Response:
    """What `context.Response(...)` makes."""

    def __init__(
        self, headers: object = None, body: object = None, content_type: str = "text/plain", status_code: int = 200
    ) -> None:
        self.headers, self.body, self.content_type, self.status_code = headers, body, content_type, status_code


class EventContext(MLClientCtx):
    """The context of a handler of Nuclio: `user_data` is for what `init_context` makes."""

    Response = Response

    def __init__(self, name: str, **given: Any) -> None:  # noqa: ANN401  # as the context takes it
        super().__init__(name, **given)
        self.user_data = SimpleNamespace()
        self.worker_id = 0
