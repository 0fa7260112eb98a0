from pathlib import Path

import pytest

from assistant.errors import DocumentNotFound
from assistant.index.ledger.ledger import Ledger


def test_a_document_is_found_by_its_id_alone(index: Path) -> None:
    ledger = Ledger(index)
    sha256, text = ledger.texts.of("doc-1")
    assert len(sha256) == 64
    assert text.startswith("Guide doc-1\n\nPart 0 of doc-1\n\n")
    with pytest.raises(DocumentNotFound, match="'doc-7'"):
        ledger.texts.of("doc-7")
    ledger.close()
