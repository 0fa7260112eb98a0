"""Questions to ask next, from small documents with the word-hash model."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from assistant.answering.next_steps import next_questions
from assistant.index.reader import Index, View
from assistant.index.stems import Stemmer
from assistant.prompts import fill, read_frames
from assistant.retrieval.search import search
from tests.corpora import build_small
from tests.fakes import WordHashModel

FRAMES, _ = read_frames()
ASKED = "How do teams keep coaches well?"
# Like what is asked, and unlike each other.
NEAR = (
    "How do teams pay coaches more?",
    "Why do all teams keep two leaders?",
    "Can coaches keep well all summer?",
    "How large are teams when teachers keep well?",
    "When do coaches keep a diary?",
)
FAR = "Which bread rises overnight?"

Opened = Callable[..., View]


def document(title: str, questions: Sequence[str] = (), headings: Sequence[str] = ()) -> str:
    front = yaml.safe_dump({"title": title, "questions": list(questions)})
    sections = [f"## {heading}\n\nThis part says a little." for heading in headings]
    return "\n\n".join([f"---\n{front}---", f"# {title}", "Plain words open it.", *sections])


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A function of documents, each by its name, to a view of their index."""
    with ExitStack() as stack:

        def view_of(**documents: str) -> View:
            corpus = tmp_path / "corpus"
            corpus.mkdir()
            for name, text in documents.items():
                (corpus / f"{name}.md").write_text(text, "utf-8")
            build_small(tmp_path / "index", corpus)
            index = Index(tmp_path / "index", WordHashModel())
            stack.callback(index.close)
            return stack.enter_context(index.view())

        yield view_of


def following(view: View, quoted: Collection[str] = (), asked: str = ASKED) -> tuple[str, ...]:
    found = search(view, WordHashModel(), Stemmer(), asked, 10)
    return next_questions(view, FRAMES, found, quoted)


def test_at_most_three_questions_follow_each_of_another_document(opened: Opened) -> None:
    documents = {f"doc{n}": document(f"Doc {n}", [text]) for n, text in enumerate(NEAR)}
    found = following(opened(**documents))
    assert len(found) == 3
    assert set(found) <= set(NEAR)


def test_of_one_document_one_question_follows(opened: Opened) -> None:
    [found] = following(opened(alpha=document("Alpha", NEAR)))
    assert found in NEAR


def test_what_was_asked_does_not_follow(opened: Opened) -> None:
    view = opened(
        alpha=document("Alpha", [ASKED]),
        beta=document("Beta", ["How do teams keep coaches well??"]),
        gamma=document("Gamma", [NEAR[0]]),
    )
    assert following(view) == (NEAR[0],)


def test_of_two_that_ask_the_same_one_follows(opened: Opened) -> None:
    view = opened(alpha=document("Alpha", [NEAR[0]]), beta=document("Beta", [NEAR[0].lower()]))
    assert len(following(view)) == 1


@pytest.mark.parametrize(
    "leaning",
    [
        "How do our teams pay coaches more?",
        "How do teams pay it coaches more?",
        "How do they pay teams, coaches more?",
        "How do these teams pay coaches more?",
    ],
)
def test_a_question_that_leans_on_something_else_does_not_follow(
    opened: Opened, leaning: str
) -> None:
    view = opened(alpha=document("Alpha", [leaning]), beta=document("Beta", NEAR[1:2]))
    assert following(view) == NEAR[1:2]


def test_a_very_long_question_does_not_follow(opened: Opened) -> None:
    view = opened(
        alpha=document("Alpha", [f"{NEAR[0]} {NEAR[0]} {NEAR[0]}"]),
        beta=document("Beta", NEAR[1:2]),
    )
    assert following(view) == NEAR[1:2]


def test_where_nothing_is_near_nothing_follows(opened: Opened) -> None:
    assert following(opened(alpha=document("Bread", [FAR], ["Flour water salt"]))) == ()


def test_other_documents_than_the_quoted_lead_on_first(opened: Opened) -> None:
    view = opened(alpha=document("Alpha", NEAR[:1]), beta=document("Beta", NEAR[1:2]))
    assert following(view, {"alpha"}) == (NEAR[1], NEAR[0])
    assert following(view, {"beta"}) == (NEAR[0], NEAR[1])


def test_a_heading_of_a_document_without_questions_becomes_one(opened: Opened) -> None:
    view = opened(alpha=document("Teams", (), ["Paying coaches well"]))
    assert following(view) == (
        fill(FRAMES.follow_up, title="Teams", section="Paying coaches well"),
    )


def test_a_heading_that_asks_about_its_title_is_taken_as_it_is(opened: Opened) -> None:
    view = opened(alpha=document("Teams", (), ["How do teams pay coaches more?"]))
    assert following(view) == ("How do teams pay coaches more?",)


def test_a_heading_that_asks_without_its_subject_is_left_out(opened: Opened) -> None:
    view = opened(alpha=document("Bread", (), ["How do teams pay coaches more?"]))
    assert following(view) == ()


def test_a_heading_of_a_word_or_two_says_too_little(opened: Opened) -> None:
    view = opened(alpha=document("Teams", (), ["Coaches well"]), beta=document("Beta", NEAR[1:2]))
    assert following(view) == NEAR[1:2]


def test_a_title_alone_is_no_question(opened: Opened) -> None:
    view = opened(alpha=document("How teams pay coaches"), beta=document("Beta", NEAR[1:2]))
    assert following(view) == NEAR[1:2]


@pytest.mark.parametrize(
    "heading", ["Paying our coaches well", "Teams keep " + "and keep the coaches well " * 6]
)
def test_a_heading_that_leans_or_is_long_becomes_no_question(opened: Opened, heading: str) -> None:
    assert following(opened(alpha=document("Teams", (), [heading]))) == ()
