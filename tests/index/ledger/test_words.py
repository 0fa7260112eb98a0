from contextlib import closing
from pathlib import Path

import pytest

from assistant.index.ledger.ledger import Ledger


def test_words_match_by_their_stems_and_filters_hold(index: Path) -> None:
    ledger = Ledger(index)
    everywhere = {name.split(":")[0] for name, _ in ledger.words.match(["guides"], 50)}
    assert everywhere == {"doc-0", "doc-1", "doc-2"}
    only = {name.split(":")[0] for name, _ in ledger.words.match(["guides"], 50, only=["doc-1"])}
    assert only == {"doc-1"}
    rest = {name.split(":")[0] for name, _ in ledger.words.match(["guides"], 50, without=["doc-1"])}
    assert rest == {"doc-0", "doc-2"}
    ledger.close()


def test_words_match_together_where_all_of_them_stand(index: Path) -> None:
    with closing(Ledger(index)) as ledger:
        either = ledger.words.match(["guides", "nowhere"], 50)
        both = ledger.words.match(["guides", "nowhere"], 50, together=True)
        (one, _), *_ = ledger.words.match(["guides"], 1)
        alone = ledger.words.match(["guides"], 50, together=True)
    assert either == alone
    assert one == alone[0][0]
    assert both == []


@pytest.mark.parametrize("term", ['"', 'a"b', "NEAR(", "*", "guide OR", "x'); DROP TABLE chunks"])
def test_no_query_can_break_out_of_its_quotes(index: Path, term: str) -> None:
    ledger = Ledger(index)
    ledger.words.match([term], 5)
    assert ledger.chunks.count() == 9
    ledger.close()


def test_document_frequency_counts_chunks_and_knows_what_is_missing(index: Path) -> None:
    ledger = Ledger(index)
    assert ledger.words.document_frequency(["guid", "kubernet"]) == {"guid": 9, "kubernet": 0}
    ledger.close()
