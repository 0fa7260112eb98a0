"""How near texts are in meaning, by the model."""

import numpy as np
import pytest

from assistant.coaching.nearness import Nearness
from tests.fakes import WordHashModel

OTHERS = ["read the run chart", "ask the families", "read a chart aloud"]


@pytest.fixture
def model() -> WordHashModel:
    return WordHashModel()


def test_texts_that_share_words_are_near_and_come_in_order(model: WordHashModel) -> None:
    cosines = Nearness(model)("read the run chart", OTHERS)
    assert cosines[0] == pytest.approx(1)
    assert cosines[0] > cosines[2] > cosines[1]


def test_cosines_are_those_of_the_model(model: WordHashModel) -> None:
    wanted = [
        float(np.dot(model.encode_question("a chart"), vector)) for vector in model.encode(OTHERS)
    ]
    assert Nearness(model)("a chart", OTHERS) == pytest.approx(wanted)
    assert all(-1.001 <= one <= 1.001 for one in wanted)


def test_what_it_is_compared_with_is_encoded_once(model: WordHashModel) -> None:
    near = Nearness(model)
    near("a", OTHERS)
    near("b", [*OTHERS, "one more"])
    near("c", OTHERS)
    assert model.encoded == [*OTHERS, "one more"]


def test_what_is_expected_is_encoded_together_with_the_first(model: WordHashModel) -> None:
    near = Nearness(model, lambda: ["expected", OTHERS[0]])
    assert model.encoded == []
    near("a", OTHERS)
    near("b", ["expected", "one more"])
    assert model.encoded == ["expected", *OTHERS, "one more"]


def test_a_text_that_stands_there_twice_is_encoded_once(model: WordHashModel) -> None:
    cosines = Nearness(model)("a", ["same", "same"])
    assert cosines[0] == cosines[1]
    assert model.encoded == ["same"]


@pytest.mark.parametrize("text", ["", "  \n"])
def test_without_a_text_nothing_is_near_and_nothing_encoded(
    model: WordHashModel, text: str
) -> None:
    assert Nearness(model)(text, OTHERS) == [0.0, 0.0, 0.0]
    assert model.encoded == []


def test_without_others_there_is_nothing_to_say(model: WordHashModel) -> None:
    assert Nearness(model)("a", []) == []
    assert model.encoded == []
