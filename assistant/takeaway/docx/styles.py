"""The page and the styles of a document: dark on white, in sizes that are easy to read."""

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from assistant.takeaway.docx.elements import Element, el
from assistant.takeaway.paper import Layout

_FONT = "Arial"  # or what stands for it: on every machine, without serifs
_DARK = "1A1A1A"  # on white 17:1
_LINK = "0B3D91"  # on white 10:1, and underlined
_PAGES = {"A4": (210, 297), "Letter": (216, 279)}  # millimetres
_OF_WORD = ("footnote text", "footnote reference", "Hyperlink")  # known to it by these names
_TWENTIETHS = 1440 / 25.4  # of a point in a millimetre


@dataclass(frozen=True)
class Sizes:
    """Sizes of letters in points, the headings' from the first level on."""

    body: float
    table: float
    note: float
    title: float
    headings: tuple[float, float, float, float]


@dataclass(frozen=True)
class Space:
    """The width of the text, and by how much a level of a list is set in, in twentieths of a
    point."""

    width: int
    indent: int


_USUAL = Sizes(11, 10, 9.5, 21, (15, 13, 11.5, 11))
_LARGE = Sizes(18, 18, 18, 28, (24, 21, 19, 18))


def set_up(document: Document, layout: Layout) -> Space:
    """Set page and styles of an empty document, and say how much room there is."""
    width, height = _PAGES[layout.paper]
    margin = 19 if layout.large else 22  # millimetres
    section = document.sections[0]
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(margin))
    _defaults(document)
    sizes = _LARGE if layout.large else _USUAL
    _style(document, "Normal", sizes.body, after=6, line=1.15)
    _style(document, "Title", sizes.title, bold=True, after=10, keep=True)
    for level, size in enumerate(sizes.headings, 1):
        before = 16 if level == 1 else 12
        _style(document, f"Heading {level}", size, bold=True, before=before, after=5, keep=True)
    _style(document, "List Paragraph", sizes.body, after=3)
    _style(document, "List End", sizes.body, after=9)
    _style(document, "Quote", sizes.body, before=4, after=8, indent=8)
    _style(document, "Footer", sizes.note)
    _style(document, "Table Text", sizes.table, before=2, after=2)
    _style(document, "Table Header", sizes.table, bold=True, before=2, after=2, keep=True)
    _style(document, "footnote text", sizes.note, after=3)
    _character(document, "footnote reference", el("w:vertAlign", val="superscript"))
    _character(document, "Hyperlink", el("w:color", val=_LINK), el("w:u", val="single"))
    return Space(round((width - 2 * margin) * _TWENTIETHS), 600 if layout.large else 360)


def _defaults(document: Document) -> None:
    """The language, and the same font for all."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    about = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    about.clear()
    about.extend([_font(), el("w:sz", val=22), el("w:szCs", val=22), _language()])


def _font() -> Element:
    return el("w:rFonts", ascii=_FONT, hAnsi=_FONT, eastAsia=_FONT, cs=_FONT)


def _language() -> Element:
    return el("w:lang", val="en-GB", eastAsia="en-GB", bidi="ar-SA")


def _style(
    document: Document, name: str, size: float, *, bold: bool = False, before: float = 0,
    after: float = 0, line: float = 1.1, keep: bool = False, indent: float = 0,
) -> None:  # fmt: skip
    """A style of paragraphs, made if it is missing; nothing of the template's look is left."""
    if name in document.styles:
        style = document.styles[name]
    else:
        style = _added(document, name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
    element = style.element
    outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    for old in (*element.findall(qn("w:pPr")), *element.findall(qn("w:rPr"))):
        element.remove(old)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    layout.keep_with_next = keep or None
    if indent:
        layout.left_indent = layout.right_indent = Mm(indent)
    if outline is not None:
        element.find(qn("w:pPr")).append(outline)
    half = round(size * 2)
    element.append(
        el(
            "w:rPr", _font(), el("w:b") if bold else None, el("w:color", val=_DARK),
            el("w:sz", val=half), el("w:szCs", val=half), _language(),
        )
    )  # fmt: skip


def _character(document: Document, name: str, *properties: Element) -> None:
    style = _added(document, name, WD_STYLE_TYPE.CHARACTER)
    style.element.append(el("w:rPr", *properties))


def _added(document: Document, name: str, kind: WD_STYLE_TYPE) -> Any:
    """A new style, with the id that Word gives to one of that name."""
    style = document.styles.add_style(name, kind, builtin=name in _OF_WORD)
    style.element.styleId = "".join(word[:1].upper() + word[1:] for word in name.split())
    return style
