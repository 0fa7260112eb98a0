import pytest

from assistant.library.readers.letters import LETTERS, ROMAN, capitals


@pytest.mark.parametrize(
    ("place", "letter", "roman"), [(1, "a", "i"), (4, "d", "iv"), (26, "z", "xxvi")]
)
def test_each_marker_stands_at_the_place_that_it_counts(
    place: int, letter: str, roman: str
) -> None:
    assert (LETTERS[place], ROMAN[place]) == (letter, roman)


def test_capitals_count_the_same() -> None:
    assert capitals(ROMAN)[9] == "IX"
    assert len(capitals(LETTERS)) == len(LETTERS)
