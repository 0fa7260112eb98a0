"""Which generations are written whole, and which go on from a copy of the one before."""

from contextlib import closing
from pathlib import Path

import pytest

from assistant.index import generation
from assistant.index.build import add_documents, remove_documents
from assistant.index.ledger.ledger import Ledger
from assistant.index.progress import Silent
from assistant.index.vectors import VectorCollection, VectorGeneration
from assistant.models.embedding import Vectors
from tests.corpora import build_small, faults_of, write_corpus, write_document
from tests.fakes import WordHashModel

DOCUMENTS = 30  # of three chunks and four signposts each


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", DOCUMENTS)


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    build_small(tmp_path / "index", corpus)
    return tmp_path / "index"


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of all vectors that are written."""
    written: list[str] = []
    add = VectorCollection.add

    def noted(
        self: VectorCollection,
        ids: list[str],
        documents: list[str],
        vectors: Vectors,
        *rest: object,
    ) -> None:
        written.extend(ids)
        add(self, ids, documents, vectors, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(VectorCollection, "add", noted)
    return written


def marked(index: Path) -> int:
    with closing(Ledger(index)) as ledger:
        state = ledger.state()
    assert state is not None
    return state.marked


def test_a_changed_document_alone_is_written_into_a_copy(
    index: Path, corpus: Path, added: list[str]
) -> None:
    write_document(corpus, "doc-1", seed="second 1")
    build_small(index, corpus)
    assert added
    assert {name.split(":")[0].split("#")[0] for name in added} == {"doc-1"}
    assert marked(index) == len(added)
    assert faults_of(index) == []


def test_a_removed_file_leaves_the_copy_without_writing(
    index: Path, corpus: Path, added: list[str]
) -> None:
    (corpus / "doc-2.md").unlink()
    build_small(index, corpus)
    assert added == []
    assert marked(index) > 0
    assert faults_of(index) == []


def test_when_every_tenth_is_marked_as_removed_all_is_written_again(
    index: Path, corpus: Path, added: list[str]
) -> None:
    marks = []
    for n in range(5):
        added.clear()
        write_document(corpus, "doc-1", seed=f"version {n}")
        build_small(index, corpus)
        marks.append((marked(index), len(added)))
    ones = marks[0][0]
    whole = [n for n, (mark, _) in enumerate(marks) if mark == 0]
    assert [mark for mark, _ in marks[: whole[0]]] == [ones * n for n in range(1, whole[0] + 1)]
    assert marks[whole[0]][1] > 20 * ones
    assert faults_of(index) == []


def test_many_changes_at_once_write_all_again(index: Path, corpus: Path, added: list[str]) -> None:
    for n in range(DOCUMENTS // 2):
        write_document(corpus, f"doc-{n}", seed=f"second {n}")
    build_small(index, corpus)
    assert marked(index) == 0
    assert {name.split(":")[0].split("#")[0] for name in added} == {
        f"doc-{n}" for n in range(DOCUMENTS)
    }


def test_what_is_to_be_forgotten_is_in_no_copy(
    index: Path, tmp_path: Path, added: list[str]
) -> None:
    model = WordHashModel()
    secret = write_document(tmp_path / "mine", "secret", seed="secret")
    add_documents(index, [secret], (), model, Silent())
    added.clear()
    remove_documents(index, ["secret"], model, Silent())
    assert marked(index) == 0
    assert len(added) > DOCUMENTS
    assert faults_of(index) == []


def test_a_damaged_generation_is_written_again_and_not_gone_on_with(
    index: Path, corpus: Path, added: list[str]
) -> None:
    (only,) = (path for path in (index / "generations").iterdir() if path.is_dir())
    with closing(VectorGeneration(only)) as damaged:
        damaged.chunks.remove(["doc-9:part-1-of-doc-9:1"])
    write_document(corpus, "doc-1", seed="second 1")
    build_small(index, corpus)
    assert marked(index) == 0
    assert len(added) > DOCUMENTS
    assert faults_of(index) == []


def test_of_very_many_new_vectors_some_are_probed(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probed: list[int] = []
    verify = VectorCollection.verify

    def noted(self: VectorCollection, count: int, probes: list[str], vectors: Vectors) -> None:
        probed.append(len(probes))
        verify(self, count, probes, vectors)

    monkeypatch.setattr(VectorCollection, "verify", noted)
    monkeypatch.setattr(generation, "_PROBED", 20)
    build_small(tmp_path / "other", corpus)
    assert max(probed) <= 20
    assert min(probed) > 10
