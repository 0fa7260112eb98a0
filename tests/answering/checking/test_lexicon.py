"""The tables hold what their readers take for granted: words as they are read, both ways round."""

import itertools

import pytest

from assistant.answering.checking import lexicon
from tests.answering.checking.scripted import read

PHRASES = {
    name: getattr(lexicon, name)
    for name in (
        "MORE_THAN", "AS_WELL", "NEED_NOT", "CAUSES", "GIVES_REASONS", "CONDITIONS",
        "MAY_STAND_FOR_CONDITIONS", "DROPS_A_CONDITION", "PUTS_A_CONDITION",
    )
}  # fmt: skip
WORDS = {
    name: getattr(lexicon, name)
    for name in (
        "MUST", "SHOULD", "MAY", "HEDGES", "HEDGED", "CAN", "MOST", "SOME", "WHOLE", "OF_DEGREE",
        "OPPOSITES", "NEGATIVE_VERBS", "NEGATORS",
    )
}  # fmt: skip


@pytest.mark.parametrize("table", PHRASES)
def test_every_phrase_can_be_found_in_a_text(table: str) -> None:
    for phrase in PHRASES[table]:
        assert read(f"So {phrase} it.").says((phrase,)), phrase


@pytest.mark.parametrize("table", WORDS)
def test_every_word_is_read_as_one_word(table: str) -> None:
    for word in WORDS[table]:
        assert [one.lower for one in read(word.replace("_", " ")).words] == [word]


def test_contraries_are_contraries_of_each_other_and_of_themselves_never() -> None:
    for word, others in lexicon.OPPOSITES.items():
        assert word not in others
        assert all(word in lexicon.OPPOSITES[other] for other in others)


def test_no_word_points_both_ways() -> None:
    assert all(not one & other for one, other in lexicon.DIRECTIONS)


def test_nobody_belongs_to_two_groups() -> None:
    for one, other in itertools.combinations(lexicon.PEOPLE, 2):
        assert not one & other


def test_what_leaves_nothing_out_is_allowed_by_the_same_word() -> None:
    assert all(said <= allowed for said, allowed in lexicon.TOTALS)


def test_what_hedges_may_stand_for_itself() -> None:
    assert lexicon.HEDGES <= lexicon.MAY <= lexicon.HEDGED


def test_a_duty_is_of_one_strength() -> None:
    for one, other in itertools.combinations(
        (lexicon.MUST, lexicon.SHOULD, lexicon.MAY, lexicon.CAN), 2
    ):
        assert not one & other


def test_what_gives_a_reason_gives_one_again() -> None:
    assert set(lexicon.CAUSES) <= set(lexicon.GIVES_REASONS)
    assert set(lexicon.CONDITIONS) <= set(lexicon.MAY_STAND_FOR_CONDITIONS)


def test_what_is_no_denial_has_a_denial_in_it() -> None:
    for phrase in lexicon.NO_NEGATION:
        assert not lexicon.NEGATORS.isdisjoint(phrase.split())


def test_a_denial_that_opens_such_a_phrase_does_not_count() -> None:
    opening = [one for one in lexicon.NO_NEGATION if one.split()[0] in lexicon.NEGATORS]
    assert [read(f"It is so, {phrase} that.").denials for phrase in opening] == [0] * len(opening)
