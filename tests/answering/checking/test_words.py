"""A text as plain words, and how far a denial reaches among them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.checking.words import plain, read_words
from tests.answering.checking.scripted import read


def words(text: str) -> list[str]:
    return [word.lower for word in read_words(plain(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Keep\n the\tcore. ", "Keep the core."),
        ("Keep the\u00a0core.", "Keep the core."),
        ("- Keep the core.", "Keep the core."),
        ("* Keep the core.", "Keep the core."),
        ("• Keep the core.", "Keep the core."),
        ("3. Keep the core.", "Keep the core."),
        ("(b) Keep the core.", "Keep the core."),
        ("**Keep** the core.", "Keep the core."),
        ("‘Keep’ the “core”.", "'Keep' the \"core\"."),
        ("re\u00adview", "review"),
        ("team\u2010led and team\u2011led", "team-led and team-led"),
        ("10 000 staff", "10,000 staff"),
        ("ﬁdelity", "fidelity"),
    ],
)
def test_plain_text_has_no_marks_and_single_spaces(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize("text", ["A plan - no more.", "In 2019. Then more.", "-5 degrees", "12.5"])
def test_plain_text_keeps_what_is_no_mark_of_a_list(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Staff, then coaches!", "staff then coaches"),
        ("Smith's team-led plan", "smith's team led plan"),
        ("They can't and won't.", "they cannot and will n't"),
        ("It isn’t so.", "it is n't so"),
        ("Staff can not go.", "staff cannot go"),
        ("Teams have to meet and need to plan.", "teams have_to meet and need_to plan"),
        ("It has to do with reach.", "it has to do with reach"),
        ("20 per cent, 5%, 3 percentage points", "20 percent 5 % 3 percentage-point"),
        ("£1,200.50 for 5mg", "£ 1,200.50 for 5 mg"),
        ("one half term", "one half-term"),
        ("the 3rd visit", "the 3rd visit"),
        ("A top-down plan", "a top-down plan"),
        ("", ""),
        ("?! – …", ""),
    ],
)
def test_words_are_read_without_punctuation_and_spelt_out(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


def test_a_word_keeps_its_letters_and_knows_whether_it_opens_a_sentence() -> None:
    found = read("Teams meet. Coaches visit; Leaders pay: Staff stay").words
    assert [word.written for word in found if word.first] == ["Teams", "Coaches", "Staff"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Staff do not change it.", 1),
        ("Staff never change it without a coach.", 2),
        ("It isn't so, and it can't be.", 2),
        ("Nobody knows and none asks.", 2),
        ("Not only teams but also leaders.", 0),
        ("Not just teams, not merely leaders.", 0),
        ("No matter what, there is no doubt.", 0),
        ("It matters, not least to staff.", 0),
        ("Staff change it.", 0),
    ],
)
def test_denials_are_counted_but_for_those_that_deny_nothing(text: str, count: int) -> None:
    assert read(text).denials == count


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("Staff do not change the core plan.", "change core plan"),
        ("Staff do not change the core, they adapt timing.", "change core"),
        ("Do not stop. Review notes.", "stop"),
        ("Staff do not wait but review notes.", "wait"),
        ("No team leaves school early in summer.", "team leaves school early"),
        ("Not only teams review notes.", ""),
        ("Staff review notes.", ""),
    ],
)
def test_a_denial_reaches_four_words_of_content_or_the_next_break(text: str, reached: str) -> None:
    assert " ".join(word.lower for word in read(text).words if word.denied) == reached


def test_the_first_word_that_a_denial_reaches_is_known() -> None:
    found = read("Staff do not change the core, and never skip a review.").words
    assert [word.lower for word in found if word.denied_first] == ["change", "skip"]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_plain_text_has_no_space_around_it_nor_two_in_it(text: str) -> None:
    assert "  " not in plain(text)
    assert plain(text) == plain(text).strip()
