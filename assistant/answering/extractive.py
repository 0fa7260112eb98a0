"""The model-free answer: the sentences of the guidance that answer best, quoted.

A sentence scores by meaning and by the words that it shares with the question. The best one
leads; the others follow source by source and section by section, each section in reading order;
a list is quoted whole or not at all. Nothing here draws a random number, so the same index gives
the same bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.fitting import Fit
from assistant.answering.question import Question
from assistant.answering.quotes import LONGEST_LIST, Quote, quotes_of
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.models.embedding import Vectors
from assistant.retrieval.fusion import section_of
from assistant.retrieval.search import Retrieval, words_of

BUDGET = 195  # words of an answer with the lines that name a source, unless a list is longer
_MOST_SOURCES = 3
# Weights and margins were set on the dev questions of evals/datasets.
_WORDS_WEIGHT = 0.05
_PASSAGE_WEIGHT = 0.2
_DOCUMENT_WEIGHT = 0.1  # times the document's share of all that was found
_LEAD_DOCUMENT_WEIGHT = 0.1  # times how much speaks for the document, while the lead is chosen
_OPENING_BONUS = 0.2  # for the sentence that opens a section: it says what the section says
_NEW_SECTION_BONUS = 0.25  # for a section from which nothing was chosen yet
_NEXT_BONUS = 0.1  # for the sentence before or after one that was chosen
_LIST_BONUS = 0.1
_LIST_LAG = 0.02  # below the best sentence of its paragraph
_LIKENESS_WEIGHT = 0.1  # times the cosine with the most similar sentence chosen before
_MARGIN = 1.0  # below the best sentence by more than this, a sentence is left out
_HEADING_WEIGHT = 0.3  # times the similarity of title and headings
_SECOND_SOURCE = 0.15  # below the lead, at most, for the first quote of a second document
_EXAMPLE_MALUS = 0.3
_REPEATS = 0.75  # cosine above which two sentences say the same
_ANNOUNCEMENT = 12  # words, at most, of a sentence that only announces a list
_SOURCE_LINE = 3  # words of the product's own line that names a source, beside the title

_EXAMPLE = re.compile(r"(?:as an illustration|as an example)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Scored:
    quote: Quote
    score: float
    as_lead: float  # added while the lead is chosen
    heading: float  # similarity of its section's headings to the question, 0 at least
    vector: Vectors


def compose(
    view: View,
    stemmer: Stemmer,
    question: Question,
    found: Retrieval,
    budget: int = BUDGET,
    shown: Sequence[Quote] = (),
) -> tuple[Quote, ...]:
    """Choose what to quote, in at most `budget` words, from the passages that were found: the
    lead first, then by source and section. `shown` is quoted elsewhere in the answer.

    Empty if nothing can be quoted.
    """
    candidates = [
        one
        for one in _candidates(view, stemmer, question, found)
        if not any(_overlap(one.quote, other) for other in shown)
    ]
    chosen = _choose(candidates, question, budget)
    if not chosen:
        return ()
    lead = chosen[0].quote
    sources = list(dict.fromkeys(one.quote.chunk.document_id for one in chosen))
    sections = list(dict.fromkeys(_section(one.quote) for one in chosen))
    rest = sorted(
        (one.quote for one in chosen[1:]),
        key=lambda quote: (
            sources.index(quote.chunk.document_id),
            sections.index(_section(quote)),
            quote.sentences[0].start,
        ),
    )
    return (lead, *_joined(rest))


def statements(
    view: View, stemmer: Stemmer, question: Question, found: Retrieval, most: int
) -> list[tuple[Quote, float, Vectors]]:
    """The quotes that answer best alone, at most so many: each with its score as a lead and the
    unit vector of its best sentence."""
    scored = _candidates(view, stemmer, question, found)
    ranked = sorted(scored, key=lambda one: (-(one.score + one.as_lead), one.quote.place))
    return [(one.quote, one.score + one.as_lead, one.vector) for one in ranked[:most]]


def _overlap(one: Quote, other: Quote) -> bool:
    same = one.chunk.document_id == other.chunk.document_id
    return same and bool(set(one.sentences) & set(other.sentences))


def _section(quote: Quote) -> tuple[str, str]:
    return quote.chunk.document_id, quote.chunk.section


def _joined(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes, those that follow each other directly in a paragraph made one."""
    joined: list[Quote] = []
    for quote in quotes:
        last = joined[-1] if joined else None
        if last and not (last.is_list or quote.is_list) and _touch(last, quote):
            joined[-1] = Quote(
                last.chunk, (*last.sentences, *quote.sentences), (*last.texts, *quote.texts)
            )
        else:
            joined.append(quote)
    return joined


