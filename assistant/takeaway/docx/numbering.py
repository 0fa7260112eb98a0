"""Lists of a document. Each numbered list counts anew."""

from docx.document import Document
from docx.oxml.ns import qn

from assistant.takeaway.docx.elements import Element, el

_LEVELS = 9
_BULLETS = "•–•–•–•–•"


class Numbering:
    """The lists of a document, numbered after those of the template."""

    def __init__(self, document: Document, step: int) -> None:
        """`step`: how far a level is set in, in twentieths of a point."""
        self._step = step
        self._root = document.part.numbering_part.element
        used = [int(one.get(qn("w:abstractNumId"))) for one in self._abstract()]
        self._bullets, self._numbers = max(used, default=0) + 1, max(used, default=0) + 2
        for number, counted in ((self._bullets, False), (self._numbers, True)):
            self._root.insert(len(self._abstract()), self._kinds(number, counted))
        nums = self._root.findall(qn("w:num"))
        self._next = max((int(one.get(qn("w:numId"))) for one in nums), default=0) + 1
        self._plain = self._add(self._bullets)

    def _abstract(self) -> list[Element]:
        return list(self._root.findall(qn("w:abstractNum")))

    def _add(self, kind: int, *overrides: Element) -> int:
        number, self._next = self._next, self._next + 1
        self._root.append(el("w:num", el("w:abstractNumId", val=kind), *overrides, numId=number))
        return number

    def of(self, start: int | None, level: int) -> int:
        """The number of a list at a level, from 0: with bullets, or counted from `start`."""
        if start is None:
            return self._plain
        begins = el("w:startOverride", val=start)
        return self._add(self._numbers, el("w:lvlOverride", begins, ilvl=level))

    def place(self, level: int, number: int | None) -> Element:
        """The property of a paragraph in a list of that number; None: it goes on with an item."""
        if number is None:
            return el("w:ind", left=self._step * (level + 1))
        return el("w:numPr", el("w:ilvl", val=level), el("w:numId", val=number))

    def _kinds(self, number: int, counted: bool) -> Element:
        """A kind of list with its levels."""
        levels = []
        for level in range(_LEVELS):
            indent = el("w:ind", left=self._step * (level + 1), hanging=self._step)
            levels.append(
                el(
                    "w:lvl", el("w:start", val=1),
                    el("w:numFmt", val="decimal" if counted else "bullet"),
                    el("w:lvlText", val=f"%{level + 1}." if counted else _BULLETS[level]),
                    el("w:lvlJc", val="left"), el("w:pPr", indent), ilvl=level,
                )
            )  # fmt: skip
        kind = el("w:multiLevelType", val="hybridMultilevel")
        return el("w:abstractNum", kind, *levels, abstractNumId=number)
