"""Whether the guidance covers a question, decided from what was found, never from a phrase."""

import math
from typing import Literal

from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.retrieval.search import STOP_WORDS, Retrieval, words_of

Reason = Literal["not_covered", "out_of_scope", "language"]

# Fitted by logistic regression on the 15 dev questions and 39 more in the words of practitioners
# and of strangers (AUROC 0.96 there). `python -m evals run` says how well it parts the test split.
_SIMILARITY = 3.7
_COVERAGE = 8.4
_SENTENCE = 4.2
_BIAS = -10.7
THRESHOLD = 0.5
_OUT_OF_SCOPE = 0.30  # similarity below which the whole subject is another one

_FEWEST_WORDS = 3  # fewer tell nothing about a language
_ENGLISH = 0.5  # share of words that are English or of the guidance's own vocabulary


def confidence(found: Retrieval, sentence_score: float, coverage: float) -> float:
    """How probable it is that the guidance answers the question, in [0, 1].

    From the best passage's similarity, the weighted share of the question's words that the best
    passages hold, and the score of the best sentence.
    """
    if not found.passages or not sentence_score:
        return 0.0
    x = _SIMILARITY * found.best_similarity + _COVERAGE * coverage
    x += _SENTENCE * sentence_score + _BIAS
    return round(1 / (1 + math.exp(-x)), 3)


def coverage(stemmer: Stemmer, found: Retrieval, passages: int = 3) -> float:
    """The weighted share of the question's words that stand in the best passages."""
    best = " ".join(chunk.embedded_text for chunk in found.chunks[:passages])
    return found.share_held(set(stemmer.stems(words_of(best))))


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
