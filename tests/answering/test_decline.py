"""The confidence: what it is made of, and that it goes the right way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.decline import Signals, confidence

share = st.floats(min_value=0, max_value=1)


@given(share, share, share)
def test_confidence_is_a_probability(similarity: float, coverage: float, sentence: float) -> None:
    assert 0 <= confidence(Signals(similarity, coverage, sentence)) <= 1


@given(share, share, share, share)
def test_more_of_anything_is_never_less_confident(
    a: float, b: float, c: float, more: float
) -> None:
    base = confidence(Signals(a, b, c))
    assert confidence(Signals(min(1.0, a + more), b, c)) >= base
    assert confidence(Signals(a, min(1.0, b + more), c)) >= base
    assert confidence(Signals(a, b, min(1.0, c + more))) >= base


def test_without_a_quote_there_is_no_confidence() -> None:
    assert confidence(None) == 0.0


@pytest.mark.parametrize(("level", "sure"), [(0.0, False), (0.95, True)])
def test_the_ends_are_clear(level: float, sure: bool) -> None:
    assert (confidence(Signals(level, level, level)) > 0.5) is sure
