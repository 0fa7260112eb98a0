"""A model's text as it comes, cut into sentences with the numbers of passages that each names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.library.sentences import split_sentences

_INSIDE = r"\d{1,4}(?:\s*(?:[,;&–-]|and)\s*(?:passages?\s*)?\d{1,4})*"
_NUMBERS = re.compile(
    rf"\s*[\[【]\s*(?:passages?|sources?|\^)?\s*({_INSIDE})\s*(?:†[^\]】]*)?[\]】]", re.IGNORECASE
)
# What may become numbers, a link, a picture or a tag with the next words.
_OPEN = re.compile(
    r"\s*(?:!?[\[【][^\]】]{0,200}|!?\[[^\]]{0,200}\]\([^)]{0,300}|</?(?:[a-zA-Z!][^<>]{0,200})?)$"
)
_MAY_END = re.compile(r"[.!?:;…\]】)\"'”’]$")
_LONGEST_LINE = 2_000  # characters; a paragraph of an answer has some 500
_MARKER = re.compile(r"^\s*(?:([-*+•–])|(\d{1,2})[.)])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s")
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\))?")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`+")
_MOST_NUMBERS = 3  # of one sentence; more is a list of all passages


@dataclass(frozen=True)
class Sentence:
    """A sentence of a draft. `numbers` are the passages that it names, each once, whether they
    exist or not. `block` counts paragraphs and items; `marker` is that of its item, "" in a
    paragraph. `opens`: it is the first of its block; `leads`: it announces what follows."""

    text: str
    numbers: tuple[int, ...]
    block: int
    marker: str
    opens: bool

    @property
    def leads(self) -> bool:
        """Whether it announces what follows."""
        return self.text.endswith(":")


@dataclass(frozen=True)
class Words:
    """The next words as a reader may see them."""

    text: str


class Draft:
    """A text in the making. What is no text is dropped: headings, pictures, tags, addresses."""

    def __init__(self) -> None:
        self.text = ""
        self._waiting = ""  # a word that may go on
        self._line = ""
        self._block = 0
        self._given = 0  # sentences of the line that are finished
        self._shown = ""  # what of the line was shown
        self._may_have_ended = False  # a sentence, which the next word will tell

    def add(self, piece: str) -> Iterator[Sentence | Words]:
        """What a further piece of the text shows and finishes, in order."""
        self.text += piece
        parts = re.split(r"(\s)", self._waiting + piece)
        self._waiting = parts.pop()
        for word, space in zip(parts[::2], parts[1::2], strict=True):
            yield from self._word(word)
            if space == "\n" or len(self._line) > _LONGEST_LINE:
                yield from self._end_line()
            else:
                self._line += space

    def finish(self) -> Iterator[Sentence | Words]:
        """What is left, once the text is complete."""
        word, self._waiting = self._waiting, ""
        yield from self._word(word)
        yield from self._end_line()

    def _word(self, word: str) -> Iterator[Sentence | Words]:
        self._line += word
        if not word or _HEADING.match(self._line + " "):
            return
        if self._may_have_ended:
            yield from self._finished(self._sentences()[:-1])
        self._may_have_ended = self._may_have_ended or bool(_MAY_END.search(word))
        yield from self._show(_OPEN.sub("", self._line))

    def _show(self, line: str) -> Iterator[Words]:
        visible = " ".join(_clean(_NUMBERS.sub("", line)).split())
        if visible.startswith(self._shown) and visible != self._shown:
            yield Words(visible[len(self._shown) :])
            self._shown = visible

    def _end_line(self) -> Iterator[Sentence | Words]:
        if not _HEADING.match(self._line):
            yield from self._show(self._line)
            sentences = self._sentences(whole=True)
            yield from self._finished(sentences)
            if sentences:
                yield Words("\n")
                self._block += 1
        self._line, self._given, self._shown = "", 0, ""

    def _finished(self, sentences: list[tuple[str, tuple[int, ...]]]) -> Iterator[Sentence]:
        marker = _marker(self._line)
        for n, (text, numbers) in enumerate(sentences):
            if n >= self._given:
                yield Sentence(text, numbers, self._block, marker, opens=n == 0)
                self._given = n + 1
                self._may_have_ended = False

    def _sentences(self, whole: bool = False) -> list[tuple[str, tuple[int, ...]]]:
        """The sentences of the line so far, the last one perhaps unfinished unless it is the
        `whole` line."""
        line = self._line if whole else _OPEN.sub("", self._line)
        line = _clean(_MARKER.sub("", line))
        plain, named = "", []
        at = 0
        for match in _NUMBERS.finditer(line):
            plain += line[at : match.start()]
            named.append((len(plain.rstrip()), _numbers(match[1])))
            at = match.end()
        plain += line[at:]
        spans = split_sentences(plain) if re.search(r"\w", plain) else []
        found = []
        for n, (start, end) in enumerate(spans):
            following = spans[n + 1][0] if n + 1 < len(spans) else len(plain) + 1
            # A number before the first word of a sentence belongs to the sentence before it.
            numbers = [
                number
                for place, some in named
                if (start < place <= following and not (place == following and n + 1 < len(spans)))
                or (n == 0 and place <= start)
                for number in some
            ]
            text = " ".join(plain[start:end].split())
            if not re.search(r"\w", text):
                continue
            found.append((text, tuple(dict.fromkeys(numbers))[:_MOST_NUMBERS]))
        return found


def _marker(line: str) -> str:
    found = _MARKER.match(line)
    if found is None:
        return ""
    return "-" if found[1] else f"{found[2]}."


def _clean(text: str) -> str:
    """The text without markup, addresses and what does not print."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _EMPHASIS.sub("", _ADDRESS.sub("", _TAG.sub("", text)))
    return "".join(c for c in text if c.isprintable() or c.isspace())


def _numbers(inside: str) -> list[int]:
    """The numbers of a marker such as "1, 3" or "2-4"."""
    found: list[int] = []
    for part in re.split(r"[,;&]|and", inside):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] < ends[1] <= ends[0] + _MOST_NUMBERS:
            found += range(ends[0], ends[1] + 1)
        else:
            found += ends
    return found
