"""How much of a sentence a ground says, by words that are the same or alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.checking.grounds import Likeness, Reading, bare
from assistant.answering.checking.wording import Wording

Weights = Callable[[Sequence[str]], Mapping[str, float]]
"""Stems to how much each tells: more, the rarer it is."""

_LONGEST_WINDOW = 3  # sentences of a passage that are taken together
# Set on the dev claims of evals/datasets/support.
_WIDER = 0.25  # coverage that each further sentence must add
_UNLIKE, _LIKE = 0.2, 0.7  # cosines of words that count for nothing, and for the same word


@dataclass(frozen=True)
class Coverage:
    """The sentences of a ground that say most of a claim, the last one included; how much, and
    how much of its first or second half, of which less is said: in [0, 1]."""

    first: int
    last: int
    share: float
    weaker: float


def coverage_of(claim: Wording, read: Reading, weigh: Weights, likeness: Likeness) -> Coverage:
    """The sentences of a ground that say most of a claim, few before many."""
    stems = [claim.stems[n] for n in claim.content]
    if not stems:
        return Coverage(0, 0, 0.0, 0.0)
    weight = weigh(stems)
    weights = np.array([weight[stem] for stem in stems])
    like = likeness([claim.words[n].lower for n in claim.content]) @ read.vectors.T
    like = np.clip((like - _UNLIKE) / (_LIKE - _UNLIKE), 0, 1)
    credit = np.zeros((len(read.sentences), len(stems)))
    for n, (one, places) in enumerate(zip(read.sentences, read.places, strict=True)):
        known = one.stem_set | read.context.stem_set
        exact = np.array([stem in known for stem in stems])
        credit[n] = np.where(exact, 1.0, like[:, places].max(1) if len(places) else 0.0)
    best = (0.0, 0, 0, 0.0)
    for first in range(len(credit)):
        for last in range(first, min(first + _LONGEST_WINDOW, len(credit))):
            held = credit[first : last + 1].max(0)
            coverage = float(held @ weights / weights.sum())
            worth = round(coverage - _WIDER * (last - first), 4)
            best = max(best, (worth, -first, -last, coverage))
    held = credit[-best[1] : 1 - best[2]].max(0) * weights
    middle = max(len(stems) // 2, 1)
    halves = [
        float(held[part].sum() / weights[part].sum())
        for part in (slice(middle), slice(middle, None))
        if weights[part].sum() > 0
    ]
    return Coverage(-best[1], -best[2], round(best[3], 3), round(min(halves), 3))


def word_for_word(sentence: str, read: Reading) -> tuple[int, int] | None:
    """The sentences of the ground that are just this one, but for marks around it."""
    wanted, texts = bare(sentence), read.bare
    for first in range(len(texts)):
        for last in range(first, min(first + _LONGEST_WINDOW, len(texts))):
            if wanted and " ".join(texts[first : last + 1]) == wanted:
                return first, last
    return None
