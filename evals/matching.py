"""When a text holds a nugget: the one way in which answers, cases and mutants are compared."""

import re
import unicodedata
from functools import lru_cache

from evals.cases import Match

_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS.split())}
_WORD = re.compile(r"(?<!ty-)\b[a-z]+")  # the "five" of "twenty-five" is no 5
_SAME = str.maketrans(
    dict.fromkeys("‘’", "'") | dict.fromkeys("“”", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)


@lru_cache(maxsize=1_000)  # an answer is compared with every nugget of its case
def normal(text: str) -> str:
    """The form in which texts are compared: case, quotes, dashes, thousands, number words."""
    text = re.sub(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}\b)", ",", text)
    text = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
    text = " ".join(re.sub(r"[*_`\\]", "", text).split())
    text = _WORD.sub(lambda word: _NUMBER_WORDS.get(word[0], word[0]), text)
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)


def folded(text: str) -> str:
    """The form in which quotes are looked for: only white space may differ."""
    return " ".join(text.split())


def holds(text: str, match: Match) -> bool:
    """Whether a text satisfies a match. See `Match` for the rules."""
    plain = normal(text)
    numbers = set(re.findall(r"\d+(?:\.\d+)?", plain))
    return (
        all(has_phrase(plain, phrase) for phrase in match.all_of)
        and (not match.any_of or any(has_phrase(plain, phrase) for phrase in match.any_of))
        and all(normal(number) in numbers for number in match.numbers)
        and not any(has_phrase(plain, phrase) for phrase in match.forbid)
    )


def has_phrase(plain: str, phrase: str) -> bool:
    """Whether a text in normal form has one of the alternatives of a phrase.

    From the beginning of a word; not where it goes on as "not" ("can" is not in "cannot").
    """
    return any(pattern.search(plain) for pattern in _patterns(phrase))


# The same phrases are looked for in every answer, and again for every metric.
@lru_cache(maxsize=10_000)
def _patterns(phrase: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"(?<!\w){re.escape(normal(part))}(?!not\b|n?'t\b)")
        for part in phrase.split("|")
        if part.strip()
    )
