"""Lengths, group sizes, days and times of day in a coach's words. Pure."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import available_timezones

from dateutil import parser as dates
from text_to_num import alpha2digit

_N = r"\d[\d,]*(?:\.\d+)?"
# Before numbers are read: what is neither a digit nor a number word.
_SPELLED = (
    (re.compile(r"(?<=[a-z])-(?=(?:day|hour|min)s?)", re.I), " "),  # "two-day"
    (re.compile(r"(\d)½"), r"\1.5"),
    (re.compile(r"½"), "0.5"),
    (re.compile(r"\b(?:a )?dozen\b", re.I), "12"),
    (re.compile(r"\bthree[- ]quarters of an hour\b", re.I), "45 minutes"),
    (re.compile(r"\b(?:a )?quarter of an hour\b", re.I), "15 minutes"),
    (
        re.compile(r"(?<!\band )(?<!\band a )\b(?:a )?half[- ](?:an[- ])?hour\b", re.I),
        "30 minutes",
    ),
    (re.compile(r"\b(?:a )?half[- ](?:a[- ])?day\b", re.I), "240 minutes"),
    (re.compile(r"\b(?:an? |one )?hour and a half\b", re.I), "90 minutes"),
    (re.compile(r"\b(?:an? |one )?hour and a quarter\b", re.I), "75 minutes"),
    (re.compile(r"\bhundred and\b", re.I), "hundred"),
    (re.compile(r"\ban hour\b", re.I), "1 hour"),
    (
        re.compile(
            r"\b(for|of|lasting|whole|full) (?:a|the) (?:whole |full )?day\b"
            r"(?! (?:cent|care|serv|room|surg|case|ward|unit|a week))",
            re.I,
        ),
        r"\1 1 day",
    ),
    (re.compile(r"\b(?:whole|full|all)[- ]day\b", re.I), "1 day"),
)
_HALVES = (
    (re.compile(r"(\d+) and a half(?= hours?)", re.I), r"\1.5"),
    (re.compile(r"(\d+) hours and a half", re.I), r"\1.5 hours"),
)
_PEOPLE = (
    r"(?:people|ppl|persons?|participants|members|staff|colleagues|teachers|nurses|doctors|workers"
    r"|carers|leaders|managers|coaches|practitioners|adults|midwives|therapists|assistants"
    r"|attendees|heads|of us|of them)\b"
)
_LENGTH = re.compile(
    rf"(?<![\d.:])(?:(?P<clock>\d{{1,2}}):(?P<rest>[0-5]\d) ?(?:hours|hrs|h)\b"
    rf"|(?P<hours>{_N})[- ]?(?:hours?|hrs?|h)(?=\b|\d)"
    rf"(?:(?: and)? ?(?P<more>\d{{1,2}})(?: ?min\w*\b|\b(?!\s*(?:[\w'-]+ )?{_PEOPLE})))?"
    rf"|(?P<minutes>{_N})[- ]?min(?:ute)?s?\b"
    rf"|(?P<days>{_N})[- ]?days?\b(?! (?:ago|later|before|after|cent|care|serv|a week)))",
    re.IGNORECASE,
)
# "I have 40 minutes to prepare" is no length of the session, nor is "24 hours a day".
_NO_LENGTH = re.compile(
    r"\s*(?:(?:to|for|of) (?:prepar\w*|get (?:it )?ready|plan)\b|prep\b|ago\b|late\b"
    r"|an? (?:day|week)\b)",
    re.IGNORECASE,
)
_DAY = 8 * 60
_SIZE = re.compile(
    rf"\b(?:(?:group|team|size)(?: of| is|:)? (?:about |around |some )?(?P<of>{_N})"
    r"(?![\d:.]| ?min| ?h)"
    rf"|(?P<some>{_N}) (?:[a-z'-]+ )?{_PEOPLE})",
    re.IGNORECASE,
)
# "Two nurses have left" does not say how many come.
_NO_SIZE = re.compile(
    r"\s*(?:who )?(?:have |has |are |is |were |will be )?(?:just )?"
    r"(?:left|leav\w+|gone|off\b|absent|sick|new\b|retir\w+)",
    re.IGNORECASE,
)
_SOME_OF = re.compile(r"\b\d+ of (?:our|the|my|their) $", re.IGNORECASE)
_ONE_OF = re.compile(r"1 of (?:us|them)\b", re.IGNORECASE)
# "Year 6 teachers", "ward 12 nurses".
_NAMED_BY_NUMBER = re.compile(
    r"\b(?:years?|grades?|class|ward|band|stage|phase|session|unit|room|area|zone) $", re.IGNORECASE
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)"
    r"(?:,? (?P<year>\d{4}))?)\b(?! ?min)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:\b(?:at|from)\s+|@\s*)(?:(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)(?: ?(?P<ap>am|pm))?"
    r"|(?P<h2>1[0-2]|[1-9]) ?(?P<ap2>am|pm)|(?P<noon>noon))\b",
    re.IGNORECASE,
)
_ZONE = re.compile(r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?\b")


@lru_cache(maxsize=64)  # a text is read for its lengths, sizes and counts, one after the other
def in_digits(text: str) -> str:
    """A text with its numbers in digits: "forty-five minutes" is "45 minutes"."""
    for pattern, digits in _SPELLED:
        text = pattern.sub(digits, text)
    text = alpha2digit(text, "en", threshold=0)
    for pattern, digits in _HALVES:
        text = pattern.sub(digits, text)
    return text


def lengths_in(text: str) -> list[int]:
    """The minutes of each length that a text names, in order; a day has eight hours."""
    plain = in_digits(text)
    return [
        _minutes(match)
        for match in _LENGTH.finditer(plain)
        if not _NO_LENGTH.match(plain, match.end())
    ]


def _minutes(match: re.Match[str]) -> int:
    if match["clock"]:
        return int(match["clock"]) * 60 + int(match["rest"])
    if match["hours"]:
        return round(_number(match["hours"]) * 60) + int(match["more"] or 0)
    if match["minutes"]:
        return round(_number(match["minutes"]))
    return round(_number(match["days"]) * _DAY)


def _number(digits: str) -> float:
    decimal = re.fullmatch(r"(\d+),(\d{1,2})", digits)
    return float(f"{decimal[1]}.{decimal[2]}" if decimal else digits.replace(",", ""))


def sizes_in(text: str) -> list[int]:
    """How many people a text says there are, in order."""
    plain = in_digits(text)
    return [
        round(_number(match["of"] or match["some"]))
        for match in _SIZE.finditer(plain)
        if not _NO_SIZE.match(plain, match.end())
        and not _ONE_OF.match(match[0])
        and not _SOME_OF.search(plain, 0, match.start())
        and not _NAMED_BY_NUMBER.search(plain, 0, match.start())
    ]


def counts_in(text: str) -> list[int]:
    """All whole numbers of a text, in order."""
    return [int(digits) for digits in re.findall(r"\b\d{1,6}\b", in_digits(text))]


def day_in(text: str, today: date | None = None) -> date | None:
    """The day that a text names, without a year the next one from `today`; None if there is none.
    Raises ValueError for a day that no calendar has."""
    match = _DATE.search(text)
    if match is None:
        return None
    today = today or date.today()
    named = re.sub(r"\bof\b", "", match[0])
    first = datetime(today.year, 1, 1)
    day = dates.parse(named, default=first).date()
    if match["year"] is None and not named[:4].isdigit() and day < today:
        day = dates.parse(named, default=first.replace(year=today.year + 1)).date()
    return day


def time_in(text: str) -> time | None:
    """The time of day that a text names; None if there is none."""
    match = _CLOCK.search(text)
    if match is None:
        return None
    if match["noon"]:
        return time(12)
    hour, half = int(match["h"] or match["h2"]), (match["ap"] or match["ap2"] or "").lower()
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return time(hour, int(match["m"] or 0))


def zone_in(text: str) -> str:
    """The time zone that a text names, such as Europe/London; empty if there is none."""
    return next((name for name in _ZONE.findall(text) if name in available_timezones()), "")


def shown_day(day: date) -> str:
    """A day as it is written: 3 December 2026."""
    return f"{day.day} {day:%B} {day.year}"
