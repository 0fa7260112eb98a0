"""What a check says of a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Doubt = Literal[
    "amount", "unit", "date", "name", "people", "denial", "duty", "quantity", "contrary",
    "cause", "condition", "words",
]  # fmt: skip
"""What a passage does not say as the sentence does; `words`: too little of it at all."""
Doubts = list[tuple[Doubt, str]]
"""Doubts, each with the word in question."""

_BETTER = {"verbatim": 2, "supported": 1, "unsupported": 0}


@dataclass(frozen=True)
class Verdict:
    """Whether a ground says a sentence; if not, why, with the word in question.

    `first` and `last` are the sentences of the ground that come nearest, the last one included.
    """

    support: Literal["verbatim", "supported", "unsupported"]
    first: int
    last: int
    coverage: float
    doubt: Doubt | None = None
    word: str = ""


def best_of(verdicts: Sequence[Verdict]) -> int:
    """Which of some verdicts is the kindest, the one with most words covered before others."""
    return max(
        range(len(verdicts)),
        key=lambda n: (_BETTER[verdicts[n].support], verdicts[n].coverage, -n),
    )
