import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.errors import CorpusError, IndexDamaged, UsageError
from assistant.index.build import build_index
from assistant.index.ledger.ledger import Ledger
from assistant.index.locks import FileLock
from assistant.index.places import encoder_folder, generation_folder
from assistant.index.reader import Index
from assistant.index.vectors import VectorCollection
from assistant.models.embedding import Vectors
from tests.corpora import build_small, contents_of, faults_of, write_corpus, write_document
from tests.fakes import SilentProgress, WordHashModel


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", 4)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def generations(index: Path) -> list[str]:
    return sorted(p.name for p in (index / "generations").iterdir() if p.is_dir())


def test_a_first_build_reports_every_document_as_new(index: Path, corpus: Path) -> None:
    report = build_small(index, corpus)
    assert (report.documents, report.new, report.unchanged, report.refused) == (4, 4, 0, ())
    assert report.chunks == len(contents_of(index)) == 12
    assert faults_of(index) == []


def test_an_unchanged_corpus_is_neither_embedded_nor_written_again(
    index: Path, corpus: Path
) -> None:
    build_small(index, corpus)
    before = generations(index)
    model = WordHashModel()
    report = build_small(index, corpus, model)
    assert (report.new, report.unchanged, report.replaced, report.removed) == (0, 4, 0, 0)
    assert model.encoded == []
    assert generations(index) == before


def test_only_the_changed_document_is_embedded_again(index: Path, corpus: Path) -> None:
    build_small(index, corpus)
    write_document(corpus, "doc-1", seed="second 1")
    model = WordHashModel()
    report = build_small(index, corpus, model)
    assert (report.new, report.unchanged, report.replaced) == (0, 3, 1)
    prefixes = {text.split("\n")[0] for text in model.encoded if "\n" in text}
    assert {prefix.split(" > ")[0] for prefix in prefixes} == {"Guide doc-1"}
    assert faults_of(index) == []


def test_an_update_equals_a_build_from_nothing(index: Path, corpus: Path, tmp_path: Path) -> None:
    build_small(index, corpus)
    write_document(corpus, "doc-1", seed="second 1", sections=5)
    write_document(corpus, "doc-9", seed="first 9")
    (corpus / "doc-0.md").unlink()
    report = build_small(index, corpus)
    build_small(tmp_path / "fresh", corpus)
    assert (report.new, report.replaced, report.removed) == (1, 1, 1)
    assert contents_of(index) == contents_of(tmp_path / "fresh")
    assert faults_of(index) == []


def test_a_removed_file_is_gone_from_the_index(index: Path, corpus: Path) -> None:
    build_small(index, corpus)
    (corpus / "doc-2.md").unlink()
    assert build_small(index, corpus).removed == 1
    assert not any(name.startswith("doc-2:") for name in contents_of(index))


def test_a_changed_title_alone_replaces_the_document(index: Path, corpus: Path) -> None:
    (corpus / "note.md").write_text("---\ntitle: One\n---\nA plain sentence here.", "utf-8")
    build_small(index, corpus)
    (corpus / "note.md").write_text("---\ntitle: Two\n---\nA plain sentence here.", "utf-8")
    assert build_small(index, corpus).replaced == 1
    assert contents_of(index)["note:opening:1"].startswith("Two\n")


def test_another_model_embeds_everything_again(index: Path, corpus: Path) -> None:
    build_small(index, corpus)
    model = WordHashModel("another")
    report = build_small(index, corpus, model)
    assert report.unchanged == 4
    assert model.encoded
    assert faults_of(index) == []


def test_old_generations_are_removed_when_nobody_reads_them(index: Path, corpus: Path) -> None:
    build_small(index, corpus)
    write_document(corpus, "doc-1", seed="second 1")
    build_small(index, corpus)
    assert generations(index) == ["2"]


def test_a_generation_that_is_being_read_stays_until_the_next_build(
    index: Path, corpus: Path
) -> None:
    build_small(index, corpus)
    reader = Index(index, WordHashModel())
    write_document(corpus, "doc-1", seed="second 1")
    build_small(index, corpus)
    assert generations(index) == ["1", "2"]
    reader.close()
    write_document(corpus, "doc-1", seed="third 1")
    build_small(index, corpus)
    assert generations(index) == ["3"]


