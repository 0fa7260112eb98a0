"""A DOCX file to a copy that is safe to open.

The copy holds nothing but the XML parts, each unpacked within limits: no picture, macro or embedded
file is looked at, and nothing is written anywhere.
"""

import re
import zipfile
import zlib
from io import BytesIO

from assistant.library.readers.extract import Limits, Unreadable

_MOST_PACKED = 100  # times; what people write packs to a tenth, drawings to a fiftieth
_SMALL = 1_000_000  # bytes; what unpacks to less does no harm
_MAIN = re.compile(r"word/document\d*\.xml")
_STRICT = b'"http://purl.oclc.org/ooxml/wordprocessingml/main"'
# Documents with macros and templates are documents all the same.
_KIND = re.compile(
    rb"application/vnd\.(?:ms-word|openxmlformats-officedocument\.wordprocessingml)"
    rb"\.(?:document|template)(?:\.macroEnabled(?:Template)?)?\.main\+xml"
)
_PLAIN_KIND = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def safe_copy(data: bytes, limits: Limits) -> BytesIO:
    """The document without what is no XML. Raises Unreadable, also for what may be an attack."""
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        for name, part in _unpacked(data, limits).items():
            _require_plain_xml(name, part)
            content = _KIND.sub(_PLAIN_KIND, part) if name == "[Content_Types].xml" else part
            archive.writestr(name, content)
    copy.seek(0)
    return copy


def damaged() -> Unreadable:
    """The refusal of what is no whole Word document."""
    return Unreadable(
        "is damaged or incomplete.", "Open it in Word or LibreOffice, and save it again."
    )


def _unpacked(data: bytes, limits: Limits) -> dict[str, bytes]:
    """The XML parts by name, other parts empty."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            _require_harmless(members, limits)
            return {
                name: _member(archive, info) if name.endswith((".xml", ".rels")) else b""
                for name, info in members.items()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise damaged() from error


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A part in pieces: read at once, one that lies about its size would be unpacked whole."""
    with archive.open(info) as member:
        return b"".join(iter(lambda: member.read(1 << 20), b""))


def _require_harmless(members: dict[str, zipfile.ZipInfo], limits: Limits) -> None:
    if not any(_MAIN.fullmatch(name) for name in members):
        raise Unreadable("is not a Word document.", "Save it again as a Word document (.docx).")
    if any(info.flag_bits & 1 for info in members.values()):
        raise Unreadable("is encrypted.", "Save it again without a password.")
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(info.compress_type not in known for info in members.values()):
        raise Unreadable("is packed as no Word document is.", "Save it again in Word.")
    size = sum(info.file_size for info in members.values())
    if size > limits.unpacked_megabytes * 1_000_000:
        raise Unreadable(
            f"unpacks to {size / 1e6:,.0f} MB; the limit is {limits.unpacked_megabytes} MB.",
            "Make its pictures smaller, or split it.",
        )
    for info in members.values():
        if info.file_size > max(_SMALL, _MOST_PACKED * info.compress_size):
            raise Unreadable(
                f"has a part of {info.compress_size / 1e6:.1f} MB that unpacks to "
                f"{info.file_size / 1e6:,.0f} MB.",
                "Do not trust it; ask whoever sent it for another copy.",
            )


def _require_plain_xml(name: str, part: bytes) -> None:
    # Without zero bytes UTF-16 reads like ASCII here.
    if any(mark in part.replace(b"\0", b"") for mark in (b"<!DOCTYPE", b"<!ENTITY")):
        raise Unreadable(
            f"refers to entities, which no Word document needs (in {name}).",
            "Do not trust it; ask whoever sent it for another copy.",
        )
    if _STRICT in part:
        raise Unreadable(
            "is a Word document of the kind Strict Open XML.",
            'Open it in Word, and save it as "Word Document (*.docx)".',
        )
