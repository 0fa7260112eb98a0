"""The product's search, over an index that it builds from the files themselves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.app import build as build_index
from assistant.app import open_assistant
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from evals.bench.peers.records import Doc, Found, Place, Search

UNASKED = "unasked"  # the form without the questions that notes name
_FENCE = "---\n"


def build(documents: Sequence[Doc], place: Place) -> int:
    """Build as the product does: it reads the folders, not the texts."""
    folders = place.corpus
    if place.form == UNASKED:
        folders = (_without_questions(folders, place.folder / "notes"),)
    report = build_index(_settings(place), TerminalProgress(), folders)
    return report.chunks


def opened(place: Place) -> Search:
    """The search of `assistant search`."""
    assistant = open_assistant(_settings(place), TerminalProgress())

    def search(question: str, k: int) -> list[Found]:
        return [Found(p.document_id, p.text, p.start) for p in assistant.search(question, k)]

    return search


def _settings(place: Place) -> Settings:
    return Settings(index=place.folder / "index")


def _without_questions(folders: Sequence[Path], copy: Path) -> Path:
    """A copy of the Markdown files whose front matter names no questions: what the other stacks
    are not given either."""
    for folder in folders:
        for path in sorted(folder.rglob("*.md")):
            target = copy / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_unasked(path.read_text("utf-8")), "utf-8")
        for path in folder.glob("*.yaml"):
            (copy / path.name).write_bytes(path.read_bytes())
    return copy


def _unasked(note: str) -> str:
    if not note.startswith(_FENCE):
        return note
    front, _, text = note.removeprefix(_FENCE).partition(f"\n{_FENCE}")
    fields: dict[str, Any] = yaml.safe_load(front)
    fields.pop("questions", None)
    return f"{_FENCE}{yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)}{_FENCE}{text}"
