"""A function on its way into a hub."""

from __future__ import annotations

from typing import Literal

from mlrun_nb.server.route import Asked, Shape, Where


class DraftAsked(Where, frozen=True, kw_only=True):
    """For which source; the first that takes something where none is named."""

    source: str = ""


class PublicationDraft(Shape, frozen=True, kw_only=True):
    """
    What a function and a source say of it as an item; a person may say something else.

    `sources` are those that take something, `source` is the one asked about, empty where there is none. `missing` are
    the fields that somebody has to fill: `summary`, `categories`, `example`. `notebook` is read as it is saved.
    """

    sources: tuple[str, ...]
    source: str
    name: str
    version: str
    summary: str
    requirements: tuple[str, ...]
    missing: tuple[str, ...]
    notebook: str


class Publish(Asked, frozen=True, kw_only=True):
    """
    What is said of it; what is left out comes from the function. `example` and `readme` are files below the folder.
    """

    source: str
    name: str = ""
    version: str = ""
    summary: str = ""
    categories: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    license: str = ""
    readme: str = ""
    example: str = ""
    push: bool = False


class PublicationState(Shape, frozen=True, kw_only=True):
    """
    How far a publication is.

    `place` is where it lies, `next` a command that is left to do; `error` says why it was refused.
    """

    source: str
    name: str
    version: str
    stage: Literal["trying", "giving", "published", "refused", "broken"]
    seconds: float
    place: str
    next: str
    error: str
    hint: str
