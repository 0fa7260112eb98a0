"""The file that a document was read from, as the browser gets it."""

import re
import unicodedata
from urllib.parse import quote, urlencode

from assistant.records import Source

_PDF = "application/pdf"
_ANY = "application/octet-stream"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# A reader of PDFs takes a file that has its mark within the first thousand bytes.
_MARK, _WITHIN = b"%PDF-", 1024


def has_pages(source: Source) -> bool:
    """Whether the file of a source is a PDF that can be opened at a page."""
    return bool(source.pages) and not source.replaced and source.file.lower().endswith(".pdf")


def file_link(source: Source) -> str:
    """Where the chat gives out the file of a source, as long as it says the same."""
    version = urlencode({"version": source.sha256[:16]})
    return f"/file/{quote(source.document_id, safe='')}?{version}"


def file_headers(name: str, data: bytes) -> dict[str, str]:
    """How a browser is to take a file: a PDF is shown, everything else only saved.

    A file of somebody else that was shown as a page would be a page of ours.
    """
    shown = name.lower().endswith(".pdf") and _MARK in data[:_WITHIN]
    kind = "inline" if shown else "attachment"
    return {
        "content-type": _PDF if shown else _ANY,
        "content-disposition": f"{kind}; {_named(name)}",
    }


def saved_headers(name: str, media_type: str) -> dict[str, str]:
    """How a browser is to take a file of ours that is only saved, and kept nowhere on its way."""
    return {
        "content-type": media_type,
        "content-disposition": f"attachment; {_named(name)}",
        "cache-control": "no-store",
    }


def _named(name: str) -> str:
    """A file name in ASCII for old programs and as it is for the others (RFC 6266)."""
    name = _CONTROLS.sub("_", name).encode("utf-8", "replace").decode().strip(". ") or "document"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, suffix = _UNSAFE.sub("_", plain).strip("_").rpartition(".")
    plain = f"{stem.strip('._') or 'document'}{dot}{suffix}" if dot else suffix or "document"
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
