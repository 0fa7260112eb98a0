from pathlib import Path

import pytest

from assistant.errors import IndexDamaged, IndexMissing, IndexOutdated
from assistant.index.ledger import Ledger
from assistant.index.reader import Index
from tests.corpora import build_small, write_corpus, write_document
from tests.fakes import WordHashModel


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", 3)


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    build_small(tmp_path / "index", corpus)
    return tmp_path / "index"


def test_an_open_index_picks_up_the_next_generation(index: Path, corpus: Path) -> None:
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        before = view.fingerprint
        assert view.chunk_count() == 9
    write_document(corpus, "doc-9", seed="first 9")
    build_small(index, corpus)
    with reader.view() as view:
        assert view.chunk_count() == 12
        assert view.fingerprint != before
        assert len(view.nearest(WordHashModel().encode_question("teams"), 50)) == 12
    reader.close()


def test_a_view_stays_what_it_was_while_a_build_goes_live(index: Path, corpus: Path) -> None:
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        (corpus / "doc-0.md").unlink()
        build_small(index, corpus)
        found = view.nearest(WordHashModel().encode_question("teams"), 50)
        assert view.chunk_count() == 9
        assert len(view.chunks([name for name, _ in found])) == 9
    with reader.view() as view:
        assert view.chunk_count() == 6
    reader.close()


def test_an_index_of_another_model_is_refused_with_the_command_that_repairs_it(
    index: Path,
) -> None:
    with pytest.raises(IndexOutdated, match="assistant build"):
        Index(index, WordHashModel("another"))


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="nowhere"):
        Index(tmp_path / "nowhere", WordHashModel())


def test_a_build_that_never_went_live_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    Ledger(tmp_path / "index", create=True).close()
    with pytest.raises(IndexMissing, match="no finished index"):
        Index(tmp_path / "index", WordHashModel())


def test_a_lost_generation_is_an_error_and_not_an_empty_answer(index: Path) -> None:
    import shutil

    shutil.rmtree(index / "generations" / "1")
    with pytest.raises(IndexDamaged, match="missing"):
        Index(index, WordHashModel())


def test_a_ledger_that_is_no_database_is_an_error_that_says_what_to_do(index: Path) -> None:
    for path in index.glob("ledger.db*"):
        path.unlink()
    (index / "ledger.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(IndexDamaged, match="Remove the folder"):
        Index(index, WordHashModel())


def test_changed_and_missing_files_are_noticed(index: Path, corpus: Path) -> None:
    reader = Index(index, WordHashModel())
    assert reader.stale_files() == []
    write_document(corpus, "doc-0", seed="second 0", sections=4)
    (corpus / "doc-2.md").unlink()
    assert sorted(path.name for path in reader.stale_files()) == ["doc-0.md", "doc-2.md"]
    reader.close()
