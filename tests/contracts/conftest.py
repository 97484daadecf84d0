"""Servers that contract tests need."""

from __future__ import annotations

from tests.postgresql_server import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]
