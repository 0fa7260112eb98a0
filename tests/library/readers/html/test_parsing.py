import pytest

from tests.library.making_files import ADVICE, deep_html, web_page
from tests.library.readers.html.showing import read, refusal


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>Café".encode(), "Café"),
        ("\ufeff<p>Café".encode(), "Café"),
        ("<p>Café".encode("utf-16"), "Café"),
        ("\ufeff<p>Café".encode("utf-16-be"), "Café"),
        ("<meta charset=iso-8859-1><p>“Café”".encode("cp1252"), "“Café”"),
        ("<meta charset='windows-1251'><p>Кафе".encode("cp1251"), "Кафе"),
        ("<?xml version='1.0' encoding='iso-8859-2'?><p>Łódź".encode("iso-8859-2"), "Łódź"),
        ("<meta charset=latin-1><p>Café".encode(), "CafÃ©"),
        ("<meta charset=unheard-of><p>Café".encode(), "Café"),
        ("<meta charset=utf-16><p>Café".encode(), "Café"),
        (b"<meta charset=unicode_escape><p>Caf\\u00e9", "Caf\\u00e9"),
    ],
)
def test_the_encoding_is_the_one_that_the_page_names_or_utf_8(data: bytes, text: str) -> None:
    assert [block.text for block in read(data).blocks] == [text]


def test_a_page_in_an_unnamed_encoding_is_refused() -> None:
    assert refusal("<p>Café".encode("latin-1")) == "is not UTF-8 and names no encoding."


def test_a_page_in_another_encoding_than_it_names_is_refused() -> None:
    page = "<meta charset=utf-8><p>Café".encode("latin-1")
    assert refusal(page) == "is not in the encoding that it names (utf-8)."
    assert refusal(b"\xff\xfe<p>\xd8") == "is not UTF-16, as its first bytes say."


def test_a_thousand_levels_are_read_and_five_thousand_refused() -> None:
    assert [block.text for block in read(deep_html(1_000)).blocks] == [ADVICE]
    assert refusal(deep_html(5_000)) == "is nested more deeply than a page can be."


def test_malformed_markup_is_read_as_far_as_it_goes() -> None:
    body = "<p>a</i><table><td>b<p><h2>Head</h3><li>c</ul>&bogus; <x-own>d</x-own <!-- e"
    assert " ".join(block.text for block in read(body.encode()).blocks).split()[:2] == ["a", "b"]


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"\0\0", b"<!-- a -->", b"<html></html>", web_page("<p> &nbsp;</p>"),
             web_page("<script>document.write('x')</script>")],
)  # fmt: skip
def test_a_page_without_text_says_so(data: bytes) -> None:
    assert refusal(data) == "has no text."
