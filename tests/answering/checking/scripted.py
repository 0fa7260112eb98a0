"""Grounds and checks whose models are scripted, and texts to draw from."""

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from assistant.answering.checking import Ground, SupportCheck
from assistant.answering.checking.support import Closeness
from assistant.answering.checking.wording import Wording
from assistant.models.embedding import Vectors

DIMENSION = 1_024

GROUND = Ground(
    (
        "Coaches should visit each teacher at least once a week.",
        "They write down what they saw – all of it.",
        "A visit may be left out in “summer”.",
        "The team’s lead keeps the list of visits in one place.",
    ),
    "Coaching after training > Visits",
)


PARTS = Ground(
    (
        "Alder birch cedar elm fir hazel.",
        "Larch maple oak pine rowan spruce.",
        "Willow yew ash beech aspen holly.",
        "Apple cherry lime pear plum walnut.",
    )
)


SENTENCES = st.lists(
    st.sampled_from(
        "Coaches visit twice a month at least two to three weeks every 6 20 % £ not must may staff"
        " should never only all some most before after more less increase Fixsen CFIR June May if"
        " unless because leads to teachers nurses no . , scale up without can half an hour first"
        " but and also just rather than avoid unclear".split()
    ),
    max_size=18,
).map(" ".join)


def cut(words: Sequence[str]) -> list[str]:
    """Stems as simple as can be: a word without its s at the end."""
    return [word.rstrip("s") or word for word in words]


def read(text: str) -> Wording:
    return Wording(text, cut)


class Words:
    """Words as unit vectors that are alike only if they are the same, or named as the same."""

    def __init__(self, alike: Mapping[str, str] | None = None) -> None:
        self._alike = alike or {}
        self._row: dict[str, int] = {}
        self.asked: list[list[str]] = []

    def __call__(self, words: Sequence[str]) -> Vectors:
        self.asked.append(list(words))
        vectors = np.zeros((len(words), DIMENSION), dtype=np.float32)
        for n, word in enumerate(words):
            known = self._alike.get(word, word)
            vectors[n, self._row.setdefault(known, len(self._row)) % DIMENSION] = 1.0
        return vectors


class Near:
    """A closeness that is written for it, and what it was asked."""

    def __init__(self, *near: float) -> None:
        self._near = near
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def __call__(self, text: str, others: Sequence[str]) -> Sequence[float]:
        self.asked.append((text, tuple(others)))
        return self._near or [0.0] * len(others)


def alike_weights(stems: Sequence[str]) -> Mapping[str, float]:
    return dict.fromkeys(stems, 1.0)


def checking(
    closeness: Closeness | None = None,
    words: Words | None = None,
    weights: Mapping[str, float] | None = None,
) -> SupportCheck:
    """A check whose stems are the words themselves and whose words weigh the same, but for
    those with a weight of their own."""

    def weighing(stems: Sequence[str]) -> Mapping[str, float]:
        return {**alike_weights(stems), **(weights or {})}

    return SupportCheck(list, weighing, words or Words(), closeness or Near())
