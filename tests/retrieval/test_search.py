from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.errors import DocumentNotFound
from assistant.index.reader import Index
from assistant.index.stems import Stemmer
from assistant.retrieval.search import question_terms, rarity, search, words_of
from tests.corpora import build_small, write_corpus
from tests.fakes import WordHashModel


def test_words_are_lower_case_and_each_stands_once() -> None:
    assert words_of("Scale UP, scale-out: 0.5 % of NG-136") == [
        "scale", "up", "out", "0", "5", "of", "ng", "136",
    ]  # fmt: skip


def test_a_word_tells_more_the_rarer_it_is() -> None:
    told = [rarity(chunks, 100) for chunks in range(101)]
    assert told == sorted(told, reverse=True)
    assert 0 < told[100] < told[99] < told[1] < told[0]


def test_every_passage_has_a_reason(library: Assistant) -> None:
    passages = library.search("Who should be on the implementation team?", 20)
    assert [passage.rank for passage in passages] == list(range(1, 21))
    assert all(p.dense_rank is not None or p.text_rank is not None for p in passages)
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("our champion is leaving", "champion-is-leaving"),
        ("seven principles for complex change", "complexity-principles"),
        ("business case and disinvestment", "business-case-for-scale"),
        ("catheter infection checklist", "case-infection-checklist"),
        ("staff want to drop two lessons", "dropping-or-shortening"),
    ],
)
def test_the_right_note_comes_first(library: Assistant, query: str, document: str) -> None:
    assert library.search(query, 1)[0].document_id == document


def test_filters_hold_for_both_kinds_of_search(library: Assistant) -> None:
    only = library.search("scaling", 30, only=["three-logics-of-spread"])
    assert {passage.document_id for passage in only} == {"three-logics-of-spread"}
    without = library.search("scaling", 30, without=["three-logics-of-spread"])
    assert "three-logics-of-spread" not in {passage.document_id for passage in without}
    with pytest.raises(DocumentNotFound):
        library.search("scaling", 5, only=["no-such-document"])


def test_words_that_stand_nowhere_weigh_most_and_are_known_as_missing(tmp_path: Path) -> None:
    build_small(tmp_path / "index", write_corpus(tmp_path / "corpus", 3))
    model, stemmer = WordHashModel(), Stemmer()
    index = Index(tmp_path / "index", model)
    with index.view() as view:
        terms = {
            t.word: t for t in question_terms(view, stemmer, "How do guides scale kubernetes?")
        }
        found = search(view, model, stemmer, "the and of", 5)
    index.close()
    assert set(terms) == {"guides", "scale", "kubernetes"}
    assert terms["guides"].chunks == 9
    assert terms["kubernetes"].chunks == 0
    assert terms["kubernetes"].weight > terms["guides"].weight
    assert len(found.passages) == 5  # stop words alone still search by meaning
