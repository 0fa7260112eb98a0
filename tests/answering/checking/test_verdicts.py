"""Which of several verdicts counts."""

import pytest

from assistant.answering.checking import Verdict, best_of


@pytest.mark.parametrize(
    ("verdicts", "best"),
    [
        ([Verdict("unsupported", 0, 0, 0.9, "words"), Verdict("supported", 0, 0, 0.5)], 1),
        ([Verdict("supported", 0, 0, 0.9), Verdict("verbatim", 0, 0, 0.5)], 1),
        ([Verdict("supported", 0, 0, 0.5), Verdict("supported", 0, 0, 0.9)], 1),
        ([Verdict("supported", 0, 0, 0.9), Verdict("supported", 1, 1, 0.9)], 0),
        ([Verdict("unsupported", 0, 0, 0.1, "words")], 0),
    ],
)
def test_the_kindest_verdict_is_the_best_and_the_first_of_equals(
    verdicts: list[Verdict], best: int
) -> None:
    assert best_of(verdicts) == best
