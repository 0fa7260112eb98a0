"""Where two sentences on one matter do not say the same: amounts, negation, obligation. Pure.

Only what can be read off the words: that sentences are on one matter is for others to know.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.answering.checking.measures import SMALL_NUMBERS

Difference = Literal["amount", "negation", "obligation"]

_TIMES = SMALL_NUMBERS | {"once": 1, "twice": 2}
# At least and at most: schools differ in how long a term is.
_DAYS = {
    "minute": (1 / 1440, 1 / 1440), "hour": (1 / 24, 1 / 24), "day": (1, 1), "week": (7, 7),
    "fortnight": (14, 14), "month": (30, 31), "half-term": (30, 50), "term": (60, 110),
    "quarter": (90, 92), "year": (365, 365),
}  # fmt: skip
_ADVERBS = {
    "daily": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month",
    "quarterly": "quarter", "yearly": "year", "annually": "year",
}  # fmt: skip
_N = rf"(?<![\w.,])(?:\d[\d,]*(?:\.\d+)?|{'|'.join(_TIMES)})"
_UNIT = rf"(?P<unit>{'|'.join(_DAYS)}|session|shift)"
_RANGE = rf"(?P<low>{_N})(?:\s?(?:to|or|–|-)\s?(?P<high>{_N}))?"
_AT_LEAST = re.compile(
    r"(?:at least|no (?:fewer|less) than|not less than|a minimum of|(?<!no )more than|over)\s*$"
)
_AT_MOST = re.compile(
    r"(?:at most|up to|no (?:more|longer) than|a maximum of|within|under|(?:fewer|less) than)\s*$"
)
_AMOUNTS = (
    ("often", re.compile(rf"{_RANGE}(?:\s[a-z-]+){{0,3}}?\s(?:an?|per|each|every)\s{_UNIT}s?\b")),
    ("often", re.compile(rf"\bevery\s(?:(?P<each>{_N})\s)?{_UNIT}s?\b")),
    ("often", re.compile(rf"(?:(?P<low>{_N})\s)?(?P<adverb>{'|'.join(_ADVERBS)})\b")),
    ("share", re.compile(rf"{_RANGE}\s?(?:%|per ?cent\b)")),
    ("long", re.compile(rf"{_RANGE}[\s-]{_UNIT}s?\b")),
    ("many", re.compile(rf"{_RANGE}\s(?:[a-z-]+\s)?(?P<noun>[a-z-]{{3,}}s|people|staff)\b")),
)
_NOT = re.compile(
    r"\b(?:not|never|no longer|cannot|nobody|avoid|without|stop(?:s|ped)?)\b|n['’]t\b"
)
_MUST = re.compile(r"\b(?:must|have to|has to|required|mandatory|compulsory|always|only)\b")
_MAY = re.compile(
    r"\b(?:may|can choose|optional|voluntary|free to|up to (?:you|them|each)|need not"
    r"|if (?:they|you) (?:wish|want|like))\b"
)


@dataclass(frozen=True)
class Amount:
    """From `low` to `high` of what `kind` says: times a year ("often:time"), days ("long"), a
    share, or a number of things ("many:visit")."""

    kind: str
    low: float
    high: float


def differences(one: str, other: str) -> frozenset[Difference]:
    """What two sentences on one matter do not agree on."""
    found: set[Difference] = set()
    a, b = amounts_in(one), amounts_in(other)
    for kind in {amount.kind for amount in a} & {amount.kind for amount in b}:
        mine = [amount for amount in a if amount.kind == kind]
        theirs = [amount for amount in b if amount.kind == kind]
        if not any(_meet(x, y) for x in mine for y in theirs):
            found.add("amount")
    x, y = one.lower(), other.lower()
    if (_NOT.search(x) is None) != (_NOT.search(y) is None):
        found.add("negation")
    if (_demands(x), _demands(y)) in ((1, -1), (-1, 1)):
        found.add("obligation")
    return frozenset(found)


def amounts_in(text: str) -> tuple[Amount, ...]:
    """The amounts that a sentence names, each stretch of it read once."""
    text = text.lower()
    taken: list[tuple[int, int]] = []
    found: list[Amount] = []
    for kind, pattern in _AMOUNTS:
        for match in pattern.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                found += _amount(kind, match, text[: match.start()])
    return tuple(found)


def _amount(kind: str, match: re.Match[str], before: str) -> Iterator[Amount]:
    parts = match.groupdict()
    low = _number(parts.get("low")) or 1.0
    low, high = sorted((low, _number(parts.get("high")) or low))
    unit = parts.get("unit") or _ADVERBS.get(parts.get("adverb") or "")
    if kind == "long" and unit in _DAYS:
        low, high = low * _DAYS[unit][0], high * _DAYS[unit][1]
    elif kind == "often" and unit in _DAYS:
        each = _number(parts.get("each")) or 1
        shortest, longest = _DAYS[unit]
        low, high, kind = low * 365 / (longest * each), high * 365 / (shortest * each), "often:time"
    elif kind in ("long", "often"):  # how long a session or a shift is, nobody says
        kind = f"{kind}:{unit}"
    elif kind == "many":
        kind = f"many:{parts['noun'].rstrip('s')}"
    if _AT_LEAST.search(before):
        high = math.inf
    elif _AT_MOST.search(before):
        low = 0.0
    yield Amount(kind, low, high)


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    return float(_TIMES[text]) if text in _TIMES else float(text.replace(",", ""))


def _meet(one: Amount, other: Amount) -> bool:
    """Whether both can be true; a twentieth more or less is rounding."""
    return one.low <= other.high * 1.05 and other.low <= one.high * 1.05


def _demands(text: str) -> int:
    """1 if a sentence demands something, -1 if it leaves it open, 0 if neither or both."""
    return (_MUST.search(text) is not None) - (_MAY.search(text) is not None)
