"""The amounts in a row of words, each with its unit and its bound."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answering.checking import measures

Bound = Literal["least", "most"]

_NOT_COUNTED = frozenset(("of", "another", "off", "who", "that", "is", "can", "should", ""))
_BOUNDS: tuple[tuple[tuple[str, ...], Bound], ...] = (
    (measures.AT_MOST, "most"), (measures.AT_LEAST, "least"),
)  # fmt: skip
_MONEY = frozenset("£$€")
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9}  # after money


@dataclass(frozen=True)
class Amount:
    """A number with its unit, if one is near. `bound`: at least, or at most, so much."""

    value: float
    unit: str | None
    bound: Bound | None
    ordinal: bool = False
    plural: bool = True


def read_amounts(words: Sequence[str]) -> list[Amount]:
    """The numbers among words in small letters, each with what belongs to it."""
    found: list[Amount] = []
    n = 0
    while n < len(words):
        word, first = words[n], n
        following = words[n + 1] if n + 1 < len(words) else ""
        value: float | None = None
        ordinal = False
        unit: str | None = None
        if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", word):
            value = float(word.replace(",", ""))
        elif re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
            value, ordinal = float(word[:-2]), True
        elif word in measures.NUMBERS and following in measures.PARTS:
            value, unit = measures.NUMBERS[word] * measures.PARTS[following], "%"
            n += 1
        elif word in measures.NUMBERS:
            value = float(measures.NUMBERS[word])
            if value >= 20 and measures.NUMBERS.get(following, 10) < 10:
                value += measures.NUMBERS[following]
                n += 1
            if word == "one" and _is_no_number(words, n):
                value = None
        elif word in ("half", "halve") or (word in measures.PARTS and n and words[n - 1] == "a"):
            value, unit = measures.PARTS.get(word, 50.0), "%"
        elif word in measures.ORDINALS:
            value, ordinal = float(measures.ORDINALS[word]), True
        if value is not None:
            money = words[first - 1] if first and words[first - 1] in _MONEY else None
            while n + 1 < len(words) and (
                words[n + 1] in measures.SCALES or (money and words[n + 1] in _SHORT_SCALES)
            ):
                n += 1
                value *= measures.SCALES.get(words[n]) or _SHORT_SCALES[words[n]]
            if not ordinal:
                unit = unit or money or _unit(words, n)
            after = words[n + 1] if n + 1 < len(words) else "s"
            bound = None if ordinal else _bound(words, first - (money is not None), n)
            found.append(canonical(Amount(value, unit, bound, ordinal, after.endswith("s"))))
        n += 1
    return found


def implied_amounts(words: Sequence[str]) -> list[Amount]:
    """What they say generously: "an hour" is one hour, and each "one" may count something."""
    found = [
        Amount(1.0, measures.UNITS[after], None)
        for word, after in itertools.pairwise(words)
        if word in ("a", "an", "each", "every", "per", "one") and after in measures.UNITS
    ]
    found += [Amount(1.0, None, None) for word in words if word == "one"]
    return [canonical(one) for one in found]


def canonical(amount: Amount) -> Amount:
    """The amount in the unit that is written for it: 12 months as a year."""
    unit, value = measures.EQUAL.get((amount.unit or "", amount.value), (amount.unit, amount.value))
    return replace(amount, unit=unit, value=value)


def _is_no_number(words: Sequence[str], n: int) -> bool:
    """Whether "one" only points: "one of", "no one", "the one", "one another", "one-off"."""
    after = words[n + 1] if n + 1 < len(words) else ""
    before = words[n - 1] if n else ""
    return after in _NOT_COUNTED or before in (
        "no", "the", "this", "that", "which", "each", "any", "every", "another", "new",
    )  # fmt: skip


def _unit(words: Sequence[str], n: int) -> str | None:
    """The unit of the number at n, after it or after a range."""
    at = n + 1
    if at < len(words) and _is_unit(words[at]):
        return measures.UNITS[words[at]]
    # "two to four weeks", "2 3 weeks" (a range with a dash), "three school terms"
    if at < len(words) and words[at] in ("to", "or", "and"):
        at += 1
    if at < len(words) and (words[at] in measures.NUMBERS or words[at][:1].isdigit()):
        at += 1
    if at < len(words) and _is_unit(words[at]):
        return measures.UNITS[words[at]]
    if at == n + 1 and at + 1 < len(words) and words[at + 1] in measures.UNITS:
        middle = words[at]
        if middle in ("us", "school", "working", "full", "whole", "calendar", "more", "further"):
            return measures.UNITS[words[at + 1]]
    return None


def _is_unit(word: str) -> bool:
    return word in measures.UNITS and not word.endswith(("ly", "annual"))


def _bound(words: Sequence[str], first: int, last: int) -> Bound | None:
    """Whether words around an amount, which goes from `first` to `last`, bound it."""
    before = " " + " ".join(words[max(first - 4, 0) : first]) + " "
    after = " " + " ".join(words[last + 1 : last + 5]) + " "
    just_before = words[first - 1] if first else ""
    if just_before in measures.OVER:
        return "least"
    if just_before in measures.UNDER:
        return "most"
    for phrases, bound in _BOUNDS:
        for phrase in phrases:
            if phrase.startswith(("or ", "and ")):
                if f" {phrase} " in after:
                    return bound
            elif before.endswith((f" {phrase} ", f" {phrase} the ", f" {phrase} about ")):
                return bound
    return None


def value_of(word: str) -> float | None:
    """The number that a word is by itself."""
    if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", word):
        return float(word.replace(",", ""))
    return float(measures.NUMBERS[word]) if word in measures.NUMBERS else None
