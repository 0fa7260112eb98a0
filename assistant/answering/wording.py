"""A statement as what can be compared with another: words, amounts, denials, duties, names. Pure.

Reading is by rules over words; what the rules look for is in `lexicon`.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from assistant.answering import lexicon

_WORD = re.compile(
    r"(?P<number>(?<![\w.])\d[\d,]*(?:\.\d+)?)(?P<suffix>%|st|nd|rd|th|km|mg|kg|ml|m|bn)?(?!\w)"
    r"|[£$€%]|[A-Za-z]+\d[\w-]*|\w+(?:['’]\w+)*|(?P<end>[.;:!?,()–—-])"
)
_SPELT_OUT = (
    (re.compile(r"\bper ?cent(?:age)? points?\b", re.I), "percentage-point"),
    (re.compile(r"\bper ?cents?\b", re.I), "percent"),
    (re.compile(r"\bstandard deviations?\b", re.I), "standard-deviation"),
    (re.compile(r"\bhalf[ -]terms?\b", re.I), "half-term"),
    (re.compile(r"\b(has|have|had) to\b(?! do with)", re.I), r"\1_to"),
    (re.compile(r"\bneeds? to\b", re.I), "need_to"),
    (re.compile(r"\bcan not\b", re.I), "cannot"),
    (re.compile(r"\bwon['’]t\b", re.I), "will n't"),
    (re.compile(r"\bcan['’]t\b", re.I), "cannot"),
    (re.compile(r"(\w)n['’]t\b", re.I), r"\1 n't"),
)
_KEPT_WHOLE = re.compile(
    r"percentage-point|standard-deviation|half-term|(?:has|have|had|need)_to|n't|top-down"
    r"|bottom-up",
    re.I,
)
_NOT_COUNTED = frozenset(("of", "another", "off", "who", "that", "is", "can", "should", ""))
_SPANS = frozenset("minutes days weeks fortnights months years decades".split())
_NAMED_TIMES = frozenset(
    "daily weekly fortnightly monthly termly quarterly yearly annually annual hourly week month"
    " year fortnight decade".split()
)
_BESIDE = 3  # words to each side that a word is said of
_EACH = frozenset("every each per a an".split())
_WAYS = frozenset("up out deep down across".split())
_MONEY = frozenset("£$€")
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9}  # after money
_PIECE = re.compile(rf"{_KEPT_WHOLE.pattern}|{_WORD.pattern}", re.IGNORECASE)
_NO_NEGATION = re.compile(rf"\b(?:{'|'.join(lexicon.NO_NEGATION)})\b", re.IGNORECASE)
_TO_SPELL_OUT = re.compile(
    r"per ?cent|deviation|half|\b(?:has|have|had|needs?) to\b|can not|n['’]t\b", re.IGNORECASE
)
_SCOPE = 4  # words of content that a denial reaches
_BREAKS = frozenset(".;:!?()–—,")
_SMALL = frozenset(
    "a about after again all also am an and any are as at be because been before being between both"
    " but by can could did do does doing done for from get gets getting go goes going got had has"
    " have having he her here him his how i if in into is it its just like many me more most much"
    " my no not now of off on one only or other others our over own really same say says see she"
    " should so some such than that the their them then there these they thing things this those"
    " through to too under us use used uses using very was we were what when where which while who"
    " whom whose why will with within without would you your may might must cannot n't up out"
    " has_to have_to had_to need_to each every per via still yet even rather instead whether either"
    " neither nor once until unless since though although however therefore thus well make makes"
    " made"
    " take takes taken give gives given need needs put let every another any always never often"
    " sometimes usually".split()
)


Stems = Callable[[Sequence[str]], Sequence[str]]
"""Words in small letters to their stems."""


def plain(text: str) -> str:
    """NFKC, straight quotes, hyphens for dashes within words, white space folded, no list marker
    and no bold marks before or in it."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = text.translate(_STRAIGHT)
    text = re.sub(r"(?<=\w)[‐‑‒−](?=\w)", "-", text).replace("**", "")
    text = re.sub(r"(?<=\d)[ \u00a0](?=\d{3}\b)", ",", text)
    return " ".join(_MARKER.sub("", text.strip()).split())


_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_MARKER = re.compile(r"^(?:[-*•–+]|\(?(?:\d{1,2}|[a-z])[.)])\s+")


