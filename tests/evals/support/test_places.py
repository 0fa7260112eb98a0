"""Where a quote stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.support.places import place_of, places_of
from evals.support.records import Place
from tests.evals.support.make_claims import TEXTS, make_claim


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("Keep the core as it is.", Place("guide", 0, 23)),
        ("is. Four\n coaches visit every", Place("guide", 20, 49)),
        (" It ends. ", Place("guide", 59, 67)),
        ("keep the core", None),
        ("Keep thecore", None),
        ("Keep the core.as", None),
        (" ", None),
    ],
)
def test_a_quote_is_found_if_only_white_space_differs(quote: str, place: Place | None) -> None:
    assert place_of(make_claim(quote=quote), TEXTS) == place


def test_places_are_those_of_quotes_that_are_found() -> None:
    claims = [
        make_claim("a"), make_claim("b", quote="Else."), make_claim("c", document_id="none"),
        make_claim("d", document_id="other", quote="It began"),
    ]  # fmt: skip
    assert places_of(claims, TEXTS) == {"a": Place("guide", 0, 23), "d": Place("other", 17, 25)}


@given(st.text(min_size=1), st.text(), st.text())
def test_any_stretch_of_a_text_is_found_in_it(quote: str, before: str, after: str) -> None:
    texts = {"guide": ("sha", before + quote + after)}
    place = place_of(make_claim(quote=quote), texts)
    assert (place is None) is (not quote.split())
    if place:
        found = texts["guide"][1][place.start : place.end]
        assert found.split() == quote.split()
