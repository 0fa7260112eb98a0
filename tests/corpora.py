"""Small corpora and looks into indexes, for tests of several rooms."""

import random
from collections.abc import Sequence
from pathlib import Path

import yaml

from assistant.answering.answer import Engine
from assistant.app import Assistant
from assistant.index.build import build_index
from assistant.index.ledger.documents import Origin
from assistant.index.ledger.ledger import Ledger
from assistant.index.places import generation_folder
from assistant.index.reader import Index
from assistant.index.stems import Stemmer
from assistant.index.vectors import VectorCollection, VectorGeneration
from assistant.library.glossary import read_glossary
from assistant.library.notes import Reference
from assistant.library.readers.extract import Limits
from assistant.library.reading import Reader, Reading
from assistant.prompts import read_boundaries, read_frames
from assistant.records import BuildReport
from assistant.resources import shipped_corpus
from tests.fakes import SilentProgress, WordHashModel

_WORDS = (
    "teams coaches leaders schools wards programmes training fidelity context scaling data time"
    " support barriers stages plans change evidence practice money people work start review"
).split()

_WORDS_OF_NOTES = [word for word in _WORDS if word not in {"scaling", "stages"}]


def write_document(
    folder: Path, name: str, seed: str, sections: int = 3, questions: Sequence[str] = ()
) -> Path:
    """A Markdown document of random sentences; the same seed gives the same text.

    One that names questions has front matter for them.
    """
    chance = random.Random(seed)
    parts = [f"# Guide {name}"]
    if questions:
        front = yaml.safe_dump({"title": f"Guide {name}", "questions": list(questions)})
        parts.insert(0, f"---\n{front}---")
    for number in range(sections):
        sentences = [
            " ".join(chance.choices(_WORDS, k=chance.randint(6, 12))).capitalize() + "."
            for _ in range(4)
        ]
        parts += [f"## Part {number} of {name}", " ".join(sentences)]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text("\n\n".join(parts), "utf-8")
    return path


def write_corpus(folder: Path, documents: int) -> Path:
    """A folder of documents named doc-0, doc-1 and so on."""
    for number in range(documents):
        write_document(folder, f"doc-{number}", seed=f"first {number}")
    return folder


_GLOSSARY = """
terms:
  spread:
    name: spread
    forms: [spread]
    present: Ask.
    senses:
      far: {meaning: Far away., cues: [far], held_by: [lane-2019], note: alpha}
      deep: {meaning: Deep down., cues: [deep], held_by: [], note: beta}
  stage:
    name: stage
    forms: [stage, stages]
    house: step
    present: Ask.
    senses:
      step: {meaning: A step., cues: [], held_by: [], note: alpha}
acronyms: {}
synonyms: {}
stage_names: []
"""
_REFERENCES = """
lane-2019: {authors: Lane A, year: 2019, title: On plans, container: Our Press}
"""


def write_library(folder: Path) -> Path:
    """A library of the notes alpha and beta that breaks no rule."""
    for name in ("alpha", "beta"):
        write_note(folder, "teams", name)
    (folder / "glossary.yaml").write_text(_GLOSSARY, "utf-8")
    (folder / "references.yaml").write_text(_REFERENCES, "utf-8")
    return folder


_ASKED = ("Who", "Which team", "Which coach", "What group", "Which leader", "Who else")


def write_note(folder: Path, group: str, name: str, words: int = 400) -> Path:
    """A note of random sentences with just so many words, headings with their marks counted."""
    chance = random.Random(name)
    heading = "## Who does what?"
    left = words - len(heading.split())
    sentences = []
    while left:
        length = left if left <= 12 else min(chance.randint(6, 9), left - 3)
        drawn = [f"{chance.choice(_WORDS_OF_NOTES)}" for _ in range(length)]
        sentences.append(" ".join(drawn).capitalize() + ".")
        left -= length
    asked = "".join(f"- {ask} does what in {name}?\n" for ask in _ASKED)
    path = folder / "notes" / group / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\nid: {name}\ntitle: About {name}\ngroup: {group}\nkind: concept\n"
        f"stages: [initial]\ntopics: [teams]\nevidence: guidance\nreferences: [lane-2019]\n"
        f"questions:\n{asked}"
        f"reviewed: 2026-05-04\nlicence: CC-BY-4.0\npublisher: Us\n---\n\n"
        f"{heading}\n\n{' '.join(sentences)}\n",
        "utf-8",
    )
    return path


def read_file(
    path: Path, references: dict[str, Reference] | None = None, limits: Limits | None = None
) -> Reading:
    """One file, read as a build reads it."""
    with Reader(limits) as reader:
        return reader.read(reader.open(path, references or {}), references or {})


def origin_of(path: Path) -> Origin:
    """Where a document comes from, as far as a test of the ledger minds."""
    return Origin(path, path.parent, "key", 1, 2, "indexed")


def build_small(index: Path, corpus: Path, model: WordHashModel | None = None) -> BuildReport:
    """Build an index of a folder with the word-hash model."""
    return build_index(index, (corpus,), True, model or WordHashModel(), SilentProgress())


def faults_of(index: Path) -> list[str]:
    """What contradicts itself in the live generation: counts, ids, vectors not found again."""
    ledger = Ledger(index)
    generation = None
    try:
        state = ledger.state()
        assert state is not None
        model = state.fingerprint.split()[0]
        generation = VectorGeneration(generation_folder(index, state.generation))
        return [
            *_faults_in(generation.chunks, ledger, ledger.chunks.rows(), model),
            *_faults_in(generation.signposts, ledger, ledger.signposts.rows(), model),
        ]
    finally:
        if generation:
            generation.close()
        ledger.close()


def _faults_in(
    collection: VectorCollection, ledger: Ledger, rows: list[tuple[str, str, bytes]], model: str
) -> list[str]:
    # Of equal texts in one document, one vector is kept.
    first = {(document, key): (name, document, key) for name, document, key in rows[::-1]}
    rows = sorted(first.values())
    vectors = ledger.embeddings.get([key for _, _, key in rows], model)
    collection.verify(len(rows), [name for name, _, _ in rows], vectors)
    faults = []
    for (name, document, _), vector in zip(rows, vectors, strict=True):
        found = dict(collection.nearest(vector, 20, only=(document,)))
        if found.get(name, 0) < 0.999:
            faults.append(f"{name} does not find itself")
    return faults


def contents_of(index: Path) -> dict[str, str]:
    """All chunk ids with their texts."""
    ledger = Ledger(index)
    try:
        names = [name for name, _, _ in ledger.chunks.rows()]
        return {chunk.id: chunk.embedded_text for chunk in ledger.chunks.get(names)}
    finally:
        ledger.close()


def small_assistant(index: Path) -> Assistant:
    """An assistant over an index that `build_small` has made."""
    model = WordHashModel()
    engine = Engine(
        model, Stemmer(), read_glossary(shipped_corpus()), *read_frames(), read_boundaries()
    )
    return Assistant(Index(index, model), engine)
