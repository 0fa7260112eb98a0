"""Lengths, sizes, days and times of day, as coaches write them."""

import re
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coaching.amounts import (
    counts_in,
    day_in,
    in_digits,
    lengths_in,
    shown_day,
    sizes_in,
    time_in,
    zone_in,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90 minutes", 90), ("a 90-minute session", 90), ("90min", 90), ("45 mins", 45),
        ("45 min.", 45), ("ninety minutes", 90), ("a sixty-minute slot", 60),
        ("forty-five minutes", 45), ("forty five minutes", 45), ("seventy minutes", 70),
        ("a hundred minutes", 100), ("a hundred and twenty minutes", 120),
        ("an hour", 60), ("one hour", 60), ("1 hour", 60), ("1 h", 60), ("2h", 120),
        ("2 hrs", 120), ("three hours", 180), ("a three-hour meeting", 180),
        ("1.5 hours", 90), ("1,5 hours", 90), ("2.5 hours", 150),
        ("an hour and a half", 90), ("one and a half hours", 90), ("1 hour and a half", 90),
        ("an hour and a quarter", 75), ("two and a half hours", 150),
        ("a two and a half hour workshop", 150), ("two hours and a half", 150),
        ("1 hour 15", 75), ("1 hour 15 minutes", 75), ("1 hour and 15 minutes", 75),
        ("1h30", 90), ("1 h 30 min", 90),
        ("half an hour", 30), ("a half-hour slot", 30), ("three-quarters of an hour", 45),
        ("a quarter of an hour", 15), ("half a day", 240), ("a half-day workshop", 240),
        ("a whole day", 480), ("a full day", 480), ("two days", 960), ("a two-day workshop", 960),
        ("3 minutes", 3),
    ],
)  # fmt: skip
def test_a_length_is_read_in_digits_and_in_words(text: str, minutes: int) -> None:
    assert lengths_in(text) == [minutes]
    assert lengths_in(f"Please prepare a session of {text} for the team.") == [minutes]


@pytest.mark.parametrize(
    "text",
    [
        "", "a session", "I have 40 minutes to prepare.", "40 minutes of preparation",
        "I have 40 minutes for preparation.", "We have half an hour to get ready.",
        "It was two days ago.", "They came 10 minutes late.", "year 5", "5 years", "ward 12",
        "8 people", "Plan a session for a day centre.", "in a day nursery",
        "They hold the huddle twice a day.", "three times a day", "24 staff on days",
        "the minutes of the last meeting", "hourly rounds", "an honest talk", "1 in 3 minuted it",
    ],
)  # fmt: skip
def test_what_is_no_length_of_a_session_is_not_read_as_one(text: str) -> None:
    assert lengths_in(text) == []


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1 hour 5 people", [60]), ("2 hours 12 staff", [120]), ("an hour 8 nurses", [60]),
        ("1 hour, 30 people", [60]), ("60 minutes 8 people", [60]),
        ("I have 40 minutes to prepare a session of 2 hours", [120]),
        ("45 minutes, or 60 minutes if we must", [45, 60]),
        ("90 minutes in a day centre", [90]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_length_is_not_taken_for_a_part_of_it(
    text: str, minutes: list[int]
) -> None:
    assert lengths_in(text) == minutes


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("forty-five minutes", "45 minutes"), ("a dozen people", "12 people"),
        ("two and a half hours", "2.5 hours"), ("half a day", "240 minutes"), ("", ""),
        ("six sessions", "6 sessions"), ("a ward", "a ward"),
    ],
)  # fmt: skip
def test_numbers_in_words_are_put_into_digits(text: str, digits: str) -> None:
    assert in_digits(text) == digits


@pytest.mark.parametrize(
    ("text", "counts"),
    [("twelve", [12]), ("6 sessions, then three", [6, 3]), ("a series of", []), ("", [])],
)
def test_counts_are_read_in_digits_and_in_words(text: str, counts: list[int]) -> None:
    assert counts_in(text) == counts


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("8 people", 8), ("eight people", 8), ("a group of twelve", 12), ("group of about 12", 12),
        ("a team of around 20", 20), ("team of 6", 6), ("12 staff", 12), ("12 of us", 12),
        ("there will be 9 of them", 9), ("15 ward nurses", 15), ("thirty participants", 30),
        ("twenty-five people", 25), ("ten head teachers", 10), ("60 managers", 60),
        ("two colleagues", 2), ("7 social workers", 7), ("400 people", 400),
        ("two hundred people", 200), ("1,200 staff", 1200), ("a dozen people", 12),
        ("6 care workers", 6), ("11 midwives", 11), ("8 ppl", 8),
    ],
)  # fmt: skip
def test_the_size_of_a_group_is_read_in_digits_and_in_words(text: str, people: int) -> None:
    assert sizes_in(text) == [people]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "60 minutes",
        "year 6",
        "ward 12",
        "a person",
        "one of us",
        "half the staff",
        "three schools",
        "a few people",
        "half of them",
        "300 pupils",
        "Two nurses left.",
        "two staff have left",
        "3 December 2026",
    ],
)
def test_what_is_no_size_of_a_group_is_not_read_as_one(text: str) -> None:
    assert sizes_in(text) == []


