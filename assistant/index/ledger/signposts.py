"""Signposts: the headings of sections and the questions that documents name."""

import sqlite3
from collections.abc import Sequence

from assistant.index.ledger.embeddings import Row, text_key
from assistant.index.ledger.sql import marks, parts
from assistant.records import Signpost


class SignpostRecords:
    """The signposts of one ledger. Changes belong into a transaction of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def write(self, signposts: Sequence[Signpost]) -> None:
        """Write signposts of documents that have none here."""
        self._db.executemany(
            "INSERT INTO signposts VALUES (?, ?, ?, ?, ?)",
            [(s.id, s.document_id, s.section, s.text, text_key(s.text)) for s in signposts],
        )

    def remove(self, document_id: str) -> None:
        """Remove the signposts of a document."""
        self._db.execute("DELETE FROM signposts WHERE document_id = ?", (document_id,))

    def rows(self) -> list[Row]:
        """All signposts as (id, document id, key of the embedding), by id."""
        return self._db.execute("SELECT id, document_id, key FROM signposts ORDER BY id").fetchall()

    def get(self, ids: Sequence[str]) -> list[Signpost]:
        """Signposts in the order of the ids."""
        found: dict[str, Signpost] = {}
        for part in parts(ids):
            for name, document_id, section, text in self._db.execute(
                f"SELECT id, document_id, section, text FROM signposts WHERE id IN ({marks(part)})",
                part,
            ):
                found[name] = Signpost(id=name, document_id=document_id, section=section, text=text)
        return [found[name] for name in ids if name in found]

    def naming_questions(self, document_ids: Sequence[str]) -> set[str]:
        """Those of the documents that name questions which they answer."""
        found: set[str] = set()
        for part in parts(sorted(set(document_ids))):
            rows = self._db.execute(
                "SELECT DISTINCT document_id FROM signposts"
                f" WHERE section IS NULL AND document_id IN ({marks(part)})",
                part,
            )
            found |= {name for (name,) in rows}
        return found
