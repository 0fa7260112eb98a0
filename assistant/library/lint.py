"""What `corpus/README.md` asks of the notes of a library, checked, and what there is reported.

A library is a corpus folder that holds a `glossary.yaml`: its documents are notes with full
front matter. Documents of other folders are taken as they are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import get_args

from assistant.library.corpus import read_corpus
from assistant.library.glossary import Glossary, read_glossary
from assistant.library.notes import (
    FrontMatter,
    Reference,
    Topic,
    read_references,
    split_front_matter,
)
from assistant.library.reading import Reading
from assistant.records import Document, Record, Refusal, Stage

LONGEST_SENTENCE = 45  # words
SHORTEST_NOTE, LONGEST_NOTE = 300, 900  # words
NEAR = 0.08  # share of the shorter note's runs of four words that also stand in the other one
_RUN = 4  # words
_QUESTIONS = 6  # that a note must name, so that searches find it by what people ask
_COMPLETE = (
    "id", "group", "kind", "stages", "topics", "evidence", "references", "reviewed", "publisher",
)  # fmt: skip
_LICENCE = "CC-BY-4.0"
_DANGLING = re.compile(r"(?:[Ii]t|[Tt](?:hey|his|hese|hat|hose)|[Hh]e|[Ss]he)\b")  # not "IT"
_NOT_PLAIN = re.compile(r"\]\(|<[a-z]|!\[|^# |^\|", re.MULTILINE)


@dataclass(frozen=True)
class Note:
    """One note: where it is, what it says of itself, its body, and its document."""

    path: Path
    front: FrontMatter
    body: str
    document: Document

    @property
    def id(self) -> str:
        """The document's id, which is the note's."""
        return self.document.id

    @cached_property
    def sections(self) -> tuple[tuple[str, ...], ...]:
        """The sentences of each section that may be quoted."""
        text = self.document.text
        return tuple(
            tuple(text[s.start : s.end] for s in section.sentences)
            for section in self.document.sections
            if section.quotable
        )

    @property
    def sentences(self) -> Iterator[str]:
        """All that may be quoted, in order."""
        for section in self.sections:
            yield from section

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The runs of four words in its sentences."""
        found = set()
        for sentence in self.sentences:
            words = re.findall(r"\w+", sentence.lower())
            found |= set(zip(*(words[n:] for n in range(_RUN)), strict=False))
        return frozenset(found)


@dataclass(frozen=True)
class Library:
    """A folder of notes with its reference records and its glossary."""

    notes: tuple[Note, ...]
    references: dict[str, Reference]
    glossary: Glossary
    refused: tuple[Refusal, ...]


class Fault(Record):
    """A rule that a note, or the library, breaks."""

    where: str
    what: str


def is_library(folder: Path) -> bool:
    """Whether the rules for notes hold in a corpus folder."""
    return (folder / "glossary.yaml").is_file()


def read_library(folder: Path) -> Library:
    """Every note of a library. Raises CorpusError for broken records or a broken glossary."""
    corpus = read_corpus((folder,))
    notes = tuple(_note(reading) for reading in corpus.readings if reading.front)
    bare = [
        Refusal(path=str(reading.path), reason=f"{reading.path}: has no front matter.")
        for reading in corpus.readings
        if not reading.front
    ]
    return Library(notes, read_references(folder), read_glossary(folder), (*corpus.refused, *bare))


def _note(reading: Reading) -> Note:
    front, body = split_front_matter(reading.original.decode("utf-8-sig"), reading.path)
    assert front is not None  # read_library takes no others
    return Note(reading.path, front, body, reading.document)


def faults_of(library: Library) -> list[Fault]:
    """Everything that breaks a rule, note by note, then what concerns several."""
    found = [Fault(where=refusal.path, what=refusal.reason) for refusal in library.refused]
    ids = {note.id for note in library.notes}
    conflicts = {note.id: note.front.conflicts_with for note in library.notes}
    for note in library.notes:
        problems = (
            *_about_itself(note),
            *_questions(note),
            *_length_and_form(note),
            *_sentences(note),
            *_senses(note, library.glossary),
            *_conflicts(note, conflicts),
        )
        found += [Fault(where=note.id, what=problem) for problem in problems]
    found += _shared_sentences(library)
    found += _same_questions(library)
    found += _references(library)
    found += _glossary(library, ids)
    return found


def _about_itself(note: Note) -> Iterator[str]:
    for name in _COMPLETE:
        if not getattr(note.front, name):
            yield f"front matter: {name} is missing"
    if note.front.licence != _LICENCE:
        yield f"front matter: licence must be {_LICENCE}"
    if note.front.id != note.path.stem:
        yield f"front matter: id must be the file's name, {note.path.stem}"
    if note.front.group != note.path.parent.name:
        yield f"front matter: group must be the folder's name, {note.path.parent.name}"


