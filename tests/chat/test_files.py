import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chat.files import file_headers, file_link, has_pages
from assistant.records import Page, Source

PDF = b"%PDF-1.7 and so on"
PAGES = (Page(start=0, end=4, number=1),)


def source(**changes: object) -> Source:
    fields: dict[str, object] = {
        "document_id": "own/a b?#", "title": "A plan", "publisher": None, "year": None,
        "url": None, "sha256": "0123456789abcdef0123", "text": "One.", "parts": (),
        "pages": PAGES, "file": "plan.pdf",
    }  # fmt: skip
    return Source.model_validate(fields | changes)


@pytest.mark.parametrize(
    ("changes", "opens"),
    [
        ({}, True),
        ({"file": "PLAN.PDF"}, True),
        ({"file": "plan.docx"}, False),
        ({"file": "plan.pdf.html"}, False),
        ({"file": ""}, False),
        ({"pages": ()}, False),
        ({"replaced": True}, False),
    ],
)
def test_only_a_pdf_with_pages_opens_at_a_page(changes: dict[str, object], opens: bool) -> None:
    assert has_pages(source(**changes)) is opens


def test_the_address_of_a_file_holds_its_id_and_the_beginning_of_its_hash() -> None:
    assert file_link(source()) == "/file/own%2Fa%20b%3F%23?version=0123456789abcdef"


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "a b.Pdf"])
@pytest.mark.parametrize("data", [PDF, b"\n" * 900 + PDF])
def test_a_pdf_is_shown(name: str, data: bytes) -> None:
    headers = file_headers(name, data)
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith("inline;")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"<script>alert(1)</script>"),
        ("a.pdf", b""),
        ("a.pdf", b"<p>" * 400 + PDF),
        ("a.html", PDF),
        ("a.docx", b"PK"),
        ("a.txt", b"text"),
        ("a.svg", b"<svg/>"),
        ("pdf", PDF),
        ("", PDF),
    ],
)
def test_what_is_no_pdf_by_name_and_by_content_is_only_saved(name: str, data: bytes) -> None:
    headers = file_headers(name, data)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        ("plan.docx", "plan.docx", "plan.docx"),
        ("Our plan (2).docx", "Our_plan_2.docx", "Our plan (2).docx"),
        ("Übung.html", "Ubung.html", "Übung.html"),
        ("計画.docx", "document.docx", "計画.docx"),
        ("計画", "document", "計画"),
        ("../../etc/passwd", "document._etc_passwd", "_.._etc_passwd"),
        ('a";b=c\r\nX: y.txt', "a_b_c_X_y.txt", 'a";b=c_X: y.txt'),
        ("\u202efdp.exe", "fdp.exe", "_fdp.exe"),
        ("\ud800.txt", "document.txt", "?.txt"),
        ("..", "document", "document"),
    ],
)
def test_a_name_is_safe_in_ascii_and_exact_beside_it(name: str, plain: str, exact: str) -> None:
    found = re.fullmatch(
        r"attachment; filename=\"([^\"]*)\"; filename\*=UTF-8''(\S*)",
        file_headers(name, b"")["content-disposition"],
    )
    assert found
    assert unquote(found[2]) == exact
    assert found[1] == plain


@settings(deadline=None)
@given(st.text(st.characters(), max_size=30))
def test_any_name_makes_a_header_that_is_one_line_of_ascii(name: str) -> None:
    header = file_headers(name, b"")["content-disposition"]
    assert re.fullmatch(
        r"attachment; filename=\"[\w.-]+\"; filename\*=UTF-8''[\w.~%-]+", header, re.ASCII
    )
