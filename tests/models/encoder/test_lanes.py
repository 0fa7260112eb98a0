import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.encoder import Vectors
from assistant.models.encoder.lanes import batches_of, gathered, in_lanes, lanes

SIZES = st.lists(st.integers(0, 300), max_size=60)


@given(SIZES, st.integers(1, 1000))
def test_every_text_is_in_one_batch(sizes: list[int], most: int) -> None:
    batches = batches_of(sizes, most)
    assert sorted(n for batch in batches for n in batch) == list(range(len(sizes)))


@given(SIZES, st.integers(1, 1000))
def test_a_batch_is_no_larger_than_it_may_be_unless_it_is_one_text(
    sizes: list[int], most: int
) -> None:
    for batch in batches_of(sizes, most):
        assert len(batch) == 1 or len(batch) * max(sizes[n] for n in batch) <= most


@given(SIZES)
def test_the_longest_texts_come_first(sizes: list[int]) -> None:
    ordered = [sizes[n] for batch in batches_of(sizes) for n in batch]
    assert ordered == sorted(sizes, reverse=True)


@given(st.lists(st.text(max_size=20), max_size=40))
def test_vectors_come_back_in_the_order_of_the_texts(texts: list[str]) -> None:
    def encode(some: list[str]) -> Vectors:
        return np.array([[len(text), hash(text) % 1000] for text in some], dtype=np.float32)

    parts = in_lanes(texts, batches_of([len(text) * 100 for text in texts]), encode)
    found = gathered(len(texts), 2, parts)
    assert found.shape == (len(texts), 2)
    if texts:
        assert np.array_equal(found, encode(texts))


def test_progress_adds_up_to_the_number_of_texts() -> None:
    told: list[int] = []
    texts = ["a"] * 50

    def encode(some: list[str]) -> Vectors:
        return np.zeros((len(some), 2), np.float32)

    list(in_lanes(texts, batches_of([200] * 50), encode, told.append))
    assert sum(told) == 50
    assert max(told) == 5  # of 200 pieces each, five are in a batch


def test_as_many_batches_as_said_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    together = threading.Barrier(3)  # broken, which raises, unless three are there

    def encode(some: list[str]) -> Vectors:
        together.wait(timeout=20)
        return np.zeros((len(some), 2), np.float32)

    assert len(list(in_lanes(["text"] * 3, batches_of([1024] * 3), encode))) == 3


def test_what_fails_in_a_batch_is_raised_and_the_rest_is_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    begun: list[str] = []

    def encode(some: list[str]) -> Vectors:
        begun.extend(some)
        time.sleep(0.01)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        list(in_lanes([str(n) for n in range(200)], batches_of([1024] * 200), encode))
    assert len(begun) < 100


def test_no_texts_need_no_batches() -> None:
    assert list(in_lanes([], [], lambda some: np.zeros((1, 2), np.float32))) == []


@pytest.mark.parametrize("said", ["", "0", "many", "-2"])
def test_without_a_number_there_are_as_many_lanes_as_processors(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert lanes() >= 1
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert lanes() >= 1