def _touch(one: Quote, other: Quote) -> bool:
    a, b = one.sentences[-1], other.sentences[0]
    same = one.chunk.document_id == other.chunk.document_id and a.block == b.block
    return same and 0 <= b.start - a.end <= 1


def _candidates(
    view: View, stemmer: Stemmer, question: Question, found: Retrieval
) -> list[_Scored]:
    """Every quote that could be made, scored, best first, ties in reading order."""
    quotes: list[tuple[Quote, float]] = []
    shares = _document_shares(found)
    seen: set[tuple[str, int, int]] = set()
    for passage, chunk in zip(found.passages, found.chunks, strict=True):
        for quote in quotes_of(view, chunk):
            if quote.place not in seen:
                seen.add(quote.place)
                quotes.append((quote, passage.score))
    if not quotes:
        return []
    texts = list(dict.fromkeys(text for quote, _ in quotes for text in quote.texts))
    vectors = dict(zip(texts, view.sentence_vectors(texts), strict=True))
    stems = dict(zip(texts, (_stem_set(stemmer, text) for text in texts), strict=True))
    fit = Fit(question, stemmer)
    scored = []
    for quote, passage_score in quotes:
        similarities = [float(vectors[text] @ found.vector) for text in quote.texts]
        shared = max(found.share_held(stems[text]) for text in quote.texts)
        if quote.is_list:
            # A list is about what its lead says; its items speak for it as a group.
            meaning = max(similarities[0], sum(similarities) / len(similarities))
        else:
            meaning = max(similarities)
        score = meaning + _WORDS_WEIGHT * shared + _PASSAGE_WEIGHT * passage_score
        score += _DOCUMENT_WEIGHT * shares[quote.chunk.document_id]
        heading = max(found.headings.get(section_of(quote.chunk.id), 0.0), 0.0)
        score += _OPENING_BONUS * heading * (quote.sentences[0].start == quote.chunk.start)
        score += _HEADING_WEIGHT * heading
        score -= _EXAMPLE_MALUS * (_EXAMPLE.match(quote.texts[0]) is not None)
        score += fit.preference(quote.texts[0])
        score += _LIST_BONUS * (quote.is_list and question.wants_list)
        best = quote.texts[int(np.argmax(similarities))]
        bonus = fit.bonus(quote.texts[0])
        bonus += _LEAD_DOCUMENT_WEIGHT * found.documents.get(quote.chunk.document_id, 0.0)
        scored.append(_Scored(quote, round(score, 4), round(bonus, 4), heading, vectors[best]))
    return sorted(
        _with_their_paragraph(scored),
        key=lambda one: (-one.score, one.quote.chunk.document_id, one.quote.sentences[0].start),
    )


def _document_shares(found: Retrieval) -> dict[str, float]:
    """How much of the passages' score each document has, in [0, 1]."""
    total = sum(passage.score for passage in found.passages) or 1.0
    shares: dict[str, float] = {}
    for passage in found.passages:
        shares[passage.document_id] = shares.get(passage.document_id, 0.0) + passage.score / total
    return shares


def _with_their_paragraph(scored: Sequence[_Scored]) -> list[_Scored]:
    """The same, with each list nearly as good as the best sentence of the paragraph that it
    completes: "There are three questions" is no answer without the three."""
    best: dict[tuple[str, int], float] = {}
    for one in scored:
        place = (one.quote.chunk.document_id, one.quote.sentences[-1].block)
        best[place] = max(best.get(place, 0.0), one.score)
    return [
        replace(
            one,
            score=max(
                one.score,
                best[one.quote.chunk.document_id, one.quote.sentences[-1].block] - _LIST_LAG,
            ),
        )
        if one.quote.is_list
        else one
        for one in scored
    ]


def _stem_set(stemmer: Stemmer, text: str) -> set[str]:
    return set(stemmer.stems(words_of(text)))


