"""What a judge found, and beside it how often it agrees with people."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from evals.cases import Case
from evals.judge.agreement import Agreement, Labelled, agreement_on
from evals.judge.judging import LABELS, Judge, Judgement, Label, Part

SCORES: dict[Label, float] = {"right": 1.0, "partly": 0.5, "wrong": 0.0}


class JudgedCase(Part):
    """A case by its id, and what the judge found."""

    id: str
    judgement: Judgement


class JudgeReport(Part):
    """What a judge found. `mean` is over the `n` scored cases alone.

    `unanimous` is the share of the judged cases in which every repeat gave the same vote, None
    without cases or with one repeat. `not_judged` cases have no answer to be expected, or gave
    none. `prompt` is the sha256 of the prompt.
    """

    cases: tuple[JudgedCase, ...]
    mean: float | None
    n: int
    unscored: int
    not_judged: int
    unanimous: float | None
    agreement: Agreement
    model: str
    prompt: str
    repeats: int


def judge_report(
    cases: Sequence[Case], answers: Mapping[str, str], judge: Judge, labelled: Sequence[Labelled]
) -> JudgeReport:
    """Judge the answers, and the judge.

    `answers` maps ids of cases to the text of their answers, without those that were declined.
    Questions without an answer to be expected are not judged: there is no reference for them.
    Raises ModelError if the model does not answer, as `Judge.judge`.
    """
    agreement = agreement_on(labelled, judge)
    judged = tuple(
        JudgedCase(
            id=case.id,
            judgement=judge.judge(
                "\n".join((*case.history, case.question)), answers[case.id], reference_of(case)
            ),
        )
        for case in cases
        if case.answerable and case.id in answers
    )
    scores = [SCORES[one.judgement.verdict] for one in judged if one.judgement.verdict]
    same = sum(_unanimous(one.judgement) for one in judged)
    return JudgeReport(
        cases=judged,
        mean=sum(scores) / len(scores) if scores else None,
        n=len(scores),
        unscored=len(judged) - len(scores),
        not_judged=len(cases) - len(judged),
        unanimous=same / len(judged) if judged and judge.repeats > 1 else None,
        agreement=agreement,
        model=judge.name,
        prompt=judge.prompt,
        repeats=judge.repeats,
    )


def judge_table(report: JudgeReport) -> str:
    """The report for a terminal: the score, what it is worth, and why answers are unscored."""
    verdicts = Counter(one.judgement.verdict for one in report.cases)
    labelled = report.agreement
    counts = f"n={report.n}, {report.unscored} unscored, {report.not_judged} not judged"
    judged = len(report.cases)
    rows = [
        ("mean score", f"{_number(report.mean)} ({counts})"),
        ("verdicts", ", ".join(f"{label} {verdicts[label]}" for label in LABELS)),
        ("same in all repeats", f"{_number(report.unanimous)} (n={judged})"),
        (
            "agrees with people",
            f"{_number(labelled.raw)}, kappa {_number(labelled.kappa)} "
            f"(n={labelled.n}, {labelled.unscored} unscored)",
        ),
    ]
    head = f"Judged by {report.model}, asked {report.repeats} times; prompt {report.prompt[:12]}."
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in report.cases:
        if one.judgement.verdict is None:
            reasons["; ".join(dict.fromkeys(one.judgement.reasons)) or "no majority"].append(one.id)
    return "\n".join(
        [f"{head} For information: it gates nothing."]
        + [f"{name:24}{value}" for name, value in rows]
        + [f"unscored: {', '.join(ids)}: {reason}" for reason, ids in reasons.items()]
    )


def reference_of(case: Case) -> str:
    """What a right answer to a case says, as the judge reads it: a nugget a line."""
    return "\n".join(
        n.text if n.importance == "vital" else f"(optional) {n.text}" for n in case.nuggets
    )


def _unanimous(judgement: Judgement) -> bool:
    return not judgement.unreadable and len(set(judgement.votes)) == 1


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"
