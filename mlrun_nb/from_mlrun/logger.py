"""A logger that takes a message and named values, `logger.info("fitted", rows=10)`, and prints a line of them."""

from __future__ import annotations

import sys
from typing import TextIO

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "warn": 30, "error": 40, "critical": 50, "fatal": 50}


class Logger:
    """Prints what it is told to the log of the run; lines of `debug` only below a level of that name."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._level = _LEVELS["info"]

    def set_logger_level(self, level: str) -> None:
        """Print what has at least this *level*: debug, info, warning or error."""
        self._level = _LEVELS.get(str(level).lower(), self._level)

    def debug(self, message: object, *values: object, **more: object) -> None:
        """Print a line of level debug."""
        self._say("debug", message, values, more)

    def info(self, message: object, *values: object, **more: object) -> None:
        """Print a line of level info."""
        self._say("info", message, values, more)

    def warning(self, message: object, *values: object, **more: object) -> None:
        """Print a line of level warning."""
        self._say("warning", message, values, more)

    warn = warning

    def error(self, message: object, *values: object, **more: object) -> None:
        """Print a line of level error."""
        self._say("error", message, values, more)

    critical = exception = error
    debug_with, info_with, warn_with, error_with = debug, info, warning, error

    def _say(self, level: str, message: object, values: tuple[object, ...], more: dict[str, object]) -> None:
        if _LEVELS[level] < self._level:
            return
        text = str(message)
        if values:
            try:
                text = text % values
            except (TypeError, ValueError):  # named otherwise than logging does; nothing is lost
                text = " ".join([text, *map(str, values)])
        named = "".join(f" {name}={value!r}" for name, value in more.items())
        print(f"[{level}] {text}{named}", file=self._out or sys.stdout)


logger = Logger()
"""The one of `mlrun.utils`."""
