"""From replies to measures, and from measures to the summary of a product. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.records import Answer
from evals import metrics
from evals.asking import Reply
from evals.cases import TOPICS, Case
from evals.metrics import METRICS, Metric
from evals.ranking import rank_metrics
from evals.results import (
    METRICS_VERSION,
    CaseResult,
    Cited,
    Estimate,
    Fingerprint,
    Measure,
    Product,
    Stage,
    Summary,
)
from evals.statistics import (
    abstention,
    aurc,
    auroc,
    coverage_at_risk,
    estimate,
    risk_coverage,
)

LEAST_VITAL = 0.5  # of the vital facts: an answer with fewer counts as wrong in the risk curve
ACCEPTED_RISK = 0.05
Texts = Mapping[str, tuple[str, str]]  # document id -> (sha256, text)


def measure_product(
    name: str,
    cases: Sequence[Case],
    replies: Sequence[Reply],
    texts: Texts,
    settings: Mapping[str, str],
) -> Product:
    """What a product's replies are worth. Cases and replies go in pairs."""
    ranks = _ranks(cases, replies)
    results = tuple(
        _measure(case, reply, texts, ranks.get(case.id, {}))
        for case, reply in zip(cases, replies, strict=True)
    )
    splits = [split for split in ("dev", "test") if any(c.split == split for c in cases)]
    return Product(
        name=name,
        fingerprint=_fingerprint(cases, replies, settings),
        cases=results,
        summaries=tuple(summarise([r for r in results if r.split == split]) for split in splits),
    )


def summarise(results: Sequence[CaseResult]) -> Summary:
    """One split, of at least one case."""
    asked = [result for result in results if result.error is None]
    scored = [(r.confidence, r.answerable) for r in asked if r.confidence is not None]
    risk = risk_coverage([(r.confidence, _good(r)) for r in asked if r.confidence is not None])
    return Summary(
        split=results[0].split,
        cases=len(results),
        errors=len(results) - len(asked),
        estimates={name: _estimate(results, name) for name in METRICS},
        by_topic={
            topic: {name: _estimate(found, name) for name in ("outcome", "vital_recall")}
            for topic in TOPICS
            if (found := [r for r in results if topic in r.topics])
        },
        declined_by_class={
            kind: _estimate([r for r in results if r.unanswerable_class == kind], "outcome")
            for kind in sorted({r.unanswerable_class for r in results if r.unanswerable_class})
        },
        abstention=abstention([(r.answerable, r.outcome == "answered") for r in asked]),
        risk_coverage=risk,
        aurc=aurc(risk),
        coverage_at_risk=coverage_at_risk(risk, ACCEPTED_RISK),
        auroc=auroc(scored),
        blame={
            stage: n
            for stage, n in sorted(Counter(r.blame for r in asked).items(), key=str)
            if stage
        },
    )


def _measure(case: Case, reply: Reply, texts: Texts, ranks: Mapping[str, float]) -> CaseResult:
    answer = reply.answer
    if answer is None:
        reason = reply.error or "no answer"
        return CaseResult(
            **_of_case(case), outcome="error", confidence=None, answer="", citations=(),
            retrieved=(), blame=None, wrong=(), error=reason,
            measures={
                name: _judged(metric, case, None, reason) for name, metric in METRICS.items()
            },
        )  # fmt: skip
    faults = metrics.integrity_faults(answer, texts)
    forbidden = metrics.says_forbidden(case, answer)
    values = {
        "outcome": metrics.outcome_right(case, answer),
        "vital_recall": metrics.nugget_recall(case, answer),
        "nugget_recall": metrics.nugget_recall(case, answer, None),
        "first_citation": metrics.first_citation_right(case, answer),
        "gold_found": metrics.gold_found(case, reply.passages),
        "evidence_found": metrics.evidence_found(case, reply.passages),
        "ndcg": ranks.get("ndcg"),
        "reciprocal_rank": ranks.get("reciprocal_rank"),
        "two_sources": metrics.two_sources(case, answer),
        "integrity": not faults,
        "permitted": not forbidden,
    }
    return CaseResult(
        **_of_case(case),
        outcome=answer.outcome,
        confidence=answer.confidence,
        answer=answer.text,
        citations=tuple(
            Cited(
                number=one.number, document_id=one.document_id, section=one.section,
                start=one.start, end=one.end, quote=one.quote,
            )
            for one in answer.citations
        ),
        retrieved=tuple(passage.chunk_id for passage in reply.passages),
        measures={name: _judged(METRICS[name], case, value) for name, value in values.items()},
        blame=_blame(case, reply, answer, faults, forbidden),
        wrong=tuple(_wrong(case, answer, faults, forbidden)),
        error=None,
    )  # fmt: skip


