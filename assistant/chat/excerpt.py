"""A source cut into what a page shows: headings, paragraphs and items, the quote marked. Pure.

Not a character of the text is changed: the page shows what the offsets of a citation refer to.
Where a page of the file begins stands beside the text, never in it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assistant.records import Page, Source

AROUND = 4_000  # characters shown before and after the quote
_ITEM = re.compile(r"(?:[-*+•]|\(?(?:\d{1,4}|[A-Za-z]|[ivx]{2,4})[.)]) ")
_BREAK = re.compile(r"\n\n+")


@dataclass(frozen=True)
class Piece:
    """Some text, inside the quote or outside it. `page` is the one that begins with it."""

    text: str
    quoted: bool
    page: Page | None = None


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or an item of a list, in pieces."""

    kind: Literal["heading", "paragraph", "item"]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Excerpt:
    """The blocks around a quote, and whether the document has more on either side. `page` is the
    one on which the quote begins, if the file has pages."""

    section: str
    blocks: tuple[Block, ...]
    cut_before: bool
    cut_after: bool
    page: Page | None = None


def excerpt(source: Source, start: int, end: int, around: int | None = AROUND) -> Excerpt:
    """The text around `source.text[start:end]`; all of it if `around` is None.

    Raises ValueError where the document has no such place.
    """
    text = source.text
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{source.document_id} has no text at {start} to {end}")
    first, last = (0, len(text)) if around is None else _window(text, start, end, around)
    headings = {name for part in source.parts for name in part.section.split(" > ") if name}
    headings.add(source.title)
    found = tuple(_blocks(text, first, last, headings))
    pages = _where_pages_begin(source.pages, [(a, b) for _, a, b in found], first)
    blocks = tuple(
        Block(kind, _pieces(text, a, b, start, end, pages.get(number, {})))
        for number, (kind, a, b) in enumerate(found)
    )
    section = next((p.section for p in source.parts if p.start <= start < p.end), "")
    page = page_at(source, start)
    return Excerpt(section, blocks, cut_before=first > 0, cut_after=last < len(text), page=page)


def page_at(source: Source, at: int) -> Page | None:
    """The page of the file that holds the character `at`, or the last before it: between two
    pages stands only what parts them."""
    return next((page for page in reversed(source.pages) if page.start <= at), None)


def _where_pages_begin(
    pages: Sequence[Page], spans: Sequence[tuple[int, int]], first: int
) -> dict[int, dict[int, Page]]:
    """Pages by the number of the block and the character before which to say that they begin:
    their first one, or that of the next block if it stands in none. Those that begin before
    `first` are left out."""
    found: dict[int, dict[int, Page]] = {}
    ends = [end for _, end in spans]
    for page in pages:
        block = bisect_right(ends, page.start)
        if page.start >= first and block < len(spans):
            found.setdefault(block, {})[max(page.start, spans[block][0])] = page
    return found


def _window(text: str, start: int, end: int, around: int) -> tuple[int, int]:
    """Where to cut: at the end of a paragraph if one is near, else where the reach ends."""
    first, last = max(0, start - around), min(len(text), end + around)
    if first:
        gap = text.find("\n\n", first, start)
        first = gap + 2 if gap >= 0 else first
    if last < len(text):
        gap = text.rfind("\n\n", end, last)
        last = gap if gap >= 0 else last
    return first, last


def _blocks(
    text: str, first: int, last: int, headings: set[str]
) -> Iterator[tuple[Literal["heading", "paragraph", "item"], int, int]]:
    """Kind, start and end of every block of the text from `first` to `last`."""
    at = first
    for gap in (*_BREAK.finditer(text, first, last), None):
        end = gap.start() if gap else last
        if text[at:end].strip():
            if text[at:end] in headings:
                yield "heading", at, end
            else:
                yield from _lines(text, at, end)
        at = gap.end() if gap else last


def _lines(
    text: str, start: int, end: int
) -> Iterator[tuple[Literal["paragraph", "item"], int, int]]:
    """A block as one paragraph, or as its items if it holds a list."""
    at = start
    item = bool(_ITEM.match(text, at, end))
    line = text.find("\n", at, end)
    while line >= 0:
        if _ITEM.match(text, line + 1, end):
            if text[at:line].strip():
                yield "item" if item else "paragraph", at, line
            at, item = line + 1, True
        line = text.find("\n", line + 1, end)
    yield "item" if item else "paragraph", at, end


def _pieces(
    text: str, a: int, b: int, start: int, end: int, pages: Mapping[int, Page]
) -> tuple[Piece, ...]:
    """The text from `a` to `b`, cut where the quote begins and ends and where a page begins."""
    cuts = sorted({a, b, *(edge for edge in (start, end, *pages) if a < edge < b)})
    return tuple(
        Piece(text[left:right], quoted=start <= left and right <= end, page=pages.get(left))
        for left, right in pairwise(cuts)
    )
