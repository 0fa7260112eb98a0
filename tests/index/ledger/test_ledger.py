import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import IndexMissing, IndexOutdated
from assistant.index.ledger.ledger import Ledger
from assistant.index.reader import Index
from assistant.library.reading import READERS_VERSION
from assistant.library.signposts import SIGNPOSTS_VERSION
from tests.corpora import (
    build_small,
    contents_of,
    faults_of,
)
from tests.fakes import WordHashModel

TO_VERSION_2 = (
    *(f"DROP TABLE {table}" for table in ("pages", "versions", "added", "refused")),
    *(f"ALTER TABLE documents DROP COLUMN {c}" for c in ("key", "folder", "state", "warnings")),
    "ALTER TABLE chunks DROP COLUMN anchor",
    "PRAGMA user_version = 2",
)
TO_VERSION_1 = (*TO_VERSION_2, "DROP TABLE signposts", "PRAGMA user_version = 1")


def change(index: Path, *statements: str) -> None:
    with closing(sqlite3.connect(index / "ledger.db", isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_there_is_no_ledger_where_none_was_built(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="There is no index"):
        Ledger(tmp_path)


def test_a_ledger_of_a_version_not_known_is_neither_read_nor_built_on(index: Path) -> None:
    change(index, "PRAGMA user_version = 99")
    for create in (False, True):
        with pytest.raises(IndexOutdated, match="another version") as caught:
            Ledger(index, create)
        assert caught.value.remedy == f"Remove the folder {index} and run: assistant build"


def test_a_ledger_without_signposts_is_not_read_but_can_be_built_on(tmp_path: Path) -> None:
    Ledger(tmp_path, create=True).close()
    change(tmp_path, *TO_VERSION_1)
    with pytest.raises(IndexOutdated, match="another version") as caught:
        Ledger(tmp_path)
    assert caught.value.remedy == "Run: assistant build"
    Ledger(tmp_path, create=True).close()
    ledger = Ledger(tmp_path)
    assert ledger.signposts.rows() == []
    ledger.close()


def test_a_ledger_that_was_refused_is_left_as_it_was(index: Path) -> None:
    change(index, *TO_VERSION_1)
    for _ in range(2):
        with pytest.raises(IndexOutdated):
            Ledger(index)


def test_a_build_upgrades_an_index_without_signposts_and_all_is_found_again(
    tmp_path: Path, index: Path
) -> None:
    before = contents_of(index)
    ledger = Ledger(index)
    texts = {
        post.text for post in ledger.signposts.get([row[0] for row in ledger.signposts.rows()])
    }
    ledger.close()
    # What the product before signposts left: nothing of it knows of them.
    change(
        index,
        "DELETE FROM embeddings WHERE key IN (SELECT key FROM signposts)",
        *TO_VERSION_1,
        f"UPDATE state SET value = replace(value, ' signposts {SIGNPOSTS_VERSION}', '')",
    )
    model = WordHashModel()
    report = build_small(index, tmp_path / "corpus", model)
    assert (report.documents, report.chunks, report.refused) == (3, 9, ())
    assert sorted(model.encoded) == sorted(texts)  # the chunks are not embedded again
    assert contents_of(index) == before
    assert faults_of(index) == []
    reader = Index(index, model)
    with reader.view() as view:
        for text in ("Guide doc-1 > Part 0 of doc-1", "Who leads?"):
            (found, near), *_ = view.nearest_signposts(model.encode_question(text), 1)
            assert (found.text, near) == (text, 1.0)
    reader.close()


def test_a_build_upgrades_an_index_without_files_and_embeds_nothing_again(
    tmp_path: Path, index: Path
) -> None:
    before = contents_of(index)
    change(
        index,
        *TO_VERSION_2,
        f"UPDATE state SET value = replace(value, 'readers {READERS_VERSION} ', '')",
    )
    model = WordHashModel()
    assert build_small(index, tmp_path / "corpus", model).documents == 3
    assert model.encoded == []
    assert contents_of(index) == before
    assert faults_of(index) == []
    ledger = Ledger(index)
    assert ledger.texts.version_of("doc-1", ledger.texts.of("doc-1")[0][:8])[2] is False
    ledger.close()


def test_a_failed_transaction_leaves_nothing(index: Path) -> None:
    ledger = Ledger(index)

    def fail() -> None:
        with ledger.transaction():
            ledger.remove_document("doc-0")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.chunks.count() == 9
    assert len(ledger.signposts.rows()) == 11
    ledger.close()
