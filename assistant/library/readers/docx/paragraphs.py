"""A paragraph to blocks: a heading, a list item, or one or more paragraphs of text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docx.oxml.ns import qn

from assistant.library.blocks import Block, BlockKind, on_one_line
from assistant.library.readers.docx.markup import Element, value
from assistant.library.readers.docx.numbering import Numbering
from assistant.library.readers.docx.runs import Written, written_in
from assistant.library.readers.docx.styles import Style, Styles, numbering_of, outline_level

_LONGEST_HEADING = 40  # words; a longer one is a paragraph in the style of a heading
_TYPED_ITEM = re.compile(
    r"(?:[•◦▪‣·–-]|\(?(?P<count>\d{1,2}|[a-z]|[ivx]{2,5})[.)])\s+(?P<text>\S.*)"
)


@dataclass(frozen=True)
class Found:
    """A block with the signs of a heading that no style marks. Levels are those of Word here."""

    block: Block
    is_title: bool = False
    bold: bool = False
    size: int = 0


class Paragraphs:
    """Reads paragraphs one after another, as lists are counted over the whole document."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def read(self, paragraph: Element) -> tuple[list[Found], list[Element]]:
        """The blocks of a paragraph, and the text boxes that hang on it."""
        style = self._styles.of(value(paragraph, "w:pPr/w:pStyle"))
        if style.is_contents:
            return [], []
        written = written_in(paragraph, self._styles, style.bold)
        # Two line breaks in a row are how many people end a paragraph.
        texts = [on_one_line(text) for text in re.split(r"\n\s*\n", written.text)]
        texts = [text for text in texts if text]
        if not texts:
            return [], written.boxes
        heading = _heading(paragraph, style, " ".join(texts))
        if heading:
            return [heading], written.boxes
        return _parted(texts, self._marker(paragraph, style), written), written.boxes

    def _marker(self, paragraph: Element, style: Style) -> str:
        numbering = numbering_of(paragraph) or style.numbering
        return self._numbering.marker(*numbering) if numbering else ""


def _heading(paragraph: Element, style: Style, text: str) -> Found | None:
    own = outline_level(paragraph)
    level = style.heading if own is None else own
    if not (level or style.is_title) or len(text.split()) > _LONGEST_HEADING:
        return None
    block = Block(BlockKind.HEADING, text, level=level or 1, anchor=_bookmark(paragraph))
    return Found(block, is_title=style.is_title)


def _parted(texts: Iterable[str], marker: str, written: Written) -> list[Found]:
    """The paragraphs of one that is no heading. Only the first is the list item."""
    found = []
    for text in texts:
        typed = None if marker or written.bold else _TYPED_ITEM.fullmatch(text)
        if typed:
            text = typed["text"]
            marker = f"{typed['count']}." if typed["count"] else "-"
        kind = BlockKind.ITEM if marker else BlockKind.PARAGRAPH
        bold = written.bold and not marker
        found.append(Found(Block(kind, text, marker=marker), bold=bold, size=written.size))
        marker = ""
    return found


def _bookmark(paragraph: Element) -> str | None:
    """The bookmark in a paragraph or right before it; one that a person named before Word's own."""
    starts = list(paragraph.iter(qn("w:bookmarkStart")))
    for one in paragraph.itersiblings(preceding=True):
        if one.tag not in (qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
            break
        starts.append(one)
    names = [one.get(qn("w:name")) or "_GoBack" for one in starts]
    names = [name for name in names if name != "_GoBack"]
    return next((name for name in names if name[0] != "_"), names[0] if names else None)
