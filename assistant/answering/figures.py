"""Figures: those that a question asks for, and those that it takes for granted."""

import re
from collections.abc import Iterable, Sequence

from assistant.answering.checking.measures import SMALL_NUMBERS
from assistant.index.stems import Stemmer
from assistant.records import Chunk
from assistant.retrieval.search import Term, words_of

_ASKS_FOR_SHARE = re.compile(
    r"\b(?:what|which|the|as a) (?:percentage|per ?cent|proportion|share|%)(?!\w)"
    r"|\bhow many per ?cent\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\d\s?%|\bper ?cent\b|\b(?:half|third|quarter)s?\b|\b\d+ (?:out )?of (?:the )?\d+\b"
    r"|\bone in \w+",
    re.IGNORECASE,
)
_ASKING = frozenset("percentage percent per cent proportion share number figure must".split())
_COVERS = 0.55  # share of the question's words that a sentence with the figure must hold
_TAKEN_FOR_GRANTED = re.compile(
    r"\b(?:right|correct|true|isn't it|doesn't it|aren't they|yes)\s*\?|\bis it true\b"
    r"|\b(?:proved|proves|proven|everyone knows|i(?:'ve| have)? (?:read|heard))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w.,£$€])\d[\d,.]*\d?(?:\s?%|\s?per ?cent)?")
_NUMBER_NAME = re.compile(rf"\b(?:{'|'.join(SMALL_NUMBERS)})\b", re.IGNORECASE)


def lacks_the_share(
    question: str, terms: Sequence[Term], chunks: Iterable[Chunk], stemmer: Stemmer
) -> bool:
    """Whether a question asks for a percentage that no sentence found gives.

    A sentence gives it if it holds a share of something and most of the question's words, those
    of its title and headings counted.
    """
    if not _ASKS_FOR_SHARE.search(question):
        return False
    terms = [term for term in terms if term.word not in _ASKING]
    total = sum(term.weight for term in terms)
    for chunk in chunks:
        for sentence in chunk.sentences:
            text = chunk.text_of(sentence)
            if _SHARE.search(text):
                stems = set(stemmer.stems(words_of(f"{chunk.prefix} {text}")))
                held = sum(term.weight for term in terms if term.stem in stems)
                if held >= _COVERS * total:
                    return False
    return True


def unsupported_figure(question: str, quoted: Iterable[str]) -> str | None:
    """The first figure that a question takes for granted and that no quote holds."""
    if not _TAKEN_FOR_GRANTED.search(question):
        return None
    texts = [_in_digits(text) for text in quoted]
    held = {_number(figure[0]) for text in texts for figure in _FIGURE.finditer(text)}
    for figure in _FIGURE.finditer(question):
        if _number(figure[0]) not in held:
            return " ".join(figure[0].split())
    return None


def _in_digits(text: str) -> str:
    return _NUMBER_NAME.sub(lambda name: str(SMALL_NUMBERS[name[0].lower()]), text)


def _number(figure: str) -> str:
    return re.sub(r"[^\d.]", "", figure).strip(".")
