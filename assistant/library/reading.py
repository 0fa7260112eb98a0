"""One file to a Document, within limits."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant.errors import DocumentRefused
from assistant.library.blocks import (
    NORMALISER_VERSION,
    Block,
    BlockKind,
    assemble,
    normalise,
    on_one_line,
    slug,
)
from assistant.library.notes import (
    About,
    Described,
    FrontMatter,
    Reference,
    Sidecar,
    parse_sidecar,
    sidecar_of,
    split_front_matter,
)
from assistant.library.readers.extract import Extract, Limits, Unreadable
from assistant.library.readers.markdown import read_markdown
from assistant.library.readers.process import ReadingProcess
from assistant.library.readers.text import read_text
from assistant.records import Document

READERS_VERSION = 1
TEXTS = (".md", ".txt")
APART = (".pdf", ".docx", ".html", ".htm")
READ = TEXTS + APART
_LARGEST_TEXT = 20  # MB of a file that is text, which this process reads itself
_LARGEST_SIDECAR = 1_000_000  # bytes


@dataclass(frozen=True)
class File:
    """A file as it was found. `key` changes with anything that its Document depends on."""

    path: Path
    original: bytes
    sidecar: bytes
    key: str


@dataclass(frozen=True)
class Reading:
    """A file that was read: its front matter if it has any, its document, its bytes, the lines
    dropped as no guidance, and where the reading may be wrong."""

    path: Path
    front: FrontMatter | None
    document: Document
    original: bytes
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


class Reader:
    """Reads files, dangerous formats in a process of its own: use it in a `with` block."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._apart = ReadingProcess(self.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._apart.close()

    def open(self, path: Path, references: Mapping[str, Reference]) -> File:
        """The bytes of a file and of its sidecar. Raises DocumentRefused."""
        largest = self.limits.megabytes
        if path.suffix.lower() in TEXTS:
            largest = min(largest, _LARGEST_TEXT)
        original = _bytes(path, largest * 1_000_000)
        beside = sidecar_of(path)
        sidecar = _bytes(beside, _LARGEST_SIDECAR) if beside.is_file() else b""
        return self.taken(path, original, sidecar, references)

    def taken(
        self, path: Path, original: bytes, sidecar: bytes, references: Mapping[str, Reference]
    ) -> File:
        """The same of bytes that are known already."""
        versions = [READERS_VERSION, NORMALISER_VERSION, asdict(self.limits)]
        listed = [str(one) for _, one in sorted(references.items())] if _is_note(path) else []
        parts = (original, sidecar, repr(versions).encode(), repr(listed).encode())
        digests = [hashlib.sha256(part).digest() for part in parts]
        return File(path, original, sidecar, hashlib.sha256(b"".join(digests)).hexdigest())

    def read(self, file: File, references: Mapping[str, Reference]) -> Reading:
        """A file to a Document. Raises DocumentRefused with the reason."""
        path = file.path
        try:
            front, extract = self._extract(file)
        except Unreadable as error:
            raise DocumentRefused(f"{path}: {error.reason}", error.remedy) from error
        said = parse_sidecar(file.sidecar, sidecar_of(path)) if file.sidecar else None
        about = _together(extract.about, front, said)
        title, blocks = _title(about, extract.blocks, path)
        if front:
            blocks = blocks + _reference_list(front, references, path)
        labels = dict(enumerate(said.page_labels, 1)) if said and said.page_labels else None
        whole, sections, pages = assemble(blocks, labels or extract.labels)
        if not any(section.quotable for section in sections):
            raise DocumentRefused(f"{path}: has no running text.", "Remove it, or give it a text.")
        document = Document(
            id=about.pop("id", None) or file_id(path),
            text=whole,
            sha256=hashlib.sha256(whole.encode()).hexdigest(),
            sections=sections,
            pages=pages,
            **about | {"title": title},
        )
        return Reading(
            path, front, document, file.original, tuple(extract.dropped), tuple(extract.warnings)
        )

    def _extract(self, file: File) -> tuple[FrontMatter | None, Extract]:
        """The front matter, if the file has any, and what else is in it. Raises Unreadable."""
        suffix = file.path.suffix.lower()
        if not file.original.strip(b" \t\r\n\0"):
            raise Unreadable("is empty.", "Remove it, or give it a text.")
        _require_format(suffix, file.original)
        if suffix in APART:
            return None, self._apart.read(suffix, file.original)
        try:
            text = file.original.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"is not UTF-8 (byte {error.start}).", "Save it again with the encoding UTF-8."
            ) from error
        pages = [normalise(page) for page in text.split("\f")]
        text = "\f".join(pages)
        if not text.strip():
            raise Unreadable("is empty.", "Remove it, or give it a text.")
        if len(text) > self.limits.characters:
            raise Unreadable(
                f"holds {len(text):,} characters of text; the limit is {self.limits.characters:,}.",
                "Split it, or raise ASSISTANT_MOST_CHARACTERS.",
            )
        if not _is_note(file.path):
            return None, read_text(text)
        front, body = split_front_matter(text, file.path)
        return front, read_markdown(body)


