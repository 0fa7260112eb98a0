"""What is measured of an answer. Definitions stand beside each function; pure and testable."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.records import Answer, Passage
from evals.cases import Case, Nugget
from evals.matching import folded, has_phrase, holds, normal
from evals.ranking import ANSWERS
from evals.results import Stage

WORDS_THAT_COUNT = 200
FIRST = 5  # passages of a search that somebody looks at


@dataclass(frozen=True)
class Metric:
    """A metric: its title, the stage that it speaks of, and what may be lost without a word.

    A case passes at `bar` or above. One that is `hard` must pass in every case of every run.
    """

    title: str
    stage: Stage
    of: str
    applies: Callable[[Case], bool]
    tolerance: float = 0.01
    bar: float = 1.0
    hard: bool = False


def _to_any(_: Case) -> bool:
    return True


def _to_answerable(case: Case) -> bool:
    return case.answerable


def _to_vital(case: Case) -> bool:
    return any(nugget.importance == "vital" for nugget in case.nuggets)


def _to_gold(case: Case) -> bool:
    return any(gold.grade == 3 for gold in case.gold)


def _to_partly(case: Case) -> bool:
    return any(gold.grade >= ANSWERS for gold in case.gold)


def _to_disagreement(case: Case) -> bool:
    return case.answerable and "disagreement" in case.tags


def _to_forbidding(case: Case) -> bool:
    return bool(case.must_not_say)


_ANSWERABLE = "questions that can be answered"
METRICS = {
    "outcome": Metric("answered or declined rightly", "deciding", "all questions", _to_any),
    "vital_recall": Metric("vital facts", "composing", _ANSWERABLE, _to_vital),
    "nugget_recall": Metric("all facts", "composing", _ANSWERABLE, _to_answerable),
    "first_citation": Metric("first citation right", "composing", _ANSWERABLE, _to_answerable),
    "gold_found": Metric("note in first five", "search", _ANSWERABLE, _to_gold),
    "evidence_found": Metric("evidence in first five", "passages", _ANSWERABLE, _to_vital),
    "ndcg": Metric("nDCG@10", "search", _ANSWERABLE, _to_answerable, bar=0.5),
    "reciprocal_rank": Metric("reciprocal rank", "search", _ANSWERABLE, _to_partly, bar=0.2),
    "two_sources": Metric(
        "two sources where they differ", "composing", "disagreements", _to_disagreement
    ),
    "integrity": Metric("citations exact", "citing", "all questions", _to_any, 0.0, hard=True),
    "permitted": Metric(
        "nothing said that must not be", "composing", "questions with forbidden sentences",
        _to_forbidding, 0.0, hard=True,
    ),
}  # fmt: skip


def counted_text(case: Case, answer: Answer) -> str:
    """The part of the answer that counts: all of a list, else the first 200 words."""
    text = re.sub(r"(?<!\\)\[\d+\]", "", answer.text)
    tokens = re.split(r"[ \t\n]+", text.strip())  # not at hard spaces: "1\u00a0200" is one number
    return " ".join(tokens if case.asks_for_a_list else tokens[:WORDS_THAT_COUNT])


def nugget_recall(case: Case, answer: Answer, importance: str | None = "vital") -> float | None:
    """Share of the case's nuggets of that importance (None: of any) that the answer holds.

    0 for a declined answer; None, not applicable, where the case has no such nugget.
    """
    nuggets = [n for n in case.nuggets if importance in (None, n.importance)]
    if not nuggets:
        return None
    if answer.outcome == "declined":
        return 0.0
    text = counted_text(case, answer)
    return sum(holds(text, nugget.match) for nugget in nuggets) / len(nuggets)


def missed(case: Case, answer: Answer) -> list[Nugget]:
    """The nuggets that the part of the answer that counts does not hold."""
    text = counted_text(case, answer)
    return [nugget for nugget in case.nuggets if not holds(text, nugget.match)]


def first_citation_right(case: Case, answer: Answer) -> bool | None:
    """Whether the first citation is from a document of the gold; a declined answer has none.

    None, not applicable, for a question without an answer.
    """
    if not case.answerable:
        return None
    if not answer.citations:
        return False
    return answer.citations[0].document_id in {gold.document_id for gold in case.gold}


def gold_found(case: Case, passages: Sequence[Passage]) -> bool | None:
    """Whether a document that answers the question is among the first five passages.

    None, not applicable, for a question without an answer.
    """
    right = {gold.document_id for gold in case.gold if gold.grade == 3}
    if not right:
        return None
    return any(passage.document_id in right for passage in passages[:FIRST])


def evidence_found(case: Case, passages: Sequence[Passage]) -> float | None:
    """Share of the vital nuggets whose evidence stands whole in one of the first five passages.

    None where the case has no vital nugget.
    """
    vital = [nugget for nugget in case.nuggets if nugget.importance == "vital"]
    if not vital:
        return None
    texts = [(p.document_id, folded(p.text)) for p in passages[:FIRST]]
    held = [
        nugget
        for nugget in vital
        if any(
            one.document_id == name and folded(one.quote) in text
            for one in nugget.evidence
            for name, text in texts
        )
    ]
    return len(held) / len(vital)


def two_sources(case: Case, answer: Answer) -> bool | None:
    """Whether an answer on which sources differ cites two documents at least.

    None, not applicable, unless the case is answerable and tagged `disagreement`.
    """
    if not _to_disagreement(case):
        return None
    return len({citation.document_id for citation in answer.citations}) > 1


def blame(case: Case, answer: Answer, passages: Sequence[Passage]) -> Stage | None:
    """The stage of the pipeline at which a case failed; None if it did not.

    `deciding`: answered what it should have declined, or the reverse. `search`: no document of
    the gold among the first five passages. `passages`: the document is there, but not all the
    evidence. `composing`: the evidence was found and not quoted, or too late to count.
    """
    if not outcome_right(case, answer):
        return "deciding"
    if nugget_recall(case, answer) in (None, 1.0):
        return None
    if not gold_found(case, passages):
        return "search"
    return "passages" if evidence_found(case, passages) != 1.0 else "composing"


def outcome_right(case: Case, answer: Answer) -> bool:
    """Whether it answered what can be answered and declined what cannot."""
    return (answer.outcome == "answered") == case.answerable


def says_forbidden(case: Case, answer: Answer) -> list[str]:
    """What the answer says that it must not."""
    plain = normal(answer.text)
    return [phrase for phrase in case.must_not_say if has_phrase(plain, phrase)]


def integrity_faults(answer: Answer, texts: Mapping[str, tuple[str, str]]) -> list[str]:
    """Citations whose quote is not the document's text at its offsets, and claims without one.

    `texts` maps document ids to (sha256, text).
    """
    nearest = answer.decline.nearest if answer.decline else ()
    faults = []
    for citation in (*answer.citations, *nearest):
        sha256, text = texts.get(citation.document_id, ("", ""))
        within = 0 <= citation.start < citation.end <= len(text)
        if not within or text[citation.start : citation.end] != citation.quote:
            faults.append(f"[{citation.number}] is not the text of {citation.document_id}")
        if sha256 != citation.document_sha256:
            faults.append(f"[{citation.number}] names another version of {citation.document_id}")
    for claim in answer.claims:
        quotes = [c.quote for c in answer.citations if c.number in claim.citations]
        if claim.support == "verbatim" and not any(claim.text in quote for quote in quotes):
            faults.append(f"not in its citation: {claim.text[:60]}")
    return faults
