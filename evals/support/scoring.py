"""How often the check of support is right about the claims of each split."""

import math
from collections.abc import Mapping, Sequence

from evals.mutation.judging import Tally, tally
from evals.results import Estimate
from evals.statistics import estimate
from evals.support.mutants import mutation_of
from evals.support.records import (
    CHANGES,
    SPLITS,
    Checker,
    Claim,
    Place,
    SplitReport,
    SupportReport,
)


def support_report(
    claims: Sequence[Claim], places: Mapping[str, Place], checker: Checker
) -> SupportReport:
    """The check on each split. `places` holds the place of every claim's quote by its id."""
    by_split = {split: [claim for claim in claims if claim.split == split] for split in SPLITS}
    return SupportReport(
        splits={split: _split(some, places, checker) for split, some in by_split.items() if some}
    )


def shown(report: SupportReport, survivors: int, show_test: bool) -> SupportReport:
    """The report with so many lines of each kind at most; none of test, unless it is shown."""
    return SupportReport(
        splits={
            name: _cut(split, survivors if name != "test" or show_test else 0)
            for name, split in report.splits.items()
        }
    )


def balanced(one: Estimate, other: Estimate) -> Estimate:
    """The mean of two shares with its interval: their Wilson intervals, squared and added
    (Newcombe 1998)."""
    n = one.n + other.n
    if one.mean is None or other.mean is None:
        return Estimate(mean=None, n=n)
    mean = (one.mean + other.mean) / 2
    below = math.hypot(one.mean - (one.low or 0), other.mean - (other.low or 0)) / 2
    above = math.hypot((one.high or 0) - one.mean, (other.high or 0) - other.mean) / 2
    low, high = round(max(0, mean - below), 6), round(min(1, mean + above), 6)
    return Estimate(mean=round(mean, 6), n=n, low=low, high=high)


def _split(claims: Sequence[Claim], places: Mapping[str, Place], checker: Checker) -> SplitReport:
    right: dict[bool, list[tuple[str, float]]] = {True: [], False: []}
    missed: list[str] = []
    changed: dict[str, list[tuple[str, bool]]] = {name: [] for name in CHANGES}
    for claim in claims:
        verdict = checker.check(claim.claim, *places[claim.id])
        says = verdict.support != "unsupported"
        right[claim.supported].append((claim.id, float(says == claim.supported)))
        if claim.change:
            changed[claim.change].append((f"{claim.id}: {claim.claim}", says))
        elif not says:
            missed.append(f"{claim.id} ({verdict.doubt}: {verdict.word}): {claim.claim}")
    taken, rejected = estimate(right[True]), estimate(right[False])
    mutation, nearest = mutation_of(claims, places, checker)
    return SplitReport(
        claims=len(claims),
        balanced=balanced(taken, rejected),
        taken=taken,
        rejected=rejected,
        missed=tuple(missed),
        changes={name: tally(judged, unexpected=True) for name, judged in changed.items()},
        mutation=mutation,
        nearest=nearest,
    )


def _cut(split: SplitReport, most: int) -> SplitReport:
    def fewer(tally: Tally) -> Tally:
        return tally.model_copy(update={"unexpected": tally.unexpected[:most]})

    def all_fewer(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
        return {name: fewer(tally) for name, tally in tallies.items()}

    mutation = split.mutation
    return split.model_copy(
        update={
            "missed": split.missed[:most],
            "changes": all_fewer(split.changes),
            "mutation": mutation.model_copy(
                update={
                    "mutants": all_fewer(mutation.mutants),
                    "harmless": all_fewer(mutation.harmless),
                }
            ),
            "nearest": fewer(split.nearest),
        }
    )