def test_a_lost_generation_is_written_again_without_embedding(index: Path, corpus: Path) -> None:
    build_small(index, corpus)
    shutil.rmtree(generation_folder(index, 1))
    model = WordHashModel()
    build_small(index, corpus, model)
    assert model.encoded == []
    assert faults_of(index) == []


def test_folders_are_recorded_only_when_they_were_named(index: Path, corpus: Path) -> None:
    build_index(index, (corpus,), False, WordHashModel(), SilentProgress())
    ledger = Ledger(index)
    state = ledger.state()
    assert state is not None
    assert state.folders is None
    build_small(index, corpus)
    state = ledger.state()
    assert state is not None
    assert state.folders == (corpus,)
    build_index(index, (corpus,), False, WordHashModel(), SilentProgress())
    state = ledger.state()
    assert state is not None
    assert state.folders == (corpus,)
    ledger.close()


def test_a_refused_file_is_named_and_the_others_go_on(index: Path, corpus: Path) -> None:
    (corpus / "bad.md").write_bytes(b"\xff\xfe broken")
    report = build_small(index, corpus)
    assert report.documents == 4
    assert [Path(refusal.path).name for refusal in report.refused] == ["bad.md"]
    assert "UTF-8" in report.refused[0].reason


def test_a_folder_that_does_not_exist_leaves_no_ledger_behind(index: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        build_small(index, tmp_path / "nowhere")
    assert not (index / "ledger.db").exists()


def test_an_empty_folder_leaves_the_index_as_it_was(
    index: Path, corpus: Path, tmp_path: Path
) -> None:
    build_small(index, corpus)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match="No guidance could be read"):
        build_small(index, tmp_path / "empty")
    assert len(contents_of(index)) == 12


def test_a_build_that_fails_to_verify_changes_nothing(
    index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_small(index, corpus)
    before = contents_of(index)
    write_document(corpus, "doc-1", seed="second 1")

    def lose_one(
        self: VectorCollection, ids: list[str], documents: list[str], vectors: Vectors, *_: object
    ) -> None:
        add(self, ids[1:], documents[1:], vectors[1:])

    add = VectorCollection.add
    monkeypatch.setattr(VectorCollection, "add", lose_one)
    with pytest.raises(IndexDamaged, match="holds 11 of 12"):
        build_small(index, corpus)
    assert contents_of(index) == before
    assert generations(index) == ["1"]


def test_a_second_build_says_that_it_waits(index: Path, corpus: Path) -> None:
    index.mkdir()
    (index / "generations").mkdir()
    lock = FileLock(index / "build.lock", shared=False)
    assert lock.acquire()
    progress = SilentProgress()
    progress.say = lambda message: (progress.said.append(message), lock.release())  # type: ignore[method-assign,assignment,func-returns-value]
    build_index(index, (corpus,), True, WordHashModel(), progress)
    assert progress.said == ["Another build of this index is running; waiting for it."]
    assert len(contents_of(index)) == 12


class _Exporting(WordHashModel):
    """Notes the texts with which it should be written down."""

    def __init__(self, exports: Path) -> None:
        super().__init__()
        self.exports = exports
        self.compared: list[list[str]] = []

    def export(self, texts: Sequence[str]) -> None:
        self.compared.append(list(texts))
        assert self.exports is not None
        self.exports.mkdir(exist_ok=True)


def test_the_model_is_written_down_once_and_compared_by_the_texts_of_the_first_build(
    index: Path, corpus: Path
) -> None:
    model = _Exporting(encoder_folder(index))
    build_index(index, (corpus,), True, model, SilentProgress())
    (texts,) = model.compared
    assert set(texts) == set(model.encoded)
    assert len(texts) > 12
    build_index(index, (corpus,), True, model, SilentProgress())
    assert len(model.compared) == 1


def test_an_index_of_an_earlier_version_has_the_model_written_down_though_nothing_changed(
    index: Path, corpus: Path
) -> None:
    build_small(index, corpus)
    model = _Exporting(encoder_folder(index))
    build_index(index, (corpus,), True, model, SilentProgress())
    assert model.compared == [[]]
