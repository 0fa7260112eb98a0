"""Plain text to blocks: paragraphs, lists and headings recognised as far as rules can.

What is clearly no guidance (adverts, navigation, captions of tables that are missing) is
dropped and named, so that nobody is quoted the price of a magazine.
"""

import re
from dataclasses import replace

from assistant.library.blocks import Block, BlockKind

_LONGEST_HEADING = 14  # words
_WRAPPED_AT = 120  # characters: a file with longer lines has one paragraph a line

_ITEM = re.compile(r"\s*(?:(?P<bullet>[•◦▪‣·*–-])|(?P<number>\d{1,2})[.)])\s+(?P<text>\S.*)")
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


def read_text(text: str) -> tuple[list[Block], list[str]]:
    """The blocks of a plain text, and the lines that were dropped as no guidance."""
    blocks, dropped = _without_furniture(_paragraphs(text))
    return _without_adverts(_with_title(blocks), dropped)


def find_year(text: str) -> int | None:
    """The year of the first date within the first lines of a text."""
    match = _DATE.search(text[:600])
    return int(match["year"]) if match else None


def _paragraphs(text: str) -> list[Block]:
    """Paragraphs, list items and headings. Blank lines part them, or in long-lined files any
    line end. A short line is a heading only where nothing but blank lines touch it."""
    one_a_line = max(map(len, text.split("\n"))) > _WRAPPED_AT
    groups = [group for group in re.split(r"\n[ \t]*\n", text) if group.strip()]
    blocks: list[Block] = []
    for group in groups:
        lines = [line for line in group.split("\n") if line.strip()]
        alone = len(lines) == 1 or len(groups) == 1
        waiting: list[str] = []
        for line in lines:
            if item := _ITEM.fullmatch(line):
                blocks += _joined(waiting, alone)
                waiting = []
                marker = f"{item['number']}." if item["number"] else "-"
                blocks.append(Block(BlockKind.ITEM, item["text"].strip(), marker=marker))
            elif one_a_line:
                blocks += _joined([line], alone)
            elif waiting or line is lines[0] or not _continues_item(line, blocks):
                waiting.append(line)
            else:
                last = blocks.pop()
                blocks.append(replace(last, text=f"{last.text} {line.strip()}"))
        blocks += _joined(waiting, alone)
    return blocks


def _continues_item(line: str, blocks: list[Block]) -> bool:
    """Whether an indented line is the rest of a wrapped list item."""
    return line.startswith("  ") and bool(blocks) and blocks[-1].kind is BlockKind.ITEM


def _joined(lines: list[str], alone: bool) -> list[Block]:
    text = " ".join(" ".join(lines).split())
    if not text:
        return []
    if alone and _looks_like_heading(text):
        return [Block(BlockKind.HEADING, text, level=2)]
    return [Block(BlockKind.PARAGRAPH, text)]


def _looks_like_heading(text: str) -> bool:
    return (
        len(text.split()) <= _LONGEST_HEADING
        and text[0].isalnum()
        and not text[0].islower()
        and text[-1] not in ".,;:!"
        and not _DATE.search(text)
        and not _PRICE_LINE.fullmatch(text)
        and "http" not in text
    )


def _without_furniture(blocks: list[Block]) -> tuple[list[Block], list[str]]:
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
    short = len(text.split()) <= _LONGEST_HEADING
    return short and bool(
        _FURNITURE.fullmatch(text)
        or _DATE.fullmatch(text)
        or _PICTURE.fullmatch(text)
        or (_PUBLISHED.match(text) and _DATE.search(text))
    )


def _is_stray_caption(block: Block, after_caption: bool) -> bool:
    """The text below "Fig 1" or "Table 1" where the figure itself did not survive as text."""
    return after_caption and len(block.text.split()) <= 2 * _LONGEST_HEADING


def _with_title(blocks: list[Block]) -> list[Block]:
    """The first heading is the title: level 1."""
    for n, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            return [*blocks[:n], replace(block, level=1), *blocks[n + 1 :]]
    return blocks


def _without_adverts(blocks: list[Block], dropped: list[str]) -> tuple[list[Block], list[str]]:
    """Drop each price of a subscription with the heading and the list that lead up to it."""
    kept: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.ITEM or not _PRICE_LINE.fullmatch(block.text):
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
