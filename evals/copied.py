"""Wording that notes share with other people's documents: runs of words, longest first."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.errors import UsageError
from assistant.library.lint import Library, read_library

_READ = {".txt", ".md"}


class SharedRun(BaseModel):
    """Words that stand in a note and in another document, in the same order."""

    model_config = ConfigDict(frozen=True)

    note: str
    source: str
    words: str


def runs_of_library(corpus: Path, folder: Path, least: int) -> list[SharedRun]:
    """The runs that the notes of a library share with the documents of a folder.

    Raises UsageError if the folder has none, CorpusError if the library cannot be read.
    """
    return shared_runs(read_library(corpus), read_sources(folder), least)


def shared_runs(library: Library, sources: Mapping[str, str], least: int) -> list[SharedRun]:
    """Every run of at least `least` words that a sentence or heading of a note shares with a
    source. Lists of references are left out. `sources` maps names to texts."""
    found = []
    for name, text in sources.items():
        there = set(_runs(_words(text), least))
        for note in library.notes:
            for line in _lines(note.body):
                words = _words(line)
                found += [
                    SharedRun(note=note.id, source=name, words=" ".join(words[start:end]))
                    for start, end in _longest(words, there, least)
                ]
    return sorted(found, key=lambda run: (-len(run.words.split()), run.note, run.source))


def read_sources(folder: Path) -> dict[str, str]:
    """The texts of a folder by file name. Raises UsageError if there are none."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _READ)
    if not paths:
        raise UsageError(f"There is no .txt or .md file in {folder}.", "Name another folder.")
    return {str(p.relative_to(folder)): p.read_text("utf-8", errors="replace") for p in paths}


def _lines(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _runs(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[n:] for n in range(length)), strict=False)


def _longest(
    words: list[str], there: set[tuple[str, ...]], length: int
) -> Iterator[tuple[int, int]]:
    """Where the words begin and end that are covered by runs known elsewhere."""
    begin: int | None = None
    for at, run in enumerate(_runs(words, length)):
        if run in there:
            begin = at if begin is None else begin
        elif begin is not None:
            yield begin, at + length - 1
            begin = None
    if begin is not None:
        yield begin, len(words)
