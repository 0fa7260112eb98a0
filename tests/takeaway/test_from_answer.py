import pytest

from assistant.records import Answer
from assistant.takeaway.from_answer import answer_paper, conversation_paper
from assistant.takeaway.paper import Heading, Paper, Sources, referred, runs_in
from tests.takeaway.sample import QUOTES, declined_answer, quoted_answer, written_answer


def said(paper: Paper) -> str:
    return "\n".join(run.text for run in runs_in(paper.blocks))


def test_the_question_is_the_title_and_sources_come_last() -> None:
    paper = answer_paper(quoted_answer())
    assert paper.title == "Are we ready?"
    assert isinstance(paper.blocks[-1], Sources)


def test_citations_keep_their_numbers_places_and_words() -> None:
    paper = answer_paper(quoted_answer())
    assert [note.number for note in paper.notes] == [1, 2, 3, 4] == referred(paper)
    assert [note.quote for note in paper.notes] == list(QUOTES)
    assert "section “What *helps*?”, page 3" in paper.notes[0].source


def test_notices_and_what_to_tell_are_kept() -> None:
    text = said(answer_paper(quoted_answer()))
    assert "Read the whole passage." in text
    assert "To answer more closely: Which stage are you in?" in text


def test_a_question_read_otherwise_says_so() -> None:
    paper = answer_paper(quoted_answer(resolved_question="Is the team ready?"))
    assert "Understood as: Is the team ready?" in said(paper)
    assert "Understood as" not in said(answer_paper(quoted_answer()))


def test_a_written_answer_says_how_each_sentence_is_carried() -> None:
    paper = answer_paper(written_answer())
    text = said(paper)
    assert "Of 3 sentences, 1 are word for word" in text
    assert text.count("(word for word)") == 1
    assert text.index(QUOTES[0]) < text.index("(word for word)") < text.index("Teams plan")
    assert "(Not supported: the passage speaks of something else.)" in text
    assert "Written by a model." in text


def test_a_sentence_whose_mark_is_missing_is_named() -> None:
    answer = written_answer(text="It always works.")
    text = said(answer_paper(answer))
    assert "“It always works.” is not supported: the passage speaks of something else." in text


def test_a_quoted_answer_has_no_marks() -> None:
    assert "word for word" not in said(answer_paper(quoted_answer()))


def test_the_nearest_guidance_of_a_declined_answer_is_noted_at_its_title() -> None:
    paper = answer_paper(declined_answer())
    runs = list(runs_in(paper.blocks))
    noted = {runs[n - 1].text: run.note for n, run in enumerate(runs) if run.note}
    assert noted == {"Readiness & fit (1)": 1, "Another one": 2}
    assert [note.quote for note in paper.notes] == [QUOTES[0], QUOTES[3]]


def test_a_conversation_numbers_its_places_once() -> None:
    answers = [quoted_answer(), declined_answer(), written_answer()]
    paper = conversation_paper(answers)
    assert [note.number for note in paper.notes] == list(range(1, 9)) == referred(paper)
    headings = [block.text for block in paper.blocks if isinstance(block, Heading)]
    assert headings == [*(answer.question for answer in answers), "Sources"]


@pytest.mark.parametrize("question", ["\x00", " "])
def test_a_question_without_words_has_a_title_all_the_same(question: str) -> None:
    answer: Answer = quoted_answer(question=question)
    assert answer_paper(answer).title == "…"
