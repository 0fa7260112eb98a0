"""Where quotes stand in the documents of an index."""

import re
from collections.abc import Iterable, Mapping

from evals.support.records import Claim, Place

Texts = Mapping[str, tuple[str, str]]
"""Document ids to (sha256, text)."""


def places_of(claims: Iterable[Claim], texts: Texts) -> dict[str, Place]:
    """The place of each claim's quote by the claim's id, of those that are found."""
    found = ((claim.id, place_of(claim, texts)) for claim in claims)
    return {name: place for name, place in found if place}


def place_of(claim: Claim, texts: Texts) -> Place | None:
    """The first place of a claim's quote in its document; only white space may differ."""
    words = claim.quote.split()
    if claim.document_id not in texts or not words:
        return None
    quote = re.search(r"\s+".join(map(re.escape, words)), texts[claim.document_id][1])
    return Place(claim.document_id, *quote.span()) if quote else None