def _blame(
    case: Case, reply: Reply, answer: Answer, faults: Sequence[str], forbidden: Sequence[str]
) -> Stage | None:
    if faults:
        return "citing"
    return metrics.blame(case, answer, reply.passages) or ("composing" if forbidden else None)


def _of_case(case: Case) -> dict[str, object]:
    return {
        "id": case.id, "place": case.place, "split": case.split, "cluster": case.cluster,
        "topics": tuple(topic for topic in TOPICS if topic in case.tags),
        "answerable": case.answerable, "unanswerable_class": case.unanswerable_class,
        "question": case.question, "history": case.history,
    }  # fmt: skip


def _judged(metric: Metric, case: Case, value: float | None, error: str = "") -> Measure:
    if not metric.applies(case):
        return Measure(outcome="not_applicable", reason=f"only for {metric.of}")
    if value is None:
        return Measure(outcome="error", reason=error)
    return Measure(outcome="pass" if value >= metric.bar else "fail", value=round(float(value), 6))


def _wrong(
    case: Case, answer: Answer, faults: Sequence[str], forbidden: Sequence[str]
) -> list[str]:
    """What a person has to look at, a line each."""
    if metrics.outcome_right(case, answer):
        wrong = [f"does not say: {nugget.text}" for nugget in metrics.missed(case, answer)]
    else:
        wrong = [f"{answer.outcome}, and should not be"]
    return [*wrong, *(f"says: {phrase}" for phrase in forbidden), *faults]


def _ranks(cases: Sequence[Case], replies: Sequence[Reply]) -> dict[str, dict[str, float]]:
    asked = [(c, r) for c, r in zip(cases, replies, strict=True) if c.gold and r.answer]
    found = {case.id: [p.document_id for p in reply.passages] for case, reply in asked}
    return rank_metrics({case.id: case.grades for case, _ in asked}, found)


def _estimate(results: Sequence[CaseResult], name: str) -> Estimate:
    measures = [(r.cluster, r.measures[name]) for r in results]
    outcomes = Counter(measure.outcome for _, measure in measures)
    return estimate(
        [(cluster, m.value) for cluster, m in measures if m.value is not None],
        not_applicable=outcomes["not_applicable"],
        errors=outcomes["error"],
    )


def _good(result: CaseResult) -> bool:
    """Whether answering this question would be right: it has an answer, and this is one."""
    vital = result.measures["vital_recall"].value
    if not result.answerable or result.outcome == "declined":
        return result.answerable
    return vital is None or vital >= LEAST_VITAL


def _fingerprint(
    cases: Sequence[Case], replies: Sequence[Reply], settings: Mapping[str, str]
) -> Fingerprint:
    answers = [reply.answer for reply in replies if reply.answer]
    first = answers[0] if answers else None
    return Fingerprint(
        cases=digest(cases),
        metrics=METRICS_VERSION,
        index=first.index if first else "",
        engine=first.engine if first else "",
        prompts=dict(first.prompts) if first else {},
        settings=dict(settings),
    )


def digest(cases: Sequence[Case]) -> str:
    """The sha256 of all that the cases say, in their order."""
    content = [case.model_dump(mode="json") for case in cases]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
