"""Search: passages by meaning and by words, fused, each with the reason why it is there."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.models.embedding import EmbeddingModel, Vectors
from assistant.records import Chunk, Page, Passage, Signpost
from assistant.retrieval.fusion import Fused, document_of, fuse, score_documents, section_of
from assistant.retrieval.spelling import other_spelling
from assistant.tracing import step

POOL = 100  # candidates of each kind
_WHOLE = 3  # documents, the best, whose chunks are candidates wherever they rank
_OF_THOSE = 20  # chunks of them
_NEAREST_SIGNPOSTS = 5  # by whose similarity a question is judged
# FTS5 reads every posting of every word of a query: very frequent words cost most and say least.
_MOST_POSTINGS = 2_000
_MOST_OF_ONE = 10_000  # of a word that is searched for alone

STOP_WORDS = frozenset(
    "a about after again all also am an and any are as at be because been before being between"
    " both but by can could did do does doing done for from get getting go going got had has have"
    " having he her here him his how i if in into is it its just like ll many me more most much my"
    " no not now of off on one only or other our over own really s same say says see she"
    " should so some such t tell than that the their them then there these they thing things this"
    " those through to too under us use using ve very was way we were what when where which"
    " while who whom whose why will with would you your"
    # What is left of "isn't", "we've" and the like, and words that only join two names.
    " ain aren couldn d didn doesn don hadn hasn haven isn ll m re shouldn ve wasn weren won wouldn"
    " versus vs actually anyway basically counts honestly please quick quickly thanks".split()
)  # without "up" and "out": here they are terms


@dataclass(frozen=True)
class Term:
    """A word of the question, its stem, and in how many chunks the stem stands."""

    word: str
    stem: str
    chunks: int
    weight: float


@dataclass(frozen=True)
class Retrieval:
    """What a search found, with what answering needs to weigh it.

    `signposts_similarity` is the mean of the nearest signposts, `silent` says that none of them is
    a question that a document names. `headings` maps the sections of the chunks, as
    `<document>:<section>`, to the similarity of title and headings to the query, `documents` the
    documents to how much speaks for each, in [0, 1]. `signposts` are the nearest with their
    similarities.
    """

    vector: Vectors
    terms: tuple[Term, ...]
    passages: tuple[Passage, ...]
    chunks: tuple[Chunk, ...]
    best_similarity: float
    signposts_similarity: float
    silent: bool
    headings: Mapping[str, float]
    documents: Mapping[str, float]
    signposts: tuple[tuple[Signpost, float], ...]

    def share_held(self, stems: set[str]) -> float:
        """The share of the question's weight whose words are among the stems, in [0, 1]."""
        total = sum(term.weight for term in self.terms)
        held = sum(term.weight for term in self.terms if term.stem in stems)
        return held / total if total else 0.0


@step("search")
def search(
    view: View,
    model: EmbeddingModel,
    stemmer: Stemmer,
    query: str,
    k: int,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    also: Sequence[str] = (),
) -> Retrieval:
    """The `k` best passages, best first. `only` and `without` name documents; `also` holds what
    the guidance says for words of the query."""
    with step("encode the question"):
        vector = model.encode_question(f"{query} ({', '.join(also)})" if also else query)
    terms = question_terms(view, stemmer, query)
    meant = question_terms(view, stemmer, " ".join(also)) if also else ()
    dense = view.nearest(vector, POOL, only, without)
    words, together = words_to_match((*terms, *meant), view.chunk_count())
    text = view.match(words, POOL, only, without, together)
    signposts = view.nearest_signposts(vector, POOL, only, without)
    headings = [(post.id, near) for post, near in signposts if post.section is not None]
    questions = [(post.id, near) for post, near in signposts if post.section is None]
    silent = view.silent([document_of(name) for name, _ in (*dense, *text, *headings)])
    documents = score_documents(dense, text, headings, questions, silent)
    best = sorted(documents, key=lambda name: (-documents[name], name))[:_WHOLE]
    known = {name for name, _ in dense}
    more = view.nearest(vector, _OF_THOSE, best) if best else []
    dense = _by_score([*dense, *(one for one in more if one[0] not in known)])
    fused = fuse(dense, text, dict(headings), documents)[:k]
    chunks = view.chunks([one.chunk_id for one in fused])
    titles = view.entries([chunk.document_id for chunk in chunks])
    return Retrieval(
        vector=vector,
        terms=terms,
        passages=tuple(
            _passage(
                n,
                one,
                chunk,
                titles[chunk.document_id].title,
                view.page_at(chunk.document_id, chunk.start),
            )
            for n, (one, chunk) in enumerate(zip(fused, chunks, strict=True), 1)
        ),
        chunks=tuple(chunks),
        best_similarity=dense[0][1] if dense else 0.0,
        signposts_similarity=_mean([near for _, near in signposts[:_NEAREST_SIGNPOSTS]]),
        silent=not questions,
        headings=_headings(view, vector, chunks),
        documents=documents,
        signposts=tuple(signposts),
    )


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 5) if values else 0.0


