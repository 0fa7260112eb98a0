import sqlite3
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import DocumentNotFound, IndexMissing, IndexOutdated
from assistant.index.ledger import Ledger, text_key
from tests.corpora import build_small, write_corpus


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_small(tmp_path / "index", write_corpus(tmp_path / "corpus", 3))
    return tmp_path / "index"


def test_there_is_no_ledger_where_none_was_built(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="There is no index"):
        Ledger(tmp_path)


def test_a_ledger_of_another_version_is_not_read(index: Path) -> None:
    with sqlite3.connect(index / "ledger.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(IndexOutdated, match="another version"):
        Ledger(index)


def test_a_document_is_found_by_its_id_alone(index: Path) -> None:
    ledger = Ledger(index)
    sha256, text = ledger.text_of("doc-1")
    assert len(sha256) == 64
    assert text.startswith("Guide doc-1\n\nPart 0 of doc-1\n\n")
    with pytest.raises(DocumentNotFound, match="'doc-7'"):
        ledger.text_of("doc-7")
    ledger.close()


def test_chunks_come_in_the_order_asked_with_their_exact_text(index: Path) -> None:
    ledger = Ledger(index)
    names = ["doc-2:part-1-of-doc-2:1", "doc-0:part-0-of-doc-0:1"]
    chunks = ledger.chunks([*names, "doc-0:nowhere:1"])
    assert [chunk.id for chunk in chunks] == names
    for chunk in chunks:
        assert ledger.text_of(chunk.document_id)[1][chunk.start : chunk.end] == chunk.text
        assert len(chunk.sentences) == 4
    ledger.close()


def test_words_match_by_their_stems_and_filters_hold(index: Path) -> None:
    ledger = Ledger(index)
    everywhere = {name.split(":")[0] for name, _ in ledger.match(["guides"], 50)}
    assert everywhere == {"doc-0", "doc-1", "doc-2"}
    only = {name.split(":")[0] for name, _ in ledger.match(["guides"], 50, only=["doc-1"])}
    assert only == {"doc-1"}
    rest = {name.split(":")[0] for name, _ in ledger.match(["guides"], 50, without=["doc-1"])}
    assert rest == {"doc-0", "doc-2"}
    ledger.close()


@pytest.mark.parametrize("term", ['"', 'a"b', "NEAR(", "*", "guide OR", "x'); DROP TABLE chunks"])
def test_no_query_can_break_out_of_its_quotes(index: Path, term: str) -> None:
    ledger = Ledger(index)
    ledger.match([term], 5)
    assert ledger.chunk_count() == 9
    ledger.close()


def test_document_frequency_counts_chunks_and_knows_what_is_missing(index: Path) -> None:
    ledger = Ledger(index)
    assert ledger.document_frequency(["guid", "kubernet"]) == {"guid": 9, "kubernet": 0}
    ledger.close()


def test_embeddings_come_back_exactly_and_by_model(index: Path) -> None:
    ledger = Ledger(index)
    keys = [text_key("one"), text_key("two")]
    vectors = np.array([[0.5, -0.25], [1.0, 0.125]], dtype=np.float32)
    ledger.add_embeddings(keys, vectors, "model a")
    assert ledger.missing_embeddings(keys, "model a") == set()
    assert ledger.missing_embeddings(keys, "model b") == set(keys)
    again = ledger.embeddings([keys[1], keys[0], keys[1]], "model a")
    assert np.array_equal(again, vectors[[1, 0, 1]])
    ledger.close()


def test_a_failed_transaction_leaves_nothing(index: Path) -> None:
    ledger = Ledger(index)

    def fail() -> None:
        with ledger.transaction():
            ledger.remove_document("doc-0")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.chunk_count() == 9
    ledger.close()
