"""Whether a ground says a sentence: the whole check with scripted models."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.checking import Ground
from tests.answering.checking.scripted import GROUND, PARTS, SENTENCES, Near, checking


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        (GROUND.sentences[0], 0, 0),
        ("COACHES SHOULD VISIT EACH TEACHER AT LEAST ONCE A WEEK", 0, 0),
        ("- Coaches should visit each teacher at least once a week.", 0, 0),
        ("2. Coaches should visit each teacher at least once a week!", 0, 0),
        ("**Coaches** should visit each  teacher\nat least once a week.", 0, 0),
        ("“Coaches should visit each teacher at least once a week.”", 0, 0),
        ("They write down what they saw - all of it.", 1, 1),
        ('A visit may be left out in "summer".', 2, 2),
        ("A visit may be left out in summer.", 2, 2),
        ("The team's lead keeps the list of visits in one place.", 3, 3),
        (" ".join(GROUND.sentences[1:3]), 1, 2),
        (" ".join(GROUND.sentences[:3]), 0, 2),
    ],
)
def test_what_differs_in_case_and_marks_only_is_verbatim(
    sentence: str, first: int, last: int
) -> None:
    near = Near()
    verdict = checking(near).check(sentence, GROUND)
    assert (verdict.support, verdict.first, verdict.last) == ("verbatim", first, last)
    assert (verdict.coverage, verdict.doubt, verdict.word) == (1.0, None, "")
    assert near.asked == []


@pytest.mark.parametrize(
    "sentence",
    [
        " ".join(GROUND.sentences),  # four sentences
        "Coaches should visit each teacher at least once a week or so.",
        "Coaches should visit each teacher at least once a month.",
        "They saw what they write down, all of it.",
        " ".join((GROUND.sentences[0], GROUND.sentences[2])),
        "",
        "!",
    ],
)
def test_what_differs_in_a_word_or_its_place_is_not_verbatim(sentence: str) -> None:
    assert checking().check(sentence, GROUND).support != "verbatim"


@pytest.mark.parametrize(
    ("sentence", "at"),
    [
        ("Each teacher should be visited at least once a week by coaches.", 0),
        ("In summer a visit may be left out.", 2),
        ("The list of visits is in one place, which the lead of the team keeps.", 3),
    ],
)
def test_the_same_in_other_words_is_supported_by_its_sentence(sentence: str, at: int) -> None:
    verdict = checking().check(sentence, GROUND)
    assert (verdict.support, verdict.first, verdict.last) == ("supported", at, at)
    assert verdict.doubt is None


@pytest.mark.parametrize(
    ("sentence", "doubt", "word"),
    [
        ("Coaches should visit each teacher at least twice a week.", "amount", "2"),
        ("Coaches should not visit each teacher at least once a week.", "denial", "not"),
        ("A visit must be left out in summer.", "duty", "must"),
        ("Medicines stay in a locked cupboard.", "words", ""),
        ("Nurses should visit each teacher at least once a week.", "people", "nurses"),
    ],
)
def test_the_first_guard_that_fails_is_the_doubt(sentence: str, doubt: str, word: str) -> None:
    verdict = checking().check(sentence, GROUND)
    assert (verdict.support, verdict.doubt, verdict.word) == ("unsupported", doubt, word)


def test_a_guard_that_fails_is_not_outvoted_by_closeness() -> None:
    check = checking(Near(1.0, 1.0, 1.0, 1.0))
    assert check.check("A visit must be left out in summer.", GROUND).doubt == "duty"


FAR = "Alder birch larkspur lupin orchid peony poppy tulip."  # two of eight words


def test_closeness_is_asked_only_where_few_words_are_covered() -> None:
    near = Near(0.9, 0.1, 0.1, 0.1)
    checking(near).check("Alder birch cedar elm larkspur lupin orchid.", PARTS)
    assert near.asked == []
    checking(near).check(FAR, PARTS)
    assert near.asked == [(FAR, PARTS.sentences)]


@pytest.mark.parametrize(
    ("cosine", "support"), [(0.57, "unsupported"), (0.58, "supported"), (0.9, "supported")]
)
def test_what_is_close_in_meaning_needs_no_words_in_common(cosine: float, support: str) -> None:
    sentence = "Iris larkspur lupin orchid peony poppy tulip."
    verdict = checking(Near(0.1, 0.2, cosine, 0.3)).check(sentence, PARTS)
    assert (verdict.support, verdict.coverage) == (support, 0.0)
    if support == "supported":
        assert (verdict.first, verdict.last, verdict.doubt) == (2, 2, None)
    else:
        assert verdict.doubt == "words"


@pytest.mark.parametrize(
    ("sentence", "support"),
    [
        ("Alder birch larkspur hazel lupin orchid peony.", "supported"),  # 3 of 7 words
        ("Alder birch larkspur lupin orchid.", "unsupported"),  # 2 of 5
        ("Alder larkspur birch lupin.", "unsupported"),  # 2 of 4: 0.42 + 0.18 are needed
        ("Alder larkspur birch.", "supported"),  # 2 of 3: 0.42 + 0.24 are needed
        ("Larkspur birch.", "unsupported"),  # 1 of 2
        ("Alder birch.", "supported"),
    ],
)
def test_a_short_sentence_needs_more_of_its_words(sentence: str, support: str) -> None:
    assert checking().check(sentence, PARTS).support == support


def test_a_short_sentence_must_be_closer() -> None:
    sentence = "Iris lupin."  # five words fewer than seven: 0.58 + 0.3
    assert checking(Near(0.87, 0, 0, 0)).check(sentence, PARTS).support == "unsupported"
    assert checking(Near(0.89, 0, 0, 0)).check(sentence, PARTS).support == "supported"


@pytest.mark.parametrize(
    "sentence", ["Alder!", "It is so.", "So it is, and alder.", "", "–", "***"]
)
def test_what_has_less_than_two_words_of_content_says_nothing(sentence: str) -> None:
    near = Near(1.0, 1.0, 1.0, 1.0)
    verdict = checking(near).check(sentence, PARTS)
    assert (verdict.support, verdict.doubt) == ("unsupported", "words")
    assert near.asked == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Alder birch cedar elm larkspur lupin orchid peony.",
        "Larkspur lupin orchid peony alder birch cedar elm.",
    ],
)
def test_a_sentence_of_which_one_half_is_not_said_is_not_supported(sentence: str) -> None:
    verdict = checking().check(sentence, PARTS)
    assert (verdict.support, verdict.doubt, verdict.word) == ("unsupported", "words", "")
    assert verdict.coverage == 0.5


def test_a_sentence_of_which_each_half_is_said_in_part_is_supported() -> None:
    sentence = "Alder birch larkspur lupin cedar elm orchid peony."
    assert checking().check(sentence, PARTS).support == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "This text is a clear explanation of how coaches visit each teacher once a week.",
        "The passage says that coaches should visit each teacher at least once a week.",
        "That's a great summary of visits, which coaches make at least once a week.",
    ],
)
def test_what_is_said_of_a_text_is_not_said_by_it(sentence: str) -> None:
    verdict = checking(Near()).check(sentence, GROUND)
    assert (verdict.support, verdict.doubt) == ("unsupported", "words")


# --- properties

LINES = st.lists(
    SENTENCES.filter(lambda text: any(c.isalnum() for c in text)), min_size=1, max_size=5
)
ROUND_QUOTES = str.maketrans({"'": "’", '"': "”"})
DASHES = str.maketrans({"-": "\u2010"})
PIECES = st.sampled_from(
    'coaches visit the team\'s school-based plan "core" every week not must may teachers 3 a'
    " team-led list; keep it (all) well, often".split()
)
QUOTED = st.lists(PIECES, min_size=1, max_size=14)


@settings(deadline=None)
@given(LINES, st.data())
def test_a_sentence_of_the_ground_is_verbatim(lines: list[str], data: st.DataObject) -> None:
    ground = Ground(tuple(lines))
    at = data.draw(st.integers(0, len(lines) - 1))
    verdict = checking().check(lines[at], ground)
    assert (verdict.support, verdict.doubt) == ("verbatim", None)
    assert verdict.first <= at or ground.sentences[verdict.first] == lines[at]


@settings(deadline=None)
@given(QUOTED, QUOTED, st.sampled_from(["  ", "\n", "\t", "\u00a0", " \n "]))
def test_white_space_quotes_and_dashes_change_no_verdict(
    said: list[str], written: list[str], space: str
) -> None:
    ground = Ground(("Coaches visit every week.", " ".join(written)), "Visits")
    plainly = checking().check(" ".join(said), ground)
    for text in (
        space.join(said),
        " ".join(said).translate(ROUND_QUOTES),
        " ".join(said).translate(DASHES),
        f"“{' '.join(said)}”",
        f"{space}{' '.join(said)}{space}",
    ):
        assert checking().check(text, ground) == plainly
    marked = Ground(
        ("Coaches visit every week.", space.join(written).translate(ROUND_QUOTES | DASHES)),
        "Visits",
    )
    assert checking().check(" ".join(said), marked) == plainly


@settings(deadline=None)
@given(st.text(max_size=120), SENTENCES, st.floats(-1, 1))
def test_a_check_has_a_verdict_on_any_text(text: str, line: str, cosine: float) -> None:
    ground = Ground((line, text, "Coaches visit every week."), text[:20])
    for sentence in (text, line):
        verdict = checking(Near(0.1, cosine, 0.2)).check(sentence, ground)
        assert 0 <= verdict.first <= verdict.last < 3
        assert verdict.last - verdict.first < 3
        assert 0 <= verdict.coverage <= 1
        assert (verdict.doubt is None) == (verdict.support != "unsupported")


@settings(deadline=None)
@given(SENTENCES, LINES)
def test_a_check_says_the_same_again(text: str, lines: list[str]) -> None:
    check, ground = checking(), Ground(tuple(lines), "Visits")
    assert check.check(text, ground) == check.check(text, ground) == checking().check(text, ground)
