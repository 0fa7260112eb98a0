"""Words put in the place of others."""

import pytest

from evals.mutation.swaps import Swaps, swapped


@pytest.mark.parametrize(
    ("sentence", "mutants"),
    [
        ("At  least two, or more.", ("At most two, or more.", "At  least two, or less.")),
        ("MORE of it", ("LESS of it",)),
        ("No more of it", ()),
        ("evermore", ()),
        ("It is quite ready.", ("It is ready.",)),
        ("Quite ready, but not quite.", ("Ready, but not quite.", "Quite ready, but not.")),
    ],
)
def test_each_place_is_swapped_and_the_longest_phrase_guards_its_words(
    sentence: str, mutants: tuple[str, ...]
) -> None:
    swaps = Swaps({"at least": ("at most",), "more": ("less",), "no more": (), "quite": ("",)})
    assert swapped(sentence, swaps) == mutants


def test_each_change_of_a_word_is_a_mutant_but_for_places_to_skip() -> None:
    swaps = Swaps({"may": ("must", "might")})
    assert swapped("They may.", swaps) == ("They must.", "They might.")
    assert swapped("In May they may.", swaps, skip=[3]) == (
        "In May they must.",
        "In May they might.",
    )
