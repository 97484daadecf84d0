"""The names in a run directory; what each file holds is told in `docs/` and decided by who writes it."""

from __future__ import annotations

REQUEST = "request.json"
INPUT = "input.ipynb"
OUTPUT = "output.ipynb"
RESULT = "result.json"
DISTRIBUTIONS = "distributions.txt"
EVENTS = "events"
LOG = "log"
SOURCE = "source"
WORK = "work"
SPOOL = "spool"
RESERVE = ".reserve"
STOP = "stop"
"""Exists once a child of a sweep is not worth going on with."""
