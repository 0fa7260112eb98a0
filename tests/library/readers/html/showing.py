"""Reads web pages for tests, and shows what was found in short."""

import pytest

from assistant.library.blocks import Block, BlockKind
from assistant.library.readers.extract import Extract, Limits, Unreadable
from assistant.library.readers.html import read_html
from tests.library.making_files import web_page


def read(data: bytes) -> Extract:
    return read_html(data, Limits())


def look(block: Block) -> str:
    """A block with what it is: "1 Title", "- item", "| row", "` code", "paragraph"."""
    match block.kind:
        case BlockKind.HEADING:
            return f"{block.level} {block.text}"
        case BlockKind.ITEM:
            return f"{block.marker} {block.text}"
        case BlockKind.TABLE_ROW:
            return f"| {block.text}"
        case BlockKind.CODE:
            return f"` {block.text}"
    return block.text


def shown(body: str) -> list[str]:
    return [look(block) for block in read(web_page(body)).blocks]


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read_html(data, limits or Limits())
    assert caught.value.reason.endswith(".")
    assert caught.value.remedy.endswith(".")
    return caught.value.reason
