"""Reads Word documents for tests, and shows what was found in short."""

import pytest

from assistant.library.blocks import BlockKind
from assistant.library.readers.docx import read_docx
from assistant.library.readers.extract import Extract, Limits, Unreadable
from tests.library.making_files import part_of, with_parts


def read(data: bytes) -> Extract:
    return read_docx(data, Limits())


def shown(data: bytes) -> list[str]:
    """Each block with what it is: "1 Title", "- item", "| row", "paragraph"."""
    signs = {BlockKind.TABLE_ROW: "| ", BlockKind.PARAGRAPH: ""}
    return [
        f"{block.level} {block.text}"
        if block.kind is BlockKind.HEADING
        else f"{block.marker} {block.text}"
        if block.kind is BlockKind.ITEM
        else signs[block.kind] + block.text
        for block in read(data).blocks
    ]


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read_docx(data, limits or Limits())
    assert caught.value.reason.endswith(".")
    assert caught.value.remedy.endswith(".")
    return caught.value.reason


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    text = part_of(data, part).decode()
    assert old in text
    return with_parts(data, {part: text.replace(old, new).encode()})
