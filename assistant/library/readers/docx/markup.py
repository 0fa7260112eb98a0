"""The markup of Word: values and switches of elements, and what counts of those that only wrap.

Values are looked up leniently, as python-docx raises on what is not quite to the standard.
"""

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import nsmap, qn

Element = Any  # lxml has no types

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATIVES = f"{_MC}AlternateContent"
_CONTROL = qn("w:sdt")
_CHANGES = {qn(f"w:{name}") for name in ("ins", "moveTo", "customXml", "smartTag")}
WRAPPERS = {_CONTROL, _ALTERNATIVES, *_CHANGES}
"""Elements of which `unwrapped` gives what counts."""


def value(parent: Element | None, path: str) -> str | None:
    """The w:val of a descendant, such as "w:pPr/w:pStyle"; None where there is none."""
    found = None if parent is None else parent.find(path, nsmap)
    return None if found is None else found.get(qn("w:val"), "")


def is_on(parent: Element | None, path: str) -> bool | None:
    """A switch such as w:b: on by being there, unless it says otherwise. None if not there."""
    said = value(parent, path)
    return None if said is None else said not in ("0", "false", "off")


def integer(text: str | None, otherwise: int = 0) -> int:
    """The number that a text is, if it is one of up to six digits."""
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise


def children(parent: Element, name: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in wrappers."""
    for one in parent:
        if one.tag == qn(name):
            yield one
        elif one.tag in WRAPPERS:
            yield from children(unwrapped(one), name)


def unwrapped(wrapper: Element) -> list[Element]:
    """What counts of an element that only wraps others: what is new, typed in, or known to all."""
    if wrapper.tag == _CONTROL:
        content = wrapper.find(qn("w:sdtContent"))
        return [] if content is None or _is_filled_by_word(wrapper) else list(content)
    if wrapper.tag == _ALTERNATIVES:
        # The same twice: for programs that know something, and for the others.
        both = [*wrapper.findall(f"{_MC}Choice"), *wrapper.findall(f"{_MC}Fallback")]
        return list(both[0]) if both else []
    return list(wrapper)


def _is_filled_by_word(control: Element) -> bool:
    """Whether a content control holds a table of contents, or asks for a text."""
    gallery = value(control, "w:sdtPr/w:docPartObj/w:docPartGallery")
    asks = is_on(control, "w:sdtPr/w:showingPlcHdr")
    return bool(asks) or gallery in ("Table of Contents", "Table of Figures")