def _choose(candidates: Sequence[_Scored], question: Question, budget: int) -> list[_Scored]:
    """The best quotes within the budget that add something, from few sources.

    What adds most comes next: a section from which nothing was chosen is worth more, a sentence
    like one before is worth less.
    """
    chosen: list[_Scored] = []
    left = [one for one in candidates if one.score >= candidates[0].score - _MARGIN]
    margin = _MARGIN if question.weighs_views else _SECOND_SOURCE
    order: list[_Scored] = []  # what is left, by worth; that changes only with what is chosen
    while left:
        order = order or _by_worth(left, chosen, margin)
        one = order.pop(0)
        left = [other for other in left if other is not one]
        documents = {other.quote.chunk.document_id for other in chosen}
        too_many = one.quote.chunk.document_id not in documents and len(documents) >= _MOST_SOURCES
        if too_many or not _fits(one, chosen, question, budget):
            continue
        if any(_announces(one, other) for other in chosen):
            continue
        part = next((n for n, other in enumerate(chosen) if _is_part(other, one)), None)
        if part is not None:
            chosen[part] = replace(chosen[part], quote=one.quote)
            order = []
        elif not _repeats(one, chosen):
            chosen.append(one)
            order = []
    return chosen


def _by_worth(left: Sequence[_Scored], chosen: Sequence[_Scored], margin: float) -> list[_Scored]:
    """What is worth most first, equals in their order; after the lead only what is of another
    document and within the margin, if there is any: a reader should see whether a second source
    agrees."""
    others = (
        [one for one in left if one.quote.chunk.document_id != chosen[0].quote.chunk.document_id]
        if len(chosen) == 1
        else []
    )
    near = [one for one in others if one.score >= chosen[0].score - margin]
    return sorted(near or left, key=lambda one: -_worth(one, chosen))


def _worth(one: _Scored, chosen: Sequence[_Scored]) -> float:
    if not chosen:
        return one.score + one.as_lead
    likeness = max(float(one.vector @ other.vector) for other in chosen)
    worth = one.score - _LIKENESS_WEIGHT * likeness
    if _section(one.quote) not in {_section(other.quote) for other in chosen}:
        worth += _NEW_SECTION_BONUS * one.heading
    if any(_touch(one.quote, other.quote) or _touch(other.quote, one.quote) for other in chosen):
        worth += _NEXT_BONUS
    return round(worth, 4)


def _fits(one: _Scored, chosen: Sequence[_Scored], question: Question, budget: int) -> bool:
    limit = max(budget, LONGEST_LIST * (question.wants_list and one.quote.is_list))
    titles = {other.quote.chunk.document_id: other.quote.title_words for other in (*chosen, one)}
    lines = sum(list(titles.values())[1:]) + _SOURCE_LINE * (len(titles) - 1)
    used = sum(other.quote.words for other in (*chosen, one)) + lines
    return not chosen or used <= limit or _is_the_list(one, chosen, question)


def _announces(one: _Scored, other: _Scored) -> bool:
    """Whether it only says that there is the list that was chosen: "ADAPT has four steps."."""
    same = one.quote.chunk.document_id == other.quote.chunk.document_id
    listed = other.quote.is_list and not one.quote.is_list and one.quote.words <= _ANNOUNCEMENT
    return same and listed and one.quote.sentences[-1].block == other.quote.sentences[0].block


def _is_part(other: _Scored, one: _Scored) -> bool:
    """Whether what was chosen before is the sentence on which this quote leans."""
    same = other.quote.chunk.document_id == one.quote.chunk.document_id
    return same and set(other.quote.sentences) < set(one.quote.sentences)


def _is_the_list(one: _Scored, chosen: Sequence[_Scored], question: Question) -> bool:
    """Whether this is the first list of an answer that should be a list: it may be long."""
    return (
        question.wants_list
        and one.quote.is_list
        and not any(other.quote.is_list for other in chosen)
    )


def _repeats(one: _Scored, chosen: Sequence[_Scored]) -> bool:
    places = {
        (other.quote.chunk.document_id, s.start) for other in chosen for s in other.quote.sentences
    }
    overlaps = any((one.quote.chunk.document_id, s.start) in places for s in one.quote.sentences)
    alike = any(
        float(one.vector @ other.vector) > _REPEATS
        for other in chosen
        if not (one.quote.is_list or other.quote.is_list)
    )
    return overlaps or alike
