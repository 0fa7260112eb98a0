"""The sources that saved answers cite, as they were: an index keeps only what is newest."""

import re
import zlib
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy import Connection, and_, delete, exists, insert, select, text

from assistant.records import Source
from assistant.store.database import Database
from assistant.store.tables import cited, conversations, sources, turns

_VERSION = re.compile("[0-9a-f]{12,64}")  # shorter ones could be tried out
_LOCK = 0x6B657074  # "kept": which of PostgreSQL's advisory locks guards the table
_CITES = and_(cited.c.document_id == sources.c.document_id, cited.c.sha256 == sources.c.sha256)


class KeptSources:
    """Gives kept sources to those whose conversations cite them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, user_id: str, document_id: str, version: str) -> Source | None:
        """The document whose hash begins with `version` (12 hexadecimal digits or more), if a
        conversation of the user cites it. None otherwise, and if an older version of the product
        kept it in a form that is not read any more.

        Raises StoreError.
        """
        if not _VERSION.fullmatch(version) or "\0" in document_id:
            return None
        found = (
            select(sources.c.packed)
            .join(cited, _CITES)
            .join(turns, turns.c.id == cited.c.turn_id)
            .join(conversations, conversations.c.id == turns.c.conversation_id)
            .where(conversations.c.user_id == user_id, sources.c.document_id == document_id)
            .where(sources.c.sha256.startswith(version))
            .order_by(sources.c.sha256)
            .limit(1)
        )
        with self._database.reading() as connection:
            packed = connection.scalar(found)
        return None if packed is None else _unpacked(packed)


def keep(connection: Connection, turn_id: str, which: Sequence[Source]) -> None:
    """Keep what the turn cites: these and no others. Each version of a document is kept once."""
    connection.execute(delete(cited).where(cited.c.turn_id == turn_id))
    by_key = {(source.document_id, source.sha256): source for source in which}
    if not by_key:
        return
    _go_alone(connection)
    for source in by_key.values():
        _keep(connection, source)
    connection.execute(
        insert(cited),
        [{"turn_id": turn_id, "document_id": name, "sha256": sha256} for name, sha256 in by_key],
    )


def drop_orphans(connection: Connection) -> None:
    """Remove the sources that no turn cites any more."""
    _go_alone(connection)
    connection.execute(delete(sources).where(~exists().where(_CITES)))


def _keep(connection: Connection, source: Source) -> None:
    here = and_(
        sources.c.document_id == source.document_id,
        sources.c.sha256 == source.sha256,
    )
    packed = connection.scalar(select(sources.c.packed).where(here))
    if packed is not None and _unpacked(packed) is not None:
        return
    connection.execute(delete(sources).where(here))
    connection.execute(
        insert(sources).values(
            document_id=source.document_id,
            sha256=source.sha256,
            packed=zlib.compress(source.model_dump_json().encode()),
        )
    )


def _unpacked(packed: bytes) -> Source | None:
    try:
        return Source.model_validate_json(zlib.decompress(packed))
    except (zlib.error, ValidationError):
        return None


def _go_alone(connection: Connection) -> None:
    """Until the transaction ends: or else one drops what another is about to cite. SQLite has but
    one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
