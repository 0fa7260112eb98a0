"""The tables of numbers and units hold what their readers take for granted."""

import pytest

from assistant.answering.checking import measures
from tests.answering.checking.scripted import read

PHRASES = {
    name: getattr(measures, name)
    for name in ("PLAINLY_AT_LEAST", "PLAINLY_AT_MOST", "AT_LEAST", "AT_MOST")
}
WORDS = {
    name: getattr(measures, name)
    for name in ("NUMBERS", "SCALES", "ORDINALS", "PARTS", "MONTHS", "DAYS")
}
DAYS_IN = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14}
MONTHS_IN = {"month": 1, "year": 12, "decade": 120}


@pytest.mark.parametrize("table", PHRASES)
def test_every_phrase_can_be_found_in_a_text(table: str) -> None:
    for phrase in PHRASES[table]:
        assert read(f"So {phrase} it.").says((phrase,)), phrase


@pytest.mark.parametrize("table", WORDS)
def test_every_word_is_read_as_one_word(table: str) -> None:
    for word in WORDS[table]:
        assert [one.lower for one in read(word).words] == [word]


@pytest.mark.parametrize("name", measures.UNITS)
def test_every_name_of_a_unit_is_read_as_that_unit(name: str) -> None:
    text = f"{name}5" if name in "£$€" else f"5 {name}"
    assert read(text).units == {measures.UNITS[name]}


@pytest.mark.parametrize("number", sorted(measures.NUMBERS))
def test_every_name_of_a_number_is_an_amount(number: str) -> None:
    (amount,) = read(f"There are {number} schools.").amounts
    assert amount.value == measures.NUMBERS[number]


def test_amounts_that_are_the_same_last_as_long() -> None:
    for (unit, value), (other, number) in measures.EQUAL.items():
        assert other is not None
        length = next(table for table in (DAYS_IN, MONTHS_IN) if unit in table)
        assert value * length[unit] == pytest.approx(number * length[other])


def test_a_period_is_a_unit() -> None:
    assert set(measures.UNITS.values()) >= measures.PERIODS
    assert DAYS_IN.keys() | MONTHS_IN.keys() < measures.PERIODS
