"""Composition on small documents, with the word-hash model and the real index."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.answering.extractive import BUDGET, compose
from assistant.answering.question import read_question
from assistant.answering.quotes import Quote
from assistant.index.reader import Index
from assistant.index.stems import Stemmer
from assistant.library.glossary import Glossary
from assistant.retrieval.search import search
from tests.corpora import build_small, write_corpus, write_document
from tests.fakes import WordHashModel

Composed = Callable[..., tuple[Quote, ...]]
NO_GLOSSARY = Glossary(terms={}, acronyms={}, synonyms={}, stage_names=())


@pytest.fixture
def composed(tmp_path: Path) -> Composed:
    """A function of a question and documents, by name, to what would be quoted."""

    def quote(
        question: str, budget: int = BUDGET, shown: Sequence[str] = (), /, **documents: str
    ) -> tuple[Quote, ...]:
        corpus = tmp_path / "corpus"
        corpus.mkdir(exist_ok=True)
        for name, text in documents.items():
            (corpus / f"{name}.md").write_text(text, "utf-8")
        build_small(tmp_path / "index", corpus)
        model, stemmer = WordHashModel(), Stemmer()
        asked = read_question(question, (), NO_GLOSSARY)
        index = Index(tmp_path / "index", model)
        try:
            with index.view() as view:
                found = search(view, model, stemmer, asked.query, 20)
                quotes = compose(view, stemmer, asked, found, budget)
                elsewhere = [one for one in quotes if set(one.texts) & set(shown)]
                return compose(view, stemmer, asked, found, budget, elsewhere) if shown else quotes
        finally:
            index.close()

    return quote


def texts(quotes: Sequence[Quote]) -> list[str]:
    return [text for quote in quotes for text in quote.texts]


def words(quotes: Sequence[Quote]) -> int:
    return sum(quote.words for quote in quotes)


def test_a_leaning_sentence_brings_the_one_before_it(composed: Composed) -> None:
    found = composed(
        "What helps teachers keep a habit alive?",
        a="# Coaching\n\nCoaching begins after training. It helps teachers keep a habit alive.",
    )
    assert texts(found) == [
        "Coaching begins after training.",
        "It helps teachers keep a habit alive.",
    ]


def test_a_leaning_sentence_with_nothing_before_it_is_left_out(composed: Composed) -> None:
    found = composed(
        "What helps teachers keep a habit alive?",
        a="# Coaching\n\nIt helps teachers keep a habit alive.\n\nTeachers keep a coach informed.",
    )
    assert texts(found) == ["Teachers keep a coach informed."]


def test_a_list_comes_whole_with_its_lead(composed: Composed) -> None:
    found = composed(
        "What are the three tasks of a team?",
        a="# Teams\n\nThe three tasks of a team are:\n\n- plan\n- act\n- look back\n",
    )
    assert found[0].is_list
    assert found[0].texts == ("The three tasks of a team are:", "plan", "act", "look back")


def test_a_list_is_whole_even_if_it_runs_through_several_chunks(composed: Composed) -> None:
    items = [f"task number {n} " + "and some more words " * 3 for n in range(12)]
    lead = "The twelve tasks of a team are:"
    found = composed(
        "What are the twelve tasks of a team?",
        a=f"# Teams\n\n{lead}\n\n" + "\n".join(f"- {item}" for item in items),
    )
    assert texts(found) == [lead, *(item.strip() for item in items)]


def test_a_list_that_was_asked_for_may_exceed_the_budget(composed: Composed) -> None:
    document = "# Teams\n\nTeams have tasks.\n\nThe tasks of a team are:\n\n" + "\n".join(
        f"- task {n} has words" for n in range(9)
    )
    asked = composed("What are the tasks of a team?", 20, a=document)
    assert any(quote.is_list for quote in asked)
    assert words(asked) > 20


def test_a_paragraph_that_announces_a_list_brings_the_list(composed: Composed) -> None:
    found = composed(
        "On what does the choice of a programme rest?",
        a="# Choosing\n\nThe choice of a programme rests on three questions. The questions are:\n\n"
        "- who\n- where\n- when\n",
    )
    assert texts(found)[-4:] == ["The questions are:", "who", "where", "when"]


def test_no_sentence_is_quoted_twice(composed: Composed) -> None:
    found = composed(
        "Does coaching help teachers, take time and pay off?",
        a="# Coaching\n\nCoaching helps the teachers. It takes much time. It pays off twice.",
    )
    assert len(found) > 0
    assert len(texts(found)) == len(set(texts(found)))


def test_a_sentence_that_stands_in_two_documents_is_quoted_once(composed: Composed) -> None:
    same = "Coaching helps teachers to keep a habit."
    found = composed("Does coaching help teachers?", a=f"# A\n\n{same}", b=f"# B\n\n{same}")
    assert texts(found) == [same]


def test_nothing_to_quote_gives_nothing(composed: Composed) -> None:
    text = "# Questions\n\nWhat would make this plan fail for us?"
    assert composed("Will this plan fail?", a=text) == ()


QUESTION = "How do coaches and teams review data on barriers in schools?"


def test_the_lead_comes_first_then_each_source_and_section_in_its_order(
    composed: Composed, tmp_path: Path
) -> None:
    for n in range(3):
        write_document(tmp_path / "corpus", f"doc-{n}", seed=f"order {n}")
    _, *rest = composed(QUESTION, 1_000)
    documents = [quote.chunk.document_id for quote in rest]
    sections = [(quote.chunk.document_id, quote.chunk.section) for quote in rest]
    assert len(rest) > len(set(sections)) > len(set(documents)) > 1
    for places in (documents, sections):  # each is left for good
        assert len(set(places)) == sum(1 for _ in itertools.groupby(places))
    for section in set(sections):
        starts = [
            quote.sentences[0].start
            for quote, place in zip(rest, sections, strict=True)
            if place == section
        ]
        assert starts == sorted(starts)


def test_an_answer_draws_on_few_sources(composed: Composed, tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", 9)
    found = composed(QUESTION, 1_000)
    assert 1 < len({quote.chunk.document_id for quote in found}) < 9


@pytest.mark.parametrize("budget", [15, 40, 90])
def test_no_more_is_quoted_than_the_budget_allows(
    composed: Composed, tmp_path: Path, budget: int
) -> None:
    write_corpus(tmp_path / "corpus", 4)
    found = composed(QUESTION, budget)
    assert found
    assert words(found) <= budget


def test_the_lead_is_quoted_even_if_it_exceeds_the_budget(composed: Composed) -> None:
    text = "Coaching helps many teachers to keep a new habit."
    assert texts(composed("How does coaching help?", 3, a=f"# Coaching\n\n{text}")) == [text]


def test_what_is_shown_elsewhere_is_not_quoted_again(composed: Composed) -> None:
    one, other = "Coaching helps teachers to keep a habit.", "Coaching needs time in the week."
    documents = {"a": f"# Coaching\n\n{one}\n\n{other}"}
    question = "How does coaching help teachers keep a habit?"
    assert set(texts(composed(question, **documents))) == {one, other}
    assert texts(composed(question, BUDGET, [one], **documents)) == [other]
    assert composed(question, BUDGET, [one, other], **documents) == ()


def test_sentences_that_follow_each_other_below_the_lead_are_one_quote(composed: Composed) -> None:
    found = composed(
        "What do coaches need?",
        a="# Coaches\n\nCoaches need everything a good team needs.\n\n"
        "Some coaches lack time on Mondays. A few coaches lack money for books.",
    )
    lead, *rest = found
    assert lead.texts == ("Coaches need everything a good team needs.",)
    assert [quote.texts for quote in rest] == [
        ("Some coaches lack time on Mondays.", "A few coaches lack money for books.")
    ]


def test_the_same_question_gives_the_same_quotes(composed: Composed, tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", 6)
    assert composed(QUESTION) == composed(QUESTION)
