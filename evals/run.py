"""Asking the product every case of a dataset, and what came of it."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.app import Assistant
from assistant.errors import AssistantError, UsageError
from evals import metrics
from evals.cases import Case


class CaseResult(BaseModel):
    """One case: what was measured. None is not applicable."""

    model_config = ConfigDict(frozen=True)

    id: str
    split: str
    outcome: str
    outcome_right: bool
    confidence: float | None
    vital_recall: float | None
    nugget_recall: float | None
    first_citation_right: bool | None
    gold_found: bool | None
    evidence_found: float | None
    two_sources: bool | None
    follow_ups_answered: float | None
    blame: str | None
    integrity_faults: tuple[str, ...]
    forbidden: tuple[str, ...]
    missed: tuple[str, ...]
    error: str | None


class Summary(BaseModel):
    """The means over the cases to which each metric applies, with their number."""

    model_config = ConfigDict(frozen=True)

    split: str
    cases: int
    vital_recall: tuple[float | None, int]
    nugget_recall: tuple[float | None, int]
    first_citation: tuple[float | None, int]
    gold_found: tuple[float | None, int]
    evidence_found: tuple[float | None, int]
    two_sources: tuple[float | None, int]
    follow_ups_answered: tuple[float | None, int]
    blame: dict[str, int]
    answerable_answered: tuple[float | None, int]
    unanswerable_declined: tuple[float | None, int]
    confidence_auroc: float | None
    integrity_faults: int
    forbidden: int
    errors: int


def run_cases(
    assistant: Assistant, cases: Sequence[Case], advance: Callable[[int], None]
) -> list[CaseResult]:
    """Ask every case, in order. A case that fails is an error, not a zero."""
    texts = assistant.documents()
    results = []
    for case in cases:
        results.append(_run_case(assistant, case, texts))
        advance(1)
    return results


def _run_case(assistant: Assistant, case: Case, texts: dict[str, tuple[str, str]]) -> CaseResult:
    try:
        answer = assistant.ask(case.question, case.history)
        passages = assistant.search(answer.resolved_question, metrics.FIRST)
    except AssistantError as error:
        return CaseResult(
            id=case.id, split=case.split, outcome="error", outcome_right=False, confidence=None,
            vital_recall=None, nugget_recall=None, first_citation_right=None,
            gold_found=None, evidence_found=None, two_sources=None, follow_ups_answered=None,
            blame=None,
            integrity_faults=(), forbidden=(), missed=(), error=str(error),
        )  # fmt: skip
    counted = metrics.counted_text(case, answer)
    return CaseResult(
        id=case.id,
        split=case.split,
        outcome=answer.outcome,
        outcome_right=metrics.outcome_right(case, answer),
        confidence=answer.confidence,
        vital_recall=metrics.nugget_recall(case, answer, "vital"),
        nugget_recall=metrics.nugget_recall(case, answer, None),
        first_citation_right=metrics.first_citation_right(case, answer),
        gold_found=metrics.gold_found(case, passages),
        evidence_found=metrics.evidence_found(case, passages),
        two_sources=metrics.two_sources(case, answer),
        follow_ups_answered=_answered(assistant, answer.follow_ups),
        blame=metrics.blame(case, answer, passages),
        integrity_faults=tuple(metrics.integrity_faults(answer, texts)),
        forbidden=tuple(metrics.says_forbidden(case, answer)),
        missed=tuple(
            n.id
            for n in case.nuggets
            if answer.outcome == "declined" or not metrics.holds(counted, n.match)
        ),
        error=None,
    )


def _answered(assistant: Assistant, questions: Sequence[str]) -> float | None:
    """The share of the questions, suggested as next ones, that are answered when they are asked."""
    outcomes = [assistant.ask(question).outcome == "answered" for question in questions]
    return sum(outcomes) / len(outcomes) if outcomes else None


def summarise(cases: Sequence[Case], results: Sequence[CaseResult], split: str) -> Summary:
    """The summary of one split of the dataset."""
    pairs = [(c, r) for c, r in zip(cases, results, strict=True) if c.split == split]
    asked = [(c, r) for c, r in pairs if r.error is None]
    return Summary(
        split=split,
        cases=len(pairs),
        vital_recall=metrics.mean([r.vital_recall for _, r in asked]),
        nugget_recall=metrics.mean([r.nugget_recall for _, r in asked]),
        first_citation=metrics.mean([r.first_citation_right for _, r in asked]),
        gold_found=metrics.mean([r.gold_found for _, r in asked]),
        evidence_found=metrics.mean([r.evidence_found for _, r in asked]),
        two_sources=metrics.mean([r.two_sources for _, r in asked]),
        follow_ups_answered=metrics.mean([r.follow_ups_answered for _, r in asked]),
        blame=dict(sorted(Counter(r.blame for _, r in asked if r.blame).items())),
        answerable_answered=metrics.mean([r.outcome_right for c, r in asked if c.answerable]),
        unanswerable_declined=metrics.mean([r.outcome_right for c, r in asked if not c.answerable]),
        confidence_auroc=metrics.auroc(
            [(r.confidence, c.answerable) for c, r in asked if r.confidence is not None]
        ),
        integrity_faults=sum(len(r.integrity_faults) for _, r in asked),
        forbidden=sum(len(r.forbidden) for _, r in asked),
        errors=len(pairs) - len(asked),
    )


_MEANS = {
    "vital_recall": "vital recall",
    "nugget_recall": "nugget recall",
    "first_citation": "first citation",
    "gold_found": "note in first five",
    "evidence_found": "evidence in first five",
    "two_sources": "two sources",
    "follow_ups_answered": "follow-ups answered",
    "answerable_answered": "answerable answered",
    "unanswerable_declined": "unanswerable declined",
}


def as_table(summaries: Sequence[Summary]) -> str:
    """The summaries side by side, n beside each mean."""
    rows = [["", *(f"{s.split} ({s.cases})" for s in summaries)]]
    for field, name in _MEANS.items():
        rows.append([name, *(_mean(getattr(s, field)) for s in summaries)])
    for field in ("confidence_auroc", "integrity_faults", "forbidden", "errors"):
        values = (getattr(s, field) for s in summaries)
        rows.append([field.replace("_", " "), *("n/a" if v is None else f"{v:g}" for v in values)])
    for stage in sorted({stage for s in summaries for stage in s.blame}):
        rows.append([f"failed at {stage}", *(str(s.blame.get(stage, 0)) for s in summaries)])
    return "\n".join(f"{row[0]:24}" + "".join(f"{cell:>18}" for cell in row[1:]) for row in rows)


def _mean(value: tuple[float | None, int]) -> str:
    return "n/a" if value[0] is None else f"{value[0]:.3f} (n={value[1]})"


def write_results(
    folder: Path, results: Sequence[CaseResult], summaries: Sequence[Summary]
) -> None:
    """`results.json` in the folder: canonical, so that equal runs are equal bytes.

    Raises UsageError if that is no folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} is no folder to write to: {error}.", "Name another.") from error
    content = {
        "metrics_version": metrics.METRICS_VERSION,
        "summaries": [summary.model_dump(mode="json") for summary in summaries],
        "cases": [result.model_dump(mode="json") for result in results],
    }
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / "results.json").write_text(text + "\n", "utf-8")
