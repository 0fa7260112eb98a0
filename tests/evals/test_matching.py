"""When a text holds a phrase, against examples, and what must be true of any text."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.cases import Match
from evals.matching import has_phrase, holds, normal

# --- normal


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Half  of\nthe\tSTAFF ", "half of the staff"),
        ("‘a’ “b” it’s", "'a' \"b\" it's"),
        ("5–6 a—b c‐d e‑f", "5-6 a-b c-d e-f"),
        ("1,234,567 and 3\u00a0500 and 7\u2009100", "1234567 and 3500 and 7100"),
        ("1,23 and 1,2345 and 2, 300 and 1,000.5", "1,23 and 1,2345 and 2, 300 and 1000.5"),
        (
            "zero One two three four five six seven eight nine ten eleven TWELVE",
            "0 1 2 3 4 5 6 7 8 9 10 11 12",
        ),
        ("thirteen someone often weight", "thirteen someone often weight"),
        ("**Bold** `code` \\[1\\] a_b", "bold code [1] ab"),
        ("ﬁdelity Straße ＡＢ", "fidelity strasse ab"),
        ("", ""),
    ],
)
def test_the_normal_form_is(text: str, plain: str) -> None:
    assert normal(text) == plain


# No digits: see the examples below. No combining marks: none is in our documents.
_TYPED = "".join(set(string.printable) - set(string.digits)) + "éÜñß‘’“”–—‐‑\u00a0…ﬁ½"


@settings(deadline=None)
@given(st.text(_TYPED) | st.lists(st.sampled_from("one **Ten** ‘twelve’ a-b 1,000 50%".split())))
def test_the_normal_form_of_a_normal_form_is_itself(text: str | list[str]) -> None:
    once = normal(text if isinstance(text, str) else " ".join(text))
    assert normal(once) == once


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**1**,000", "1000"),
        ("one,000", "1000"),
        ("3  000", "3 000"),
        ("3\n000", "3 000"),
        ("In 2024 150 schools", "in 2024 150 schools"),
    ],
)
def test_only_what_marks_thousands_joins_numbers(text: str, plain: str) -> None:
    assert normal(text) == plain
    assert normal(plain) == plain


# --- holds


@pytest.mark.parametrize(
    ("match", "text", "held"),
    [
        (Match(all_of=("coach",)), "Good Coaching helps.", True),
        (Match(all_of=("coach",)), "A stagecoach left.", False),
        (Match(all_of=("coach", "staff")), "Coaches help.", False),
        (Match(all_of=("coach", "staff")), "Staff like coaches.", True),
        (Match(all_of=("coach|mentor",)), "A mentor helps.", True),
        (Match(all_of=("coach|mentor",)), "A friend helps.", False),
        (Match(any_of=("coach", "mentor")), "A mentor helps.", True),
        (Match(any_of=("coach", "mentor")), "A friend helps.", False),
        (Match(any_of=("coach",), all_of=("data",)), "A coach helps.", False),
        (Match(any_of=("coach",), all_of=("data",)), "A coach with data.", True),
        (Match(all_of=("scale-up",)), "Scale–up is hard.", True),
        (Match(all_of=("don't",)), "They don’t.", True),
        (Match(all_of=("50%",)), "About **50%** do.", True),
        (Match(all_of=("a.c",)), "abc", False),
        (Match(numbers=("62",)), "It was 62%.", True),
        (Match(numbers=("62",)), "It was 620.", False),
        (Match(numbers=("62",)), "It was 6.2.", False),
        (Match(numbers=("2.5",)), "It took 2.5 years.", True),
        (Match(numbers=("2",)), "It took 2.5 years.", False),
        (Match(numbers=("2",)), "It took 2.", True),
        (Match(numbers=("1,200",)), "In 1\u202f200 schools.", True),
        (Match(numbers=("1200",)), "In 1,200 schools.", True),
        (Match(numbers=("4",)), "Four coaches.", True),
        (Match(numbers=("four",)), "4 coaches.", True),
        (Match(numbers=("2", "4")), "2–4 years", True),
        (Match(numbers=("2", "4")), "2 years", False),
        (Match(all_of=("four coaches",)), "4 coaches", True),
        (Match(all_of=("core",), forbid=("never",)), "Keep the core.", True),
        (Match(all_of=("core",), forbid=("never",)), "Never keep the core.", False),
        (Match(all_of=("core",), forbid=("never|drop",)), "Drop the core.", False),
        (Match(all_of=("core",)), "", False),
    ],
)
def test_a_text_holds_a_match(match: Match, text: str, held: bool) -> None:
    assert holds(text, match) is held


@settings(deadline=None)
@given(st.text())
def test_a_sentence_more_before_or_after_never_loses_a_nugget(sentence: str) -> None:
    text = "Four coaches visit 1,200 schools, and at least half of the staff use it."
    match = Match(
        all_of=("coach", "at least half"), any_of=("school", "ward"), numbers=("4", "1,200")
    )
    assert holds(text, match)
    assert holds(f"{text} {sentence}", match)
    assert holds(f"{sentence}. {text}", match)


def test_a_year_before_a_number_leaves_both_numbers() -> None:
    assert holds("In 2024 150 teachers used it.", Match(numbers=("2024", "150")))


def test_a_compound_number_word_is_not_its_last_part() -> None:
    assert not holds("Twenty-five coaches", Match(numbers=("5",)))


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("can", "You cannot know.", False),
        ("can", "You can't know.", False),
        ("can", "You can’t know.", False),
        ("can", "You cannot, but they can.", True),
        ("can", "You can not know.", True),
        ("should", "They shouldn't wait.", False),
        ("is needed", "A team is needed.", True),
        ("did", "It didn't hold.", False),
        ("a not", "Tie a notable knot.", True),
        ("do", "Not a donation.", True),
        ("cannot", "You cannot know.", True),
    ],
)
def test_a_phrase_is_not_found_where_it_goes_on_as_a_negation(
    phrase: str, text: str, found: bool
) -> None:
    assert has_phrase(normal(text), phrase) is found


@pytest.mark.parametrize("text", ["You cannot know.", "You can't know."])
def test_what_is_denied_neither_holds_nor_is_forbidden(text: str) -> None:
    assert not holds(text, Match(any_of=("can",)))
    assert holds(text, Match(all_of=("know",), forbid=("can",)))


def test_a_stray_bar_does_not_make_a_match_hold_everywhere() -> None:
    assert not holds("The weather is fine.", Match(any_of=("coach|",)))


@pytest.mark.parametrize("dash", ["\u2012", "\u2015", "\u2212"])
def test_every_dash_is_the_same_dash(dash: str) -> None:
    assert normal(f"5{dash}6") == "5-6"
