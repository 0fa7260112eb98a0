"""The confidence: what it is made of, and that it goes the right way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.decline import Signals, confidence

share = st.floats(min_value=0, max_value=1)


@given(share, share, share, st.floats(min_value=0, max_value=8))
def test_confidence_is_a_probability(a: float, b: float, c: float, length: float) -> None:
    assert 0 <= confidence(Signals(a, b, c, length)) <= 1


@given(share, share, share, share)
def test_evidence_is_never_less_confident_and_unknown_words_are_never_more(
    a: float, b: float, c: float, more: float
) -> None:
    base = confidence(Signals(a, b, c, 2.0))
    assert confidence(Signals(min(1.0, a + more), b, c, 2.0)) >= base
    assert confidence(Signals(a, min(1.0, b + more), c, 2.0)) >= base
    assert confidence(Signals(a, b, min(1.0, c + more), 2.0)) <= base


def test_without_a_quote_there_is_no_confidence() -> None:
    assert confidence(None) == 0.0


@pytest.mark.parametrize(("level", "sure"), [(0.0, False), (0.95, True)])
def test_the_ends_are_clear(level: float, sure: bool) -> None:
    assert (confidence(Signals(level, level, 1 - level, 2.0)) > 0.5) is sure
