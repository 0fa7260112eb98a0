"""Elements of WordprocessingML, made at once and not through objects for each cell."""

from typing import Any, cast

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

Element = Any  # lxml's, which has no types


def el(tag: str, /, *children: Element | None, **attributes: object) -> Element:
    """An element such as "w:p" with its children, None left out, and attributes of its own
    namespace, such as `val="1"`."""
    made = cast(Element, OxmlElement(tag))
    prefix = tag.split(":", 1)[0]
    for key, value in attributes.items():
        made.set(qn(f"{prefix}:{key}"), str(value))
    made.extend([child for child in children if child is not None])
    return made


def text(words: str) -> list[Element]:
    """Words as the contents of a run: a line end is a break."""
    made: list[Element] = []
    for n, line in enumerate(words.split("\n")):
        if n:
            made.append(el("w:br"))
        if line:
            one = el("w:t")
            one.text = line
            one.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(one)
    return made


def run(words: str, *, bold: bool = False, italic: bool = False, style: str = "") -> Element:
    """A run of words."""
    properties = [
        el("w:rStyle", val=style) if style else None,
        el("w:b") if bold else None,
        el("w:i") if italic else None,
    ]
    about = el("w:rPr", *properties) if any(one is not None for one in properties) else None
    return el("w:r", about, *text(words))


def field(code: str, shown: str, style: str = "") -> Element:
    """A field, such as PAGE, with what is shown until it is reckoned anew."""
    return el("w:fldSimple", run(shown, style=style), instr=f" {code} ")


def paragraph(*content: Element, style: str = "", more: tuple[Element, ...] = ()) -> Element:
    """A paragraph; `more` are its properties behind the style, in the order of the schema."""
    about = [el("w:pStyle", val=style)] if style else []
    properties = [*about, *more]
    return el("w:p", el("w:pPr", *properties) if properties else None, *content)
