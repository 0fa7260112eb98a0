"""The list of a library's notes by stage and topic, for people: `make contents` writes it."""

import sys
from collections.abc import Sequence
from typing import get_args

from assistant.errors import AssistantError
from assistant.library.lint import Library, Note, coverage, read_library
from assistant.library.notes import Topic
from assistant.records import Stage
from assistant.resources import shipped_corpus

FILE = "CONTENTS.md"
_STAGES = {
    Stage.EXPLORATION: "Exploration",
    Stage.INSTALLATION: "Installation",
    Stage.INITIAL: "Initial implementation",
    Stage.FULL: "Full implementation",
    Stage.SCALING: "Scaling",
    Stage.SUSTAINMENT: "Sustainment",
}


def contents_of(library: Library) -> str:
    """Markdown: the number of notes for each topic and stage, then the notes by topic."""
    topics = get_args(Topic)
    parts = [
        "# What the library holds",
        "Written by `make contents` from the front matter of the notes. Do not edit it.",
        "## How many notes there are for each topic and stage",
        _table(library, topics),
    ]
    for topic in topics:
        notes = [note for note in library.notes if topic in note.front.topics]
        lines = [_line(note) for note in sorted(notes, key=lambda note: note.front.title.lower())]
        parts += [f"## {topic.replace('-', ' ').capitalize()}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _table(library: Library, topics: Sequence[str]) -> str:
    cells = coverage(library)
    rows = [["Topic", *_STAGES.values()], ["---"] + ["---:"] * len(_STAGES)]
    rows += [
        [topic.replace("-", " "), *(str(cells[topic, stage]) for stage in _STAGES)]
        for topic in topics
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line(note: Note) -> str:
    stages = ", ".join(_STAGES[stage].lower() for stage in _STAGES if stage in note.front.stages)
    return f"- [{note.front.title}](notes/{note.front.group}/{note.id}.md): {stages}"


def main() -> int:
    """Write the file beside the notes. 1 if the library cannot be read."""
    folder = shipped_corpus()
    try:
        text = contents_of(read_library(folder))
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    (folder / FILE).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
