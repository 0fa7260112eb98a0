"""Views side by side: the senses of a contested word, and the two sides of a comparison.

The glossary says which senses there are and by which cues they show. What a sense or a side is, is
said only by a sentence of the index that can be cited, so this works on any documents.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from assistant.answering.fitting import named
from assistant.answering.kinds import Kind
from assistant.answering.question import Question
from assistant.answering.quotes import Quote, leans, quotable, quote_of
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.library.glossary import ContestedTerm, Glossary, any_of
from assistant.models.embedding import EmbeddingModel, Vectors
from assistant.records import Chunk, Sentence, SentenceRole
from assistant.retrieval.search import STOP_WORDS, words_of

_POOL = 40  # chunks in which the sentence that states a view is looked for
_CLOSE = 0.6  # similarity, with what the cues add, from which a sentence states a sense
_CUE = 0.1  # for each cue, at most two of them
_NAMED = 0.1  # for naming somebody who holds the sense
_SIDE_CLOSE = 0.5
_OF_IT = 0.15  # for a sentence that begins with the side, and off for one that names the other
_OPENING = 6  # characters before the name with which a sentence still begins with it
_NEW_SOURCE = 0.1  # for a document from which no other view is quoted
_LONGEST = 45  # words of a sentence that states a view
_SENSES_ALONE, _SENSES_EACH = 3, 2  # shown of the only term of a question, and of each of several
_OF_WORDS = re.compile(r"\b(?:terms?|words?|mean(?:s|ing)?|stands? for|senses?)\b", re.IGNORECASE)
_ADDS = re.compile(r"\balso\b")
# Before the word, one that takes it in a sense; or after it ":", "for" or "as" at once, or a verb
# that defines soon after it.
_TAKES = r"\b(?:uses?|takes?|calls?|stretch(?:es)?|by)\b\W{0,3}"
_DEFINES = (
    r"['\"”’)]*(?:\s*\([^)]*\))?"
    r"(?:\s?[:–]|\s(?:for|as)\b|.{0,45}?\b(?:is|are|means?|refers?|extended)\b(?! not\b))"
)
_SOON = 60  # characters before the word, in a sentence that says what it means


@dataclass(frozen=True)
class Stated:
    """A view with the sentence that states it. `name` is the sense's or the side's."""

    name: str
    quote: Quote


@dataclass(frozen=True)
class Contested:
    """A term of the question in two or more senses that the documents give it."""

    term: str
    senses: tuple[Stated, ...]
    ask: str | None


class _Said(NamedTuple):
    """A sentence of a chunk."""

    chunk: Chunk
    sentence: Sentence
    text: str


@dataclass(frozen=True)
class _Candidate:
    score: float
    view: str
    quote: Quote


def contested_in(
    view: View,
    model: EmbeddingModel,
    glossary: Glossary,
    question: Question,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> tuple[Contested, ...]:
    """The contested terms on which the answer leans, each with what the documents mean by it.

    That is a term that the question is about: it is asked what the word means, or to choose
    between two. A term with one stated sense is left out: there is no other view to show.
    """
    names = [name for name in question.terms if _is_about(name, glossary.terms[name], question)]
    most = _SENSES_ALONE if len(names) == 1 else _SENSES_EACH
    found = []
    for name in names[:2]:
        term = glossary.terms[name]
        vectors = model.encode_once([f"{term.name}: {s.meaning}" for s in term.senses.values()])
        candidates = [
            candidate
            for key, vector in zip(term.senses, vectors, strict=True)
            for candidate in view.once(
                ("sense", name, key, tuple(only), tuple(without)),
                partial(_statements, view, glossary, name, key, vector, only, without),
            )
        ]
        stated = _one_each(candidates, list(term.senses))[:most]
        if len(stated) > 1:
            ordered = stated[::-1] if question.other_sense else stated
            found.append(Contested(term.name, tuple(ordered), term.ask))
    return tuple(found)


def sides_in(
    view: View,
    model: EmbeddingModel,
    stemmer: Stemmer,
    question: Question,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> tuple[Stated, ...]:
    """What each side of a comparison is, in a sentence each; empty unless both are stated."""
    if question.kind is not Kind.COMPARISON or not question.sides:
        return ()
    vectors = model.encode([f"{side}: what it is and what it is for" for side in question.sides])
    candidates: list[_Candidate] = []
    for side, vector in zip(question.sides, vectors, strict=True):
        candidates += _descriptions(view, stemmer, side, question.sides, vector, only, without)
    stated = _one_each(candidates, list(question.sides))
    return tuple(stated) if len(stated) == len(question.sides) else ()


def _is_about(name: str, term: ContestedTerm, question: Question) -> bool:
    asked = " ".join(re.findall(r"[^.!?\n]+[?]", question.query)) or question.query
    of_words = _OF_WORDS.search(asked) is not None
    if not any_of(term.forms).search(question.query if of_words else asked):
        return False
    if question.kind is Kind.DEFINITION or of_words or question.other_sense:
        return True
    compared = any(any_of(term.forms).search(side) for side in question.sides)
    return term.house is None and (compared or term.ask is not None)


def _statements(
    view: View,
    glossary: Glossary,
    name: str,
    sense: str,
    vector: Vectors,
    only: Sequence[str],
    without: Sequence[str],
) -> list[_Candidate]:
    """Sentences that state a sense: they define the word, and hold a cue of the sense."""
    term = glossary.terms[name]
    cues = term.senses[sense].cues
    if not cues:
        return []
    form = any_of(term.forms).pattern
    defines = re.compile(f"{_TAKES}{form}|{form}{_DEFINES}", re.IGNORECASE)
    cue = any_of(cues)
    holders = {name.split("-")[0] for name in term.senses[sense].held_by}
    found = []
    near = [
        one
        for one in _near(view, vector, only, without)
        if cue.search(one.text) and defines.search(one.text)
    ]
    for quote, similarity in _rated(view, vector, near):
        text = quote.texts[0]
        held = len({match[0].lower() for match in cue.finditer(text)})
        defined = defines.search(text)
        if held and defined and defined.start() <= _SOON and name in glossary.terms_in(text):
            score = round(similarity + _CUE * min(held, 2), 3)
            if score >= _CLOSE:
                score += _NAMED * bool(holders & set(words_of(text)))
                found.append(_Candidate(score, sense, quote))
    return found


def _descriptions(
    view: View,
    stemmer: Stemmer,
    side: str,
    sides: Sequence[str],
    vector: Vectors,
    only: Sequence[str],
    without: Sequence[str],
) -> list[_Candidate]:
    """Sentences that say what a side is: they name it, best at their beginning, and not the
    other. Where no sentence has the very words, their stems do."""
    names = {one: named(one) for one in sides}
    near = _near(view, vector, only, without)
    exact = _rated(view, vector, [one for one in near if names[side].search(one.text)])
    wanted = _stems(stemmer, side)
    found = []
    for quote, similarity in exact or _rated(view, vector, near):
        text = quote.texts[0]
        holds = bool(exact) or wanted <= set(stemmer.stems(words_of(text)))
        if holds and similarity >= _SIDE_CLOSE:
            others = any(names[one].search(text) for one in sides if one != side)
            first = names[side].search(text[: len(side) + _OPENING])
            score = similarity + _OF_IT * (first is not None) - _OF_IT * others
            found.append(_Candidate(round(score, 3), side, quote))
    return found


def _near(view: View, vector: Vectors, only: Sequence[str], without: Sequence[str]) -> list[_Said]:
    """The sentences of the nearest chunks."""
    near = view.nearest(vector, _POOL, only, without)
    return [
        _Said(chunk, sentence, chunk.text_of(sentence))
        for chunk in view.chunks([name for name, _ in near])
        for sentence in chunk.sentences
    ]


def _rated(view: View, vector: Vectors, some: Sequence[_Said]) -> list[tuple[Quote, float]]:
    """Those that are short and can be quoted alone, with their similarities."""
    quotes = [
        quote_of(one.chunk, (one.sentence,))
        for one in some
        if one.sentence.role is not SentenceRole.LEAD
        and not (leans(one.text) or _ADDS.search(one.text))
        and quotable(one.sentence, one.text)
        and len(one.text.split()) <= _LONGEST
    ]
    vectors = view.sentence_vectors([quote.texts[0] for quote in quotes])
    return [(q, float(v @ vector)) for q, v in zip(quotes, vectors, strict=True)]


def _one_each(candidates: Sequence[_Candidate], names: Sequence[str]) -> list[Stated]:
    """The best sentence for each view, in the order of the names; no sentence states two.

    A document from which nothing is quoted yet is preferred: views should not have one source.
    """
    chosen: dict[str, _Candidate] = {}
    left = sorted(candidates, key=lambda one: (-one.score, one.quote.place))
    while left:
        documents = {one.quote.chunk.document_id for one in chosen.values()}
        best = max(
            left,
            key=lambda one: (
                one.score + _NEW_SOURCE * (one.quote.chunk.document_id not in documents)
            ),
        )
        chosen[best.view] = best
        left = [
            one for one in left if one.view != best.view and one.quote.place != best.quote.place
        ]
    return [Stated(name, chosen[name].quote) for name in names if name in chosen]


def _stems(stemmer: Stemmer, text: str) -> set[str]:
    words = words_of(text)
    return set(stemmer.stems([word for word in words if word not in STOP_WORDS] or words))
