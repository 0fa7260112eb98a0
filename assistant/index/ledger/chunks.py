"""Chunks with their sentences, and their words for the full-text index."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from assistant.index.ledger.embeddings import Row, each_once, text_key
from assistant.index.ledger.sql import marks, parts
from assistant.records import Chunk, Sentence, SentenceRole, SourcePart


class ChunkRecords:
    """The chunks of one ledger. Changes belong into a transaction of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def write(self, chunks: Sequence[Chunk]) -> None:
        """Write chunks of documents that have none here."""
        for chunk in chunks:
            cursor = self._db.execute(
                "INSERT INTO chunks (id, document_id, section, anchor, prefix, start, end, key)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    chunk.id, chunk.document_id, chunk.section, chunk.anchor, chunk.prefix,
                    chunk.start, chunk.end, text_key(chunk.embedded_text),
                ),
            )  # fmt: skip
            number = cursor.lastrowid
            self._db.execute(
                "INSERT INTO words (rowid, prefix, body) VALUES (?, ?, ?)",
                (number, chunk.prefix, chunk.text),
            )
            self._db.executemany(
                "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        number, n, s.start, s.end, s.block, s.role.value, s.marker,
                        text_key(chunk.text_of(s)),
                    )
                    for n, s in enumerate(chunk.sentences)
                ],
            )  # fmt: skip

    def remove(self, document_id: str) -> None:
        """Remove the chunks of a document, with their sentences and words."""
        numbers = "SELECT number FROM chunks WHERE document_id = ?"
        self._db.execute(f"DELETE FROM words WHERE rowid IN ({numbers})", (document_id,))
        self._db.execute(f"DELETE FROM sentences WHERE chunk IN ({numbers})", (document_id,))
        self._db.execute("DELETE FROM chunks WHERE document_id = ?", (document_id,))

    def count(self) -> int:
        """How many chunks there are."""
        (count,) = self._db.execute("SELECT count(*) FROM chunks").fetchone()
        return int(count)

    def rows(self) -> list[Row]:
        """All chunks as (id, document id, key of the embedding), by id."""
        return self._db.execute("SELECT id, document_id, key FROM chunks ORDER BY id").fetchall()

    def rows_of(self, document_ids: Sequence[str], most: int) -> list[Row] | None:
        """The rows of all chunks of documents, by id, each text of a document once; None if there
        are more than so many chunks."""
        chosen = marks(document_ids)
        rows = self._db.execute(
            f"SELECT id, document_id, key FROM chunks WHERE document_id IN ({chosen})"
            " ORDER BY id LIMIT ?",
            (*document_ids, most + 1),
        ).fetchall()
        if len(rows) > most:
            return None
        return each_once(rows)

    def get(self, ids: Sequence[str]) -> list[Chunk]:
        """Chunks with their sentences, in the order of the ids."""
        rows: dict[str, tuple[str, str, str, str | None, str, int, int, int, str]] = {}
        sentences: dict[int, list[Sentence]] = {}
        for part in parts(ids):
            for row in self._db.execute(
                "SELECT chunks.id, document_id, section, anchor, prefix, start, end, number,"
                " substr(text, start + 1, end - start)"
                " FROM chunks JOIN documents ON documents.id = document_id"
                f" JOIN contents USING (sha256) WHERE chunks.id IN ({marks(part)})",
                part,
            ):
                rows[row[0]] = row
        numbers = [row[7] for row in rows.values()]
        for some in parts(numbers):
            for chunk, *row in self._db.execute(
                "SELECT chunk, start, end, block, role, marker FROM sentences"
                f" WHERE chunk IN ({marks(some)}) ORDER BY chunk, n",
                some,
            ):
                sentences.setdefault(chunk, []).append(_sentence(row))
        return [_chunk(rows[name], sentences) for name in ids if name in rows]

    def ids_at(self, document_id: str, start: int, end: int) -> list[str]:
        """The chunks of a document that share text with a stretch of it, in their order."""
        found = self._db.execute(
            "SELECT id FROM chunks WHERE document_id = ? AND start < ? AND end > ?"
            " ORDER BY start, id",
            (document_id, end, start),
        )
        return [name for (name,) in found]

    def parts_of(self, document_id: str) -> list[SourcePart]:
        """The chunks of a document as stretches of its text with their headings, in order."""
        rows = self._db.execute(
            "SELECT start, end, section FROM chunks WHERE document_id = ? ORDER BY start",
            (document_id,),
        )
        return [SourcePart(start=start, end=end, section=section) for start, end, section in rows]

    def block(self, document_id: str, block: int) -> list[Sentence]:
        """All sentences of one paragraph or list, whichever chunks they are in."""
        rows = self._db.execute(
            "SELECT sentences.start, sentences.end, block, role, marker"
            " FROM sentences JOIN chunks ON number = chunk"
            " WHERE document_id = ? AND block = ? ORDER BY sentences.start",
            (document_id, block),
        )
        return [_sentence(row) for row in rows]


def _chunk(
    row: tuple[str, str, str, str | None, str, int, int, int, str],
    sentences: dict[int, list[Sentence]],
) -> Chunk:
    name, document_id, section, anchor, prefix, start, end, number, text = row
    return Chunk(
        id=name,
        document_id=document_id,
        section=section,
        anchor=anchor,
        prefix=prefix,
        start=start,
        end=end,
        text=text,
        sentences=tuple(sentences[number]),
    )


def _sentence(row: Sequence[Any]) -> Sentence:
    start, end, block, role, marker = row
    return Sentence(start=start, end=end, block=block, role=SentenceRole(role), marker=marker)
