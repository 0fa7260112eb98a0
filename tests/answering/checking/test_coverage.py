"""Which sentences of a ground say most of a sentence, and how much of it."""

import pytest

from assistant.answering.checking import Ground
from tests.answering.checking.scripted import PARTS, Words, checking


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("Fir elm birch alder hazel cedar.", 0, 0),
        ("Alder birch cedar elm spruce rowan pine oak.", 0, 1),
        ("Oak pine rowan spruce willow yew ash beech.", 1, 2),
        ("Alder birch cedar larch maple oak willow yew ash.", 0, 2),
    ],
)
def test_up_to_three_sentences_in_a_row_carry_a_sentence(
    sentence: str, first: int, last: int
) -> None:
    verdict = checking().check(sentence, PARTS)
    assert (verdict.support, verdict.first, verdict.last) == ("supported", first, last)
    assert verdict.coverage == 1.0


def test_a_wider_window_must_be_worth_it() -> None:
    verdict = checking().check("Alder birch cedar elm fir hazel larch.", PARTS)
    assert (verdict.first, verdict.last) == (0, 0)
    assert verdict.coverage == pytest.approx(6 / 7, abs=1e-3)


def test_the_first_of_equal_windows_is_taken() -> None:
    ground = Ground((PARTS.sentences[1], PARTS.sentences[0], PARTS.sentences[0] + " So."))
    verdict = checking().check("Hazel fir elm cedar birch alder.", ground)
    assert (verdict.first, verdict.last) == (1, 1)


def test_words_that_are_alike_count_as_said() -> None:
    sentence = "Larkspur lupin orchid peony poppy tulip."
    said = "alder birch cedar elm fir hazel".split()
    alike = dict(zip("larkspur lupin orchid peony poppy tulip".split(), said, strict=True))
    verdict = checking(words=Words(alike)).check(sentence, PARTS)
    assert (verdict.support, verdict.first, verdict.coverage) == ("supported", 0, 1.0)
    assert checking().check(sentence, PARTS).support == "unsupported"


def test_a_rare_word_weighs_more() -> None:
    sentence = "Alder birch larkspur hazel lupin orchid peony."
    assert checking().check(sentence, PARTS).coverage == pytest.approx(3 / 7, abs=1e-3)
    heavy = checking(weights={"peony": 8.0}).check(sentence, PARTS)
    assert heavy.coverage == pytest.approx(3 / 14, abs=1e-3)
    assert heavy.support == "unsupported"


def test_words_of_the_headings_are_covered() -> None:
    sentence = "Alder birch larkspur lupin orchid peony poppy."
    assert checking().check(sentence, PARTS).support == "unsupported"
    ground = Ground(PARTS.sentences, "Larkspur and lupin > Orchid")
    verdict = checking().check(sentence, ground)
    assert verdict.coverage == pytest.approx(5 / 7, abs=1e-3)
