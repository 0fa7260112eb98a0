"""Guards of what is said or denied: denials and contraries."""

from assistant.answering.checking import lexicon
from assistant.answering.checking.verdicts import Doubts
from assistant.answering.checking.wording import Wording


def denials(claim: Wording, ground: Wording) -> Doubts:
    """A denial that is put in or taken out."""
    if _contrary_pairs(claim, ground):
        return []
    more = ground.says(lexicon.MORE_THAN) and not claim.says(lexicon.AS_WELL)
    if more and claim.has(("only", "just")):
        return [("denial", "only")]
    less = claim.says(lexicon.MORE_THAN) and not ground.says(lexicon.AS_WELL)
    if less and ground.has(("only", "just")):
        return [("denial", "only")]
    mine, theirs = claim.denials, ground.denials
    # What both say in the same words denies on neither side.
    my_soft = len(claim.soft_denials - ground.lower)
    their_soft = len(ground.soft_denials - claim.lower)
    if mine > theirs + their_soft or theirs > mine + my_soft:
        return [("denial", "not")]
    put_in = _denied_first(claim) & _stems_where(ground, False) - _stems_where(ground, True)
    if put_in and mine + my_soft > theirs:
        return [("denial", min(put_in))]
    taken_out = _denied_first(ground) & _stems_where(claim, False) - _stems_where(claim, True)
    if taken_out and theirs > mine and not my_soft:
        return [("denial", min(taken_out))]
    return []


def _denied_first(wording: Wording) -> set[str]:
    return {wording.stems[n] for n, word in enumerate(wording.words) if word.denied_first}


def _stems_where(wording: Wording, denied: bool) -> set[str]:
    return {wording.stems[n] for n in wording.content if wording.words[n].denied == denied}


def contraries(claim: Wording, ground: Wording) -> Doubts:
    """A word whose contrary stands in the ground, of the same thing or as a comparison."""
    if (claim.denials > 0) != (ground.denials > 0):
        return []
    for word in _contrary_pairs(claim, ground):
        others = lexicon.OPPOSITES[word] & ground.lower
        if word in lexicon.OF_DEGREE or claim.near(word) & ground.near(*others):
            return [("contrary", word)]
    for one, other in lexicon.DIRECTIONS:
        for mine, theirs in ((one, other), (other, one)):
            said = claim.lower & mine - ground.lower
            turned = ground.has(theirs) and not (ground.has(mine) or claim.has(theirs))
            if said and turned:
                return [("contrary", min(said))]
    return []


def _contrary_pairs(claim: Wording, ground: Wording) -> list[str]:
    return [
        word
        for word in sorted(claim.lower - ground.lower)
        if any(
            other in ground.lower and other not in claim.lower
            for other in lexicon.OPPOSITES.get(word, ())
        )
    ]
