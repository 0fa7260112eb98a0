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

from assistant.answering.question import Question
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.models.embedding import Vectors
from assistant.records import Chunk, Sentence, SentenceRole
from assistant.retrieval.search import Retrieval, words_of

BUDGET = 195  # words of an answer with the lines that name a source, unless a list is longer
_LONGEST_LIST = 220  # words of a list that nobody asked for
_MOST_SOURCES = 3
# Weights and margins were set on the dev questions of evals/datasets.
_WORDS_WEIGHT = 0.1
_PASSAGE_WEIGHT = 0.2
_DOCUMENT_WEIGHT = 0.8  # times the document's share of all that was found
_OPENING_BONUS = 0.2  # for the sentence that opens a section: it says what the section says
_NEW_SECTION_BONUS = 0.2  # for a section from which nothing was chosen yet
_LIST_BONUS = 0.25
_LIST_LAG = 0.02  # below the best sentence of its paragraph
_LIKENESS_WEIGHT = 0.1  # times the cosine with the most similar sentence chosen before
_MARGIN = 1.0  # below the best sentence by more than this, a sentence is left out
_EXAMPLE_MALUS = 0.3
_REPEATS = 0.75  # cosine above which two sentences say the same
_SOURCE_LINE = 3  # words of the product's own line that names a source, beside the title

