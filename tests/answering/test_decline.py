"""The confidence: what it is made of, and that it goes the right way."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.decline import (
    THRESHOLD,
    Signals,
    confidence,
    is_another_language,
    missing_terms,
    reason_to_decline,
    signals_of,
)
from assistant.index.reader import Index, View
from assistant.index.stems import Stemmer
from assistant.retrieval.search import Retrieval, search
from tests.corpora import build_small
from tests.fakes import WordHashModel

STEMMER = Stemmer()
GUIDE = """# Coaching for teachers

Coaching helps teachers keep a new habit alive.

Teams review data every week and remove barriers.
"""

share = st.floats(min_value=0, max_value=1)
lengths = st.floats(min_value=0, max_value=8)


@st.composite
def _signals(draw: st.DrawFn) -> Signals:
    return Signals(
        similarity=draw(share),
        signposts=draw(share),
        coverage=draw(share),
        unknown=draw(share),
        strange=draw(st.sampled_from([0.0, 1.0])),
        length=draw(lengths),
        silent=draw(st.booleans()),
    )


@given(_signals())
def test_confidence_is_a_probability(signals: Signals) -> None:
    assert 0 <= confidence(signals) <= 1


@given(_signals(), st.sampled_from(["similarity", "signposts", "coverage"]), share)
def test_more_evidence_is_never_less_confident(signals: Signals, name: str, more: float) -> None:
    level = min(1.0, getattr(signals, name) + more)
    assert confidence(replace(signals, **{name: level})) >= confidence(signals)


@given(_signals(), share)
def test_words_that_stand_nowhere_are_never_more_confident(signals: Signals, more: float) -> None:
    base = confidence(signals)
    assert confidence(replace(signals, unknown=min(1.0, signals.unknown + more))) <= base
    assert confidence(replace(signals, strange=1.0)) <= base


def test_without_a_passage_there_is_no_confidence() -> None:
    assert confidence(None) == 0.0


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize(("level", "sure"), [(0.0, False), (0.95, True)])
def test_the_ends_are_clear(level: float, sure: bool, silent: bool) -> None:
    signals = Signals(level, level, level, 1 - level, 0.0, 2.0, silent)
    assert (confidence(signals) >= THRESHOLD) is sure


@pytest.fixture
def view(tmp_path: Path) -> Iterator[View]:
    """An index of one short guide."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "guide.md").write_text(GUIDE, "utf-8")
    build_small(tmp_path / "index", tmp_path / "corpus")
    with ExitStack() as stack:
        index = Index(tmp_path / "index", WordHashModel())
        stack.callback(index.close)
        yield stack.enter_context(index.view())


@pytest.fixture
def found(view: View) -> Callable[[str], Retrieval]:
    """A function of a query to what is found in the guide."""
    return lambda query: search(view, WordHashModel(), STEMMER, query, 5)


def test_a_question_in_the_guides_own_words_is_held_whole(
    found: Callable[[str], Retrieval],
) -> None:
    query = "Coaching helps teachers keep a new habit alive"
    signals = signals_of(STEMMER, found(query), query, 100)
    assert signals.coverage == pytest.approx(1)
    assert signals.unknown == pytest.approx(0)
    assert signals.strange == 0


def test_a_word_that_stands_nowhere_is_unknown_and_lowers_no_coverage(
    found: Callable[[str], Retrieval],
) -> None:
    query = "Does coaching help dragons?"
    signals = signals_of(STEMMER, found(query), query, 100)
    assert 0 < signals.unknown < 1
    assert signals.coverage == pytest.approx(1)


def test_a_word_that_a_small_index_lacks_says_less(found: Callable[[str], Retrieval]) -> None:
    query = "Does coaching help dragons?"
    in_few, in_many = (signals_of(STEMMER, found(query), query, n).unknown for n in (5, 5_000))
    assert in_few < in_many


def test_a_question_of_unknown_words_alone_is_held_by_nothing(
    found: Callable[[str], Retrieval],
) -> None:
    signals = signals_of(STEMMER, found("kubernetes dragons"), "kubernetes dragons", 100)
    assert signals.coverage == 0
    assert confidence(signals) < THRESHOLD


@pytest.mark.parametrize(
    ("query", "strange"),
    [
        ("Does KOOCH help teachers?", 1),
        ("Does GraphQL help teachers?", 1),
        ("Does kooch help teachers?", 0),
        ("Does COACHING help teachers?", 0),
    ],
)
def test_a_name_in_capitals_that_stands_nowhere_is_strange(
    found: Callable[[str], Retrieval], query: str, strange: int
) -> None:
    assert signals_of(STEMMER, found(query), query, 100).strange == strange


def test_a_longer_question_is_longer(found: Callable[[str], Retrieval]) -> None:
    short, long = "coaching helps", "coaching helps teachers keep a habit alive"
    assert (
        signals_of(STEMMER, found(long), long, 9).length
        > signals_of(STEMMER, found(short), short, 9).length
    )


@pytest.mark.parametrize(
    "text",
    [
        "Combien de temps faut-il pour mettre en œuvre un programme ?",
        "Wie lange dauert es, bis alle Lehrkräfte das Programm benutzen?",
        "教练如何帮助老师保持新的习惯",
    ],
)
def test_another_language_is_told(view: View, text: str) -> None:
    assert is_another_language(view, STEMMER, text)


@pytest.mark.parametrize(
    "text",
    [
        "Coaching helps teachers keep a new habit alive",
        "How do we get everybody to do this?",
        "Should the tortoise juggle seventeen purple marmalade trombones tomorrow?",
        "fidelity",
        "Wie lange",
    ],
)
def test_english_and_what_is_too_short_to_tell_are_no_other_language(view: View, text: str) -> None:
    assert not is_another_language(view, STEMMER, text)


def test_what_stands_nowhere_is_named_in_its_order_and_numbers_are_not(
    found: Callable[[str], Retrieval],
) -> None:
    assert missing_terms(found("Do dragons help 17 teachers to bake?")) == ["dragons", "bake"]
    assert missing_terms(found("Does coaching help teachers?")) == []


def test_a_question_near_to_nothing_is_out_of_scope(found: Callable[[str], Retrieval]) -> None:
    near = found("Coaching helps teachers keep a new habit alive")
    assert reason_to_decline(near) == "not_covered"
    assert reason_to_decline(replace(near, best_similarity=0.0)) == "out_of_scope"
