import pytest

from assistant.library.blocks import Block, BlockKind
from assistant.library.readers.text import read_text


def heading(text: str, level: int = 2) -> Block:
    return Block(BlockKind.HEADING, text, level=level)


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def item(text: str, marker: str = "-") -> Block:
    return Block(BlockKind.ITEM, text, marker=marker)


def blocks(text: str) -> list[Block]:
    extract = read_text(text)
    assert extract.dropped == []
    return extract.blocks


def test_the_first_heading_is_the_title_and_the_others_are_below_it() -> None:
    text = "A plan for coaches\n\nAsk first.\n\nWho helps?\n\nA lead does.\n\nWhen\n\nIn May."
    assert blocks(text) == [
        heading("A plan for coaches", 1),
        paragraph("Ask first."),
        heading("Who helps?"),
        paragraph("A lead does."),
        heading("When"),
        paragraph("In May."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "This short line ends like a sentence.",
        "This short line announces something:",
        "this line begins with a small letter",
        "“This line begins with a quotation mark",
        "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
        "See https://example.org for more",
        "Coaching day on 3 May 2021 in Leeds",
    ],
)
def test_a_line_that_is_no_heading_is_a_paragraph(line: str) -> None:
    assert blocks(f"The plan\n\n{line}\n\nAsk first.") == [
        heading("The plan", 1),
        paragraph(line),
        paragraph("Ask first."),
    ]


def test_a_short_line_that_touches_another_is_no_heading() -> None:
    assert blocks("The plan\n\nWho helps\nthe lead\n\nWho pays\n- the board") == [
        heading("The plan", 1),
        paragraph("Who helps the lead"),
        paragraph("Who pays"),
        item("the board"),
    ]


def test_wrapped_lines_are_joined() -> None:
    assert blocks("The plan\n\nAsk the lead\nand the coach\n first.\n \nThen act.") == [
        heading("The plan", 1),
        paragraph("Ask the lead and the coach first."),
        paragraph("Then act."),
    ]


def test_a_file_with_long_lines_has_one_paragraph_a_line() -> None:
    long = "Ask the lead. " * 12
    assert blocks(f"The plan\n{long}\nThen act.\nWho helps\nA lead does.") == [
        heading("The plan", 1),
        paragraph(long.strip()),
        paragraph("Then act."),
        heading("Who helps"),
        paragraph("A lead does."),
    ]


@pytest.mark.parametrize("bullet", ["•", "◦", "▪", "·", "*", "–", "-"])
def test_bullets_of_every_kind_become_items(bullet: str) -> None:
    assert blocks(f"Two are:\n{bullet} a lead\n {bullet} a coach") == [
        paragraph("Two are:"),
        item("a lead"),
        item("a coach"),
    ]


def test_numbered_items_keep_their_numbers() -> None:
    assert blocks("Two are:\n\n1. ask the lead\n2) act on it\n12. rest") == [
        paragraph("Two are:"),
        item("ask the lead", "1."),
        item("act on it", "2."),
        item("rest", "12."),
    ]


def test_a_year_at_the_start_of_a_line_is_no_item() -> None:
    assert blocks("It began in\n2019. It grew.") == [paragraph("It began in 2019. It grew.")]


def test_an_indented_line_goes_on_with_its_item() -> None:
    assert blocks("- ask the lead\n  and the coach\n- act on it") == [
        item("ask the lead and the coach"),
        item("act on it"),
    ]


def test_a_line_at_the_margin_ends_the_list() -> None:
    assert blocks("- ask the lead\n- act on it\nThat is the list.") == [
        item("ask the lead"),
        item("act on it"),
        paragraph("That is the list."),
    ]


@pytest.mark.parametrize("text", ["", "\n \n\n"])
def test_nothing_has_no_blocks(text: str) -> None:
    extract = read_text(text)
    assert (extract.blocks, extract.dropped) == ([], [])


def test_furniture_is_dropped_and_named() -> None:
    extract = read_text("The plan\n\nAsk first.\n\nBack to top\n\nThen act.")
    assert [block.text for block in extract.blocks] == ["The plan", "Ask first.", "Then act."]
    assert extract.dropped == ["Back to top"]


def test_the_title_is_the_first_heading_that_is_no_furniture() -> None:
    assert read_text("Menu\n\nThe plan\n\nAsk first.").blocks == [
        heading("The plan", 1),
        paragraph("Ask first."),
    ]


def test_the_year_is_that_of_a_date_that_is_dropped_as_furniture() -> None:
    extract = read_text("The plan\n\nPublished 3 May 2021\n\nAsk first.")
    assert extract.about.year == 2021
    assert extract.dropped == ["Published 3 May 2021"]


def test_form_feeds_part_pages() -> None:
    found = read_text("The plan\n\nAsk first.\fThen act.\n\n- twice").blocks
    assert [(block.text, block.pages) for block in found] == [
        ("The plan", ((0, 1),)),
        ("Ask first.", ((0, 1),)),
        ("Then act.", ((0, 2),)),
        ("twice", ((0, 2),)),
    ]


def test_an_empty_page_counts() -> None:
    found = read_text("The plan\n\nAsk first.\f\n\fThen act.").blocks
    assert [block.pages for block in found] == [((0, 1),), ((0, 1),), ((0, 3),)]


def test_a_text_without_form_feeds_has_no_pages() -> None:
    assert all(block.pages == () for block in blocks("The plan\n\nAsk first."))
