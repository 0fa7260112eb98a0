import pytest

from tests.library.making_files import ADVICE, web_page
from tests.library.readers.html.showing import read, shown


@pytest.mark.parametrize(
    "opening",
    [
        "nav", "aside", "footer", "header", "form", "dialog", "div role=navigation",
        "div role=alert", "div role=complementary", "div hidden", "p aria-hidden=true",
        "p style='color: red; DISPLAY : none'", "p style='visibility:hidden'",
        "div class=cookie-banner", "div class=cookieConsent", "div id=cookie_notice",
        "div class='c-breadcrumbs'", "ul class=main-menu", "div class='wp-sidebar widget'",
        "div class=share-links", "div class='ad ad--top'", "div class=promo", "div id=newsletter",
        "div class=related-articles", "div id=comments", "a class=skip-link", "div class=modal",
        "div class=pagination", "span class=visually-hidden", "section class=sponsored",
    ],
)  # fmt: skip
def test_what_is_no_guidance_is_dropped(opening: str) -> None:
    tag = opening.split()[0]
    extract = read(web_page(f"<p>{ADVICE}</p><{opening}>Not <b>this</b></{tag}><p>{ADVICE}</p>"))
    assert [block.text for block in extract.blocks] == [ADVICE, ADVICE]
    assert extract.dropped == ["Not this"]


@pytest.mark.parametrize(
    "opening",
    [
        "div class=social-care", "section id=sponsor", "section id=related-work", "h2 id=comments",
        "article class=sidebar", "div class=has-sidebar", "div class='post category-newsletter'",
        "div class=shared", "div class=advertised", "div hidden=until-found", "div id=promotion",
        "div class=navy", "p id=social",
    ],
)  # fmt: skip
def test_what_only_sounds_like_an_advert_is_kept(opening: str) -> None:
    tag = opening.split()[0]
    assert shown(f"<p>{ADVICE}</p><{opening}>This too</{tag}>")[-1].endswith("This too")


def test_a_list_of_the_sections_of_a_page_is_dropped() -> None:
    links = "".join(f'<li><a href="#{name}">{name}</a>' for name in ("who", "when", "why"))
    extract = read(web_page(f"<ul>{links}</ul><p>{ADVICE}"))
    assert [block.text for block in extract.blocks] == [ADVICE]
    assert extract.dropped == ["who; when; why"]
