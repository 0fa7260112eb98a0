import pytest

from assistant.library.blocks import Block, BlockKind
from assistant.library.readers.text import find_year, read_text


def heading(text: str, level: int = 2) -> Block:
    return Block(BlockKind.HEADING, text, level=level)


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def item(text: str, marker: str = "-") -> Block:
    return Block(BlockKind.ITEM, text, marker=marker)


def blocks(text: str) -> list[Block]:
    found, dropped = read_text(text)
    assert dropped == []
    return found


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


@pytest.mark.parametrize(
    "line",
    [
        "RETURN TO TEXT",
        "Back to top",
        "View this table:",
        "Skip to content",
        "Download PDF (2 MB)",
        "Subscribe now",
        "Log in",
        "Accept all cookies",
        "Posted by: The editors",
        "Last updated 3 May 2021",
        "3rd May 2021",
        "May 2021",
        "Table 3.",
    ],
)
def test_a_line_of_furniture_is_dropped_and_named(line: str) -> None:
    assert read_text(f"The plan\n\nAsk first.\n\n{line}\n\n" + "Then act. " * 15) == (
        [heading("The plan", 1), paragraph("Ask first."), paragraph(("Then act. " * 15).strip())],
        [line],
    )


def test_the_text_below_a_lost_figure_is_dropped_with_its_caption() -> None:
    found, dropped = read_text(
        "The plan\n\nAsk first.\n\nFig 2\n\nSteps of the plan, by month\n\nThen act."
    )
    assert found == [heading("The plan", 1), paragraph("Ask first."), paragraph("Then act.")]
    assert dropped == ["Fig 2", "Steps of the plan, by month"]


def test_a_caption_does_not_take_a_whole_paragraph_with_it() -> None:
    long = ("Teams ask first and act later. " * 6).strip()
    assert read_text(f"The plan\n\nTable 1\n\n{long}") == (
        [heading("The plan", 1), paragraph(long)],
        ["Table 1"],
    )


def test_an_advert_is_dropped_with_its_list_and_heading() -> None:
    found, dropped = read_text(
        "Coaching in schools\n\nCoaches visit twice.\n\nJoin thousands of readers\n\n"
        "- every article\n- a weekly letter\n\nFrom £12 per month, billed yearly\n\n"
        "What coaches do\n\nCoaches watch and ask."
    )
    assert found == [
        heading("Coaching in schools", 1),
        paragraph("Coaches visit twice."),
        heading("What coaches do"),
        paragraph("Coaches watch and ask."),
    ]
    assert dropped == [
        "Join thousands of readers",
        "every article",
        "a weekly letter",
        "From £12 per month, billed yearly",
    ]


def test_an_advert_without_a_list_takes_no_paragraph_with_it() -> None:
    assert read_text("The plan\n\nAsk first.\n\n$99/year\n\nThen act.") == (
        [heading("The plan", 1), paragraph("Ask first."), paragraph("Then act.")],
        ["$99/year"],
    )


def test_a_sentence_about_money_is_kept() -> None:
    assert blocks("The plan\n\nA coach costs £400 per month in each school.") == [
        heading("The plan", 1),
        paragraph("A coach costs £400 per month in each school."),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Share this plan with every team before the first training day.",
        "View this as a circle and not as a straight line.",
        "Published guidance alone rarely changes what people do.",
        "A one-page diagram shows who leads each step",
    ],
)
def test_a_sentence_that_begins_like_furniture_is_kept(sentence: str) -> None:
    found, _ = read_text(f"The plan\n\nAsk first.\n\n- {sentence}")
    assert found[2:] == [item(sentence)]


@pytest.mark.parametrize("text", ["", "\n \n\n"])
def test_nothing_has_no_blocks(text: str) -> None:
    assert read_text(text) == ([], [])


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("The plan\n\n3 May 2021\n\nIn June 2022 it grew.", 2021),
        ("The plan. Published march 14th, 1998", None),
        ("The plan. Published March 14, 1998", 1998),
        ("The plan. Published 21st September 2003.", 2003),
        ("The plan of 2019", None),
        ("In May 1820 it began.", None),
        ("", None),
    ],
)
def test_the_year_is_that_of_the_first_date(text: str, year: int | None) -> None:
    assert find_year(text) == year


def test_a_date_far_down_is_not_the_documents() -> None:
    assert find_year("x" * 591 + " May 2021") == 2021
    assert find_year("x" * 592 + " May 2021") is None
