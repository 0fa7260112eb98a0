"""Footnotes: a part of a document that python-docx does not write."""

from collections.abc import Sequence

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree

from assistant.takeaway.docx.elements import Element, el, paragraph, run
from assistant.takeaway.paper import Note

TEXT, REFERENCE = "FootnoteText", "FootnoteReference"
_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}


class Footnotes:
    """The footnotes of a document, by the numbers of their notes.

    Word counts footnotes by itself. Where that would give other numbers than the notes have,
    each is marked with its own.
    """

    def __init__(self, notes: Sequence[Note], order: Sequence[int]) -> None:
        """`order`: the numbers of the notes that are referred to, as they are met."""
        self._notes = {note.number: note for note in notes}
        self._counted = list(order) == list(range(1, len(order) + 1))
        self._met: dict[int, None] = {}

    def refer(self, number: int) -> list[Element]:
        """What stands in the text: the footnote where it is met first, then its number again."""
        if number in self._met:
            return _again(number)
        self._met[number] = None
        mark = el("w:footnoteReference", id=number)
        about = el("w:rPr", el("w:rStyle", val=REFERENCE))
        reference = el("w:r", about, mark)
        if not self._counted:
            mark.set(qn("w:customMarkFollows"), "1")
            reference.append(_text(str(number)))
        name = el("w:bookmarkStart", id=number, name=f"_Note{number}")
        return [name, reference, el("w:bookmarkEnd", id=number)]

    def has(self, number: int) -> bool:
        """Whether a footnote was referred to."""
        return number in self._met

    def attach(self, document: Document) -> None:
        """Write those that were referred to into the document. Nothing if there are none."""
        if not self._met:
            return
        root = el("w:footnotes", *(_separator(n, kind) for n, kind in _SEPARATORS.items()))
        root.extend([self._footnote(number) for number in self._met])
        blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        name = PackURI("/word/footnotes.xml")
        part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, blob, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        _announce(document)

    def _footnote(self, number: int) -> Element:
        note = self._notes[number]
        about = el("w:rPr", el("w:rStyle", val=REFERENCE))
        mark = el("w:footnoteRef") if self._counted else _text(str(number))
        said = run(f" {note.source}: “{note.quote}”")
        return el("w:footnote", paragraph(el("w:r", about, mark), said, style=TEXT), id=number)


def _text(words: str) -> Element:
    made = el("w:t")
    made.text = words
    return made


def _again(number: int) -> list[Element]:
    """The number of a footnote that stands elsewhere, as a reference that leads there."""
    code = el("w:instrText")
    code.text = f" NOTEREF _Note{number} \\f \\h "
    inside = (
        el("w:fldChar", fldCharType="begin"), code, el("w:fldChar", fldCharType="separate"),
        _text(str(number)), el("w:fldChar", fldCharType="end"),
    )  # fmt: skip
    # Raised by itself as well: LibreOffice leaves the style out of a field.
    return [
        el(
            "w:r",
            el("w:rPr", el("w:rStyle", val=REFERENCE), el("w:vertAlign", val="superscript")),
            one,
        )
        for one in inside
    ]


def _separator(number: int, kind: str) -> Element:
    """The line above the footnotes of a page."""
    spacing = el("w:spacing", after=0, line=240, lineRule="auto")
    content = paragraph(el("w:r", el(f"w:{kind}")), more=(spacing,))
    return el("w:footnote", content, type=kind, id=number)


def _announce(document: Document) -> None:
    """Name the separators in the settings, where Word looks for them."""
    settings = document.settings.element
    about = el("w:footnotePr", *(el("w:footnote", id=number) for number in _SEPARATORS))
    compat = settings.find(qn("w:compat"))
    if compat is not None:
        compat.addprevious(about)
    else:
        settings.append(about)
