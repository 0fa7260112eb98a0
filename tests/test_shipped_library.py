"""The guidance library itself: what `corpus/README.md` asks of a note."""

import re
from collections import Counter
from pathlib import Path

import pytest

from assistant.library.corpus import Reading, read_corpus
from assistant.library.notes import FrontMatter, read_references, split_front_matter
from assistant.resources import shipped_corpus

NOTES = sorted((shipped_corpus() / "notes").rglob("*.md"))
_LONGEST_SENTENCE = 45  # words
_DANGLING = re.compile(r"(?:it|they|this|these|that|those|he|she)\b", re.IGNORECASE)


def front_of(path: Path) -> FrontMatter:
    front, _ = split_front_matter(path.read_text("utf-8"), path)
    assert front is not None
    return front


@pytest.fixture(scope="module")
def readings() -> tuple[Reading, ...]:
    corpus = read_corpus((shipped_corpus(),))
    assert corpus.refused == ()
    return corpus.readings


def test_every_note_is_a_document_and_nothing_else_is(readings: tuple[Reading, ...]) -> None:
    assert [reading.path for reading in readings] == NOTES
    assert len(NOTES) >= 15


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
def test_a_note_says_all_about_itself(path: Path) -> None:
    front = front_of(path)
    assert (front.id, front.group) == (path.stem, path.parent.name)
    missing = [
        name
        for name in ("kind", "stages", "topics", "references", "reviewed", "publisher")
        if not getattr(front, name)
    ]
    assert missing == []
    assert front.licence == "CC-BY-4.0"


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
def test_a_note_is_as_long_as_it_should_be_and_plain_inside(path: Path) -> None:
    _, body = split_front_matter(path.read_text("utf-8"), path)
    assert 300 <= len(body.split()) <= 950
    assert not re.search(r"\]\(|<[a-z]|!\[|^# |^\|", body, flags=re.MULTILINE)


def test_every_sentence_can_stand_alone(readings: tuple[Reading, ...]) -> None:
    faults = []
    for reading in readings:
        text = reading.document.text
        for section in reading.document.sections:
            if section.quotable:
                sentences = [text[s.start : s.end] for s in section.sentences]
                faults += [s for s in sentences if len(s.split()) > _LONGEST_SENTENCE]
                faults += [s for s in sentences[:1] if _DANGLING.match(s)]
    assert faults == []


def test_no_sentence_stands_in_two_notes(readings: tuple[Reading, ...]) -> None:
    places: dict[str, set[str]] = {}
    for reading in readings:
        text = reading.document.text
        for section in reading.document.sections:
            for sentence in section.sentences if section.quotable else ():
                quoted = text[sentence.start : sentence.end]
                if len(quoted.split()) > 4:
                    places.setdefault(quoted, set()).add(reading.document.id)
    assert {sentence: ids for sentence, ids in places.items() if len(ids) > 1} == {}


def test_references_are_all_there_and_all_used() -> None:
    used = Counter(key for path in NOTES for key in front_of(path).references)
    assert set(used) == set(read_references(shipped_corpus()))


def test_the_starter_ideas_of_all_five_sources_are_covered() -> None:
    sources = {
        "nirn-scaling-2023", "clark-nspcc", "nicol-2015", "greenhalgh-papoutsi-2019", "nirn-teams",
    }  # fmt: skip
    used = {key for path in NOTES for key in front_of(path).references}
    assert sources <= used
