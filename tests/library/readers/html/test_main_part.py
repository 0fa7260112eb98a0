import pytest

from tests.library.making_files import ADVICE, web_page
from tests.library.readers.html.showing import read, shown


@pytest.mark.parametrize("opening", ["form id=aspnetForm", "div class=modal", "div hidden"])
def test_nothing_that_holds_most_of_a_page_is_dropped(opening: str) -> None:
    tag = opening.split()[0]
    body = f"<p>Some words before.</p><{opening}><p>{ADVICE}</p><nav>Home</nav></{tag}>"
    assert shown(body) == ["Some words before.", ADVICE]


def test_only_the_main_part_is_read_where_there_is_one() -> None:
    for opening in ("main", "div role=main", "article"):
        tag = opening.split()[0]
        extract = read(web_page(f"<p>Welcome.</p><{opening}><p>{ADVICE}</{tag}><p>Goodbye."))
        assert [block.text for block in extract.blocks] == [ADVICE]
        assert extract.dropped == ["Welcome.", "Goodbye."]


def test_a_main_part_without_text_is_none() -> None:
    assert shown(f"<main id=app></main><p>{ADVICE}") == [ADVICE]


def test_several_articles_are_all_read() -> None:
    assert shown("<article><p>One.</article><article><p>Two.</article>") == ["One.", "Two."]
