"""Small corpora and looks into indexes, for tests of several rooms."""

import random
from pathlib import Path

from assistant.index.build import build_index, generation_folder
from assistant.index.ledger import Ledger
from assistant.index.vectors import VectorGeneration
from assistant.records import BuildReport
from tests.fakes import SilentProgress, WordHashModel

_WORDS = (
    "teams coaches leaders schools wards programmes training fidelity context scaling data time"
    " support barriers stages plans change evidence practice money people work start review"
).split()


def write_document(folder: Path, name: str, seed: str, sections: int = 3) -> Path:
    """A Markdown document of random sentences; the same seed gives the same text."""
    chance = random.Random(seed)
    parts = [f"# Guide {name}"]
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


def build_small(index: Path, corpus: Path, model: WordHashModel | None = None) -> BuildReport:
    """Build an index of a folder with the word-hash model."""
    return build_index(index, (corpus,), True, model or WordHashModel(), SilentProgress())


def faults_of(index: Path) -> list[str]:
    """What contradicts itself in the live generation: counts, ids, vectors not found again."""
    ledger = Ledger(index)
    state = ledger.state()
    assert state is not None
    rows = ledger.chunk_keys()
    vectors = ledger.embeddings([key for _, _, key in rows], state.fingerprint.split()[0])
    ledger.close()
    faults = []
    generation = VectorGeneration(generation_folder(index, state.generation))
    try:
        generation.verify([name for name, _, _ in rows], range(len(rows)), vectors)
        for (name, document, _), vector in zip(rows, vectors, strict=True):
            found = dict(generation.nearest(vector, 20, only=(document,)))
            if found.get(name, 0) < 0.999:
                faults.append(f"{name} does not find itself")
    finally:
        generation.close()
    return faults


def contents_of(index: Path) -> dict[str, str]:
    """All chunk ids with their texts."""
    ledger = Ledger(index)
    try:
        names = [name for name, _, _ in ledger.chunk_keys()]
        return {chunk.id: chunk.embedded_text for chunk in ledger.chunks(names)}
    finally:
        ledger.close()
