"""What a PDF file says of itself: its title, its outline and its page labels."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from assistant.library.readers.pdf.paragraphs import Bookmark

_MOST_BOOKMARKS = 5_000
_FLAWS = (
    PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError,
    TypeError, ValueError,
)  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True)
class Told:
    """What a file says of itself, where it says something."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    year: int | None = None
    created: int | None = None
    bookmarks: list[Bookmark] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)


def told_by(reader: PdfReader, pages: int) -> Told:
    """What the file says of itself. What is damaged is left out: the text does not need it."""
    info: Any = _unless_flawed(lambda: reader.metadata) or {}
    xmp = _unless_flawed(lambda: reader.xmp_metadata)
    created = re.match(r"(?:D:)?(\d{4})", str(_entry(info, "/CreationDate") or ""))
    return Told(
        title=_entry(info, "/Title") or _first(xmp, "dc_title"),
        author=_entry(info, "/Author") or _first(xmp, "dc_creator"),
        publisher=_first(xmp, "dc_publisher"),
        year=_year(_first(xmp, "dc_date")),
        created=int(created[1]) if created else None,
        bookmarks=_unless_flawed(lambda: _bookmarks(reader)) or [],
        labels=_unless_flawed(lambda: _labels(reader, pages)) or {},
    )


def _unless_flawed(get: Callable[[], T]) -> T | None:
    try:
        return get()
    except _FLAWS:
        return None


def _entry(info: Any, name: str) -> str | None:
    value = _unless_flawed(lambda: info.get(name))
    value = value.get_object() if value is not None and hasattr(value, "get_object") else value
    return str(value) if isinstance(value, str) and value.strip() else None


def _first(xmp: Any, name: str) -> str | None:
    """The first value of an XMP entry, which may be a list or one text in many languages."""
    value = _unless_flawed(lambda: getattr(xmp, name)) if xmp is not None else None
    if isinstance(value, dict):
        value = [value.get("x-default"), *value.values()]
    if isinstance(value, list):
        value = next((one for one in value if one), None)
    return str(value) if value else None


def _year(text: str | None) -> int | None:
    found = re.search(r"\b(?:19|20)\d\d\b", text or "")
    return int(found[0]) if found else None


def _bookmarks(reader: PdfReader) -> list[Bookmark]:
    numbers = {
        page.indirect_reference.idnum: n
        for n, page in enumerate(reader.pages, 1)
        if page.indirect_reference
    }
    found: list[Bookmark] = []

    def collect(entries: Any, depth: int) -> None:
        for entry in entries:
            if len(found) >= _MOST_BOOKMARKS:
                return
            if isinstance(entry, list):
                collect(entry, depth + 1)
            elif isinstance(entry, DictionaryObject):
                page = getattr(entry.get("/Page"), "idnum", None) or getattr(
                    entry.raw_get("/Page") if "/Page" in entry else None, "idnum", None
                )
                found.append(Bookmark(str(entry.get("/Title", "")), depth, numbers.get(page or 0)))

    collect(reader.outline, 0)
    return found


def _labels(reader: PdfReader, pages: int) -> dict[int, str]:
    if "/PageLabels" not in reader.root_object:
        return {}
    return {n: label for n, label in enumerate(reader.page_labels[:pages], 1) if label.strip()}
