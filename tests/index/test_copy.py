from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from assistant.app import Assistant
from assistant.errors import IndexMissing
from assistant.index.copy import copy_index
from assistant.index.locks import FileLock
from tests.corpora import build_small, small_assistant, write_corpus, write_document


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_small(tmp_path / "index", write_corpus(tmp_path / "corpus", 3))
    return tmp_path / "index"


@pytest.fixture
def copied(index: Path, tmp_path: Path) -> Iterator[Assistant]:
    copy_index(index, tmp_path / "copy")
    made = small_assistant(tmp_path / "copy")
    yield made
    made.close()


def test_a_copy_answers_as_the_index_does(index: Path, copied: Assistant) -> None:
    original = small_assistant(index)
    question = "How do teams plan the training?"
    assert copied.search(question) == original.search(question)
    assert copied.documents() == original.documents()
    assert copied.contents == original.contents
    original.close()


def test_what_a_copy_takes_in_is_not_in_the_index_and_the_other_way_round(
    index: Path, copied: Assistant, tmp_path: Path
) -> None:
    original = small_assistant(index)
    copied.take_in([write_document(tmp_path / "added", "mine", seed="mine")])
    original.take_in([write_document(tmp_path / "added", "ours", seed="ours")])
    assert copied.documents().keys() - original.documents().keys() == {"mine"}
    assert original.documents().keys() - copied.documents().keys() == {"ours"}
    assert copied.contents != original.contents
    original.close()


def test_a_copy_waits_for_a_build_to_end(index: Path, tmp_path: Path) -> None:
    building = FileLock(index / "build.lock", shared=False)
    assert building.acquire()
    copying = Thread(target=copy_index, args=(index, tmp_path / "copy"))
    copying.start()
    copying.join(0.3)
    assert copying.is_alive()
    assert not (tmp_path / "copy").exists()
    building.release()
    copying.join(20)
    assert not copying.is_alive()
    assert (tmp_path / "copy" / "ledger.db").is_file()


def test_where_there_is_no_index_there_is_nothing_to_copy(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(IndexMissing):
        copy_index(tmp_path / "none", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_what_was_broken_off_is_no_index(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.index.ledger.ledger.Ledger.copy_to", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        copy_index(index, tmp_path / "copy")
    with pytest.raises(IndexMissing):
        small_assistant(tmp_path / "copy")
