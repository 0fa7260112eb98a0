"""What is clearly no guidance: adverts, navigation, captions of figures that are missing.

It is dropped and named, so that nobody is quoted the price of a magazine.
"""

import re
from collections.abc import Sequence

from assistant.library.blocks import Block, BlockKind

SHORT = 14  # words; a line with more is no heading and no furniture

_DATE = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december)\s+(?:\d{1,2},?\s+)?(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"return to text|back to top|view this table:?|read the full collection|skip to content"
    r"|(?:download|view|print|share|cite) (?:activity|pdf|(?:this |the )?(?:article|page))"
    r"(?: \([^)]*\))?"
    r"|intended for \w+ professionals|(?:cc.?by.*)?open access|subscribe(?: now)?|log ?in|menu"
    r"|(?:accept|reject|manage) (?:all )?cookies|we use cookies\b.*|advertisement|news"
    r"|(?:posted by|category):.*",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"(?:originally |first |last )?(?:published|updated)\b", re.IGNORECASE)
_PICTURE = re.compile(
    r"an? [\w -]*\b(?:diagram|image|photo|illustration|graphic|screenshot)"
    r" (?:of|showing|portrayed|depicting|with)\b[^.]*",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:fig(?:ure)?|table)\.?\s*\d+[.:]?", re.IGNORECASE)
_PRICE_LINE = re.compile(
    r"(?:(?:from|only|just)\s+)?[£$€]\s?\d[\d.,]*\s*(?:/|per|a)\s*(?:year|month|week|issue)\b"
    r"(?:,? [^\s.]+){0,6}",
    re.IGNORECASE,
)


def find_year(text: str) -> int | None:
    """The year of the first date within the first lines of a text."""
    match = _DATE.search(text[:600])
    return int(match["year"]) if match else None


def names_a_date(text: str) -> bool:
    """Whether a date with its year stands in a text."""
    return _DATE.search(text) is not None


def is_price(text: str) -> bool:
    """Whether a line is the price of a subscription."""
    return _PRICE_LINE.fullmatch(text) is not None


def without_furniture(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """The blocks that may be guidance, and the texts of those that are none."""
    kept, dropped = _without_lines(blocks)
    return _without_adverts(kept, dropped)


def _without_lines(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    kept: list[Block] = []
    dropped: list[str] = []
    after_caption = False
    for block in blocks:
        is_caption = _CAPTION.fullmatch(block.text) is not None
        if is_caption or _is_furniture(block.text) or _is_stray_caption(block, after_caption):
            dropped.append(block.text)
        else:
            kept.append(block)
        after_caption = is_caption
    return kept, dropped


def _is_furniture(text: str) -> bool:
    short = len(text.split()) <= SHORT
    return short and bool(
        _FURNITURE.fullmatch(text)
        or _DATE.fullmatch(text)
        or _PICTURE.fullmatch(text)
        or (_PUBLISHED.match(text) and _DATE.search(text))
    )


def _is_stray_caption(block: Block, after_caption: bool) -> bool:
    """The text below "Fig 1" or "Table 1" where the figure itself did not survive as text."""
    return (
        after_caption
        and block.kind is not BlockKind.TABLE_ROW
        and len(block.text.split()) <= 2 * SHORT
    )


def _without_adverts(blocks: list[Block], dropped: list[str]) -> tuple[list[Block], list[str]]:
    """Drop each price of a subscription with the heading and the list that lead up to it."""
    kept: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.ITEM or not is_price(block.text):
            kept.append(block)
            continue
        first = len(kept)
        while first and kept[first - 1].kind is BlockKind.ITEM:
            first -= 1
        if first and kept[first - 1].kind is BlockKind.HEADING:
            first -= 1
        dropped += [gone.text for gone in kept[first:]] + [block.text]
        del kept[first:]
    return kept, dropped
