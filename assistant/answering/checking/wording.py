"""A statement as what can be compared with another: words, amounts, denials, duties, names. Pure.

Reading is by rules over words; what the rules look for is in `lexicon` and `measures`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from assistant.answering.checking import lexicon, measures
from assistant.answering.checking.amounts import (
    Amount,
    implied_amounts,
    read_amounts,
    value_of,
)
from assistant.answering.checking.words import SMALL, Word, plain, read_words

Stems = Callable[[Sequence[str]], Sequence[str]]
"""Words in small letters to their stems."""

_SPANS = frozenset("minutes days weeks fortnights months years decades".split())
_NAMED_TIMES = frozenset(
    "daily weekly fortnightly monthly termly quarterly yearly annually annual hourly week month"
    " year fortnight decade".split()
)
_BESIDE = 3  # words to each side that a word is said of
_EACH = frozenset("every each per a an".split())
_WAYS = frozenset("up out deep down across".split())


class Wording:
    """A text, read. `stems` gives the stem of each word."""

    def __init__(self, text: str, stems: Stems) -> None:
        self.text = plain(text)
        self._stems_of = stems

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words, in order, without punctuation, each with whether a denial reaches it."""
        return tuple(read_words(self.text))

    @cached_property
    def lower(self) -> frozenset[str]:
        """Its words in small letters."""
        return frozenset(self._lowered)

    @cached_property
    def _lowered(self) -> tuple[str, ...]:
        return tuple(word.lower for word in self.words)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stem of each word."""
        return tuple(self._stems_of(self._lowered))

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
            if word.lower not in SMALL and re.search(r"\w", word.lower)
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
        return tuple(read_amounts(self._lowered))

    @cached_property
    def amounts_said(self) -> tuple[Amount, ...]:
        """The same, generously: "an hour" is one hour, and each "one" may count something."""
        return (*self.amounts, *implied_amounts(self._lowered))

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that it names, with a number or not."""
        return frozenset(measures.UNITS[word] for word in self.lower if word in measures.UNITS)

    @cached_property
    def dates(self) -> frozenset[str]:
        """Months and days of the week."""
        named = {w.lower for w in self.words if w.lower in measures.MONTHS | measures.DAYS}
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
            if word.lower not in SMALL | measures.MONTHS | measures.DAYS
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
        words = self._lowered
        found = set()
        for n, word in enumerate(words):
            before = words[n - 1] if n else ""
            told = word in _SPANS or word in _NAMED_TIMES or before in _EACH
            # With a number it is an amount, which is compared by itself.
            if measures.UNITS.get(word) in measures.PERIODS and told and value_of(before) is None:
                found.add(measures.UNITS[word])
        return frozenset(found)

    @cached_property
    def counted(self) -> tuple[tuple[float, frozenset[str]], ...]:
        """Numbers, each with the stems of the words of content that follow it closely."""
        found = []
        for n, word in enumerate(self.words):
            value = value_of(word.lower)
            if value is not None and word.lower != "one":
                things = []
                for at in range(n + 1, min(n + 4, len(self.words))):
                    if at not in self._carrying or value_of(self.words[at].lower) is not None:
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
        return f" {' '.join(self._lowered)} "

    def has(self, words: Iterable[str]) -> bool:
        """Whether one of these words stands in it."""
        return not self.lower.isdisjoint(words)


def _denies_in_itself(word: str) -> bool:
    """Whether a word denies by its beginning or end, such as "unrepaired"."""
    return bool(
        re.match(r"un(?!der|til|it|i[oqv])[a-z]{4,}$|dis(?!c|t|pl)[a-z]{4,}$|non-?[a-z]{4,}$", word)
        or re.match(r"[a-z]{3,}less$", word)
    )
