from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.takeaway.text import breakable, clean, cut, on_one_line, slug

ANY = st.text(st.characters(), max_size=200)


@given(ANY)
def test_clean_text_fits_into_xml(text: str) -> None:
    made = clean(text)
    assert ElementTree.fromstring(f"<a>{escape(made)}</a>").text in (made, None)
    assert clean(made) == made


def test_ordinary_text_stays_as_it_is() -> None:
    assert clean("Zoë says: שלום 😀\nagain") == "Zoë says: שלום 😀\nagain"


def test_line_ends_of_all_kinds_are_one() -> None:
    assert clean("a\r\nb\rc\u2028d\x0be") == "a\nb\nc\nd\ne"


@given(ANY, st.integers(2, 50))
def test_a_cut_text_is_no_longer_than_it_may_be(text: str, length: int) -> None:
    made = cut(text, length)
    assert len(made) <= length
    assert made == on_one_line(text) or made.endswith("…")


def test_a_text_is_cut_between_words() -> None:
    assert cut("one two three four", 12) == "one two…"


@given(ANY)
def test_a_breakable_text_shows_the_same_letters(text: str) -> None:
    assert breakable(text).replace("\u200b", "") == text.replace("\u200b", "")


def test_only_very_long_words_are_broken() -> None:
    assert breakable("implementation " + "x" * 30).split("\u200b") == [
        "implementation xxxxx", *["xxxxx"] * 5,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's “ready”?", "whats-ready"),
        ("../../etc/passwd", "etc-passwd"),
        ("Zoë & Co", "zoe-co"),
        ("中文", ""),
        ("x" * 100, "x" * 60),
        ("one " * 30, "-".join(["one"] * 15)),
    ],
)
def test_a_slug_is_safe_in_a_file_name(text: str, expected: str) -> None:
    assert slug(text) == expected
