"""What documents of different folders say on one question, side by side.

A team's own manual stands beside the guidance of the library, and says other things, or the same
in its own way. A folder, or what was added by itself, is a shelf; each that answers has its say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from assistant.answering.decline import THRESHOLD, Signals, confidence, signals_of
from assistant.answering.extractive import statements
from assistant.answering.guards import differences
from assistant.answering.question import Question
from assistant.answering.quotes import Quote
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.models.embedding import EmbeddingModel, Vectors
from assistant.retrieval.search import Retrieval, search

_PASSAGES = 5  # of each shelf
_STATEMENTS = 6  # of each shelf, among which those on one matter are looked for
# Set on the dev questions: 12 of 17 that the team's own documents answer find them, and 4 of 77
# others are given a statement of theirs.
_AS_CLOSE = 0.2  # below the best passage of all, at most, for a shelf to be heard
# Of the question's words: at least; and so much less than what covers most, unless it is enough.
_COVERS, _AS_MUCH, _ENOUGH = 0.3, 0.1, 0.6
_SAME_MATTER = 0.5  # cosine from which sentences with other amounts are on one matter
_SAME_THING = 0.65  # and from which a "not" more, or a "may" for a "must", makes them differ
_MUCH_WEAKER = 0.5  # below the best statement of all
_NEAR_BEST = 0.15  # below the best statement of its shelf, at most


@dataclass(frozen=True)
class Shelf:
    """The documents of one shelf, what was found there, and how sure it is that this answers the
    question."""

    documents: frozenset[str]
    found: Retrieval
    confidence: float


@dataclass(frozen=True)
class Views:
    """A statement of each of two shelves, and whether they do not say the same."""

    quotes: tuple[Quote, Quote]
    differ: bool


def shelves_that_answer(
    view: View,
    model: EmbeddingModel,
    stemmer: Stemmer,
    query: str,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    also: Sequence[str] = (),
) -> list[Shelf]:
    """The shelves that answer a question by themselves, what was added first; none if all
    documents that may be used stand on one."""
    if len(view.shelves()) < 2:
        return []
    shelves = _shelves(view, only, without)
    if len(shelves) < 2:
        return []
    looked_at: list[tuple[Shelf, Signals]] = []
    for folder in sorted(shelves, key=lambda one: one or ""):
        others = [name for f, names in shelves.items() if f != folder for name in names]
        inside = shelves[folder]
        # The shorter list is the quicker filter.
        chosen = (inside, ()) if len(inside) <= len(others) else (only, (*without, *others))
        found = search(view, model, stemmer, query, _PASSAGES, *chosen, also)
        if found.chunks:
            signals = signals_of(stemmer, found, query, view.chunk_count())
            shelf = Shelf(frozenset(inside), found, confidence(signals))
            looked_at.append((shelf, signals))
    nearest = max((signals.similarity for _, signals in looked_at), default=0.0)
    most = max((signals.coverage for _, signals in looked_at), default=0.0)
    return [
        shelf
        for shelf, signals in looked_at
        if shelf.confidence >= THRESHOLD
        and signals.similarity >= nearest - _AS_CLOSE
        # Whoever names no questions has to show that the question's words are there.
        and (not signals.silent or signals.coverage >= max(_COVERS, min(_ENOUGH, most - _AS_MUCH)))
    ]


def _shelves(
    view: View, only: Sequence[str], without: Sequence[str]
) -> dict[str | None, list[str]]:
    """The documents that may be used, by the folder that they come from."""
    may_be = {
        folder: [name for name in names if name not in without and (not only or name in only)]
        for folder, names in view.shelves().items()
    }
    return {folder: names for folder, names in may_be.items() if names}


def together(found: Retrieval, shelves: Sequence[Shelf]) -> Retrieval:
    """What was found in all documents, with what each shelf adds to it."""
    passages, chunks = list(found.passages), list(found.chunks)
    known = {chunk.id for chunk in chunks}
    headings, documents = dict(found.headings), dict(found.documents)
    for shelf in shelves:
        for passage, chunk in zip(shelf.found.passages, shelf.found.chunks, strict=True):
            if chunk.id not in known:
                known.add(chunk.id)
                passages.append(passage)
                chunks.append(chunk)
        headings = dict(shelf.found.headings) | headings
        documents = dict(shelf.found.documents) | documents
    return replace(
        found, passages=tuple(passages), chunks=tuple(chunks), headings=headings,
        documents=documents,
    )  # fmt: skip


def views_of(
    view: View, stemmer: Stemmer, question: Question, shelves: Sequence[Shelf]
) -> Views | None:
    """The statements of two shelves that answer best, those that differ before others. None
    unless two have one that is not much weaker than the other."""
    stated = [statements(view, stemmer, question, shelf.found, _STATEMENTS) for shelf in shelves]
    stated = [[one for one in s if one[1] >= s[0][1] - _NEAR_BEST] for s in stated if s]
    strongest = max((s[0][1] for s in stated), default=0.0)
    stated = [s for s in stated if s[0][1] >= strongest - _MUCH_WEAKER]
    pairs = [
        (_differ(one, other), one[1] + other[1], (one[0], other[0]))
        for some, others in combinations(stated, 2)
        for one, other in product(some, others)
        if one[0].texts != other[0].texts  # a copy is no second view
    ]
    if not pairs:
        return None
    differ, _, quotes = max(pairs, key=lambda pair: pair[:2])
    return Views(quotes, differ)


def beside_lead(
    view: View, stemmer: Stemmer, question: Question, shelves: Sequence[Shelf], lead: Quote
) -> Views | None:
    """What the first shelf says that answers and from which the lead does not come, and the lead.
    None if there is no such shelf."""
    for shelf in shelves:
        # Whoever names questions would lead if it were nearer: it has had its chance.
        if shelf.found.silent and lead.chunk.document_id not in shelf.documents:
            stated = statements(view, stemmer, question, shelf.found, 1)
            if stated and stated[0][0].texts != lead.texts:
                own = stated[0]
                (vector,) = view.sentence_vectors(lead.texts[:1])
                return Views((own[0], lead), _differ(own, (lead, 0.0, vector)))
    return None


def _differ(one: tuple[Quote, float, Vectors], other: tuple[Quote, float, Vectors]) -> bool:
    """Whether two statements are on one matter and do not say the same."""
    likeness = float(one[2] @ other[2])
    if likeness < _SAME_MATTER:
        return False
    found = differences(" ".join(one[0].texts), " ".join(other[0].texts))
    return "amount" in found or (likeness >= _SAME_THING and bool(found))