def _length_and_form(note: Note) -> Iterator[str]:
    words = len(note.body.split())
    if not SHORTEST_NOTE <= words <= LONGEST_NOTE:
        yield f"has {words} words and not {SHORTEST_NOTE} to {LONGEST_NOTE}"
    if _NOT_PLAIN.search(note.body):
        yield "has a link, a picture, a table, HTML or a first-level heading"


def _sentences(note: Note) -> Iterator[str]:
    for sentence in note.sentences:
        if (words := len(sentence.split())) > LONGEST_SENTENCE:
            yield f"a sentence of {words} words: {_opening(sentence)}"
    for section in note.sections:
        if section and _DANGLING.match(section[0]):
            yield f"a section begins with a pronoun: {_opening(section[0])}"


def _senses(note: Note, glossary: Glossary) -> Iterator[str]:
    """Contested words without a house sense need one in the front matter, and only those used."""
    used = glossary.terms_in(f"{note.front.title}\n{note.body}")
    for term, form in used.items():
        if glossary.terms[term].house is None and term not in note.front.senses:
            yield f"says {form!r} and names no sense of {term}"
    for term, senses in note.front.senses.items():
        if term not in glossary.terms:
            yield f"senses: {term} is not in the glossary"
            continue
        if term not in used:
            yield f"senses: {term} is named and never used"
        for sense in senses:
            if sense not in glossary.terms[term].senses:
                known = ", ".join(glossary.terms[term].senses)
                yield f"senses: {term} has no sense {sense}; it has {known}"


def _conflicts(note: Note, conflicts: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Notes that differ from each other both say so."""
    for other in note.front.conflicts_with:
        if other not in conflicts or other == note.id:
            yield f"conflicts_with: there is no other note {other}"
        elif note.id not in conflicts[other]:
            yield f"conflicts_with: {other} does not name {note.id} in turn"


def _shared_sentences(library: Library) -> Iterator[Fault]:
    places: dict[str, list[str]] = defaultdict(list)
    for note in library.notes:
        for sentence in set(note.sentences):
            if len(sentence.split()) > _RUN:
                places[sentence].append(note.id)
    for sentence, ids in places.items():
        if len(ids) > 1:
            yield Fault(where=", ".join(ids), what=f"share a sentence: {_opening(sentence)}")


def _questions(note: Note) -> Iterator[str]:
    if len(note.front.questions) < _QUESTIONS:
        yield (
            f"front matter: names {len(note.front.questions)} questions that it answers;"
            f" {_QUESTIONS} at least"
        )


def _same_questions(library: Library) -> Iterator[Fault]:
    """A question that two notes claim leads to neither."""
    first: dict[str, str] = {}
    for note in library.notes:
        for question in note.front.questions:
            plain = " ".join(re.findall(r"\w+", question.lower()))
            if first.setdefault(plain, note.id) != note.id:
                yield Fault(where=note.id, what=f"asks what {first[plain]} asks: {question}")


def _references(library: Library) -> Iterator[Fault]:
    used = {key for note in library.notes for key in note.front.references}
    for term in library.glossary.terms.values():
        used |= {key for sense in term.senses.values() for key in sense.held_by}
    for key in sorted(used - set(library.references)):
        yield Fault(where="references.yaml", what=f"has no record {key}")
    for key in sorted(set(library.references) - used):
        yield Fault(where="references.yaml", what=f"{key} is used by no note")


def _glossary(library: Library, ids: set[str]) -> Iterator[Fault]:
    for name, term in library.glossary.terms.items():
        for sense in term.senses.values():
            if sense.note not in ids:
                yield Fault(where="glossary.yaml", what=f"{name}: there is no note {sense.note}")


def near_duplicates(library: Library) -> list[tuple[str, str, float]]:
    """Pairs of notes with much wording in common and the share of it, the most first."""
    found = []
    for one, other in combinations(library.notes, 2):
        fewest = min(len(one.runs), len(other.runs))
        share = len(one.runs & other.runs) / fewest if fewest else 0.0
        if share >= NEAR:
            found.append((one.id, other.id, round(share, 2)))
    return sorted(found, key=lambda pair: (-pair[2], pair))


def coverage(library: Library) -> dict[tuple[str, Stage], int]:
    """How many notes there are of each topic for each stage."""
    count = Counter(
        (topic, stage)
        for note in library.notes
        for topic in note.front.topics
        for stage in note.front.stages
    )
    return {(topic, stage): count[topic, stage] for topic in get_args(Topic) for stage in Stage}


def reading_ease(note: Note) -> float:
    """Flesch's reading ease; 60 is plain English, 30 is hard.

    Syllables are estimated as groups of vowels, so it ranks notes and is no exact score.
    """
    words = [
        word for sentence in note.sentences for word in re.findall(r"[a-z]+", sentence.lower())
    ]
    if not words:
        return 0.0
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", w)))) for w in words)
    sentences = sum(1 for _ in note.sentences)
    return round(206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words), 1)


def _opening(sentence: str) -> str:
    return sentence if len(sentence) <= 70 else f"{sentence[:70].rstrip()} ..."
