"""An index whose ledger is looked at."""

from pathlib import Path

import pytest

from tests.corpora import build_small, write_corpus, write_document


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Nine chunks in nine sections of three documents, one of which names two questions."""
    corpus = write_corpus(tmp_path / "corpus", 3)
    write_document(corpus, "doc-2", "first 2", questions=["Who leads?", "How long does it take?"])
    build_small(tmp_path / "index", corpus)
    return tmp_path / "index"
