"""Guards of how strongly and when something holds: duties, how many and how often, causes,
conditions."""

from assistant.answering.checking import lexicon
from assistant.answering.checking.verdicts import Doubts
from assistant.answering.checking.wording import Wording

_IN_PASSING = (
    "only once", "only around", "only about", "only when", "only in", "only part", "every so often",
)  # fmt: skip


def duties(claim: Wording, ground: Wording) -> Doubts:
    """What must, should, may or can be, and is of another strength in the ground."""
    g_must, g_should, g_may, g_can = (
        ground.has(w) for w in (lexicon.MUST, lexicon.SHOULD, lexicon.HEDGED, lexicon.CAN)
    )
    must = claim.lower & {"must"} or {word for word in lexicon.MUST if claim.open((word,))}
    if must and not (g_must or ground.has(("need", "needs"))):
        return [("duty", min(must))]
    if claim.says(lexicon.NEED_NOT) and not ground.says(lexicon.NEED_NOT):
        return [("duty", "need not")]
    should = claim.lower & lexicon.SHOULD
    if should and not g_should and (g_may or g_can or (g_must and not must)):
        return [("duty", min(should))]
    may, can = claim.lower & lexicon.MAY, claim.lower & lexicon.CAN
    duty = g_must or g_should
    if may and not g_may and (duty or not g_can):
        return [("duty", min(may))]
    if can and not (g_may or g_can) and duty and not should | must:
        return [("duty", min(can))]
    hedged = can or should or claim.has(lexicon.HEDGED | lexicon.SOME | lexicon.MOST)
    hedges = ground.lower & lexicon.HEDGES - ground.dates
    if hedges and not hedged:
        return [("duty", min(hedges))]
    return []


def quantities(claim: Wording, ground: Wording) -> Doubts:
    """All, most, some, only: how many and how often, where the ground has others."""
    for total, allowed in lexicon.TOTALS:
        said = claim.lower & total
        if said <= {"only"} and claim.says(_IN_PASSING):
            continue
        if said <= {"every", "each"} and claim.times:
            continue  # how often is compared by itself
        if said and claim.open(said) and not ground.has(allowed):
            return [("quantity", min(said))]
    most = claim.lower & (lexicon.MOST - {"much", "many"})
    if most and not ground.has(lexicon.MOST | lexicon.WHOLE):
        return [("quantity", min(most))]
    few = ground.lower & {"some", "sometimes", "few", "occasionally", "rarely", "seldom"}
    if few and not claim.has(lexicon.SOME | lexicon.MAY | lexicon.CAN | lexicon.MOST | {"not"}):
        return [("quantity", min(few))]
    most = ground.lower & {"many", "most", "usually", "often", "generally", "typically", "mostly"}
    everywhere = claim.lower & {"all", "every", "always", "each", "everyone"}
    if most and everywhere and not ground.has(everywhere):
        return [("quantity", min(everywhere))]
    moved = claim.moves - ground.moves
    if moved and ground.moves:
        return [("contrary", min(moved))]
    return []


def causes(claim: Wording, ground: Wording) -> Doubts:
    """A cause where the ground gives no reason at all."""
    said = claim.first_of(lexicon.CAUSES)
    return [("cause", said)] if said and not ground.says(lexicon.GIVES_REASONS) else []


def conditions(claim: Wording, ground: Wording) -> Doubts:
    """A condition of the ground that is dropped, or one that it does not put."""
    anyway = claim.first_of(lexicon.DROPS_A_CONDITION)
    if anyway and ground.says(("if", "unless", "when", "only")) and not ground.says((anyway,)):
        return [("condition", anyway)]
    put = claim.first_of(lexicon.PUTS_A_CONDITION)
    if put and not ground.says(lexicon.CONDITIONS):
        return [("condition", put)]
    dropped = ground.first_of(("if", "unless", "provided"))
    if dropped and not claim.says(lexicon.MAY_STAND_FOR_CONDITIONS):
        return [("condition", dropped)]
    return []
