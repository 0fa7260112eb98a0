"""What is read from a question as typed, alone and after other questions."""

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.answering.question import LONGEST_QUESTION, Question, read_question
from assistant.errors import QuestionError

EARLIER = "How long does installation take?"


def test_a_question_on_its_own_means_what_it_says() -> None:
    assert read_question("Who coaches?") == Question(
        text="Who coaches?", resolved="Who coaches?", wants_list=False, compares=False
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("  Who\n\n coaches\t? ", "Who coaches ?"),
        ("Who\x00coaches\x1b?\x7f", "Who coaches ?"),
        ("Who\u0085coaches\u00a0?", "Who coaches ?"),
        ("Who\ud800 coaches?\ue000", "Who coaches?"),
        ("Cafe\u0301?", "Café?"),
        ("Who coaches 👩‍🏫?", "Who coaches 👩‍🏫?"),
        ("5", "5"),
        ("教练？", "教练？"),
    ],
)
def test_a_question_is_cleaned(typed: str, text: str) -> None:
    asked = read_question(typed)
    assert (asked.text, asked.resolved) == (text, text)


@pytest.mark.parametrize(
    "typed",
    ["", " \n\t", "\x00\x07\x1b", "?!…", "👍", "🙂 👩‍🏫 🎉", "\u200b", "\ud83d", " " * 20_000],
)
def test_a_question_without_a_word_is_empty(typed: str) -> None:
    with pytest.raises(QuestionError) as caught:
        read_question(typed, [EARLIER])
    assert caught.value.message == "The question is empty."
    assert caught.value.remedy == "Type a question in plain words."
    assert caught.value.exit_code == 2


def test_a_question_of_the_greatest_length_is_read() -> None:
    assert LONGEST_QUESTION == 2_000
    assert read_question("x" * 2_000).text == "x" * 2_000
    assert read_question(f"{' ' * 9_000}{'x' * 2_000}\n").text == "x" * 2_000


@pytest.mark.parametrize(
    ("typed", "length"),
    [("x" * 2_001, "2,001"), ("x" * 20_000, "20,000"), ("why? " * 4_000, "19,999")],
)
def test_a_question_that_is_far_too_long_is_refused(typed: str, length: str) -> None:
    with pytest.raises(QuestionError) as caught:
        read_question(typed)
    assert caught.value.message == f"The question has {length} characters; the most is 2,000."
    assert caught.value.remedy == "Ask one thing at a time."


@pytest.mark.parametrize(
    "typed",
    [
        "Why?",
        "WHY",
        "And in a clinic?",
        "But who pays?",
        "So what?",
        "OK, next?",
        "Okay then?",
        "Then what?",
        "How so?",
        "What about the ward?",
        "How about nurses?",
        "What if nobody comes?",
        "Does it work?",
        "Who does that?",
        "Can we cut those?",
        "What do they need?",
        "Is the other better?",
        "Should we wait instead?",
        "one two three four five six seven eight nine ten eleven it",
    ],
)
def test_a_follow_up_leans_on_the_question_before(typed: str) -> None:
    asked = read_question(typed, ["Who coaches?", EARLIER])
    assert asked.text == typed
    assert asked.resolved == f"{EARLIER} {typed}"
    assert read_question(typed).resolved == typed


@pytest.mark.parametrize(
    "typed",
    [
        "Who should be on the team?",
        "How many coaches do we need?",
        "Android phones in lessons?",  # begins with "and" but not the word
        "Sorting pupils by need?",
        "How long does fidelity take?",  # "it" inside a word
        "No coaches yet?",
        "one two three four five six seven eight nine ten eleven twelve it",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(typed: str) -> None:
    assert read_question(typed, [EARLIER]).resolved == typed


@pytest.mark.parametrize("typed", ["No, for a hospital?", "Yes, in schools?", "no; for nurses?"])
def test_a_follow_up_may_begin_with_yes_or_no(typed: str) -> None:
    assert read_question(typed, [EARLIER]).resolved == f"{EARLIER} {typed}"


def test_the_history_is_cleaned_and_blank_turns_are_passed_over() -> None:
    history = ["Who coaches?", " How\nlong\x00? ", "", " \n", "\x07"]
    assert read_question("Why?", history).resolved == "How long ? Why?"
    assert read_question("Why?", ["", " "]).resolved == "Why?"


def test_a_turn_without_a_word_is_passed_over() -> None:
    assert read_question("Why?", [EARLIER, "👍"]).resolved == f"{EARLIER} Why?"


def test_a_long_turn_of_the_history_is_cut() -> None:
    assert read_question("Why?", ["x" * 20_000]).resolved == "x" * 2_000 + " Why?"


def test_resolving_changes_neither_what_is_listed_nor_what_is_compared() -> None:
    asked = read_question("And then?", ["What are the seven principles, or the stages?"])
    assert (asked.wants_list, asked.compares) == (False, False)


@pytest.mark.parametrize(
    ("typed", "wants_list"),
    [
        ("List the stages.", True),
        ("Name its parts", True),
        ("What are the drivers?", True),
        ("Which are the core components?", True),
        ("Tell me all the lessons", True),
        ("What steps come first?", True),
        ("What planning steps come first?", True),
        ("Explain the seven principles", True),
        ("Explain the 12 goals", True),
        ("Who coaches?", False),
        ("How long does it take?", False),
        ("Is our glist ready?", False),
        ("Explain one principle", False),
    ],
)
def test_a_question_wants_a_list(typed: str, wants_list: bool) -> None:
    assert read_question(typed).wants_list is wants_list


@pytest.mark.parametrize(
    ("typed", "compares"),
    [
        ("Scale up or scale out?", True),
        ("Fidelity vs. adaptation", True),
        ("Fidelity versus adaptation", True),
        ("What is different here?", True),
        ("What is the difference?", True),
        ("Compare both", True),
        ("Is spread the same as scale?", True),
        ("Coaching rather than training?", True),
        ("Who coordinates for us?", False),
        ("Who coaches?", False),
    ],
)
def test_a_question_compares(typed: str, compares: bool) -> None:
    assert read_question(typed).compares is compares


@settings(deadline=None)
@given(st.text(max_size=300))
def test_what_was_read_reads_the_same_again(typed: str) -> None:
    try:
        asked = read_question(typed)
    except QuestionError:
        assume(False)
    assert read_question(asked.text) == asked
    assert asked.text == unicodedata.normalize("NFC", asked.text)
    assert asked.text == " ".join(asked.text.split())
    assert {unicodedata.category(c) for c in asked.text}.isdisjoint({"Cc", "Cs", "Co"})


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=4))
def test_a_resolved_question_ends_with_the_question(typed: str, history: list[str]) -> None:
    try:
        asked = read_question(typed, history)
    except QuestionError:
        assume(False)
    assert asked.resolved.endswith(asked.text)
    assert len(asked.resolved) <= LONGEST_QUESTION + 1 + len(asked.text)
