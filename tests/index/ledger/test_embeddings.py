from pathlib import Path

import numpy as np
import pytest

from assistant.index.ledger.embeddings import text_key
from assistant.index.ledger.ledger import Ledger


def test_embeddings_come_back_exactly_and_by_model(index: Path) -> None:
    ledger = Ledger(index)
    keys = [text_key("one"), text_key("two")]
    vectors = np.array([[0.5, -0.25], [1.0, 0.125]], dtype=np.float32)
    ledger.embeddings.add(keys, vectors, "model a")
    assert ledger.embeddings.missing(keys, "model a") == set()
    assert ledger.embeddings.missing(keys, "model b") == set(keys)
    again = ledger.embeddings.get([keys[1], keys[0], keys[1]], "model a")
    assert np.array_equal(again, vectors[[1, 0, 1]])
    ledger.close()


def test_no_keys_give_an_empty_array(index: Path) -> None:
    ledger = Ledger(index)
    vectors = ledger.embeddings.get([], "word-hash")
    assert vectors.size == len(vectors) == 0
    assert vectors.dtype == np.float32
    assert ledger.embeddings.missing([], "word-hash") == set()
    ledger.close()


def test_an_embedding_that_is_not_there_is_no_vector(index: Path) -> None:
    ledger = Ledger(index)
    with pytest.raises(KeyError):
        ledger.embeddings.get([text_key("never seen")], "word-hash")
    ledger.close()
