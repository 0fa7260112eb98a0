"""Plain text to blocks: paragraphs, lists and headings recognised as far as rules can.

Form feeds part pages, as programs write them that turn documents into text.
"""

import re
from dataclasses import replace

from assistant.library.blocks import Block, BlockKind
from assistant.library.furniture import SHORT, find_year, is_price, names_a_date, without_furniture
from assistant.library.notes import About
from assistant.library.readers.extract import Extract

_WRAPPED_AT = 120  # characters: a file with longer lines has one paragraph a line

_ITEM = re.compile(r"\s*(?:(?P<bullet>[•◦▪‣·*–-])|(?P<number>\d{1,2})[.)])\s+(?P<text>\S.*)")


def read_text(text: str) -> Extract:
    """The blocks of a normalised plain text."""
    blocks, dropped = without_furniture(_on_pages(text))
    return Extract(_with_title(blocks), About(year=find_year(text)), dropped=dropped)


def _on_pages(text: str) -> list[Block]:
    pages = text.split("\f")
    if len(pages) == 1:
        return _paragraphs(text)
    return [
        replace(block, pages=((0, number),))
        for number, page in enumerate(pages, 1)
        for block in _paragraphs(page)
    ]


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
        len(text.split()) <= SHORT
        and text[0].isalnum()
        and not text[0].islower()
        and text[-1] not in ".,;:!"
        and not names_a_date(text)
        and not is_price(text)
        and "http" not in text
    )


def _with_title(blocks: list[Block]) -> list[Block]:
    """The first heading is the title: level 1."""
    for n, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            return [*blocks[:n], replace(block, level=1), *blocks[n + 1 :]]
    return blocks
