from hypothesis import given
from hypothesis import strategies as st

from assistant.render import escape_markdown
from assistant.takeaway.marked import blocks_of
from assistant.takeaway.paper import Block, Listing, Paragraph, Run, runs_in


def said(blocks: list[Block]) -> str:
    return "".join(run.text for run in runs_in(blocks))


def test_a_number_is_a_note_and_loses_the_blank_before_it() -> None:
    (block,) = blocks_of("Plan. [1]", {1: 7})
    assert block == Paragraph(runs=(Run(text="Plan."), Run(note=7)))


def test_notes_side_by_side_stay_apart() -> None:
    (block,) = blocks_of("Plan. [1] [2] Then.", {1: 1, 2: 2})
    assert isinstance(block, Paragraph)
    assert [run.note or run.text for run in block.runs] == ["Plan.", 1, " ", 2, " Then."]


def test_a_number_that_cites_nothing_is_left_as_it_is() -> None:
    assert said(blocks_of("See [9].", {1: 1})) == "See [9]."


def test_an_escaped_number_is_no_note() -> None:
    blocks = blocks_of("As \\[1\\] says.", {1: 1})
    assert said(blocks) == "As [1] says."
    assert all(run.note is None for run in runs_in(blocks))


def test_lists_keep_their_numbers_and_what_they_hold() -> None:
    (block,) = blocks_of("3. one\n   - two\n4. three", {})
    assert isinstance(block, Listing)
    assert block.start == 3
    assert [len(item) for item in block.items] == [2, 1]
    assert isinstance(block.items[0][1], Listing)


def test_lists_too_deep_for_any_reader_are_flat() -> None:
    deep = "\n".join("  " * depth + f"- {depth}" for depth in range(9))
    depth, (block,) = 0, blocks_of(deep, {})
    while isinstance(block, Listing):
        depth, block = depth + 1, block.items[0][-1]
    assert depth == 4
    assert said(blocks_of(deep, {})) == "012345678"


def test_links_pictures_and_markup_are_words() -> None:
    text = "[a](http://b) ![c](d) <i>e</i> <http://f> [g]: h"
    assert said(blocks_of(text, {})) == text


def test_a_reference_is_no_definition_that_vanishes() -> None:
    assert said(blocks_of("[1]: http://a.b", {1: 1})) == ": http://a.b"


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    assert said(blocks_of(escape_markdown(text), {1: 1})) == text
