"""Faults of files of claims that would make their numbers untrue."""

from collections.abc import Iterator, Sequence

from evals.matching import folded, normal
from evals.support.places import Texts, place_of
from evals.support.records import CHANGES, Claim

LEAST = 80  # supported claims in all, of which the mutants are made


def lint_claims(claims: Sequence[Claim], texts: Texts, least: int = LEAST) -> list[str]:
    """Every fault found, one line each. `texts` maps document ids to (sha256, text).

    A line names file and id alone, so that nobody reads the test split by the way.
    """
    supported = sum(claim.supported for claim in claims)
    few = f"{supported} supported claims in all; there should be {least} at least"
    faults = [few] if supported < least else []
    ids: dict[str, Claim] = {}
    quotes: dict[str, Claim] = {}
    for claim in claims:
        where = f"{claim.file}: {claim.id}: "
        if before := ids.get(claim.id):
            faults.append(f"{where}the id is used in {before.file} too")
        if before := quotes.get(folded(claim.quote)):
            faults.append(f"{where}its quote is used in {before.file} by {before.id} too")
        ids.setdefault(claim.id, claim)
        quotes.setdefault(folded(claim.quote), claim)
        faults += (where + fault for fault in _faults(claim, texts))
    return faults


def _faults(claim: Claim, texts: Texts) -> Iterator[str]:
    if claim.document_id not in texts:
        yield f"no document {claim.document_id!r} in the index"
    elif not place_of(claim, texts):
        yield f"its quote is not in {claim.document_id}"
    if claim.supported and claim.change is not None:
        yield "supported, and says what was changed"
    if not claim.supported and claim.change not in CHANGES:
        yield f"not supported, and its change is none of {', '.join(CHANGES)}"
    if _bare(claim.claim) == _bare(claim.quote):
        yield "the claim is its quote, word for word"


def _bare(sentence: str) -> str:
    return normal(sentence).strip(".!?;: \"'")
