"""The markers of list items, counted as a browser counts them."""

import re
from dataclasses import dataclass

from assistant.library.readers.html.elements import Element
from assistant.library.readers.letters import LETTERS, ROMAN, capitals

_LETTERS = {
    "a": LETTERS,
    "A": capitals(LETTERS),
    "i": ROMAN,
    "I": capitals(ROMAN),
}


@dataclass
class _List:
    ordered: bool = False
    form: str = "1"
    next: int = 1


class Lists:
    """The lists and items that are open at a place of a page."""

    def __init__(self) -> None:
        self._lists: list[_List] = []
        self._markers: list[str] = []

    def start(self, one: Element) -> None:
        """Take up an element."""
        if one.tag in ("ul", "ol"):
            self._lists.append(
                _List(one.tag == "ol", one.get("type", "1"), _integer(one.get("start"), 1))
            )
        elif one.tag == "li":
            self._markers.append(self._marker(one))

    def end(self, one: Element) -> None:
        """Leave an element."""
        if one.tag in ("ul", "ol"):
            self._lists.pop()
        elif one.tag == "li":
            self._markers.pop()

    def take_marker(self) -> str:
        """The marker of the open item, such as "-", "3." or "c.".

        Nothing where there is no item, or what it begins with was taken: a second paragraph of an
        item is a paragraph.
        """
        if not self._markers:
            return ""
        marker, self._markers[-1] = self._markers[-1], ""
        return marker

    def _marker(self, item: Element) -> str:
        listed = self._lists[-1] if self._lists else _List()
        if not listed.ordered:
            return "-"
        number = _integer(item.get("value"), listed.next)
        listed.next = number + 1
        letters = _LETTERS.get(item.get("type", listed.form), [])
        return f"{letters[number] if 0 < number < len(letters) else number}."


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*\d{1,6}\s*", text, re.ASCII) else otherwise
