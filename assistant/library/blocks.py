"""What every reader gives, and how it becomes a document's text and sections.

A reader turns a file into blocks; `assemble` joins them into the normalised text that all
offsets refer to, and finds sections and sentences on the way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.library.sentences import split_sentences
from assistant.records import Page, Section, Sentence, SentenceRole

NORMALISER_VERSION = 2
LONGEST_ITEM = 45  # words; a longer list item is quoted sentence by sentence

# What is no guidance, by its heading: kept in the text, left out of answers.
_BACK_MATTER = re.compile(
    r"(references?|bibliography|footnotes|notes and references|works cited|related resources"
    r"|acknowledge?ments?|competing interests|funding|about the authors?)\s*:?",
    re.IGNORECASE,
)
_REPLACED: dict[int, str] = {
    ord("\u00ad"): "",  # soft hyphen
    ord("\ufeff"): "",  # byte order mark
    ord("\u200b"): "",  # zero-width space
    ord("\u2060"): "",  # word joiner
    ord("ﬀ"): "ff", ord("ﬁ"): "fi", ord("ﬂ"): "fl", ord("ﬃ"): "ffi", ord("ﬄ"): "ffl",
    ord("ﬅ"): "st", ord("ﬆ"): "st",
}  # fmt: skip
# Control characters, halves of characters, and every space but " " and "\n".
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]|[^\S\n ]")


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE_ROW = "row"
    CODE = "code"


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item or table row, in reading order.

    `level` is the depth of a heading from 1, 0 for the title; `marker` is the list item's own, such
    as "-" or "3."; `anchor` is the name that the file gives to a heading. `pages` has the pages of
    the file that the text stands on, each with the offset in `text` at which it begins: ((0, 3),
    (120, 4)) for a paragraph that runs over from page 3 to page 4.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    anchor: str | None = None
    pages: tuple[tuple[int, int], ...] = ()


def normalise(text: str) -> str:
    """NFC, `\\n` line ends, no ligatures, no invisible or control characters and none that is half
    of one, single spaces within a line.

    Spaces at the beginning of a line stay: for a reader they say what belongs together.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    text = unicodedata.normalize("NFC", text.translate(_REPLACED))
    text = _NO_TEXT.sub(" ", text)
    return re.sub(r" +$", "", re.sub(r"(?<=\S) {2,}", " ", text), flags=re.MULTILINE)


def on_one_line(text: str) -> str:
    """Normalised text without line ends: what a block holds, unless it is code."""
    return " ".join(normalise(text).split())


def slug(text: str) -> str:
    """Lower case, words joined by hyphens: for ids that people read."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "section"


class _Assembler:
    """The text so far and the sections found in it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.sections: list[Section] = []
        self._ids: set[str] = set()
        self.pages: list[tuple[int, int]] = []
        self._path: list[tuple[int, str]] = []
        self._anchor: str | None = None
        self._sentences: list[Sentence] = []
        self._start = 0
        self._end = 0

    def write(self, text: str, gap: str) -> int:
        """Append a block's text after a gap. Returns where it starts."""
        if self.length:
            self.parts.append(gap)
            self.length += len(gap)
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start

    def turn_pages(self, start: int, pages: Sequence[tuple[int, int]]) -> None:
        """Note the pages that begin in a block that was written at `start`."""
        for offset, number in pages:
            if not self.pages or self.pages[-1][1] != number:
                self.pages.append((start + offset, number))

    def open_section(self, level: int, heading: str, anchor: str | None) -> None:
        self.close_section()
        self._anchor = anchor
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        if level:  # the title stands above all sections and is in no path
            self._path.append((level, heading))

    def add(self, sentences: Sequence[Sentence]) -> None:
        if not sentences:
            return
        if not self._sentences:
            self._start = sentences[0].start
        self._sentences.extend(sentences)
        self._end = max(self._end, sentences[-1].end)

    def introduce_list(self) -> int | None:
        """Make the last sentence the lead of the list that follows; gives its block number."""
        if not self._sentences or self._sentences[-1].role is SentenceRole.ITEM:
            return None
        lead = self._sentences[-1]
        self._sentences[-1] = lead.model_copy(update={"role": SentenceRole.LEAD})
        return lead.block

    def close_section(self) -> None:
        if not self._sentences:
            return
        path = tuple(heading for _, heading in self._path)
        base = slug(path[-1]) if path else "opening"
        identifier, n = base, 2
        while identifier in self._ids:
            identifier, n = f"{base}-{n}", n + 1
        self._ids.add(identifier)
        self.sections.append(
            Section(
                id=identifier,
                path=path,
                start=self._start,
                end=self._end,
                quotable=not any(_BACK_MATTER.fullmatch(heading) for heading in path),
                anchor=self._anchor,
                sentences=tuple(self._sentences),
            )
        )
        self._sentences = []
        self._end = 0


def assemble(
    blocks: Iterable[Block], labels: Mapping[int, str] | None = None
) -> tuple[str, tuple[Section, ...], tuple[Page, ...]]:
    """The document's text, its sections and its pages, in reading order. Shapes: see `records`.

    `labels` has what is printed on pages, by their numbers.
    """
    made = _Assembler()
    previous: Block | None = None
    list_block = 0
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            start = made.write(block.text, "\n\n")
            made.open_section(block.level, block.text, block.anchor)
        elif block.kind is BlockKind.ITEM:
            continues = previous is not None and previous.kind is BlockKind.ITEM
            if not continues:
                lead = made.introduce_list() if _introduces(previous) else None
                list_block = number if lead is None else lead
            marker = f"{block.marker} "
            start = made.write(marker + block.text, "\n" if continues else "\n\n") + len(marker)
            made.add(_item_sentences(block, start, list_block))
        else:
            rows = {previous.kind if previous else None, block.kind} == {BlockKind.TABLE_ROW}
            start = made.write(block.text, "\n" if rows else "\n\n")
            if block.kind is not BlockKind.CODE:
                made.add(
                    [
                        Sentence(start=start + a, end=start + b, block=number)
                        for a, b in split_sentences(block.text)
                    ]
                )
        made.turn_pages(start, block.pages)
        previous = block
    made.close_section()
    text = "".join(made.parts)
    return text, tuple(made.sections), _pages(made.pages, len(text), labels or {})


def _pages(
    begun: Sequence[tuple[int, int]], length: int, labels: Mapping[int, str]
) -> tuple[Page, ...]:
    """Each page up to the next, the first one from the beginning of the text."""
    ends = [start for start, _ in begun[1:]] + [length]
    starts = [0, *ends[:-1]]
    return tuple(
        Page(start=start, end=end, number=number, label=labels.get(number))
        for start, end, (_, number) in zip(starts, ends, begun, strict=False)
        if end > start
    )


def _introduces(previous: Block | None) -> bool:
    """Whether a paragraph announces the list after it, as a colon does."""
    return (
        previous is not None
        and previous.kind is BlockKind.PARAGRAPH
        and previous.text.rstrip().endswith(":")
    )


def _item_sentences(block: Block, start: int, list_block: int) -> list[Sentence]:
    whole = [(0, len(block.text))]
    spans = split_sentences(block.text) if len(block.text.split()) > LONGEST_ITEM else whole
    return [
        Sentence(
            start=start + a,
            end=start + b,
            block=list_block,
            role=SentenceRole.ITEM,
            marker=block.marker if n == 0 else "",
        )
        for n, (a, b) in enumerate(spans)
    ]
