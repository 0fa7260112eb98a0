"""The elements of HTML by what they do to text, and the text of one on one line."""

from collections.abc import Set
from typing import Any

from lxml import etree
from lxml.html.defs import font_style_tags, phrase_tags

from assistant.library.blocks import on_one_line

Element = Any  # lxml has no types

SILENT = set(
    "script style noscript template svg iframe object embed applet audio video canvas map head"
    " title button select input textarea datalist option progress meter rt rp math-field".split()
)
"""Elements whose content is no text of the page."""

INLINE = (
    phrase_tags
    | font_style_tags
    | set(
        "a bdi bdo data img mark math mi mn mo mrow msub msup nobr output picture q rb ruby source"
        " span sub sup time wbr".split()
    )
)
"""Elements that do not end a line."""


def is_note_mark(one: Element) -> bool:
    """Whether an element is the raised number of a note, which would stick to the word before."""
    if one.get("role") == "doc-noteref":
        return True
    if one.tag != "sup":
        return False
    link = one.find(".//a")
    return link is not None and link.get("href", "").startswith("#")


def length(text: str | None) -> int:
    """Characters of a text without the space around it."""
    return len(text.strip()) if text else 0


def flat(root: Element, left_out: Set[Element] = frozenset(), most: int = 1_000_000) -> str:
    """The text of an element on one line, up to some `most` characters, without some elements.

    Items that end in nothing are parted by semicolons.
    """
    parts: list[str] = []
    size = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, one in walk:
        is_root = one is root
        apart = "" if one.tag in INLINE or one.tag in SILENT else " "
        if event == "start":
            if not is_root and (one.tag in SILENT or one in left_out or is_note_mark(one)):
                walk.skip_subtree()
                continue
            if one.tag == "li" and not is_root:
                _end_item(parts)
            text = apart + (one.text or "")
        else:
            text = apart + ("" if is_root else one.tail or "")
        if text.strip() or (text and parts and not parts[-1].isspace()):
            parts.append(text if text.strip() else " ")
        size += len(text)
        if size > most:
            break
    return on_one_line("".join(parts))


def _end_item(parts: list[str]) -> None:
    while parts and parts[-1].isspace():
        parts.pop()
    if parts and parts[-1].rstrip()[-1] not in ".,;:!?":
        parts[-1] = parts[-1].rstrip() + ";"
