import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.blocks import Block, BlockKind
from assistant.library.furniture import find_year, is_price, names_a_date, without_furniture


def heading(text: str) -> Block:
    return Block(BlockKind.HEADING, text, level=2)


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def item(text: str) -> Block:
    return Block(BlockKind.ITEM, text, marker="-")


PLAN = [heading("The plan"), paragraph("Ask first.")]
ACT = paragraph("Then act.")


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
        "A photo of two nurses at a desk",
    ],
)
def test_a_line_of_furniture_is_dropped_and_named(line: str) -> None:
    long = paragraph(("Then act. " * 15).strip())
    assert without_furniture([*PLAN, paragraph(line), long]) == ([*PLAN, long], [line])


def test_the_text_below_a_lost_figure_is_dropped_with_its_caption() -> None:
    lost = [heading("Fig 2"), heading("Steps of the plan, by month")]
    assert without_furniture([*PLAN, *lost, ACT]) == (
        [*PLAN, ACT],
        ["Fig 2", "Steps of the plan, by month"],
    )


def test_a_table_below_its_caption_is_kept() -> None:
    row = Block(BlockKind.TABLE_ROW, "Week | Lead")
    assert without_furniture([*PLAN, paragraph("Table 1"), row]) == ([*PLAN, row], ["Table 1"])


def test_a_caption_does_not_take_a_whole_paragraph_with_it() -> None:
    long = paragraph(("Teams ask first and act later. " * 6).strip())
    assert without_furniture([*PLAN, heading("Table 1"), long]) == ([*PLAN, long], ["Table 1"])


def test_an_advert_is_dropped_with_its_list_and_heading() -> None:
    advert = [
        heading("Join thousands of readers"),
        item("every article"),
        item("a weekly letter"),
        paragraph("From £12 per month, billed yearly"),
    ]
    after = [heading("What coaches do"), paragraph("Coaches watch and ask.")]
    assert without_furniture([*PLAN, *advert, *after]) == (
        [*PLAN, *after],
        [block.text for block in advert],
    )


def test_an_advert_without_a_list_takes_no_paragraph_with_it() -> None:
    assert without_furniture([*PLAN, paragraph("$99/year"), ACT]) == ([*PLAN, ACT], ["$99/year"])


@pytest.mark.parametrize(
    "sentence",
    [
        "A coach costs £400 per month in each school.",
        "Share this plan with every team before the first training day.",
        "View this as a circle and not as a straight line.",
        "Published guidance alone rarely changes what people do.",
        "A one-page diagram shows who leads each step",
    ],
)
def test_a_sentence_that_looks_like_furniture_is_kept(sentence: str) -> None:
    assert without_furniture([*PLAN, item(sentence)]) == ([*PLAN, item(sentence)], [])


def test_a_price_in_a_list_is_no_advert() -> None:
    assert without_furniture([*PLAN, item("£12 per month")]) == ([*PLAN, item("£12 per month")], [])


def test_a_price_is_told_from_a_sentence_about_money() -> None:
    assert is_price("Only $5 a week")
    assert not is_price("The coach costs $5 a week.")


def test_a_date_is_found_within_a_sentence() -> None:
    assert names_a_date("It began on 3 May 2021 in Leeds.")
    assert not names_a_date("It began in May.")


@given(
    st.lists(
        st.sampled_from(
            [*PLAN, ACT, paragraph("$99/year"), item("a"), heading("Fig 2"), paragraph("Menu")]
        )
    )
)
def test_every_block_is_kept_in_its_order_or_named(blocks: list[Block]) -> None:
    kept, dropped = without_furniture(blocks)
    assert sorted([block.text for block in kept] + dropped) == sorted(b.text for b in blocks)
    rest = iter(blocks)
    assert all(block in rest for block in kept)


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
