"""A question to an Answer: search, decide, compose, cite."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from assistant.answering.boundaries import Beyond, beyond_guidance
from assistant.answering.cite import CitationList
from assistant.answering.decline import (
    THRESHOLD,
    Signals,
    confidence,
    is_another_language,
    missing_terms,
    reason_to_decline,
    signals_of,
)
from assistant.answering.extractive import Composition, Quote, compose, quotable
from assistant.answering.question import Question
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.library.glossary import Glossary
from assistant.models.embedding import EmbeddingModel
from assistant.prompts import Boundary, Frames, fill
from assistant.records import Answer, Chunk, Citation, Claim, Decline, SentenceRole
from assistant.render import escape_markdown
from assistant.retrieval.search import Retrieval, search

PASSAGES = 10
_NEAREST = 3


@dataclass(frozen=True)
class Engine:
    """What an answer is made with. `frames_fingerprint` goes into every answer."""

    model: EmbeddingModel
    stemmer: Stemmer
    glossary: Glossary
    frames: Frames
    frames_fingerprint: str
    boundaries: tuple[Boundary, ...]


def answer_question(
    view: View,
    engine: Engine,
    question: Question,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    notices: Sequence[str] = (),
) -> Answer:
    """The extractive answer, or a reasoned decline with the nearest guidance."""
    found, composed = _found(view, engine, question, only, without)
    answer = partial(
        Answer,
        question=question.text,
        resolved_question=question.resolved,
        notices=tuple(notices),
        engine="extractive",
        index=view.fingerprint,
        prompts={"frames": engine.frames_fingerprint},
    )
    sure = confidence(_signals(view, engine, question, found, composed))
    if is_another_language(view, engine.stemmer, question.text):
        beyond: Beyond | None = Beyond("language")
    else:
        beyond = beyond_guidance(
            question.text, question.resolved, engine.boundaries, engine.glossary
        )
    if beyond:
        return answer(confidence=0.0, **_declined(view, engine.frames, found, beyond))
    if sure < THRESHOLD:
        beyond = Beyond(reason_to_decline(found))
        return answer(confidence=sure, **_declined(view, engine.frames, found, beyond))
    return answer(confidence=sure, **_answered(view, engine.frames, composed))


def signals_for(view: View, engine: Engine, question: Question) -> Signals | None:
    """What the confidence in an answer to the question is made of; None if nothing is quoted."""
    return _signals(view, engine, question, *_found(view, engine, question))


def _found(
    view: View,
    engine: Engine,
    question: Question,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> tuple[Retrieval, Composition]:
    also = engine.glossary.expansions(question.resolved)
    found = search(
        view, engine.model, engine.stemmer, question.resolved, PASSAGES, only, without, also
    )
    return found, compose(view, engine.stemmer, question, found)


def _signals(
    view: View, engine: Engine, question: Question, found: Retrieval, composed: Composition
) -> Signals | None:
    if not composed.quotes:
        return None
    words = len(question.resolved.split())
    return signals_of(engine.stemmer, found, words, view.chunk_count())


def _answered(view: View, frames: Frames, composed: Composition) -> dict[str, Any]:
    """The fields of an answer that was composed."""
    citations = CitationList(view)
    claims: list[Claim] = []
    paragraphs: list[str] = []
    source = composed.quotes[0].chunk.document_id
    for quote in composed.quotes:
        start, end = quote.sentences[0].start, quote.sentences[-1].end
        number = citations.cite(quote.chunk, start, end)
        claims += [Claim(text=t, support="verbatim", citations=(number,)) for t in quote.texts]
        if quote.chunk.document_id != source:
            source = quote.chunk.document_id
            title = escape_markdown(citations.made[number - 1].title)
            paragraphs.append(fill(frames.from_source, title=title))
        paragraphs.append(_as_markdown(quote, number))
    return {
        "outcome": "answered",
        "text": "\n\n".join(paragraphs),
        "claims": tuple(claims),
        "citations": tuple(citations.made),
        "decline": None,
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


def _as_markdown(quote: Quote, number: int) -> str:
    """A quote as Markdown, its number after every sentence and item."""
    lines: list[str] = []
    for sentence, text in zip(quote.sentences, quote.texts, strict=True):
        marked = f"{escape_markdown(text)} [{number}]"
        if not quote.is_list:
            lines.append(marked)
        elif sentence.marker:
            lines.append(f"{sentence.marker} {marked}")
        elif sentence.role is SentenceRole.ITEM:
            lines[-1] += f" {marked}"  # a further sentence of the same item
        else:
            lines += [marked, ""]
    return "\n".join(lines) if quote.is_list else " ".join(lines)
