import pytest

from assistant.library.blocks import BlockKind
from tests.library.making_files import ADVICE, web_page
from tests.library.readers.html.showing import look, read, shown


def test_a_line_break_is_a_space_and_two_end_a_paragraph() -> None:
    assert shown("<p>Ask<br>first.<br>\n <br/>Then act.</p>") == ["Ask first.", "Then act."]


def test_code_keeps_its_lines_and_is_the_text_where_there_is_no_other() -> None:
    assert shown(f"<p>{ADVICE}</p><pre>\nask\n  act</pre>") == [ADVICE, "` ask\n  act"]
    assert shown("<pre>Ask the lead\nfirst.\n\nThen act.</pre>") == [
        "Ask the lead first.", "Then act.",
    ]  # fmt: skip


def test_definitions_quotations_captions_and_details_are_paragraphs() -> None:
    body = (
        "<dl><dt>Reach<dd>Who gets it.</dl><blockquote>We asked.</blockquote>"
        "<figure><img alt='No'><figcaption>A chart.</figcaption></figure>"
        "<details><summary>More</summary>Inside.</details>"
    )
    assert shown(body) == ["Reach", "Who gets it.", "We asked.", "A chart.", "More", "Inside."]


def test_one_heading_of_the_first_level_is_the_title() -> None:
    assert shown("<h1>Plan</h1><h2>Who</h2><h3>Lead</h3><p>Ann.") == [
        "1 Plan", "2 Who", "3 Lead", "Ann.",
    ]  # fmt: skip


def test_several_of_the_first_level_are_sections() -> None:
    assert shown("<h1>Who</h1><h2>Lead</h2><p>Ann.<h1>When</h1>") == [
        "2 Who", "3 Lead", "Ann.", "2 When",
    ]  # fmt: skip


def test_the_title_in_the_head_of_a_page_is_kept() -> None:
    extract = read(web_page(f"<header>Our site<h1>Plan</h1></header><main><p>{ADVICE}</main>"))
    assert [look(block) for block in extract.blocks] == ["1 Plan", ADVICE]
    assert extract.dropped == ["Our site Plan"]


def test_the_name_of_a_site_is_no_title_beside_that_of_the_page() -> None:
    body = "<header><h1>Our site</h1></header><main><h1>Plan</h1><p>Ask first.</main>"
    assert shown(body) == ["1 Plan", "Ask first."]


def test_a_heading_that_is_never_closed_does_not_swallow_the_page() -> None:
    assert shown(f"<h2>Who{f'<div>{ADVICE}</div>' * 4}") == ["Who", *[ADVICE] * 4]


@pytest.mark.parametrize(
    ("body", "anchor"),
    [
        ("<h2 id=who>Who</h2>", "who"),
        ("<section id=who><h2>Who</h2></section>", "who"),
        ("<section id=who><div><h2>Who</h2></div></section>", "who"),
        ("<a name=who></a><h2>Who</h2>", "who"),
        ("<h2><a id=who></a>Who</h2>", "who"),
        ("<section id=who><h2 id=own>Who</h2></section>", "own"),
        ("<section id=who>Text.<h2>Who</h2></section>", None),
        ("<section id=other><h2>Other</h2></section><h2>Who</h2>", None),
        ("<h2>Who</h2>", None),
    ],
)
def test_the_anchor_is_the_id_that_stands_at_the_heading(body: str, anchor: str | None) -> None:
    found = read(web_page(f"<p>{ADVICE}</p>{body}<p>A lead.</p>")).blocks
    assert [block.anchor for block in found if block.text == "Who"] == [anchor]
    assert all(block.anchor is None for block in found if block.kind is not BlockKind.HEADING)


def test_what_is_dropped_is_shortened_named_once_and_not_without_end() -> None:
    navigation = "".join(f"<nav>Place {n} {'word ' * 60}</nav><nav>Home</nav>" for n in range(80))
    dropped = read(web_page(f"{navigation}<p>{'Ask first. ' * 9_000}")).dropped
    assert len(dropped) == len(set(dropped)) == 50
    assert max(map(len, dropped)) == 200
