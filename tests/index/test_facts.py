"""What is said of an index beside those who ask it."""

from pathlib import Path

import pytest

from assistant.errors import IndexMissing
from assistant.index.facts import facts_of
from assistant.index.reader import Index
from tests.corpora import build_small, write_corpus, write_document
from tests.fakes import WordHashModel


def test_facts_are_those_that_a_view_has(tmp_path: Path) -> None:
    build_small(tmp_path / "index", write_corpus(tmp_path / "corpus", 3))
    index = Index(tmp_path / "index", WordHashModel())
    with index.view() as view:
        facts = facts_of(tmp_path / "index")  # while somebody is being answered
        assert facts.documents == len(view.all_entries()) == 3
        assert facts.chunks == view.chunk_count()
        assert facts.fingerprint == view.fingerprint
    assert facts.changed == 0
    index.close()


def test_changed_and_missing_files_are_counted(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 3)
    build_small(tmp_path / "index", corpus)
    write_document(corpus, "doc-0", "another seed", sections=5)
    (corpus / "doc-1.md").unlink()
    assert facts_of(tmp_path / "index").changed == 2


def test_of_no_index_there_are_no_facts(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        facts_of(tmp_path)
