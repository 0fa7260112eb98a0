"""The body of a document, or another part of it, to what is found there in reading order."""

from collections.abc import Iterable

from docx.oxml.ns import qn

from assistant.library.blocks import Block, BlockKind, on_one_line
from assistant.library.readers.docx.markup import WRAPPERS, Element, unwrapped
from assistant.library.readers.docx.paragraphs import Found, Paragraphs
from assistant.library.readers.docx.tables import line_of, only_arranges, rows_of
from assistant.library.readers.extract import Unreadable


class Body:
    """Reads parts of a document, up to so many characters in all of them."""

    def __init__(self, paragraphs: Paragraphs, characters: int) -> None:
        self._paragraphs = paragraphs
        self._most = self._left = characters
        self.warnings: list[str] = []

    def read(self, container: Iterable[Element]) -> list[Found]:
        """The paragraphs and tables that stand in an element, in their order."""
        found: list[Found] = []
        for one in container:
            if one.tag == qn("w:p"):
                found += self._paragraph(one)
            elif one.tag == qn("w:tbl"):
                found += self._table(one)
            elif one.tag in WRAPPERS:
                found += self.read(unwrapped(one))
            elif one.tag == qn("w:altChunk"):
                self.warnings = [
                    "A part of it is kept in another format: nothing of that is quoted."
                ]
        return found

    def _paragraph(self, paragraph: Element) -> list[Found]:
        found, boxes = self._paragraphs.read(paragraph)
        self._count(sum(len(one.block.text) for one in found))
        return found + [one for box in boxes for one in self.read(box)]

    def _table(self, table: Element) -> list[Found]:
        """Rows; but what tables only arrange or frame is paragraphs."""
        rows = rows_of(table)
        elements = dict.fromkeys(cell.element for row in rows for cell in row)
        found = {element: self.read(element) for element in elements}
        blocks = {element: [one.block for one in cell] for element, cell in found.items()}
        if only_arranges(rows, blocks.values()):
            return [one for cell in found.values() for one in cell]
        lines = {element: line_of(cell) for element, cell in blocks.items()}
        made = []
        for row in rows:
            # A row that only goes on with the one above it says nothing more.
            if any(lines[cell.element] for cell in row if not cell.repeated):
                self._count(sum(len(lines[cell.element]) for cell in row if cell.repeated))
                text = on_one_line(" | ".join(lines[cell.element] for cell in row))
                made.append(Found(Block(BlockKind.TABLE_ROW, text)))
        return made

    def _count(self, characters: int) -> None:
        self._left -= characters
        if self._left < 0:
            raise Unreadable(
                f"holds more than {self._most:,} characters of text.",
                "Split it, or raise ASSISTANT_MOST_CHARACTERS.",
            )
