"""The questions of the bench, and what a stack's passages are worth for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.records import Passage
from evals.bench.peers.records import Found
from evals.cases import Case
from evals.metrics import FIRST, evidence_found, gold_found
from evals.ranking import rank_metrics

BUDGET = 2_000  # characters that somebody reads
Texts = Mapping[str, tuple[str, str]]  # document id -> (sha256, text)


@dataclass(frozen=True)
class GoldPlace:
    """Where a quote of the gold stands: the document's text from `start` to `end`."""

    document_id: str
    start: int
    end: int
    grade: int

    @cached_property
    def name(self) -> str:
        """What it is called in a ranking."""
        return f"{self.document_id}:{self.start}-{self.end}"

    def is_hit_by(self, passage: Passage) -> bool:
        """Whether the passage is of the same document and has a character of the place."""
        return (
            passage.document_id == self.document_id
            and passage.start < self.end
            and self.start < passage.end
        )


@dataclass(frozen=True)
class Question:
    """A reference question that can be asked by itself, with the places that answer it."""

    case: Case
    places: tuple[GoldPlace, ...]


@dataclass(frozen=True)
class Scores:
    """What one stack found for one question, each from 0 to 1, except the characters.

    `recall`: the share of the gold's places that the first five passages hit. `read`: the same of
    the first 2,000 characters of all passages, however many. `ndcg`: nDCG@10 of the places,
    `documents`: nDCG@10 of the documents. `evidence`: the share of the vital facts whose evidence
    stands whole in one of the first five, None if there is none; `note`: whether a document that
    answers is among them, None if none does. `characters`: those of the first five.
    """

    recall: float
    read: float
    ndcg: float
    read_ndcg: float
    documents: float
    evidence: float | None
    note: float | None
    characters: float


def questions_of(cases: Sequence[Case], texts: Texts) -> list[Question]:
    """The cases with gold that lean on no earlier turn."""
    return [
        Question(case, tuple(places_of(case, texts)))
        for case in cases
        if case.gold and not case.history
    ]


def places_of(case: Case, texts: Texts) -> list[GoldPlace]:
    """Each quote of the gold at the first place where it stands; only white space may differ.
    Raises ValueError for a quote that stands nowhere."""
    found = []
    for gold in case.gold:
        span = _span(gold.quote, texts[gold.document_id][1], 0)
        if span is None:
            raise ValueError(f"{case.id}: a quote is not in {gold.document_id}")
        found.append(GoldPlace(gold.document_id, *span, gold.grade))
    return found


def located(found: Found, texts: Texts) -> Passage | None:
    """The passage in its document: where the stack says, if its text is there, else where it is
    found, white space aside; None if it is not."""
    text = texts[found.document_id][1]
    start = found.start
    if start is not None and found.text and text.startswith(found.text, start):
        return _passage(found.document_id, start, start + len(found.text), found.text)
    span = _span(found.text, text, start or 0) or _span(found.text, text, 0)
    return _passage(found.document_id, *span, text[slice(*span)]) if span else None


def scored(
    questions: Sequence[Question],
    top: Sequence[Sequence[Found]],
    read: Sequence[Sequence[Found]],
    texts: Texts,
) -> tuple[list[Scores], int, int]:
    """The scores of each question, from its ten best passages and from those that fill the
    budget; then how many passages there were, and how many of them could not be located.

    The latter hit nothing, and are read all the same.
    """
    best = [[_somewhere(one, texts) for one in found] for found in top]
    filling = [within(BUDGET, [_somewhere(one, texts) for one in found]) for found in read]
    ndcg, read_ndcg = _ndcg(questions, best), _ndcg(questions, filling)
    documents = rank_metrics(
        {q.case.id: q.case.grades for q in questions},
        {q.case.id: [p.document_id for p in ps] for q, ps in zip(questions, best, strict=True)},
    )
    scores = [
        Scores(
            recall=_share_hit(question, passages[:FIRST]),
            read=_share_hit(question, more),
            ndcg=ndcg[question.case.id],
            read_ndcg=read_ndcg[question.case.id],
            documents=documents[question.case.id]["ndcg"],
            evidence=evidence_found(question.case, passages),
            note=gold_found(question.case, passages),
            characters=sum(len(passage.text) for passage in passages[:FIRST]),
        )
        for question, passages, more in zip(questions, best, filling, strict=True)
    ]
    every = [passage for passages in best for passage in passages]
    return scores, len(every), sum(_is_lost(passage) for passage in every)


def within(characters: int, passages: Sequence[Passage]) -> list[Passage]:
    """What is read of the passages by who reads so many characters: the last one is cut."""
    some = []
    for passage in passages:
        if characters <= 0:
            break
        text = passage.text[:characters]
        end = min(passage.end, passage.start + len(text))
        some.append(passage.model_copy(update={"text": text, "end": end}))
        characters -= len(text)
    return some


def ranking(question: Question, passages: Sequence[Passage]) -> list[str]:
    """The places of the gold in the order in which the passages hit them, the best grade first
    within one. A passage that hits none, or none that is new, takes a rank of its own."""
    names: list[str] = []
    for passage in passages:
        hit = [place for place in question.places if place.is_hit_by(passage)]
        new = dict.fromkeys(p.name for p in sorted(hit, key=lambda p: -p.grade))
        fresh = [name for name in new if name not in names]
        names += fresh or [f"nothing-{len(names)}"]
    return names


def _ndcg(questions: Sequence[Question], best: Sequence[Sequence[Passage]]) -> dict[str, float]:
    grades = {}
    for question in questions:
        of_places: dict[str, int] = {}
        for place in question.places:
            of_places[place.name] = max(place.grade, of_places.get(place.name, 0))
        grades[question.case.id] = of_places
    runs = {q.case.id: ranking(q, ps) for q, ps in zip(questions, best, strict=True)}
    return {name: found["ndcg"] for name, found in rank_metrics(grades, runs).items()}


def _share_hit(question: Question, passages: Sequence[Passage]) -> float:
    hit = [any(place.is_hit_by(passage) for passage in passages) for place in question.places]
    return sum(hit) / len(hit)


def _somewhere(found: Found, texts: Texts) -> Passage:
    return located(found, texts) or _passage(found.document_id, 0, 0, found.text)


def _is_lost(passage: Passage) -> bool:
    return passage.end == 0


def _span(words: str, text: str, start: int) -> tuple[int, int] | None:
    exact = text.find(words, start) if words else -1
    if exact >= 0:
        return exact, exact + len(words)
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = re.compile(pattern).search(text, start) if pattern else None
    return found.span() if found else None


def _passage(document_id: str, start: int, end: int, text: str) -> Passage:
    return Passage(
        rank=1, document_id=document_id, chunk_id=f"{document_id}:{start}:{end}", title="",
        section="", start=start, end=end, text=text, dense_rank=None, text_rank=None, score=0,
    )  # fmt: skip
