"""Whether the guidance covers a question, decided from what was found, never from a phrase."""

import math
import re
from dataclasses import dataclass, fields
from typing import Literal

from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.retrieval.search import STOP_WORDS, Retrieval, words_of

Reason = Literal[
    "not_covered", "out_of_scope", "language", "local_fact", "needs_professional", "instruction"
]

THRESHOLD = 0.5
_OUT_OF_SCOPE = 0.30  # similarity below which the whole subject is another one

_BEST_PASSAGES = 3
_FEW_CHUNKS = 100  # an index of so few lacks many an ordinary word: a word it lacks counts half
_FEWEST_WORDS = 3  # fewer tell nothing about a language
_ENGLISH = 0.5  # share of words that are English or of the guidance's own vocabulary


_NAME = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b")  # CFIR, DoH: written in capitals


@dataclass(frozen=True)
class _PerSignal:
    """A number for each signal."""

    similarity: float
    signposts: float
    coverage: float
    unknown: float
    strange: float
    length: float


@dataclass(frozen=True)
class Signals(_PerSignal):
    """What the confidence is made of.

    `similarity` is that of the best passage to the question, a cosine; `signposts` the mean of the
    best headings and questions that the documents answer. `coverage` is the share of
    the question's words that stand in the best passages, among those that the guidance knows;
    `unknown` the share of words that stand nowhere in it, less in a small index, which lacks
    ordinary words too. Both weigh a word by how rare it is, in [0, 1]. `strange` is 1 if a name in
    capital letters stands nowhere. `length` is the logarithm of the number of words: a long
    question tells a story, of which no passage holds much. `silent`: the documents name no
    questions that they answer, so that signposts are headings alone.
    """

    silent: bool


@dataclass(frozen=True)
class _Weights(_PerSignal):
    """The weight of each signal, and a constant."""

    bias: float


# Fitted on the dev questions and their other wordings by `python -m evals calibrate`, which prints
# the curve as well: on the library, and on documents that name no questions.
_WEIGHTS = _Weights(1.6, 5.8, 4.8, -7.8, -0.5, 3.2, -14.1)
# The constant is 0.7 more than the fit's: two of three dev questions have no answer there, and a
# refusal is as wrong as a wrong answer.
_WEIGHTS_SILENT = _Weights(4.7, 0.4, 0.0, -8.1, -4.0, 0.3, -0.9)


def signals_of(stemmer: Stemmer, found: Retrieval, query: str, chunks: int) -> Signals:
    """The signals of what was found for a query in an index of so many chunks."""
    best = " ".join(chunk.embedded_text for chunk in found.chunks[:_BEST_PASSAGES])
    stems = set(stemmer.stems(words_of(best)))
    known = sum(term.weight for term in found.terms if term.chunks)
    held = sum(term.weight for term in found.terms if term.stem in stems)
    total = sum(term.weight for term in found.terms)
    unknown = 1 - known / total if total else 1.0
    names = {name.lower() for name in _NAME.findall(query)}
    return Signals(
        similarity=found.best_similarity,
        signposts=found.signposts_similarity,
        coverage=held / known if known else 0.0,
        unknown=unknown * chunks / (chunks + _FEW_CHUNKS),
        strange=float(any(term.word in names and not term.chunks for term in found.terms)),
        length=math.log(1 + len(query.split())),
        silent=found.silent,
    )


def confidence(signals: Signals | None) -> float:
    """How probable it is that the guidance answers the question, in [0, 1]. None: no passage."""
    if signals is None:
        return 0.0
    weights = _WEIGHTS_SILENT if signals.silent else _WEIGHTS
    x = weights.bias + sum(
        getattr(weights, field.name) * getattr(signals, field.name) for field in fields(_PerSignal)
    )
    return round(1 / (1 + math.exp(-x)), 3)


def is_another_language(view: View, stemmer: Stemmer, text: str) -> bool:
    """Whether a question is surely not English: few words known, and another language likely."""
    words = words_of(text)
    other_script = sum(c.isalpha() and not c.isascii() for c in text) > len(text) / 2
    if len(words) < _FEWEST_WORDS and not other_script:
        return False
    stems = stemmer.stems(words)
    frequency = view.document_frequency(stems)
    known = sum(
        word in STOP_WORDS or frequency[stem] > 0 for word, stem in zip(words, stems, strict=True)
    )
    return known / len(words) < _ENGLISH and _language(text) != "en"


def reason_to_decline(found: Retrieval) -> Reason:
    """Outside the subject altogether, or only without an answer in it."""
    return "out_of_scope" if found.best_similarity < _OUT_OF_SCOPE else "not_covered"


def missing_terms(found: Retrieval) -> list[str]:
    """The question's words that stand nowhere in the guidance, in their order."""
    return [term.word for term in found.terms if not term.chunks and not term.word.isdigit()]


def _language(text: str) -> str:
    import py3langid  # reads its model at the first call: 0.5 s

    return str(py3langid.classify(text)[0])