@dataclass(frozen=True)
class Word:
    """A word as written and in small letters. `first`: it opens a sentence. `denies`: it is a "not"
    or the like. `denied`: one reaches it; `denied_first`: before any other word of content."""

    written: str
    lower: str
    first: bool
    denies: bool
    denied: bool
    denied_first: bool


@dataclass(frozen=True)
class Amount:
    """A number with its unit, if one is near. `bound`: at least, or at most, so much."""

    value: float
    unit: str | None
    bound: Literal["least", "most"] | None
    ordinal: bool = False
    plural: bool = True


class Wording:
    """A text, read. `stems` gives the stem of each word."""

    def __init__(self, text: str, stems: Stems) -> None:
        self.text = plain(text)
        self._stems_of = stems

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words, in order, without punctuation, each with whether a denial reaches it."""
        text = self.text
        if _TO_SPELL_OUT.search(text):
            for pattern, put in _SPELT_OUT:
                text = pattern.sub(put, text)
        harmless = {at for match in _NO_NEGATION.finditer(text) for at in range(*match.span())}
        found: list[Word] = []
        reach, first = 0, True
        for written, at in _pieces(text):
            if written in _BREAKS:
                reach = 0
                first = first or written in ".!?:"
                continue
            if written == "-":
                continue
            lower = written.lower()
            small = lower in _SMALL
            denies = lower in lexicon.NEGATORS and at not in harmless
            denied = reach > 0 and not small
            found.append(Word(written, lower, first, denies, denied, denied and reach == _SCOPE))
            if denies:
                reach = _SCOPE
            elif reach and not small:
                reach -= 1
            elif lower in ("but", "and", "because", "so"):
                reach = 0
            first = False
        return tuple(found)

    @cached_property
    def lower(self) -> frozenset[str]:
        """Its words in small letters."""
        return frozenset(word.lower for word in self.words)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stem of each word."""
        return tuple(self._stems_of([word.lower for word in self.words]))

    @cached_property
    def stem_set(self) -> frozenset[str]:
        """Its stems, each once."""
        return frozenset(self.stems)

    @cached_property
    def content(self) -> tuple[int, ...]:
        """Which of its words carry content."""
        return tuple(
            n
            for n, word in enumerate(self.words)
            if word.lower not in _SMALL and re.search(r"\w", word.lower)
        )

    @cached_property
    def denials(self) -> int:
        """How many of its words deny."""
        return sum(word.denies for word in self.words)

    @cached_property
    def soft_denials(self) -> frozenset[str]:
        """Other words that may stand for a denial, such as "avoid" and "unclear"."""
        return frozenset(
            word for word in self.lower
            if word in lexicon.NEGATIVE_VERBS or _denies_in_itself(word)
        )  # fmt: skip

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """Its numbers, each with the unit that belongs to it."""
        return tuple(_amounts([word.lower for word in self.words]))

    @cached_property
    def amounts_said(self) -> tuple[Amount, ...]:
        """The same, generously: "an hour" is one hour, and each "one" may count something."""
        words = [word.lower for word in self.words]
        more = [
            Amount(1.0, lexicon.UNITS[after], None)
            for word, after in itertools.pairwise(words)
            if word in ("a", "an", "each", "every", "per", "one") and after in lexicon.UNITS
        ]
        more += [Amount(1.0, None, None) for word in words if word == "one"]
        return (*self.amounts, *(_same(one) for one in more))

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that it names, with a number or not."""
        return frozenset(lexicon.UNITS[word] for word in self.lower if word in lexicon.UNITS)

    @cached_property
    def dates(self) -> frozenset[str]:
        """Months and days of the week."""
        named = {w.lower for w in self.words if w.lower in lexicon.MONTHS | lexicon.DAYS}
        if not any(w.written == "May" and not w.first for w in self.words):
            named -= {"may"}
        if not any(w.written == "March" for w in self.words):
            named -= {"march"}
        return frozenset(named)

    @cached_property
    def names(self) -> tuple[tuple[int, str], ...]:
        """Words written as names, each with its place: capitals in the middle of a sentence, or
        in the middle of a word. None in a text that is all capitals."""
        if self.text.isupper():
            return ()
        return tuple(
            (n, word.written)
            for n, word in enumerate(self.words)
            if word.lower not in _SMALL | lexicon.MONTHS | lexicon.DAYS
            and (
                (word.written[:1].isupper() and not word.first)
                or re.fullmatch(r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*|[A-Z]+-?\d+\w*", word.written)
                or (word.first and word.written[:1].isupper() and self._opens_names(n))
            )
        )

    def _opens_names(self, n: int) -> bool:
        """Whether the first word of a sentence is a name, since names or "et al." follow."""
        after = [word.written for word in self.words[n + 1 : n + 3]]
        if after[:1] == ["and"]:
            return after[1:] == ["colleagues"] or after[-1][:1].isupper()
        return after[:1] == ["et"]

    @cached_property
    def initials(self) -> frozenset[str]:
        """What its runs of capitalised words are short for, in small letters."""
        return frozenset(short for short, _ in self._runs)

    @cached_property
    def _runs(self) -> tuple[tuple[str, frozenset[str]], ...]:
        found = []
        for n in range(len(self.words)):
            run: list[str] = []
            for word in self.words[n : n + 8]:
                if word.written[:1].isupper():
                    run.append(word.lower)
                elif word.lower not in ("of", "for", "and", "the", "in", "to"):
                    break
                if len(run) > 1:
                    found.append(("".join(part[0] for part in run), frozenset(run)))
        return tuple(found)

    def spelt_out(self, known: Collection[str]) -> list[frozenset[str]]:
        """The words of its names of which the short form is known."""
        return [words for short, words in self._runs if short in known]

    @cached_property
    def moves(self) -> frozenset[str]:
        """What is scaled and how: "scale up", "scaling deep"."""
        return frozenset(
            f"scale {after.lower}"
            for word, after in zip(self.words, self.words[1:], strict=False)
            if word.lower.startswith(("scal", "spread")) and after.lower in _WAYS
        )

    @cached_property
    def times(self) -> frozenset[str]:
        """Units of time in words of how often or how long: "weekly", "every month", "a day",
        "years"."""
        words = [word.lower for word in self.words]
        found = set()
        for n, word in enumerate(words):
            before = words[n - 1] if n else ""
            told = word in _SPANS or word in _NAMED_TIMES or before in _EACH
            # With a number it is an amount, which is compared by itself.
            if lexicon.UNITS.get(word) in lexicon.PERIODS and told and _value(before) is None:
                found.add(lexicon.UNITS[word])
        return frozenset(found)

    @cached_property
    def counted(self) -> tuple[tuple[float, frozenset[str]], ...]:
        """Numbers, each with the stems of the words of content that follow it closely."""
        found = []
        for n, word in enumerate(self.words):
            value = _value(word.lower)
            if value is not None and word.lower != "one":
                things = []
                for at in range(n + 1, min(n + 4, len(self.words))):
                    if at not in self._carrying or _value(self.words[at].lower) is not None:
                        break
                    things.append(self.stems[at])
                found.append((value, frozenset(things)))
        return tuple(found)

    @cached_property
    def _carrying(self) -> frozenset[int]:
        return frozenset(self.content)

    def open(self, words: Collection[str]) -> bool:
        """Whether one of these words stands in it and no denial goes before it."""
        return any(
            word.lower in words and (n == 0 or self.words[n - 1].lower not in lexicon.NEGATORS)
            for n, word in enumerate(self.words)
        )

    def near(self, *words: str) -> frozenset[str]:
        """The stems of the words of content beside these words, three before and after."""
        places = [n for n, word in enumerate(self.words) if word.lower in words]
        return frozenset(
            self.stems[m] for n in places for m in self.content if m != n and abs(m - n) <= _BESIDE
        )

    def says(self, phrases: Iterable[str]) -> bool:
        """Whether one of these phrases stands in it, in whole words."""
        return self.first_of(phrases) is not None

    def first_of(self, phrases: Iterable[str]) -> str | None:
        """The first of these phrases that stands in it, in whole words."""
        return next((phrase for phrase in phrases if f" {phrase} " in self._spoken), None)

    @cached_property
    def _spoken(self) -> str:
        return f" {' '.join(word.lower for word in self.words)} "

    def has(self, words: Iterable[str]) -> bool:
        """Whether one of these words stands in it."""
        return not self.lower.isdisjoint(words)


def _denies_in_itself(word: str) -> bool:
    """Whether a word denies by its beginning or end, such as "unrepaired"."""
    return bool(
        re.match(r"un(?!der|til|it|i[oqv])[a-z]{4,}$|dis(?!c|t|pl)[a-z]{4,}$|non-?[a-z]{4,}$", word)
        or re.match(r"[a-z]{3,}less$", word)
    )


def _pieces(text: str) -> list[tuple[str, int]]:
    """Words, numbers with their signs apart, and breaks, each with its place."""
    found: list[tuple[str, int]] = []
    for match in _PIECE.finditer(text):
        if match["number"]:
            suffix = match["suffix"] or ""
            if suffix in ("st", "nd", "rd", "th"):
                found.append((match[0], match.start()))
            else:
                found.append((match["number"].rstrip(","), match.start()))
                if suffix:
                    found.append((suffix, match.end() - len(suffix)))
        else:
            found.append((match[0], match.start()))
    return found


def _amounts(words: Sequence[str]) -> list[Amount]:
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
        elif word in lexicon.NUMBERS and following in lexicon.PARTS:
            value, unit = lexicon.NUMBERS[word] * lexicon.PARTS[following], "%"
            n += 1
        elif word in lexicon.NUMBERS:
            value = float(lexicon.NUMBERS[word])
            if value >= 20 and lexicon.NUMBERS.get(following, 10) < 10:
                value += lexicon.NUMBERS[following]
                n += 1
            if word == "one" and _is_no_number(words, n):
                value = None
        elif word in ("half", "halve") or (word in lexicon.PARTS and n and words[n - 1] == "a"):
            value, unit = lexicon.PARTS.get(word, 50.0), "%"
        elif word in lexicon.ORDINALS:
            value, ordinal = float(lexicon.ORDINALS[word]), True
        if value is not None:
            money = words[first - 1] if first and words[first - 1] in _MONEY else None
            while n + 1 < len(words) and (
                words[n + 1] in lexicon.SCALES or (money and words[n + 1] in _SHORT_SCALES)
            ):
                n += 1
                value *= lexicon.SCALES.get(words[n]) or _SHORT_SCALES[words[n]]
            if not ordinal:
                unit = unit or money or _unit(words, n)
            after = words[n + 1] if n + 1 < len(words) else "s"
            bound = None if ordinal else _bound(words, first - (money is not None), n)
            found.append(_same(Amount(value, unit, bound, ordinal, after.endswith("s"))))
        n += 1
    return found


def _same(amount: Amount) -> Amount:
    """The amount in the unit that is written for it: 12 months as a year."""
    unit, value = lexicon.EQUAL.get((amount.unit or "", amount.value), (amount.unit, amount.value))
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
        return lexicon.UNITS[words[at]]
    # "two to four weeks", "2 3 weeks" (a range with a dash), "three school terms"
    if at < len(words) and words[at] in ("to", "or", "and"):
        at += 1
    if at < len(words) and (words[at] in lexicon.NUMBERS or words[at][:1].isdigit()):
        at += 1
    if at < len(words) and _is_unit(words[at]):
        return lexicon.UNITS[words[at]]
    if at == n + 1 and at + 1 < len(words) and words[at + 1] in lexicon.UNITS:
        middle = words[at]
        if middle in ("us", "school", "working", "full", "whole", "calendar", "more", "further"):
            return lexicon.UNITS[words[at + 1]]
    return None


def _is_unit(word: str) -> bool:
    return word in lexicon.UNITS and not word.endswith(("ly", "annual"))


def _bound(words: Sequence[str], first: int, last: int) -> Literal["least", "most"] | None:
    """Whether words around an amount, which goes from `first` to `last`, bound it."""
    before = " " + " ".join(words[max(first - 4, 0) : first]) + " "
    after = " " + " ".join(words[last + 1 : last + 5]) + " "
    just_before = words[first - 1] if first else ""
    if just_before in lexicon.OVER:
        return "least"
    if just_before in lexicon.UNDER:
        return "most"
    for phrases, bound in ((lexicon.AT_MOST, "most"), (lexicon.AT_LEAST, "least")):
        for phrase in phrases:
            if phrase.startswith(("or ", "and ")):
                if f" {phrase} " in after:
                    return bound  # type: ignore[return-value]
            elif before.endswith((f" {phrase} ", f" {phrase} the ", f" {phrase} about ")):
                return bound  # type: ignore[return-value]
    return None


def _value(word: str) -> float | None:
    """The number that a word is by itself."""
    if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", word):
        return float(word.replace(",", ""))
    return float(lexicon.NUMBERS[word]) if word in lexicon.NUMBERS else None
