"""The bytes of a web page to its elements.

lxml reads any bytes as text, and a part of a page as the page: what it would get wrong is refused.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import Any

import lxml.html
from lxml import etree

from assistant.library.readers.extract import Unreadable
from assistant.library.readers.html.elements import Element

_MARKS = (
    (BOM_UTF8, "utf-8-sig"), (BOM_UTF32_LE, "utf-32"), (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(
    rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*(?P<meta>[\w.:-]+)"
    rb"|\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"'](?P<xml>[\w.:-]+)",
    re.IGNORECASE,
)
_ENCODING = re.compile(
    r"(?:iso|windows|cp|koi8|shift|euc|gb|big5|mac|latin)[\w.:-]{0,20}", re.IGNORECASE
)
# Pages that name one of these are written in windows-1252, and browsers read them so.
_WINDOWS = ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii")


def decoded(data: bytes) -> str:
    """The text of a page: by its byte order mark, by what it names, or else UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _not_in(f"is not {encoding[:6].upper()}, as its first bytes say.") from error
    found = _DECLARED.search(data[:4096])
    declared = (found["meta"] or found["xml"]).decode("ascii").lower() if found else ""
    for encoding in (_codec(declared), "utf-8"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise _not_in(
        f"is not in the encoding that it names ({declared})."
        if declared
        else "is not UTF-8 and names no encoding."
    )


def _not_in(reason: str) -> Unreadable:
    return Unreadable(reason, "Save it again with the encoding UTF-8.")


def _codec(declared: str) -> str:
    """What Python calls an encoding. Only those of texts: it has others that do work."""
    if declared in _WINDOWS:
        return "cp1252"
    return declared if _ENCODING.fullmatch(declared) else "utf-8"


def parsed(text: str) -> Element:
    """The root element of a page. Raises Unreadable for what is empty or nested too deeply."""
    nothing = Unreadable("has no text.", "Remove it, or save the page again from a browser.")
    if not text.strip("\0 \t\r\n"):
        raise nothing
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(text.replace("\0", "").encode(), parser=parser)
    except etree.LxmlError as error:
        _require_whole(parser)
        raise nothing from error
    _require_whole(parser)
    return root


def _require_whole(parser: Any) -> None:
    """Raise where the parser gave up: it would pass a part of the page for the page."""
    for complaint in parser.error_log:
        if complaint.type == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError
        if complaint.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise Unreadable(
                "is nested more deeply than a page can be.",
                "Save its text as a Word document or as plain text.",
            )
