"""A Word document to its blocks: what is refused, and the order of the steps."""

import zipfile
import zlib
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATED
from docx.opc.exceptions import OpcError
from docx.oxml.parser import OxmlElement
from lxml import etree

from assistant.library.furniture import without_furniture
from assistant.library.readers.docx.body import Body
from assistant.library.readers.docx.headings import levelled, styled_title
from assistant.library.readers.docx.markup import Element
from assistant.library.readers.docx.metadata import about_document
from assistant.library.readers.docx.numbering import Numbering
from assistant.library.readers.docx.paragraphs import Paragraphs
from assistant.library.readers.docx.styles import Styles
from assistant.library.readers.docx.unpacking import damaged, safe_copy
from assistant.library.readers.extract import Extract, Limits, Unreadable

# What python-docx raises where parts are missing or broken; it has few errors of its own.
_DAMAGE = (
    OpcError, etree.LxmlError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, IndexError,
    AttributeError, TypeError, EOFError, OSError, NotImplementedError,
)  # fmt: skip


def read_docx(data: bytes, limits: Limits) -> Extract:
    """The blocks of a Word document, in reading order. Raises Unreadable.

    Headings have the bookmark that stands at them as their anchor. Footnotes, tables of contents,
    deleted and hidden text are left out; running heads and feet are named in `dropped`.
    """
    copy = safe_copy(data, limits)
    try:
        document = docx.Document(copy)
        numbering = Numbering(_numbering(document))
        paragraphs = Paragraphs(Styles(document.styles.element), numbering)
        content = list(document.element.body)
    except _DAMAGE as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise damaged() from error
    body = Body(paragraphs, limits.characters)
    try:
        found = body.read(content)
        blocks = levelled(found)
        running = _running_lines(document, body)
    except RecursionError as error:
        raise Unreadable(
            "is nested more deeply than a document can be.", "Save it again with another program."
        ) from error
    if not blocks:
        raise Unreadable(
            "has no text.", "If it holds pictures of pages, recognise their text first."
        )
    kept, furniture = without_furniture(blocks)
    return Extract(
        kept,
        about_document(document, blocks, styled_title(found, blocks)),
        warnings=body.warnings,
        dropped=list(dict.fromkeys(running + furniture)),
    )


def _numbering(document: Document) -> Element:
    try:
        part: Any = document.part.part_related_by(RELATED.NUMBERING)
    except KeyError:
        return OxmlElement("w:numbering")
    return part.element


def _running_lines(document: Document, body: Body) -> list[str]:
    """What stands at the head and the foot of pages, without page numbers alone."""
    running = (RELATED.HEADER, RELATED.FOOTER)
    parts = [
        related.target_part
        for related in document.part.rels.values()
        if related.reltype in running and not related.is_external
    ]
    lines = [
        one.block.text
        for part in parts
        if hasattr(part, "element")
        for one in body.read(part.element)
    ]
    return [line for line in dict.fromkeys(lines) if any(c.isalpha() for c in line)]