# A sentence that begins so leans on the one before it.
_LEANS = re.compile(
    r"(?:it|its|they|their|them|this|these|that|those|he|she|his|her|such|both|but|however|also"
    r"|therefore|thus|hence|instead|moreover|furthermore|similarly|in addition|for example"
    r"|for instance|in the illustration|in this example|yet|so|then|next|here|another|others?"
    r"|each of these|the (?:former|latter))\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"(?:as an illustration|as an example)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!:;]['\"”’)\]]*\d{0,9}$")


@dataclass(frozen=True)
class Quote:
    """Sentences that stand together in one document and are quoted together."""

    chunk: Chunk
    sentences: tuple[Sentence, ...]
    texts: tuple[str, ...]

    @property
    def words(self) -> int:
        """How many words are quoted."""
        return sum(len(text.split()) for text in self.texts)

    @property
    def title_words(self) -> int:
        """How many words the document's title has, as the chunk's prefix gives it."""
        return len(self.chunk.prefix.split(" > ")[0].split())

    @property
    def is_list(self) -> bool:
        """Whether it is a list with the sentence that introduces it."""
        return self.sentences[0].role is SentenceRole.LEAD


@dataclass(frozen=True)
class _Scored:
    quote: Quote
    score: float
    vector: Vectors


@dataclass(frozen=True)
class Composition:
    """The quotes of an answer: the lead first, then by source and section."""

    quotes: tuple[Quote, ...]


def compose(view: View, stemmer: Stemmer, question: Question, found: Retrieval) -> Composition:
    """Choose what to quote from the passages that were found. Empty if nothing can be quoted."""
    candidates = _candidates(view, stemmer, question, found)
    chosen = _choose(candidates, question)
    if not chosen:
        return Composition(quotes=())
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
    return Composition((lead, *_joined(rest)))


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


def quotable(sentence: Sentence, text: str) -> bool:
    """Whether a sentence can be quoted alone: no question, caption or loose heading."""
    if text.endswith("?") or not re.search(r"[^\W\d_]", text):
        return False
    words = len(text.split())
    if sentence.role is SentenceRole.ITEM:
        return words >= 6  # a shorter item says nothing without its list
    return words >= 4 and _ENDS.search(text) is not None


def _candidates(
    view: View, stemmer: Stemmer, question: Question, found: Retrieval
) -> list[_Scored]:
    """Every quote that could be made, scored, best first, ties in reading order."""
    quotes: list[tuple[Quote, float]] = []
    shares = _document_shares(found)
    seen: set[tuple[str, int, int]] = set()
    for passage, chunk in zip(found.passages, found.chunks, strict=True):
        for quote in _quotes(view, chunk):
            place = (chunk.document_id, quote.sentences[0].start, quote.sentences[-1].end)
            if place not in seen:
                seen.add(place)
                quotes.append((quote, passage.score))
    if not quotes:
        return []
    texts = list(dict.fromkeys(text for quote, _ in quotes for text in quote.texts))
    vectors = dict(zip(texts, view.sentence_vectors(texts), strict=True))
    stems = dict(zip(texts, (_stem_set(stemmer, text) for text in texts), strict=True))
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
        score += _OPENING_BONUS * (quote.sentences[0].start == quote.chunk.start)
        score -= _EXAMPLE_MALUS * (_EXAMPLE.match(quote.texts[0]) is not None)
        score += _LIST_BONUS * (quote.is_list and question.wants_list)
        best = quote.texts[int(np.argmax(similarities))]
        scored.append(_Scored(quote, round(score, 4), vectors[best]))
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


def _quotes(view: View, chunk: Chunk) -> list[Quote]:
    """What can be quoted of a chunk: sentences, each with the one it leans on, and whole lists.

    The items of a list that nothing introduces, or that is too long to read out, stand alone.
    """
    made: list[Quote] = []
    looked_at: set[int] = set()
    whole_lists: set[int] = set()
    previous: Sentence | None = None
    for sentence in chunk.sentences:
        if sentence.role is not SentenceRole.PLAIN and sentence.block not in looked_at:
            looked_at.add(sentence.block)
            whole = _whole_list(view, chunk, sentence.block)
            if whole and whole.words <= _LONGEST_LIST:
                whole_lists.add(sentence.block)
                made.append(whole)
        alone = sentence.role is SentenceRole.PLAIN or (
            sentence.role is SentenceRole.ITEM and sentence.block not in whole_lists
        )
        if alone and quotable(sentence, text := chunk.text_of(sentence)):
            together: tuple[Sentence, ...] = (sentence,)
            if _LEANS.match(text):
                together = _with_support(chunk, previous, sentence)
            if together:
                made.append(_quote(chunk, together))
        previous = sentence
    return made


def _with_support(
    chunk: Chunk, previous: Sentence | None, sentence: Sentence
) -> tuple[Sentence, ...]:
    """A leaning sentence with the one before it; nothing if that cannot carry it either."""
    if previous is None or previous.role is SentenceRole.LEAD or previous.block != sentence.block:
        return ()
    before = chunk.text_of(previous)
    if not quotable(previous, before) or _LEANS.match(before):
        return ()
    return (previous, sentence)


def _whole_list(view: View, chunk: Chunk, block: int) -> Quote | None:
    """A list with its lead, from all chunks that it runs through; None without a lead."""
    sentences = view.block(chunk.document_id, block)
    first = next((n for n, s in enumerate(sentences) if s.role is SentenceRole.LEAD), None)
    if first is None:
        return None
    lead_and_items = sentences[first:]
    _, text = view.text_of(chunk.document_id)
    return Quote(
        chunk=chunk,
        sentences=tuple(lead_and_items),
        texts=tuple(text[s.start : s.end] for s in lead_and_items),
    )


def _quote(chunk: Chunk, sentences: tuple[Sentence, ...]) -> Quote:
    return Quote(chunk=chunk, sentences=sentences, texts=tuple(chunk.text_of(s) for s in sentences))


def _stem_set(stemmer: Stemmer, text: str) -> set[str]:
    return set(stemmer.stems(words_of(text)))


def _choose(candidates: Sequence[_Scored], question: Question) -> list[_Scored]:
    """The best quotes within the budget that add something, from few sources.

    What adds most comes next: a section from which nothing was chosen is worth more, a sentence
    like one before is worth less.
    """
    chosen: list[_Scored] = []
    left = [one for one in candidates if one.score >= candidates[0].score - _MARGIN]
    while left:
        one = max(left, key=lambda one: _worth(one, chosen))  # the first of equals
        left.remove(one)
        documents = {other.quote.chunk.document_id for other in chosen}
        too_many = one.quote.chunk.document_id not in documents and len(documents) >= _MOST_SOURCES
        if too_many or not _fits(one, chosen, question):
            continue
        part = next((n for n, other in enumerate(chosen) if _is_part(other, one)), None)
        if part is not None:
            chosen[part] = replace(chosen[part], quote=one.quote)
        elif not _repeats(one, chosen):
            chosen.append(one)
    return chosen


def _worth(one: _Scored, chosen: Sequence[_Scored]) -> float:
    if not chosen:
        return one.score
    likeness = max(float(one.vector @ other.vector) for other in chosen)
    new = _section(one.quote) not in {_section(other.quote) for other in chosen}
    return round(one.score - _LIKENESS_WEIGHT * likeness + _NEW_SECTION_BONUS * new, 4)


def _fits(one: _Scored, chosen: Sequence[_Scored], question: Question) -> bool:
    limit = max(BUDGET, _LONGEST_LIST * (question.wants_list and one.quote.is_list))
    titles = {other.quote.chunk.document_id: other.quote.title_words for other in (*chosen, one)}
    lines = sum(list(titles.values())[1:]) + _SOURCE_LINE * (len(titles) - 1)
    used = sum(other.quote.words for other in (*chosen, one)) + lines
    return not chosen or used <= limit or _is_the_list(one, chosen, question)


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
