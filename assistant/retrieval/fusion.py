"""One ranking from several: chunks by meaning and by words, with the documents they belong to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

# Set on the dev questions and their other wordings. One search alone finds less.
DENSE_SHARE = 0.5
_HEADING_WEIGHT = 0.2
_DOCUMENT_WEIGHT = 0.6
# What speaks for a document: its chunks and its questions by meaning, its headings, its words.
_BY_CHUNKS, _BY_QUESTIONS, _BY_HEADINGS, _BY_WORDS = 1.0, 1.0, 0.2, 0.75
_SPEAK = 3  # so many of the best of each kind speak for a document

Scores = Sequence[tuple[str, float]]
"""Ids with their scores, best first."""


@dataclass(frozen=True)
class Fused:
    """A chunk with its score in [0, 1] and the ranks, from 1, that it comes from."""

    chunk_id: str
    score: float
    dense_rank: int | None
    text_rank: int | None


def document_of(name: str) -> str:
    """The document of a chunk or a signpost, by its id."""
    return name.split(":", 1)[0]


def section_of(chunk_id: str) -> str:
    """The section of a chunk, as `<document>:<section>`."""
    return chunk_id.rsplit(":", 1)[0]


def score_documents(
    dense: Scores,
    text: Scores,
    headings: Scores,
    questions: Scores,
    silent: Collection[str] = (),
) -> dict[str, float]:
    """How much speaks for each document, in [0, 1].

    A long question tells a story of which no chunk holds much, and one chunk is near it by
    accident; three chunks, or three questions that the document says it answers, are not. The
    `silent` documents name no questions at all, and are judged by the rest.
    """
    by_questions = _spoken_for(questions)
    parts = [
        (_BY_CHUNKS, _spoken_for(dense)),
        (_BY_HEADINGS, _spoken_for(headings)),
        (_BY_WORDS, _spoken_for(text)),
    ]
    total = sum(weight for weight, _ in parts)
    scores = {}
    for name in sorted({name for _, part in parts for name in part} | set(by_questions)):
        score = sum(weight * part.get(name, 0.0) for weight, part in parts)
        whole = total
        if by_questions and name not in silent:
            score += _BY_QUESTIONS * by_questions.get(name, 0.0)
            whole += _BY_QUESTIONS
        scores[name] = round(score / whole, 5)
    return scores


def fuse(
    dense: Scores,
    text: Scores,
    headings: Mapping[str, float] | None = None,
    documents: Mapping[str, float] | None = None,
    share: float = DENSE_SHARE,
) -> list[Fused]:
    """Weighted mean of both scores, each scaled to [0, 1] within its list, best first.

    `headings` are similarities of sections, `documents` scores of documents: they lift the
    chunks that stand in them. What is missing from a list scores 0 there. Ties go by id.
    Averaged normalised scores beat reciprocal ranks on 16 of the 18 BEIR sets.
    """
    dense_scores, text_scores = _scaled(dense), _scaled(text)
    heading_scores = _scaled(sorted((headings or {}).items(), key=lambda one: -one[1]))
    documents = documents or {}
    weight = 1 + _HEADING_WEIGHT * bool(heading_scores) + _DOCUMENT_WEIGHT * bool(documents)
    dense_ranks = {name: n for n, (name, _) in enumerate(dense, 1)}
    text_ranks = {name: n for n, (name, _) in enumerate(text, 1)}
    fused = []
    for name in dense_ranks | text_ranks:
        score = share * dense_scores.get(name, 0.0) + (1 - share) * text_scores.get(name, 0.0)
        score += _HEADING_WEIGHT * heading_scores.get(section_of(name), 0.0)
        score += _DOCUMENT_WEIGHT * documents.get(document_of(name), 0.0)
        ranks = dense_ranks.get(name), text_ranks.get(name)
        fused.append(Fused(name, round(score / weight, 5), *ranks))
    return sorted(fused, key=lambda one: (-one.score, one.chunk_id))


def _spoken_for(scores: Scores) -> dict[str, float]:
    """The mean of each document's best, scaled to [0, 1]; what is missing counts as the worst."""
    if not scores:
        return {}
    worst = min(score for _, score in scores)
    best: dict[str, list[float]] = {}
    for name, score in scores:
        best.setdefault(document_of(name), []).append(score)
    means = {
        name: sum([*sorted(found, reverse=True), *[worst] * _SPEAK][:_SPEAK]) / _SPEAK
        for name, found in best.items()
    }
    return _scaled(list(means.items()))


def _scaled(scores: Scores) -> dict[str, float]:
    """Scores from 0, just below the worst of the list, to 1, its best."""
    if not scores:
        return {}
    best, worst = max(s for _, s in scores), min(s for _, s in scores)
    reach = best - worst
    return {name: (s - worst + reach / 50) / (reach * 1.02) if reach else 1.0 for name, s in scores}