def file_id(path: Path) -> str:
    """The file's name as an id; underscores and dots are kept."""
    words = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else " " for c in path.stem)
    return "-".join(words.lower().split()).strip("-._") or slug(path.stem)


def _is_note(path: Path) -> bool:
    return path.suffix.lower() == ".md"


def _bytes(path: Path, largest: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > largest:
            raise DocumentRefused(
                f"{path}: {size / 1e6:.0f} MB is over the limit of {largest / 1e6:.0f} MB.",
                "Split it, or raise ASSISTANT_LARGEST_FILE_MB."
                if largest > _LARGEST_TEXT * 1_000_000
                else "Split it.",
            )
        with path.open("rb") as file:
            return file.read(largest + 1)[:largest]
    except OSError as error:
        raise DocumentRefused(
            f"{path}: cannot be read ({error.strerror}).", "Check its permissions."
        ) from error


_FORMATS = {".pdf": "a PDF", ".docx": "a Word document", ".html": "HTML", ".htm": "HTML"}


def _require_format(suffix: str, data: bytes) -> None:
    """Raise Unreadable where the first bytes say that a file is not what its name says."""
    found = _format_of(data)
    if suffix in (".html", ".htm", *TEXTS):
        wrong = found in (".pdf", "zip", "binary")
    else:
        wrong = found != {".docx": "zip"}.get(suffix, suffix)
    if wrong:
        seen = {
            ".pdf": "a PDF", "zip": "a Word document or another archive", ".html": "HTML",
            "ole": "an old Word document (.doc), or one with a password",
            "binary": "another format", "text": "plain text",
        }[found]  # fmt: skip
        raise Unreadable(
            f"is named {suffix}, but holds {seen}.",
            "Give it the ending that it should have, or save it again as "
            f"{_FORMATS.get(suffix, 'text')}.",
        )


def _format_of(data: bytes) -> str:
    """What the first bytes of a file say that it is."""
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return ".html"
    return "binary" if b"\x00" in data[:1024] else "text"


def _together(extracted: About, front: FrontMatter | None, said: Sidecar | None) -> dict[str, Any]:
    """What is known of a document: what a person wrote goes before what was found."""
    known: dict[str, Any] = {} if front else extracted.model_dump(exclude_none=True)
    for one in (front, said):
        if one:
            known |= one.model_dump(exclude_unset=True, exclude_none=True)
    if front and front.reviewed:
        known.setdefault("year", front.reviewed.year)
    wanted = Described.model_fields
    return {name: value for name, value in known.items() if name in wanted}


def _title(about: Mapping[str, Any], blocks: list[Block], path: Path) -> tuple[str, list[Block]]:
    """The title, and the blocks with the heading that only repeats it taken out of all paths."""
    heading = next((b for b in blocks if b.kind is BlockKind.HEADING), None)
    named = about.get("title")
    if named:
        title = str(named)
    elif heading and heading.level == 1:
        title = heading.text
    else:
        title = on_one_line(path.stem.replace("-", " ").replace("_", " ")) or path.name
    if heading and heading.level == 1 and heading.text == title:
        blocks = [
            Block(BlockKind.HEADING, title, level=0, pages=block.pages)
            if block is heading
            else block
            for block in blocks
        ]
    return title, blocks


def _reference_list(
    front: FrontMatter, references: Mapping[str, Reference], path: Path
) -> list[Block]:
    """The note's references as a last section, so that a reader sees what it rests on."""
    missing = [key for key in front.references if key not in references]
    if missing:
        raise DocumentRefused(
            f"{path}: front matter: field 'references': no record for {', '.join(missing)}.",
            "Add it to references.yaml, or correct the id.",
        )
    if not front.references:
        return []
    listed = [Block(BlockKind.ITEM, str(references[key]), marker="-") for key in front.references]
    return [Block(BlockKind.HEADING, "References", level=2), *listed]
