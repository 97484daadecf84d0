from __future__ import annotations

import logging
from datetime import datetime, timezone

table = [3, 1, 2]
started = datetime.now(timezone.utc)
logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def largest(max=2, table: str = "numbers", lambda_: float = 1.0):
    logger.info("since %s", started)
    return _sorted()[:max] + [table]


def _sorted():
    return sorted(table, reverse=True)
