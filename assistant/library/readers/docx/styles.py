"""What the styles of a document say of its paragraphs, each with those that it is based on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from docx.oxml.ns import qn

from assistant.library.readers.docx.markup import Element, integer, is_on, value

_CONTENTS = re.compile(
    r"(?:toc|index|contents) (?:\d|heading)|toa heading|table of (?:figures|authorities)"
)


@dataclass(frozen=True)
class Style:
    """What a style says of a paragraph: level of a heading from 1, list and level within it."""

    heading: int = 0
    is_title: bool = False
    is_contents: bool = False
    numbering: tuple[str, int] | None = None
    bold: bool = False


class Styles:
    """The styles by their ids."""

    def __init__(self, root: Element) -> None:
        self._elements = {one.get(qn("w:styleId")): one for one in root.findall(qn("w:style"))}
        self._known: dict[str | None, Style] = {}

    def of(self, style_id: str | None) -> Style:
        """The style of that id; one that says nothing where there is none."""
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str | None) -> Style:
        style = Style()
        bold: bool | None = None
        below_title = False
        for element in self._chain(style_id):
            # Word's own names are English whatever the language, the ids are not.
            name = (value(element, "w:name") or element.get(qn("w:styleId"), "")).lower()
            below_title = below_title or name == "subtitle"
            if bold is None:
                bold = is_on(element, "w:rPr/w:b")
            style = replace(
                style,
                heading=style.heading or _named_level(name) or outline_level(element) or 0,
                is_title=style.is_title or (name == "title" and not below_title),
                is_contents=style.is_contents or _CONTENTS.match(name) is not None,
                numbering=style.numbering or numbering_of(element),
            )
        return replace(style, bold=bool(bold))

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        """The style and those it is based on, once each."""
        met: set[str | None] = set()
        while style_id in self._elements and style_id not in met:
            met.add(style_id)
            yield self._elements[style_id]
            style_id = value(self._elements[style_id], "w:basedOn")


def _named_level(name: str) -> int:
    named = re.fullmatch(r"heading ?([1-9])", name)
    return int(named[1]) if named else 0


def outline_level(element: Element) -> int | None:
    """The level of a heading that a style or a paragraph sets: 1 to 9, 0 for what is none."""
    outline = value(element, "w:pPr/w:outlineLvl")
    if outline is None:
        return None
    level = integer(outline, 9) + 1
    return level if level <= 9 else 0


def numbering_of(element: Element) -> tuple[str, int] | None:
    """The list that a style or a paragraph is in, and the level within it."""
    number = value(element, "w:pPr/w:numPr/w:numId")
    if number is None:
        return None
    return number, integer(value(element, "w:pPr/w:numPr/w:ilvl"))
