"""Folders of guidance to Documents: which files count, and what became of each."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import CorpusError, DocumentRefused, UsageError
from assistant.library.blocks import Block, BlockKind, assemble, normalise, slug
from assistant.library.notes import FrontMatter, Reference, read_references, split_front_matter
from assistant.library.readers.markdown import read_markdown
from assistant.library.readers.text import find_year, read_text
from assistant.records import Document, Refusal

READ = (".md", ".txt")
NOT_YET_READ = (".pdf", ".docx", ".html", ".htm")
# Files that describe a folder rather than guide anyone.
_ABOUT_THE_FOLDER = {
    "readme", "contents", "license", "licence", "notice", "changelog", "contributing",
}  # fmt: skip
LARGEST_FILE = 20_000_000  # bytes


@dataclass(frozen=True)
class Reading:
    """A file that was read: its front matter if it has any, its document, its bytes, and the
    lines dropped as no guidance."""

    path: Path
    front: FrontMatter | None
    document: Document
    original: bytes
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class Corpus:
    """What the folders hold: documents with unique ids, and the files that were refused."""

    readings: tuple[Reading, ...]
    refused: tuple[Refusal, ...]


@dataclass
class _Found:
    readings: dict[str, Reading] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)


def read_corpus(folders: tuple[Path, ...]) -> Corpus:
    """Read every document of the folders, in the order of folders and paths.

    Raises UsageError for a folder that does not exist and CorpusError if nothing could be read;
    a single bad file is refused and named.
    """
    found = _Found()
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(
                f"There is no folder {folder}.", "Name a folder of .md or .txt files with --corpus."
            )
        references = read_references(folder)
        for path in corpus_files(folder):
            try:
                reading = read_file(path, references)
                _add(reading, found)
            except DocumentRefused as error:
                found.refused.append(Refusal(path=str(path), reason=str(error)))
    if not found.readings:
        raise CorpusError(
            f"No guidance could be read from {', '.join(map(str, folders))}."
            + "".join(f"\n  {refusal.reason}" for refusal in found.refused),
            f"Put {' or '.join(READ)} files there.",
        )
    return Corpus(readings=tuple(found.readings.values()), refused=tuple(found.refused))


def corpus_files(folder: Path) -> Iterator[Path]:
    """The files of a folder that could be guidance, sorted, hidden ones left out."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        about = path.stem.lower() in _ABOUT_THE_FOLDER
        if (
            path.is_file()
            and not hidden
            and not about
            and path.suffix.lower() in READ + NOT_YET_READ
        ):
            yield path


def read_file(path: Path, references: dict[str, Reference]) -> Reading:
    """One file to a Document. Raises DocumentRefused with the reason."""
    if path.suffix.lower() in NOT_YET_READ:
        raise DocumentRefused(
            f"{path}: {path.suffix} files cannot be read yet.", "Save it as .txt or .md."
        )
    try:
        size = path.stat().st_size
        original = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as error:
        raise DocumentRefused(
            f"{path}: cannot be read ({error.strerror}).", "Check its permissions."
        ) from error
    if size > LARGEST_FILE:
        raise DocumentRefused(
            f"{path}: {size / 1e6:.0f} MB is over the limit of {LARGEST_FILE / 1e6:.0f} MB.",
            "Split it.",
        )
    try:
        text = normalise(original.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DocumentRefused(
            f"{path}: is not UTF-8 (byte {error.start}).", "Save it again with the encoding UTF-8."
        ) from error
    if not text.strip():
        raise DocumentRefused(f"{path}: is empty.", "Remove it, or give it a text.")
    return _read(path, text, original, references)


def _read(path: Path, text: str, original: bytes, references: dict[str, Reference]) -> Reading:
    written: FrontMatter | None = None
    dropped: list[str] = []
    if path.suffix.lower() == ".md":
        written, body = split_front_matter(text, path)
        blocks = read_markdown(body)
    else:
        blocks, dropped = read_text(text)
    title, blocks = _title(written, blocks, path)
    front = written or FrontMatter(title=title, year=find_year(text))
    blocks += _reference_list(front, references, path)
    whole, sections = assemble(blocks)
    if not any(section.quotable for section in sections):
        raise DocumentRefused(f"{path}: has no running text.", "Remove it, or give it a text.")
    document = Document(
        id=front.id or _file_id(path),
        title=title,
        text=whole,
        sha256=hashlib.sha256(whole.encode()).hexdigest(),
        publisher=front.publisher,
        year=front.year or (front.reviewed.year if front.reviewed else None),
        url=front.url,
        stages=front.stages,
        topics=front.topics,
        sectors=front.sectors,
        questions=front.questions,
        sections=sections,
    )
    return Reading(path, written, document, original, tuple(dropped))


def _title(front: FrontMatter | None, blocks: list[Block], path: Path) -> tuple[str, list[Block]]:
    """The title, and the blocks with the heading that only repeats it taken out of all paths."""
    heading = next((b for b in blocks if b.kind is BlockKind.HEADING), None)
    if front:
        title = front.title
    elif heading and heading.level == 1:
        title = heading.text
    else:
        title = path.stem.replace("-", " ").replace("_", " ").strip()
    if heading and heading.level == 1 and heading.text == title:
        blocks = [
            Block(BlockKind.HEADING, title, level=0) if block is heading else block
            for block in blocks
        ]
    return title, blocks


def _reference_list(
    front: FrontMatter, references: dict[str, Reference], path: Path
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


def _file_id(path: Path) -> str:
    """The file's name as an id; underscores and dots are kept."""
    words = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else " " for c in path.stem)
    return "-".join(words.lower().split()).strip("-._") or slug(path.stem)


def _add(reading: Reading, found: _Found) -> None:
    twin = found.readings.get(reading.document.id)
    if twin:
        raise DocumentRefused(
            f"{reading.path}: the id {reading.document.id!r} is used by {twin.path} already.",
            "Rename one of the files, or give it another id in its front matter.",
        )
    found.readings[reading.document.id] = reading
