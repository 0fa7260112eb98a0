"""Folders of guidance to files and Documents: which files count, and what became of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError, DocumentRefused, UsageError
from assistant.library.notes import Reference, read_references
from assistant.library.readers.extract import Limits
from assistant.library.reading import READ, Reader, Reading
from assistant.records import Refusal

# Files that describe a folder rather than guide anyone.
_ABOUT_THE_FOLDER = {
    "readme", "contents", "license", "licence", "notice", "changelog", "contributing",
}  # fmt: skip


@dataclass(frozen=True)
class Corpus:
    """What the folders hold: documents with unique ids, and the files that were refused."""

    readings: tuple[Reading, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class Place:
    """A file that could be guidance, the folder that it belongs to (None if it was added by
    itself), and the references that notes of that folder name."""

    path: Path
    folder: Path | None
    references: dict[str, Reference]


def read_corpus(folders: Sequence[Path], limits: Limits | None = None) -> Corpus:
    """Read every document of the folders, in the order of folders and paths.

    Raises UsageError for a folder that does not exist and CorpusError if nothing could be read;
    a single bad file is refused and named.
    """
    readings: dict[str, Reading] = {}
    refused: list[Refusal] = []
    with Reader(limits) as reader:
        for place in places(folders):
            try:
                require_inside(place.path, place.folder)
                reading = reader.read(reader.open(place.path, place.references), place.references)
                if twin := readings.get(reading.document.id):
                    raise id_is_taken(place.path, reading.document.id, twin.path)
                readings[reading.document.id] = reading
            except DocumentRefused as error:
                refused.append(Refusal(path=str(place.path), reason=str(error)))
    if not readings:
        raise nothing_to_read(folders, refused)
    return Corpus(readings=tuple(readings.values()), refused=tuple(refused))


def nothing_to_read(folders: Sequence[Path], refused: Sequence[Refusal]) -> CorpusError:
    """The error for folders without guidance."""
    return CorpusError(
        f"No guidance could be read from {', '.join(map(str, folders))}."
        + "".join(f"\n  {refusal.reason}" for refusal in refused),
        f"Put {', '.join(READ)} files there.",
    )


def id_is_taken(path: Path, identifier: str, twin: Path) -> DocumentRefused:
    """The error for a second document of one id."""
    return DocumentRefused(
        f"{path}: the id {identifier!r} is used by {twin} already.",
        f"Rename one of the files, or give it another id: in its front matter, or by a line "
        f"`id: another-id` in {path.name}.yaml beside it.",
    )


def places(folders: Sequence[Path]) -> Iterator[Place]:
    """The files of folders that could be guidance, in the order of folders and paths.

    Raises UsageError for a folder that does not exist, CorpusError for broken references.
    """
    require_folders(folders)
    for folder in folders:
        references = read_references(folder)
        for path in corpus_files(folder):
            yield Place(path, folder, references)


def require_folders(folders: Sequence[Path]) -> None:
    """Raise UsageError for a folder that does not exist."""
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(
                f"There is no folder {folder}.", f"Name a folder of {', '.join(READ)} files."
            )


def corpus_files(folder: Path) -> Iterator[Path]:
    """The files of a folder that could be guidance, sorted, hidden ones left out."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        about = path.stem.lower() in _ABOUT_THE_FOLDER
        if path.is_file() and not hidden and not about and path.suffix.lower() in READ:
            yield path


def require_inside(path: Path, folder: Path | None) -> None:
    """Raise DocumentRefused for a link that leads out of the folder in which it was found: who may
    write there could have any file of this computer quoted."""
    if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
        raise DocumentRefused(
            f"{path}: is a link to {path.resolve()}, outside of its folder.",
            "Put the file itself there, or add it by its own name with: assistant add",
        )
