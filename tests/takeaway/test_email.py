from datetime import date, time

import pytest

from assistant.plans import Preparation
from assistant.takeaway.email import MOST_WORDS
from tests.coaching.sample import sample_brief, sample_plan, sample_series
from tests.takeaway.sample import (
    QUOTES,
    declined_answer,
    quoted_answer,
    strange_plan,
    taken,
    written_answer,
)


def parts(data: bytes) -> tuple[str, str]:
    subject, _, body = data.decode().partition("\n\n")
    return subject, body


def test_a_plan_says_when_what_for_what_to_decide_to_do_and_to_read() -> None:
    brief = sample_brief(day=date(2026, 12, 3), at=time(14))
    subject, body = parts(taken(sample_plan(brief=brief), "txt"))
    assert subject == (
        "Subject: Exploration: agree what the need in reading is, "
        "Thursday 3 December 2026, 14:00 to 15:30"
    )
    for line in (
        "Length: 90 minutes, in the room", "Purpose: Agree what the need in reading is.",
        "- A cause to test",
        "- Ask five pupils what reading is like for them. Owner: _____ By: _____",
        "- Why explore first?", "- Outcomes by group",
    ):  # fmt: skip
        assert line in body.split("\n")


@pytest.mark.parametrize("word", ["word ", "a ", "x" * 300 + " "])
def test_a_body_never_has_more_words_than_are_read(word: str) -> None:
    many = (word * 200,) * 30
    plan = sample_plan(
        purpose=word * 400, preparation=Preparation(coach=(), pre_read=many, bring=many)
    )
    plan = plan.model_copy(
        update={
            "actions": tuple(
                plan.actions[0].model_copy(update={"action": word * 100}) for _ in range(20)
            )
        }
    )
    _, body = parts(taken(plan, "txt"))
    assert len(body.split()) <= MOST_WORDS
    assert "more in the plan" in body


def test_a_series_names_its_sessions() -> None:
    subject, body = parts(taken(sample_series(), "txt"))
    assert subject == "Subject: Three sessions over a year: a primary school"
    assert "- Session 2, Month 5: Agree what the need in reading is (to be set)" in body
    assert len(body.split()) <= MOST_WORDS


def test_an_answer_has_its_question_text_numbers_and_sources() -> None:
    subject, body = parts(taken(quoted_answer(), "txt"))
    assert subject == "Subject: Are we ready?"
    assert body.startswith("Question: Are we ready?\n\nAsk the people who will use it first. [1]")
    assert "- Plan for A*B [sic] & <all> of it. [2]\n- Ask again. [1] [2]" in body
    assert "3. Write down the need. [3]" in body
    assert "[4] Readiness & fit (2) (Ada Author" in body
    assert "\nhttps://example.org/2" in body
    assert all(quote in body for quote in QUOTES)


def test_a_quote_that_is_not_in_the_text_stands_with_its_source() -> None:
    _, body = parts(taken(written_answer(), "txt"))
    assert f"“{QUOTES[1]}”" in body
    assert f"“{QUOTES[0]}”" not in body


def test_a_conversation_has_all_questions() -> None:
    _, body = parts(taken([quoted_answer(), declined_answer()], "txt"))
    assert "\nAre we ready?\n" in f"\n{body}"
    assert "\nWhat is the weather?\n" in body
    assert "[6] Another one" in body


def test_a_subject_is_one_line_whatever_the_title_holds() -> None:
    subject, body = parts(taken(strange_plan(), "txt"))
    assert len(subject) < 200
    assert "\x00" not in body
    assert "\n\nDate: _____" in f"\n\n{body}"
