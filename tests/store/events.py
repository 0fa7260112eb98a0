"""What happened when, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

_BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after the beginning."""
    return _BEGAN + timedelta(minutes=minutes)


def noted(what: str) -> dict[str, Any]:
    """A row of the audit."""
    return {"at": at(0), "who": "somebody", "did": "test", "what": what}
