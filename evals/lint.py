"""Faults of a dataset that would make its numbers untrue."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from evals.cases import Case, Evidence, Nugget, one_sided
from evals.matching import folded, holds, normal

# The practice documents that some cases can also be asked of are no part of the repository.
_ELSEWHERE = re.compile(r"00[0-4]_[0-9a-f]{16}$")
ALIKE = 0.8  # share of common words from which two questions are one; other topics stay below
PROPOSED = "proposed"  # the tag of cases that feedback has proposed and nobody has looked at
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_FREE_NUMBER = re.compile(r"1|19\d\d|20\d\d")  # "one" is seldom a figure, a year dates a source


def lint_cases(cases: Sequence[Case], texts: dict[str, tuple[str, str]]) -> list[str]:
    """Every fault found, one line each. `texts` maps document ids to (sha256, text).

    Checked: both kinds of question are there; no question twice; none in both splits, and none
    that is answerable in one case and not in another, near duplicates counted; every quote stands
    in its document; every nugget's text, and its evidence, satisfies the nugget's own match, and
    its text does so no more when a figure in it is changed; no paraphrase repeats its question;
    none is only proposed.

    A line begins with the place of its case, if the case knows it; faults of the whole come first.
    """
    sided = one_sided(cases)
    faults = [*([sided] if sided else []), *_twice_faults(cases), *_pair_faults(cases)]
    for case in cases:
        faults += (f"{_place(case)}{case.id}: {fault}" for fault in _case_faults(case, texts))
    return faults


def _place(case: Case) -> str:
    return f"{case.place}: " if case.place else ""


def _twice_faults(cases: Sequence[Case]) -> Iterator[str]:
    asked: dict[tuple[str, tuple[str, ...]], list[Case]] = defaultdict(list)
    for case in cases:
        asked[normal(case.question), case.history].append(case)
    for (question, _), same in asked.items():
        if len(same) > 1:
            yield f"{_place(same[-1])}asked {len(same)} times: {question}"


def _pair_faults(cases: Sequence[Case]) -> Iterator[str]:
    """Faults of two cases. They name ids only, so that no test question is read by the way."""
    worded = [(case, _wordings(case)) for case in cases]
    for n, (case, wordings) in enumerate(worded):
        for other, others in worded[:n]:
            leaks = case.split != other.split
            differs = case.answerable != other.answerable and _alone(case) == _alone(other)
            if not (leaks or differs) or not _any_alike(wordings, others):
                continue
            if leaks:
                yield f"{_place(case)}{case.id}: asked in the other split too: {other.id}"
            if differs:
                yield f"{_place(case)}{case.id}: {_kind(case)} here, {_kind(other)} in {other.id}"


def _kind(case: Case) -> str:
    return "answerable" if case.answerable else "unanswerable"


def _alone(case: Case) -> bool:
    return "alone" in case.tags  # asked of other documents, where the same question differs


def _wordings(case: Case) -> list[frozenset[str]]:
    """The words of each wording of a case; what was asked before belongs to all of them."""
    return [
        frozenset(_words(" ".join((*case.history, wording))))
        for wording in (case.question, *case.paraphrases)
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", normal(text))


def _any_alike(some: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> bool:
    return any(_jaccard(one, other) >= ALIKE for one in some for other in others)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one | other)
    return len(one & other) / both if both else 0.0


def _case_faults(case: Case, texts: dict[str, tuple[str, str]]) -> Iterator[str]:
    if PROPOSED in case.tags:
        yield f"it was proposed by feedback: review it, label it, and take out the tag {PROPOSED!r}"
    for paraphrase in case.paraphrases:
        if _words(paraphrase) == _words(case.question):
            yield f"a paraphrase is the question itself: {paraphrase[:60]!r}"
    for gold in case.gold:
        yield from _evidence_faults("gold", gold, texts)
    for nugget in case.nuggets:
        yield from _nugget_faults(nugget, texts)


def _nugget_faults(nugget: Nugget, texts: dict[str, tuple[str, str]]) -> Iterator[str]:
    name = f"nugget {nugget.id}"
    for evidence in nugget.evidence:
        yield from _evidence_faults(name, evidence, texts)
    if not holds(nugget.text, nugget.match):
        yield f"{name}: its own text does not satisfy its match"
    if not holds(" ".join(evidence.quote for evidence in nugget.evidence), nugget.match):
        yield f"{name}: its evidence does not satisfy its match"
    for number, changed in _changed_numbers(nugget):
        if holds(changed, nugget.match):
            yield f"{name}: its match holds when {number} is changed in its text"


def _changed_numbers(nugget: Nugget) -> Iterator[tuple[str, str]]:
    """Each figure of the text with the text in which another stands for it.

    Only of a nugget that is about figures, that is, whose match lists numbers.
    """
    if not nugget.match.numbers:
        return
    text = normal(nugget.text)
    numbers = dict.fromkeys(_NUMBER.findall(text))
    other = next(n for n in map(str, range(70, 200)) if n not in numbers)
    for number in numbers:
        if not _FREE_NUMBER.fullmatch(number):
            whole = rf"(?<![\w.]){re.escape(number)}(?![\w]|\.\d)"
            yield number, re.sub(whole, other, text)


def _evidence_faults(
    name: str, evidence: Evidence, texts: dict[str, tuple[str, str]]
) -> Iterator[str]:
    if _ELSEWHERE.match(evidence.document_id):
        return
    if evidence.document_id not in texts:
        yield f"{name}: no document {evidence.document_id!r} in the index"
    elif folded(evidence.quote) not in folded(texts[evidence.document_id][1]):
        yield f"{name}: not in {evidence.document_id}: {evidence.quote[:60]!r}"
