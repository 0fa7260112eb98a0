"""Faults of a dataset that would make its numbers untrue."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from evals.cases import Case, Evidence
from evals.metrics import holds, normal

# The practice documents that some cases can also be asked of are no part of the repository.
_ELSEWHERE = re.compile(r"00[0-4]_[0-9a-f]{16}$")


def lint_cases(cases: Sequence[Case], texts: dict[str, tuple[str, str]]) -> list[str]:
    """Every fault found, one line each. `texts` maps document ids to (sha256, text).

    Checked: both kinds of question are there; no question twice; every quote stands in its
    document; every nugget's text, and its evidence, satisfies the nugget's own match.
    """
    faults = list(_suite_faults(cases))
    for case in cases:
        faults += _case_faults(case, texts)
    return faults


def _suite_faults(cases: Sequence[Case]) -> Iterator[str]:
    kinds = {case.answerable for case in cases}
    if len(kinds) == 1:
        only = "answerable" if kinds == {True} else "unanswerable"
        yield f"all cases are {only}: a product that treats all questions alike would be perfect"
    questions = Counter((normal(case.question), case.history) for case in cases)
    for (question, _), n in questions.items():
        if n > 1:
            yield f"asked {n} times: {question}"


def _case_faults(case: Case, texts: dict[str, tuple[str, str]]) -> Iterator[str]:
    for gold in case.gold:
        yield from _evidence_faults(f"{case.id}: gold", gold, texts)
    for nugget in case.nuggets:
        name = f"{case.id}: nugget {nugget.id}"
        for evidence in nugget.evidence:
            yield from _evidence_faults(name, evidence, texts)
        if not holds(nugget.text, nugget.match):
            yield f"{name}: its own text does not satisfy its match"
        if not holds(" ".join(evidence.quote for evidence in nugget.evidence), nugget.match):
            yield f"{name}: its evidence does not satisfy its match"


def _evidence_faults(
    name: str, evidence: Evidence, texts: dict[str, tuple[str, str]]
) -> Iterator[str]:
    if _ELSEWHERE.match(evidence.document_id):
        return
    if evidence.document_id not in texts:
        yield f"{name}: no document {evidence.document_id!r} in the index"
    elif _folded(evidence.quote) not in _folded(texts[evidence.document_id][1]):
        yield f"{name}: not in {evidence.document_id}: {evidence.quote[:60]!r}"


def _folded(text: str) -> str:
    return " ".join(text.split())
