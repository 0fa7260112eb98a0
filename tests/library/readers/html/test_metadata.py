from pathlib import Path

import pytest

from tests.library.making_files import ADVICE, web_page
from tests.library.readers.html.showing import read

PAGE = Path(__file__).parents[2] / "files" / "page.html"


def test_a_page_says_what_it_is() -> None:
    about = read(PAGE.read_bytes()).about
    assert about.title == "Starting a new practice in small teams"
    assert about.author == "Mara Ellison"
    assert about.publisher == "Fenwick Improvement Centre"
    assert about.year == 2023
    assert about.url == "https://example.org/guidance/starting-a-new-practice"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Who helps | Our site</title>", "Who helps"),
        ("<title>Who helps - Our Site</title>", "Who helps"),
        ("<title>Coaching - a guide</title>", "Coaching - a guide"),
        ("<title>Who - when</title><meta property='og:site_name' content='X'>", "Who - when"),
        ("<title>Who – X</title><meta property='og:site_name' content='X'>", "Who"),
        ("<title>a</title><meta property='og:title' content='Who helps'>", "Who helps"),
        ("", None),
    ],
)
def test_the_title_of_a_page_without_headings(head: str, title: str | None) -> None:
    assert read(web_page(f"<p>{ADVICE}", head)).about.title == title


@pytest.mark.parametrize(
    ("head", "year"),
    [
        ("<meta name=citation_publication_date content=2019/05/03>", 2019),
        ("<meta name=DC.date content=2018>", 2018),
        ("<meta name=date content='3 May 2017'>", 2017),
        ("", 2021),
    ],
)
def test_the_year_is_that_of_the_metadata_or_of_the_text(head: str, year: int) -> None:
    page = web_page(f"<h1>Plan</h1><p>Published 3 May 2021</p><p>{ADVICE}", head)
    assert read(page).about.year == year


def test_addresses_that_are_none_of_the_web_are_no_metadata() -> None:
    head = (
        "<link rel=canonical href='javascript:alert(1)'>"
        "<meta property='article:author' content='https://example.org/ann'>"
    )
    about = read(web_page(f"<p>{ADVICE}", head)).about
    assert (about.url, about.author) == (None, None)