def test_the_group_comes_before_its_parts() -> None:
    assert sizes_in("20 staff: 9 doctors and 11 nurses") == [20, 9, 11]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 2026-12-03", date(2026, 12, 3)),
        ("on 3 December 2026", date(2026, 12, 3)),
        ("3rd december 2026", date(2026, 12, 3)),
        ("1st March, 2027", date(2027, 3, 1)),
        ("29 February 2028", date(2028, 2, 29)),
        ("December 3, 2026", date(2026, 12, 3)),
        ("3 Dec 2026", date(2026, 12, 3)),
    ],
)
def test_a_day_is_read_with_its_year(text: str, day: date) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    "text", ["", "next Tuesday", "in December 2026", "12345-12-123", "03/04/2026"]
)
def test_a_day_that_is_not_certain_is_not_read(text: str) -> None:
    assert day_in(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 3 December at 14:00", date(2026, 12, 3)), ("March 4th", date(2027, 3, 4)),
        ("23 November", date(2026, 11, 23)), ("22 November", date(2027, 11, 22)),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_the_next_one(text: str, day: date) -> None:
    assert day_in(text, date(2026, 11, 23)) == day


@pytest.mark.parametrize("text", ["2026-02-30", "31 June 2027", "2026-13-01", "0 May 2026"])
def test_a_day_that_no_calendar_has_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|month|year"):
        day_in(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("at 14:00", time(14)),
        ("at 9.30", time(9, 30)),
        ("from 9:30 am", time(9, 30)),
        ("at 2 pm", time(14)),
        ("at 2pm", time(14)),
        ("at 12 am", time(0)),
        ("at noon", time(12)),
        ("at 12:30 pm", time(12, 30)),
        ("at 23:59", time(23, 59)),
        ("from 08:05", time(8, 5)),
        ("the 3rd @ 10:15", time(10, 15)),
        ("@ 10:15", time(10, 15)),
    ],
)
def test_a_time_of_day_is_read(text: str, at: time) -> None:
    assert time_in(text) == at


@pytest.mark.parametrize(
    "text", ["", "at 7", "from 25:00", "at 12:60", "at 13 pm", "in 10:30", "at 5 per cent"]
)
def test_a_time_of_day_that_is_not_certain_is_not_read(text: str) -> None:
    assert time_in(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("at 14:00 Europe/London", "Europe/London"), ("America/New_York", "America/New_York"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Mars/Phobos or Europe/Paris", "Europe/Paris"),
        ("", ""), ("Mars/Phobos", ""), ("and/or", ""), ("Either/Or", ""), ("Nurse/Doctor", ""),
    ],
)  # fmt: skip
def test_only_a_zone_that_there_is_is_read(text: str, zone: str) -> None:
    assert zone_in(text) == zone


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_day_that_is_shown_is_read_again(day: date) -> None:
    if day.year >= 1000:
        assert day_in(f"We meet on {shown_day(day)}.") == day
    assert day_in(f"We meet on {day.isoformat()}.") == day


def test_a_day_is_shown_as_it_is_written() -> None:
    assert shown_day(date(2026, 12, 3)) == "3 December 2026"


words = st.sampled_from(
    "a an one half hour hours and quarter of day days minutes min 1 12 90 2.5 1,5 h : ! group team"
    " people staff at from @ noon pm am 2026-13-41 31 32nd June 2027 0000-00-00 Europe/London to"
    " prepare ago two hundred dozen ½ ٣ ² \u200b 99999999999999999999 1e9".split()
)
texts = st.one_of(st.text(), st.lists(words, max_size=25).map(" ".join))


@settings(max_examples=300)
@given(texts)
def test_no_text_is_too_odd(text: str) -> None:
    assert all(minutes >= 0 for minutes in lengths_in(text))
    assert all(people >= 0 for people in sizes_in(text))
    time_in(text)
    zone_in(text)
    assert all(count >= 0 for count in counts_in(text))
    try:
        found = day_in(text)
    except ValueError:
        return
    assert found is None or re.search(r"\d", text)
