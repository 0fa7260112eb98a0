"""Lines to one text: what becomes of the space, or the hyphen, at the end of each."""

import re
from collections.abc import Iterable, Sequence

from assistant.library.blocks import on_one_line


def on_one_row(text: str) -> str:
    """A line's text, clean, but for a soft hyphen at its end: it says that the word goes on."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    soft = "\u00ad" if text.rstrip().endswith("\u00ad") else ""
    return on_one_line(text) + soft


def joined_lines(texts: Iterable[str], compounds: "Compounds") -> tuple[str, list[int]]:
    """Lines as one text, and where each of them begins in it."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for line in texts:
        if parts:
            length -= len(parts[-1])
            parts[-1] = compounds.before(parts[-1], line)
            length += len(parts[-1])
        starts.append(length)
        parts.append(line)
        length += len(line)
    return "".join(parts).removesuffix("\u00ad"), starts


class Compounds:
    """Knows from the words of a document which hyphens at line ends belong to the word."""

    _COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
    _WORD = re.compile(r"[^\W\d_]+")
    _HALF = re.compile(r"([^\W\d_]+)-$")
    _PREFIXES = frozenset({"self", "non", "well", "follow", "cross", "multi", "long", "short"})

    def __init__(self, lines: Sequence[str] = ()) -> None:
        self._compounds: set[str] = set()
        self._words: set[str] = set()
        if any(line.endswith("-") for line in lines):
            halved = False  # whether the line begins with the second half of a word
            for line in lines:
                lowered = line.lower()
                if "-" in lowered:
                    self._compounds.update(self._COMPOUND.findall(lowered))
                words = self._WORD.findall(lowered)
                ends_halved = lowered.endswith("-")
                self._words.update(words[halved : len(words) - ends_halved])
                halved = ends_halved

    def before(self, text: str, line: str) -> str:
        """A line made ready for the one that goes on with it."""
        if text.endswith("\u00ad"):
            return text[:-1]
        if half := self._HALF.search(text):
            if not line[:1].islower():
                return text
            first = half[1].lower()
            rest = self._WORD.match(line)
            second = rest[0].lower() if rest else ""
            return text if self._keeps_hyphen(first, second) else text[:-1]
        closed_up = len(text) > 1 and text[-1] in "/–—" and not text[-2].isspace()
        return text if closed_up or re.search(r"\w-$", text) else f"{text} "

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        if f"{first}-{second}" in self._compounds:
            return True
        if first + second in self._words:
            return False
        if first in self._PREFIXES:
            return True
        return len(second) > 3 and {first, second} <= self._words
