"""Who did what, and when; never what was said."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import delete, insert, select

from assistant.records import Record
from assistant.store.database import Database
from assistant.store.tables import audit

_ROOM = 200  # characters: the column of `what` has no more

Did = Literal[
    "signed in", "refused", "signed out", "added user", "disabled user", "enabled user",
    "changed password", "changed role", "deleted conversation", "renamed conversation",
    "deleted data", "exported data", "uploaded", "upload refused", "gave feedback",
    "deleted by retention",
]  # fmt: skip


class AuditEntry(Record):
    """An act: the id of who did it, empty for the command line, and the id or the name of the
    account that it was done to."""

    at: datetime
    who: str
    did: Did
    what: str


class Audit:
    """The acts that a database keeps. Every method raises StoreError if it fails."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """`now` gives the time in UTC."""
        self._database = database
        self._now = now

    def note(self, who: str, did: Did, what: str = "") -> None:
        """Keep an act. `who` is an id of a user or empty, `what` an id or the name of an account,
        of which 200 characters are kept."""
        row = {"at": self._now(), "who": who, "did": did, "what": what[:_ROOM]}
        with self._database.writing() as connection:
            connection.execute(insert(audit).values(row))

    def entries(self, limit: int = 1000, since: datetime | None = None) -> tuple[AuditEntry, ...]:
        """The newest acts first, `limit` at most; with `since`, none before that time."""
        fields = [audit.c[field] for field in AuditEntry.model_fields]
        found = select(*fields).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit)
        if since is not None:
            found = found.where(audit.c.at >= since)
        with self._database.reading() as connection:
            rows = connection.execute(found).mappings().all()
        return tuple(AuditEntry.model_validate(row) for row in rows)

    def forget_before(self, moment: datetime) -> int:
        """Delete what is older than that; gives how many acts."""
        with self._database.writing() as connection:
            return connection.execute(delete(audit).where(audit.c.at < moment)).rowcount
