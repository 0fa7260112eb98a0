"""A question to an Answer: search, decide, compose, cite."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from assistant.answering.boundaries import Beyond, beyond_guidance
from assistant.answering.cite import CitationList
from assistant.answering.contrast import contested_in, sides_in
from assistant.answering.decline import (
    THRESHOLD,
    Signals,
    confidence,
    is_another_language,
    missing_terms,
    reason_to_decline,
    signals_of,
)
from assistant.answering.extractive import BUDGET, compose
from assistant.answering.figures import lacks_the_share, unsupported_figure
from assistant.answering.kinds import Kind
from assistant.answering.layout import laid_out
from assistant.answering.next_steps import next_questions
from assistant.answering.question import Question, read_question
from assistant.answering.quotes import Quote, quotable
from assistant.answering.shelves import Shelf, beside_lead, shelves_that_answer, together, views_of
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.library.glossary import Glossary
from assistant.models.embedding import EmbeddingModel
from assistant.prompts import Boundary, Frames, fill
from assistant.records import Answer, Chunk, Citation, Decline
from assistant.render import escape_markdown
from assistant.retrieval.search import Retrieval, search
from assistant.retrieval.spelling import respelled

PASSAGES = 10
_NEAREST = 3
_NO_FIGURE = 0.2  # confidence at most, where the figure that was asked for is not there
_BRIEF = 70  # words where a shorter answer was asked for
_VAGUE = 110  # words for a question that says too little


@dataclass(frozen=True)
class Engine:
    """What an answer is made with. `frames_fingerprint` goes into every answer."""

    model: EmbeddingModel
    stemmer: Stemmer
    glossary: Glossary
    frames: Frames
    frames_fingerprint: str
    boundaries: tuple[Boundary, ...]


def read(view: View, engine: Engine, text: str, history: Sequence[str] = ()) -> Question:
    """A question as typed, read with the index's spelling. Raises QuestionError."""

    def respell(turn: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        return respelled(view, engine.stemmer, engine.glossary.words, turn)

    return read_question(text, history, engine.glossary, respell)


def answer_question(
    view: View,
    engine: Engine,
    question: Question,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    notices: Sequence[str] = (),
) -> Answer:
    """The extractive answer, or a reasoned decline with the nearest guidance."""
    answer = partial(
        Answer,
        question=question.text,
        resolved_question=question.resolved,
        notices=(*notices, *_told(engine.frames, question)),
        stage=question.stage,
        topics=question.topics,
        engine="extractive",
        index=view.fingerprint,
        prompts={"frames": engine.frames_fingerprint},
    )
    found = _found(view, engine, question, only, without)
    if beyond := _beyond(view, engine, question):
        return answer(confidence=0.0, **_declined(view, engine.frames, found, beyond))
    sure = confidence(_signals(view, engine, question, found))
    shelves = _shelves(view, engine, question, only, without)
    found_sure = sure >= THRESHOLD
    sure = max([sure, *(shelf.confidence for shelf in shelves)])
    covered = sure >= THRESHOLD or question.kind is Kind.VAGUE
    if lacks_the_share(question.text, found.terms, found.chunks, engine.stemmer):
        covered, sure = False, min(sure, _NO_FIGURE)
    fields = (
        _answered(view, engine, question, found, found_sure, shelves, only, without)
        if covered
        else None
    )
    if fields is None:
        beyond = Beyond(reason_to_decline(found))
        return answer(confidence=sure, **_declined(view, engine.frames, found, beyond))
    return answer(confidence=sure, **fields)


def signals_for(view: View, engine: Engine, question: Question) -> Signals | None:
    """What the confidence in an answer to the question is made of; None if nothing is found."""
    return _signals(view, engine, question, _found(view, engine, question))


def _found(
    view: View,
    engine: Engine,
    question: Question,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Retrieval:
    query = engine.frames.vague if question.kind is Kind.VAGUE else question.query
    also = engine.glossary.expansions(query)
    return search(view, engine.model, engine.stemmer, query, PASSAGES, only, without, also)


def _shelves(
    view: View,
    engine: Engine,
    question: Question,
    only: Sequence[str],
    without: Sequence[str],
) -> list[Shelf]:
    if question.kind is Kind.VAGUE:
        return []
    return shelves_that_answer(
        view, engine.model, engine.stemmer, question.query, only, without,
        engine.glossary.expansions(question.query),
    )  # fmt: skip


def _signals(view: View, engine: Engine, question: Question, found: Retrieval) -> Signals | None:
    if not found.chunks:
        return None
    return signals_of(engine.stemmer, found, question.query, view.chunk_count())


def _beyond(view: View, engine: Engine, question: Question) -> Beyond | None:
    """Why the question is not for guidance documents, whatever they hold."""
    if is_another_language(view, engine.stemmer, question.text):
        return Beyond("language")
    return beyond_guidance(question.text, question.query, engine.boundaries, engine.glossary)


def _told(frames: Frames, question: Question) -> list[str]:
    """What is taken from earlier turns or was put right, said so that it can be changed."""
    lines = []
    if question.kind is Kind.VAGUE:
        lines.append(fill(frames.read_as, words=frames.vague))
    elif question.respelled:
        lines.append(fill(frames.read_as, words=", ".join(question.respelled)))
    if question.told:
        lines.append(fill(frames.kept, told="; ".join(question.told)))
    return lines


def _answered(
    view: View,
    engine: Engine,
    question: Question,
    found: Retrieval,
    found_sure: bool,
    shelves: Sequence[Shelf],
    only: Sequence[str],
    without: Sequence[str],
) -> dict[str, Any] | None:
    """The fields of an answer; None if nothing can be quoted."""
    contested = contested_in(view, engine.model, engine.glossary, question, only, without)
    if question.brief:
        contested = tuple(replace(one, senses=one.senses[:2]) for one in contested[:1])
    sides = (
        () if contested else sides_in(view, engine.model, engine.stemmer, question, only, without)
    )
    views = [stated.quote for stated in (*(s for c in contested for s in c.senses), *sides)]
    beside = None if views else views_of(view, engine.stemmer, question, shelves)
    found = together(found, shelves) if found_sure or not shelves else shelves[0].found
    budget = _BRIEF if question.brief else _VAGUE if question.kind is Kind.VAGUE else BUDGET

    def composed() -> tuple[Quote, ...]:
        shown = [*views, *(beside.quotes if beside else ())]
        left = max(
            budget - sum(quote.words + quote.title_words for quote in shown),
            0 if question.brief else _BRIEF,
        )
        return compose(view, engine.stemmer, question, found, left, shown)

    quotes = composed()
    if quotes and not (views or beside):
        beside = beside_lead(view, engine.stemmer, question, shelves, quotes[0])
        quotes = composed() if beside else quotes
    if not (quotes or beside):
        return None
    shown = (*quotes, *views, *(beside.quotes if beside else ()))
    said = [text for quote in shown for text in quote.texts]
    figure = unsupported_figure(question.text, said)
    first = fill(engine.frames.figure_not_found, figure=figure) if figure else None
    fields = laid_out(view, engine.frames, quotes, contested, sides, first, beside, question.query)
    asks = [one.ask for one in contested if one.ask]
    quoted = {citation.document_id for citation in fields["citations"]}
    vague = engine.frames.clarify_vague if question.kind is Kind.VAGUE else None
    return fields | {
        "clarify": vague or (asks[0] if asks else None),
        "follow_ups": next_questions(view, engine.frames, found, quoted),
    }


def _declined(view: View, frames: Frames, found: Retrieval, beyond: Beyond) -> dict[str, Any]:
    """The fields of an answer that is none."""
    lines = [getattr(frames.declined, beyond.reason)]
    missing = frames.missing
    nearest: tuple[Citation, ...] = ()
    if beyond.refer_to:
        lines.append(fill(frames.refer_to, who=beyond.refer_to))
    if beyond.reason in ("not_covered", "out_of_scope", "local_fact"):
        nearest = _nearest(view, found)
    if beyond.reason in ("not_covered", "out_of_scope"):
        if terms := missing_terms(found):
            missing = fill(frames.missing_terms, terms=", ".join(terms))
        lines.append(escape_markdown(missing))
    if nearest:
        titles = [f"- {escape_markdown(citation.title)}" for citation in nearest]
        lines.append("\n".join([frames.nearest, "", *titles]))
    return {
        "outcome": "declined",
        "text": "\n\n".join(lines),
        "claims": (),
        "citations": (),
        "decline": Decline(
            reason=beyond.reason, missing=missing, refer_to=beyond.refer_to, nearest=nearest
        ),
    }


def _nearest(view: View, found: Retrieval) -> tuple[Citation, ...]:
    """The best passages of different documents, each by its first quotable sentence."""
    citations = CitationList(view)
    seen: set[str] = set()
    for chunk in found.chunks:
        start_end = _first_sentence(chunk)
        if chunk.document_id not in seen and start_end and len(seen) < _NEAREST:
            seen.add(chunk.document_id)
            citations.cite(chunk, *start_end)
    return tuple(citations.made)


def _first_sentence(chunk: Chunk) -> tuple[int, int] | None:
    for sentence in chunk.sentences:
        if quotable(sentence, chunk.text_of(sentence)):
            return sentence.start, sentence.end
    return None
