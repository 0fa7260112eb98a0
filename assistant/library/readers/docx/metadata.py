"""Title, author, publisher and year of a document, as far as it says."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.opc.parts.coreprops import CorePropertiesPart
from docx.oxml.parser import parse_xml
from lxml import etree

from assistant.library.blocks import Block
from assistant.library.furniture import find_year
from assistant.library.notes import About
from assistant.library.readers.extract import about_file

_FRONT = 20  # blocks in which a date may be the document's


def about_document(document: Document, blocks: Sequence[Block], title: str | None) -> About:
    """What a document with these blocks says of itself.

    The title in its text wins: that of the properties is often the one of an earlier document.
    """
    package = document.part.package
    core = _part(package, "core-properties")
    # python-docx makes up what is missing, and LibreOffice has its own name for the relation.
    core = core.core_properties if isinstance(core, CorePropertiesPart) else None
    created = core.created if core else None
    front = "\n".join(block.text for block in blocks[:_FRONT])
    return about_file(
        title=title or (core.title if core else None),
        author=core.author if core else None,
        publisher=_company(_part(package, "extended-properties")),
        year=find_year(front) or (created.year if created else None),
    )


def _part(package: Any, relation: str) -> Any:
    """The part of a package that is about the document, None where there is none."""
    named = (one for one in package.rels.values() if one.reltype.endswith(f"/{relation}"))
    return next((one.target_part for one in named if not one.is_external), None)


def _company(part: Any) -> str | None:
    if part is None:
        return None
    try:
        company: str | None = parse_xml(part.blob).findtext("{*}Company")
    except (etree.LxmlError, ValueError):
        return None
    return company
