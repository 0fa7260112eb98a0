"""A question to an Answer: search, decide, compose, cite."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.answering.boundaries import Beyond, beyond_guidance
from assistant.answering.checking import check_for
from assistant.answering.cite import CitationList
from assistant.answering.contrast import Contested, Stated, contested_in, sides_in
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
from assistant.answering.generative import Writer, passages_for, write
from assistant.answering.kinds import Kind
from assistant.answering.layout import laid_out, laid_out_written
from assistant.answering.next_steps import next_questions
from assistant.answering.question import Question, read_question
from assistant.answering.quotes import Quote, quotable
from assistant.answering.rewriting import standalone
from assistant.answering.shelves import (
    Shelf,
    Views,
    beside_lead,
    shelves_that_answer,
    together,
    views_of,
)
from assistant.answering.watch import Watch
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.library.glossary import Glossary
from assistant.models.embedding import EmbeddingModel
from assistant.models.language import ModelFailure, Tokens
from assistant.prompts import Boundary, Frames, fill
from assistant.records import Answer, Chunk, Citation, Decline, Usage
from assistant.render import escape_markdown
from assistant.retrieval.search import Retrieval, search, words_of
from assistant.retrieval.spelling import respelled
from assistant.tracing import step

PASSAGES = 10
_NEAREST = 3
_NO_FIGURE = 0.2  # confidence at most, where the figure that was asked for is not there
_BRIEF = 70  # words where a shorter answer was asked for
_VAGUE = 110  # words for a question that says too little


@dataclass(frozen=True)
class Engine:
    """What an answer is made with. `frames_fingerprint` goes into every answer. Without a
    `writer` every answer is quoted. `prices` are those of a million tokens read and written."""

    model: EmbeddingModel
    stemmer: Stemmer
    glossary: Glossary
    frames: Frames
    frames_fingerprint: str
    boundaries: tuple[Boundary, ...]
    writer: Writer | None = None
    prices: tuple[float, float] | None = None


@dataclass(frozen=True)
class _Evidence:
    """What an answer is composed of: passages, and the statements that it has to show."""

    found: Retrieval
    contested: tuple[Contested, ...]
    sides: tuple[Stated, ...]
    beside: Views | None
    quotes: tuple[Quote, ...]
    first: str | None
    budget: int

    @property
    def chunks(self) -> list[Chunk]:
        """What is quoted, best first, then what else was found."""
        beside = self.beside.quotes if self.beside else ()
        stated = (*(s for one in self.contested for s in one.senses), *self.sides)
        shown = (*beside, *self.quotes, *(one.quote for one in stated))
        return [*(quote.chunk for quote in shown), *self.found.chunks]


@step("read the question")
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
    watch: Watch | None = None,
    history: Sequence[str] = (),
) -> Answer:
    """An answer, or a reasoned decline with the nearest guidance: written by the engine's model,
    if there is one, else quoted. `history` holds the earlier turns as typed. Raises Stopped."""
    watch = watch or Watch()
    spent: list[Tokens] = []
    failure: str | None = None
    if engine.writer:
        question, failure = _restated(view, engine, engine.writer, question, history, watch, spent)
    found = _found(view, engine, question, only, without)
    sure, evidence = _weighed(view, engine, question, found, only, without)
    writer: Writer | None = None
    lines: tuple[str, ...] = ()
    if isinstance(evidence, Beyond):
        fields = _declined(view, engine.frames, found, evidence)
    else:
        written, lines = _written(view, engine, question, evidence, watch, spent, failure)
        writer = engine.writer if written else None
        fields = written or _quoted(view, engine, question, evidence)
    prompts = {"frames": engine.frames_fingerprint}
    return Answer(
        question=question.text,
        resolved_question=question.resolved,
        stage=question.stage,
        topics=question.topics,
        index=view.fingerprint,
        confidence=sure,
        engine=writer.model.name if writer else "extractive",
        notices=(*notices, *_told(engine.frames, question), *lines),
        usage=usage_of(engine, spent),
        prompts=prompts | writer.prompts.fingerprints if writer else prompts,
        **fields,
    )


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


@step("weigh")
def _weighed(
    view: View,
    engine: Engine,
    question: Question,
    found: Retrieval,
    only: Sequence[str],
    without: Sequence[str],
) -> tuple[float, _Evidence | Beyond]:
    """How sure it is that the guidance answers, and what it answers with, or why it does not."""
    if beyond := _beyond(view, engine, question):
        if beyond.reason == "local_fact":
            known = _of_their_own(view, engine, question, only, without)
            return known or (0.0, beyond)
        return 0.0, beyond
    sure = confidence(_signals(view, engine, question, found))
    shelves = _shelves(view, engine, question, only, without)
    found_sure = sure >= THRESHOLD
    sure = max([sure, *(shelf.confidence for shelf in shelves)])
    covered = sure >= THRESHOLD or question.kind is Kind.VAGUE
    if lacks_the_share(question.text, found.terms, found.chunks, engine.stemmer):
        covered, sure = False, min(sure, _NO_FIGURE)
    evidence = (
        _evidence(view, engine, question, found, found_sure, shelves, only, without)
        if covered
        else None
    )
    return sure, evidence or Beyond(reason_to_decline(found))


def _of_their_own(
    view: View, engine: Engine, question: Question, only: Sequence[str], without: Sequence[str]
) -> tuple[float, _Evidence] | None:
    """What the documents that were added by themselves say of a fact that no guidance knows: one
    quote, which has every word of the question."""
    added = set(view.shelves().get(None, ())) - set(without)
    own = sorted(added & set(only) if only else added)
    if not own:
        return None
    found = _found(view, engine, question, own)
    sure = confidence(_signals(view, engine, question, found))
    evidence = _evidence(view, engine, question, found, True, (), own, ())
    if evidence is None or sure < THRESHOLD:
        return None
    wanted = {term.stem for term in found.terms}
    for quote in evidence.quotes:
        section = quote.chunk.prefix.split(" > ")[1:]
        if wanted <= set(engine.stemmer.stems(words_of(" ".join((*section, *quote.texts))))):
            return sure, replace(evidence, contested=(), sides=(), beside=None, quotes=(quote,))
    return None


@step("compose")
def _evidence(
    view: View,
    engine: Engine,
    question: Question,
    found: Retrieval,
    found_sure: bool,
    shelves: Sequence[Shelf],
    only: Sequence[str],
    without: Sequence[str],
) -> _Evidence | None:
    """What an answer is composed of; None if nothing can be quoted."""
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
    return _Evidence(found, contested, sides, beside, quotes, first, budget)


@step("lay out")
def _quoted(view: View, engine: Engine, question: Question, evidence: _Evidence) -> dict[str, Any]:
    """The fields of an answer that quotes."""
    fields = laid_out(
        view, engine.frames, evidence.quotes, evidence.contested, evidence.sides, evidence.first,
        evidence.beside, question.query,
    )  # fmt: skip
    return fields | _leads_on(view, engine, question, evidence, fields["citations"])


def _leads_on(
    view: View,
    engine: Engine,
    question: Question,
    evidence: _Evidence,
    citations: Sequence[Citation],
) -> dict[str, Any]:
    """What could be asked back, and what next."""
    asks = [one.ask for one in evidence.contested if one.ask]
    cited = {citation.document_id for citation in citations}
    vague = engine.frames.clarify_vague if question.kind is Kind.VAGUE else None
    return {
        "clarify": vague or (asks[0] if asks else None),
        "follow_ups": next_questions(view, engine.frames, evidence.found, cited),
    }


def _restated(
    view: View,
    engine: Engine,
    writer: Writer,
    question: Question,
    history: Sequence[str],
    watch: Watch,
    spent: list[Tokens],
) -> tuple[Question, str | None]:
    """A follow-up put into words by the model, where rules had to join turns; the question as it
    was if the model does not help. The second says what failed."""
    joined = question.resolved != question.text and not question.brief
    if not history or not joined or question.other_sense:
        return question, None
    turns = [*history, question.text]
    try:
        with step("restate"):
            asked, tokens = standalone(
                writer.model, writer.prompts.standalone, engine.stemmer, turns, watch.stop
            )
    except ModelFailure as error:
        return question, _failed(engine, writer, error.kind)
    spent.append(tokens)
    if asked is None:
        return question, None
    again = read(view, engine, asked)
    restated = replace(
        again, text=question.text, resolved=asked, stage=again.stage or question.stage,
        setting=again.setting or question.setting,
    )  # fmt: skip
    return restated, None


def _written(
    view: View,
    engine: Engine,
    question: Question,
    evidence: _Evidence,
    watch: Watch,
    spent: list[Tokens],
    failure: str | None,
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """The fields of an answer that the model writes, and notices on it or on why there is none:
    the `failure` of an earlier request, if there was one."""
    writer, frames = engine.writer, engine.frames
    if writer is None or failure:
        return None, (failure,) if failure else ()
    check = check_for(view, engine.model, engine.stemmer)
    passages = passages_for(evidence.chunks, writer.model.context, writer.model.longest)
    try:
        found = write(
            view, writer, check, frames, question.resolved, passages, evidence.budget, watch
        )
    except ModelFailure as error:
        return None, (_failed(engine, writer, error.kind),)
    spent += found.calls
    if found.silent:
        return _declined(view, frames, evidence.found, Beyond("not_covered")), ()
    if found.unusable:
        return None, (_failed(engine, writer, found.unusable),)
    marked = sum(one.support == "unsupported" for one in found.sentences)
    notices = [fill(frames.written, model=writer.model.name)]
    if found.left_out:
        notices.append(fill(frames.left_out, count=str(found.left_out)))
    if marked:
        notices.append(fill(frames.marked, count=str(marked)))
    with step("lay out"):
        fields = laid_out_written(
            view, frames, found.sentences, evidence.contested, evidence.first, evidence.beside,
            question.query, evidence.sides, evidence.quotes if question.weighs_views else (),
        )  # fmt: skip
        fields |= _leads_on(view, engine, question, evidence, fields["citations"])
    return fields, tuple(notices)


def _failed(engine: Engine, writer: Writer, kind: str) -> str:
    """The line that says why an answer is quoted and not written."""
    why = getattr(engine.frames.failed, kind)
    return fill(engine.frames.quoted_instead, why=why, model=writer.model.name)


def usage_of(engine: Engine, spent: Sequence[Tokens]) -> Usage | None:
    """What the model took; None if it was not asked."""
    if not spent:
        return None
    read_, written = sum(one.read for one in spent), sum(one.written for one in spent)
    cost = None
    if engine.prices:
        cost = round((read_ * engine.prices[0] + written * engine.prices[1]) / 1e6, 6)
    counted = all(one.counted for one in spent)
    return Usage(
        calls=len(spent), tokens_read=read_, tokens_written=written, counted=counted, cost=cost
    )


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
