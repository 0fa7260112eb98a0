import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app import Assistant
from assistant.errors import DocumentNotFound
from assistant.index.reader import Index
from assistant.index.stems import Stemmer
from assistant.retrieval.search import (
    Term,
    question_terms,
    rarity,
    search,
    words_of,
    words_to_match,
)
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


def _terms(**chunks: int) -> list[Term]:
    return [Term(word, word, count, 1.0) for word, count in chunks.items()]


def test_the_rarest_words_are_matched_until_there_is_too_much_to_read() -> None:
    terms = _terms(team=1_200, fidelity=700, madi=3, data=1_500, nowhere=0)
    assert words_to_match(terms, 5_000) == (["madi", "fidelity", "team"], False)


def test_frequent_words_are_matched_together_as_few_as_do() -> None:
    terms = _terms(team=100_000, plan=200_000, data=50_000)
    # A twentieth and a tenth of a million are expected to meet in five thousand chunks.
    assert words_to_match(terms, 1_000_000) == (["data", "team", "plan"], True)
    assert words_to_match(_terms(team=10_000, plan=200_000), 1_000_000) == (["team"], True)
    assert words_to_match(_terms(team=20_000, plan=90_000), 1_000_000) == (["team", "plan"], True)


def test_words_that_are_nearly_everywhere_are_left_to_the_vectors() -> None:
    assert words_to_match(_terms(team=900_000), 1_000_000) == ([], True)
    assert words_to_match(_terms(team=900_000, plan=800_000), 1_000_000) == ([], True)
    assert words_to_match(_terms(nowhere=0), 1_000_000) == ([], False)
    assert words_to_match([], 0) == ([], False)


@given(
    st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 2)), max_size=8),
    st.sampled_from([1_000, 100_000, 1_000_000]),
)
def test_what_is_expected_to_match_is_bounded_however_much_there_is(
    shares: list[tuple[int, int]], total: int
) -> None:
    terms = [
        Term(f"w{n}", f"w{n}", share * total // 1_000 // 10**power, 1.0)
        for n, (share, power) in enumerate(shares)
    ]
    counts = {term.word: term.chunks for term in terms}
    words, together = words_to_match(terms, total)
    chosen = [counts[word] for word in words]
    if together and chosen:
        expected = total * math.prod(count / total for count in chosen)
        assert expected <= (10_000 if len(chosen) == 1 else 2_000)
    else:
        assert sum(chosen) <= 2_000