def _headings(view: View, vector: Vectors, chunks: Sequence[Chunk]) -> dict[str, float]:
    sections = list(dict.fromkeys(section_of(chunk.id) for chunk in chunks))
    signposts = view.signposts(sections)
    vectors = view.signpost_vectors(signposts)
    return {
        signpost.id: round(float(own @ vector), 5)
        for signpost, own in zip(signposts, vectors, strict=True)
    }


def _by_score(scores: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(scores, key=lambda one: (-one[1], one[0]))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, each once, in order."""
    return list(dict.fromkeys(re.findall(r"\w+", text.lower())))


def rarity(chunks: int, total: int) -> float:
    """How much a word tells that stands in so many of all chunks: more, the rarer it is."""
    return math.log(1 + total / (1 + chunks))


def question_terms(view: View, stemmer: Stemmer, query: str) -> tuple[Term, ...]:
    """The words that carry the question, weighted by how rare they are in the index."""
    words = words_of(query)
    carrying = [word for word in words if word not in STOP_WORDS] or list(words)
    stems = stemmer.stems(carrying)
    frequency = view.document_frequency(stems)
    for n, word in enumerate(carrying):
        if not frequency[stems[n]] and (other := other_spelling(word)):
            stem = stemmer.stems([other])[0]
            found = view.document_frequency([stem])[stem]
            if found:
                carrying[n], stems[n], frequency[stem] = other, stem, found
    total = view.chunk_count()
    return tuple(
        Term(word, stem, frequency[stem], rarity(frequency[stem], total))
        for word, stem in zip(carrying, stems, strict=True)
    )


def words_to_match(terms: Sequence[Term], total: int) -> tuple[list[str], bool]:
    """The words to match, rarest first, until their postings are too many to read; and whether
    only chunks with all of them are meant, since each by itself is in too many."""
    ordered = sorted(
        {term.stem: term for term in reversed(terms)}.values(),
        key=lambda term: (term.chunks, term.word),
    )
    found = [term for term in ordered if term.chunks]
    if found and found[0].chunks > _MOST_POSTINGS:
        return _together(found, total)
    chosen: list[str] = []
    postings = 0
    for term in found:
        postings += term.chunks
        if postings <= _MOST_POSTINGS:
            chosen.append(term.word)
    return chosen, False


def _together(terms: Sequence[Term], total: int) -> tuple[list[str], bool]:
    """The fewest of frequent words, rarest first, that so few chunks should hold together that they
    can be ranked; none if all together are in too many."""
    expected = float(total)
    for count, term in enumerate(terms, 1):
        expected *= term.chunks / total
        if expected <= (_MOST_OF_ONE if count == 1 else _MOST_POSTINGS):
            return [term.word for term in terms[:count]], True
    return [], True


def _passage(rank: int, fused: Fused, chunk: Chunk, title: str, page: Page | None) -> Passage:
    return Passage(
        rank=rank,
        document_id=chunk.document_id,
        chunk_id=chunk.id,
        title=title,
        section=chunk.section,
        page=page.number if page else None,
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        dense_rank=fused.dense_rank,
        text_rank=fused.text_rank,
        score=fused.score,
    )
