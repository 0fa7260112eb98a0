"""Changes of the claims that the check supports, judged against the claims' own passages; and
the claims themselves, judged against passages of others."""

from collections.abc import Mapping, Sequence
from functools import partial

from evals.mutation.judging import MutationReport, Tally, score, tally
from evals.mutation.operators import (
    OPERATORS,
    Operator,
    changed_date,
    changed_number,
    names_in,
    swapped_name,
)
from evals.support.records import Checker, Claim, Place

WRONG_PASSAGE = "another passage"
_DEPTH = 10  # passages that are searched for one of another document


def mutation_of(
    claims: Sequence[Claim], places: Mapping[str, Place], checker: Checker
) -> tuple[MutationReport, Tally]:
    """How the check takes to changes of the supported claims of one split.

    Also the tally of claims judged against the nearest passage of another document, which is for
    information: it may in truth say the same.
    """

    def judge(sentence: str, claim: Claim) -> bool:
        return is_supported(checker, sentence, places[claim.id])

    supported = [claim for claim in claims if claim.supported]
    pairs = [(claim.claim, claim) for claim in supported]
    report = score(judge, pairs, _operators(claims), lambda claim: f"{claim.id}: ")
    kept = [claim for claim in supported if judge(claim.claim, claim)]
    others = [(claim, _next_elsewhere(claim, claims)) for claim in kept]
    away = [
        (f"{claim.id} beside {other.id}: {claim.claim}", judge(claim.claim, other))
        for claim, other in others
        if other
    ]
    mutants = report.mutants | {WRONG_PASSAGE: tally(away, unexpected=True)}
    return report.model_copy(update={"mutants": mutants}), _nearest(kept, checker)


def is_supported(checker: Checker, sentence: str, place: Place) -> bool:
    """Whether the check sees support for a sentence, in other words or in the same."""
    return checker.check(sentence, *place).support != "unsupported"


def _operators(claims: Sequence[Claim]) -> dict[str, Operator]:
    """The changes made, by kind. A year is a date and no number, so none counts twice."""
    names = sorted({name for claim in claims for name in names_in(claim.claim)})
    return OPERATORS | {
        "number": _changed_number_but_years,
        "date": changed_date,
        "named thing": partial(swapped_name, names=names),
    }


def _changed_number_but_years(sentence: str) -> tuple[str, ...]:
    dates = changed_date(sentence)
    return tuple(mutant for mutant in changed_number(sentence) if mutant not in dates)


def _next_elsewhere(claim: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The next claim about another document; after the last comes the first."""
    at = claims.index(claim)
    later = (*claims[at + 1 :], *claims[:at])
    return next((other for other in later if other.document_id != claim.document_id), None)


def _nearest(claims: Sequence[Claim], checker: Checker) -> Tally:
    judged = []
    for claim in claims:
        for passage in checker.search(claim.claim, _DEPTH):
            if passage.document_id != claim.document_id:
                place = Place(passage.document_id, passage.start, passage.end)
                line = f"{claim.id} beside {place.document_id}: {claim.claim}"
                judged.append((line, is_supported(checker, claim.claim, place)))
                break
    return tally(judged, unexpected=True)
