import pytest

from assistant.library.blocks import Block, BlockKind
from assistant.library.readers.markdown import read_markdown


def heading(text: str, level: int) -> Block:
    return Block(BlockKind.HEADING, text, level=level)


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def item(text: str, marker: str = "-") -> Block:
    return Block(BlockKind.ITEM, text, marker=marker)


def blocks(text: str) -> list[Block]:
    return read_markdown(text).blocks


def test_headings_have_their_level() -> None:
    assert blocks("# One\n\n### Three ###\n\nTwo\n---\n") == [
        heading("One", 1),
        heading("Three", 3),
        heading("Two", 2),
    ]


def test_emphasis_links_and_code_become_their_text() -> None:
    text = "Ask **every** *team* to [sign](https://example.org) the `plan`."
    assert blocks(text) == [paragraph("Ask every team to sign the plan.")]


def test_wrapped_lines_are_joined() -> None:
    assert blocks("Ask\nthe team  \nfirst.") == [paragraph("Ask the team first.")]


def test_escapes_and_entities_become_characters() -> None:
    assert blocks(r"5 \* 3 &amp; more \[1\]") == [paragraph("5 * 3 & more [1]")]


def test_images_are_left_out() -> None:
    assert blocks("See ![a chart](https://example.org/x.png) here.\n\n![b](c.png)") == [
        paragraph("See here.")
    ]


def test_raw_html_is_left_out() -> None:
    text = "<script>\nalert(1)\n</script>\n\nAsk <b>first</b>.\n\n<!-- a remark -->"
    assert blocks(text) == [paragraph("Ask first.")]


def test_a_line_break_in_html_parts_words() -> None:
    assert blocks("Ask first.<br>Then act.") == [paragraph("Ask first. Then act.")]


def test_bullets_become_items() -> None:
    assert blocks("Two are:\n\n- a lead\n* a coach\n+ a clerk") == [
        paragraph("Two are:"),
        item("a lead"),
        item("a coach"),
        item("a clerk"),
    ]


def test_numbered_items_keep_their_numbers() -> None:
    assert blocks("3. ask\n3. act\n9. rest") == [
        item("ask", "3."),
        item("act", "4."),
        item("rest", "5."),
    ]


def test_a_wrapped_item_is_one_item() -> None:
    assert blocks("- ask the\n  whole team\n- act") == [
        item("ask the whole team"),
        item("act"),
    ]


def test_a_second_paragraph_of_an_item_is_a_paragraph() -> None:
    assert blocks("1. Ask.\n\n   Wait a day.\n\n2. Act.") == [
        item("Ask.", "1."),
        paragraph("Wait a day."),
        item("Act.", "2."),
    ]


def test_items_within_items_follow_in_reading_order() -> None:
    assert blocks("- ask\n  1. the lead\n  2. the coach\n- act") == [
        item("ask"),
        item("the lead", "1."),
        item("the coach", "2."),
        item("act"),
    ]


def test_a_table_becomes_rows() -> None:
    assert blocks("| who | when |\n|---|---|\n| **lead** | May |\n") == [
        Block(BlockKind.TABLE_ROW, "who | when"),
        Block(BlockKind.TABLE_ROW, "lead | May"),
    ]


def test_code_keeps_its_lines() -> None:
    assert blocks("```sh\nask\n  act\n```\n\n    rest\n") == [
        Block(BlockKind.CODE, "ask\n  act"),
        Block(BlockKind.CODE, "rest"),
    ]


def test_a_quotation_is_read_like_the_rest() -> None:
    assert blocks("> ## Voices\n>\n> We asked.\n>\n> - twice") == [
        heading("Voices", 2),
        paragraph("We asked."),
        item("twice"),
    ]


def test_a_rule_is_nothing() -> None:
    assert blocks("Ask.\n\n***\n\nAct.") == [paragraph("Ask."), paragraph("Act.")]


@pytest.mark.parametrize("text", ["", "\n\n", "#\n\n-\n"])
def test_what_has_no_words_has_no_blocks(text: str) -> None:
    assert blocks(text) == []


def test_the_year_is_that_of_a_date_near_the_beginning() -> None:
    assert read_markdown("# The plan\n\nPublished 3 May 2021\n").about.year == 2021
    assert read_markdown("# The plan\n").about.year is None
