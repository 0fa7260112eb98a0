"""What a reader of a file format gives, and the limits that it keeps to."""

import re
from dataclasses import dataclass, field

from assistant.library.blocks import Block, on_one_line
from assistant.library.notes import About

_LONGEST_TITLE = 300  # characters
# What programs write where a title or a name should be.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\s*-.*|untitled.*|(?:document|doc|presentation|slide)\s*\d*"
    r"|title|no title|.*\.(?:docx?|pdf|indd|odt|pptx?|rtf|html?|qxp)|\W*)",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:(?:the )?(?:user|author|owner|admin|administrator|unknown|anonymous|default)\s*\d*"
    r"|microsoft office user|python-docx|\W*|.*@.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Limits:
    """How much a file may be and take. A file that exceeds one is refused, and the limit named."""

    megabytes: int = 50
    """Of the file."""
    unpacked_megabytes: int = 100
    """Of what a compressed file, or one part of it, unpacks to."""
    pages: int = 2_000
    characters: int = 5_000_000
    """Of the text in it."""
    paragraphs: int = 100_000
    """And headings, items and rows."""
    seconds: int = 60
    """For reading a PDF, DOCX or HTML file."""
    memory_megabytes: int = 1_000
    """For reading a PDF, DOCX or HTML file, in a process of its own."""


@dataclass(frozen=True)
class Extract:
    """What was found in a file, in reading order.

    `labels` has what is printed on pages as their number, by their place in the file from 1.
    `warnings` say where the reading may be wrong; `dropped` are the lines that were left out as no
    guidance.
    """

    blocks: list[Block]
    about: About
    labels: dict[int, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


class Unreadable(Exception):
    """A file cannot be read: why, as a sentence that follows its name, and what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy


def about_file(
    title: str | None = None,
    author: str | None = None,
    publisher: str | None = None,
    year: int | None = None,
    url: str | None = None,
) -> About:
    """What a file's metadata says, without what programs fill in by themselves."""
    return About(
        title=_name(title, _NO_TITLE),
        author=_name(author, _NO_AUTHOR),
        publisher=_name(publisher, _NO_AUTHOR),
        year=year if year and 1900 <= year <= 2100 else None,
        url=url if url and re.fullmatch(r"https?://\S{1,2000}", url) else None,
    )


def _name(text: str | None, none: re.Pattern[str]) -> str | None:
    plain = on_one_line(text or "")
    return None if none.fullmatch(plain) or len(plain) > _LONGEST_TITLE else plain
