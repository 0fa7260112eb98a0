"""Numbering citations, and checking each against the text that it cites."""

from dataclasses import dataclass, field

from assistant.errors import IndexDamaged
from assistant.index.reader import View
from assistant.records import Chunk, Citation


@dataclass
class CitationList:
    """The citations of one answer, numbered from 1 in the order in which they are made."""

    view: View
    made: list[Citation] = field(default_factory=list)

    def cite(self, chunk: Chunk, start: int, end: int) -> int:
        """The number of a citation of that stretch of the chunk's document.

        The quote is cut from the document's own text, so it cannot differ from it.
        """
        for citation in self.made:
            place = (citation.document_id, citation.start, citation.end)
            if place == (chunk.document_id, start, end):
                return citation.number
        sha256, text = self.view.text_of(chunk.document_id)
        quote = text[start:end]
        if not quote or len(quote) != end - start:
            raise IndexDamaged(
                f"{chunk.document_id} has no text at {start} to {end}.", "Run: assistant build"
            )
        entry = self.view.entries([chunk.document_id])[chunk.document_id]
        page = self.view.page_at(entry.id, start)
        self.made.append(
            Citation(
                number=len(self.made) + 1,
                document_id=entry.id,
                title=entry.title,
                author=entry.author,
                publisher=entry.publisher,
                year=entry.year,
                url=entry.url,
                section=chunk.section,
                anchor=chunk.anchor,
                page=page.number if page else None,
                page_label=page.label if page else None,
                start=start,
                end=end,
                quote=quote,
                document_sha256=sha256,
            )
        )
        return len(self.made)
