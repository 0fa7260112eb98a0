"""Composition on small documents, with the word-hash model and the real index."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.extractive import Composition, compose, quotable
from assistant.answering.question import read_question
from assistant.index.reader import Index
from assistant.index.stems import Stemmer
from assistant.records import Sentence, SentenceRole
from assistant.retrieval.search import search
from tests.corpora import build_small
from tests.fakes import WordHashModel

Compose = Callable[[str, str], Composition]


@pytest.fixture
def composed(tmp_path: Path) -> Compose:
    """A function of a document's text and a question to what would be quoted."""

    def quote(text: str, question: str) -> Composition:
        (tmp_path / "corpus").mkdir()
        (tmp_path / "corpus" / "guide.md").write_text(text, "utf-8")
        build_small(tmp_path / "index", tmp_path / "corpus")
        model, stemmer = WordHashModel(), Stemmer()
        index = Index(tmp_path / "index", model)
        try:
            with index.view() as view:
                asked = read_question(question)
                return compose(
                    view, stemmer, asked, search(view, model, stemmer, asked.resolved, 10)
                )
        finally:
            index.close()

    return quote


def texts(composition: Composition) -> list[str]:
    return [text for quote in composition.quotes for text in quote.texts]


def test_a_leaning_sentence_brings_the_one_before_it(composed: Compose) -> None:
    found = composed(
        "# Coaching\n\nCoaching begins after training. It helps teachers keep a habit alive.",
        "What helps teachers keep a habit alive?",
    )
    assert found.quotes[0].texts == (
        "Coaching begins after training.",
        "It helps teachers keep a habit alive.",
    )


def test_a_leaning_sentence_with_nothing_before_it_is_left_out(composed: Compose) -> None:
    found = composed(
        "# Coaching\n\nIt helps teachers keep a habit alive.\n\nTeachers keep a coach informed.",
        "What helps teachers keep a habit alive?",
    )
    assert texts(found) == ["Teachers keep a coach informed."]


def test_a_list_comes_whole_with_its_lead(composed: Compose) -> None:
    found = composed(
        "# Teams\n\nThe three tasks of a team are:\n\n- plan\n- act\n- look back\n",
        "What are the three tasks of a team?",
    )
    assert found.quotes[0].is_list
    assert found.quotes[0].texts == ("The three tasks of a team are:", "plan", "act", "look back")


def test_a_list_is_whole_even_if_it_runs_through_several_chunks(composed: Compose) -> None:
    items = [f"task number {n} " + "and some more words " * 3 for n in range(12)]
    lead = "The twelve tasks of a team are:"
    found = composed(
        f"# Teams\n\n{lead}\n\n" + "\n".join(f"- {item}" for item in items),
        "What are the twelve tasks of a team?",
    )
    assert found.quotes[0].texts == (lead, *(item.strip() for item in items))


def test_a_paragraph_that_announces_a_list_brings_the_list(composed: Compose) -> None:
    found = composed(
        "# Choosing\n\nThe choice of a programme rests on three questions. The questions are:\n\n"
        "- who\n- where\n- when\n",
        "On what does the choice of a programme rest?",
    )
    assert texts(found)[-4:] == ["The questions are:", "who", "where", "when"]


def test_no_sentence_is_quoted_twice(composed: Compose) -> None:
    found = composed(
        "# Coaching\n\nCoaching helps teachers. It takes time. It pays off.",
        "Does coaching help teachers, take time and pay off?",
    )
    assert len(texts(found)) == len(set(texts(found)))


def test_nothing_to_quote_gives_an_empty_composition(composed: Compose) -> None:
    found = composed(
        "# Questions\n\nWhat would make this plan fail for us?", "Will this plan fail?"
    )
    assert found == Composition(quotes=())


@pytest.mark.parametrize(
    ("text", "role", "can"),
    [
        ("Coaching helps teachers keep going.", SentenceRole.PLAIN, True),
        ("Coaching helps teachers keep going.12", SentenceRole.PLAIN, True),
        ("What would make this plan fail?", SentenceRole.PLAIN, False),
        ("Helen Nicol, senior manager", SentenceRole.PLAIN, False),
        ("Too short.", SentenceRole.PLAIN, False),
        ("1234 5678 9012 3456.", SentenceRole.PLAIN, False),
        ("a list item that says something alone", SentenceRole.ITEM, True),
        ("coaching", SentenceRole.ITEM, False),
    ],
)
def test_only_what_says_something_alone_is_quotable(
    text: str, role: SentenceRole, can: bool
) -> None:
    assert quotable(Sentence(start=0, end=len(text), block=0, role=role), text) is can
