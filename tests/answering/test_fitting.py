"""How well a sentence fits what a question wants: comparisons, and no numbers."""

import pytest

from assistant.answering.fitting import Fit, named
from assistant.answering.question import read_question
from assistant.index.stems import Stemmer
from assistant.library.glossary import read_glossary
from assistant.resources import shipped_corpus

GLOSSARY = read_glossary(shipped_corpus())
STEMMER = Stemmer()


def bonus(question: str, text: str) -> float:
    return Fit(read_question(question, (), GLOSSARY), STEMMER).bonus(text)


@pytest.mark.parametrize("text", ["FRAME is one.", "Two frames differ.", "(FRAME)", "in FRAME"])
def test_a_side_is_named_in_one_or_many_and_any_case(text: str) -> None:
    assert named("FRAME").search(text)


@pytest.mark.parametrize("text", ["FRAME-IS is one.", "A framework.", "My-FRAME", "reframe"])
def test_a_side_is_not_named_within_another_name(text: str) -> None:
    assert not named("FRAME").search(text)


def test_marks_in_the_name_of_a_side_are_no_pattern() -> None:
    assert named("R=MC2 (a+b)").search("In R=MC2 (a+b) all is said.")
    assert not named("a.b").search("axb")


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("How long does it take?", "It takes two years.", "It takes patience."),
        ("How many coaches are needed?", "A team has 3 coaches.", "A team has coaches."),
        ("What is coaching?", "Coaching is regular help.", "Many people help by coaching."),
        ("What is coaching?", "A coach is a helper at work.", "A helper is a coach at work."),
        ("Where should we start?", "Look at the need first.", "Look at the need."),
        (
            "What is the difference between training and coaching?",
            "Training tells and coaching shows.",
            "Training tells and shows.",
        ),
    ],
)
def test_a_sentence_of_the_wanted_form_gains(question: str, better: str, worse: str) -> None:
    assert bonus(question, better) > bonus(question, worse)


@pytest.mark.parametrize("reply", ["No, nobody can.", "Yes: it can.", "It depends, they say."])
def test_a_reply_to_another_question_loses(reply: str) -> None:
    assert bonus("What helps teachers?", reply) < bonus("What helps teachers?", "Nobody can.")


@pytest.mark.parametrize("text", ["Nobody knows it.", "Yesterday, they came.", "No one came."])
def test_a_word_that_only_begins_like_a_reply_loses_nothing(text: str) -> None:
    assert bonus("What helps teachers?", text) == 0


@pytest.mark.parametrize("text", ["It takes two years.", "Coaching is help.", "Look there first."])
def test_a_question_of_no_special_kind_gives_no_bonus(text: str) -> None:
    assert bonus("Who helps teachers?", text) == 0


def test_a_definition_of_another_word_gains_nothing() -> None:
    assert bonus("What is coaching?", "Training is a course.") == 0


def test_both_sides_are_wanted_by_their_very_names() -> None:
    question = "What is the difference between FRAME and FRAME-IS?"
    assert bonus(question, "FRAME and FRAME-IS differ.") > bonus(question, "FRAME-IS differs.")
    assert bonus(question, "FRAME-IS has two parts.") == 0


def test_a_text_on_the_setting_that_the_team_told_is_preferred() -> None:
    told = ["We are a primary school and our coach left."]
    asked = read_question("Who should be on the team?", told, GLOSSARY)
    fit = Fit(asked, STEMMER)
    assert asked.setting == "primary school"
    for text in ("In a school the head decides.", "Schools need a head."):
        assert fit.preference(text) > fit.preference("On a ward the matron decides.")


def test_without_a_setting_no_text_is_preferred() -> None:
    asked = read_question("Who should be on the team?", (), GLOSSARY)
    assert Fit(asked, STEMMER).preference("In a school the head decides.") == 0
