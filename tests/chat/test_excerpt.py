import time
from itertools import chain

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.chat.excerpt import AROUND, Block, Excerpt, Piece, excerpt, page_at
from assistant.records import Page, Source, SourcePart

GUIDE = (
    "A guide\n\n"
    "Start\n\n"
    "Coaching begins after training. It keeps a habit alive.\n\n"
    "Two are needed:\n\n"
    "- a lead who stays\n- a coach\n- time\n\n"
    "First steps\n\n"
    "1. plan the term\n2. act on it\n\n"
    "Nobody starts alone."
)
HEADED = (("Start", "Coaching", "First steps"), ("Start > First steps", "1. plan", ""))

PARTS = st.sampled_from(["\n\n", "\n\n", "\n", " ", "- ", "1. ", "(a) ", "• ", "Head", "word."])
TEXTS = st.lists(PARTS | st.text("ab .-\n", max_size=6), max_size=25).map("".join)
thorough = settings(max_examples=300, deadline=None)


def source(text: str, *parts: SourcePart, title: str = "A guide") -> Source:
    return Source(
        document_id="guide", title=title, publisher=None, year=None, url=None, sha256="0",
        text=text, parts=parts,
    )  # fmt: skip


def guide() -> Source:
    """The guide with a part below each of its two headings."""
    return source(
        GUIDE,
        SourcePart(
            start=GUIDE.index("Coaching"), end=GUIDE.index("\n\nFirst steps"), section="Start"
        ),
        SourcePart(start=GUIDE.index("plan"), end=len(GUIDE), section="Start > First steps"),
    )


def quoted_in(found: Excerpt) -> list[str]:
    return [piece.text for block in found.blocks for piece in block.pieces if piece.quoted]


def text_of(block: Block) -> str:
    return "".join(piece.text for piece in block.pieces)


def shown_in(found: Excerpt) -> list[tuple[str, str]]:
    return [(block.kind, text_of(block)) for block in found.blocks]


def of_quote(made: Source, quote: str, around: int | None = AROUND) -> Excerpt:
    start = made.text.index(quote)
    return excerpt(made, start, start + len(quote), around)


def words(text: str) -> str:
    """The text without the white space in which blocks may be parted."""
    return "".join(text.split())


def assert_no_text_is_lost(text: str, found: Excerpt) -> None:
    """The blocks stand in the text as they are, in order, with only white space between them."""
    at = 0
    for block in found.blocks:
        begins = text.index(text_of(block), at)
        assert text[at:begins].strip() == ""
        at = begins + len(text_of(block))
    assert text[at:].strip() == ""


# --- any text -------------------------------------------------------------------------


@thorough
@given(TEXTS, st.data())
def test_the_whole_text_is_shown_as_it_is_with_exactly_the_quote_marked(
    text: str, data: st.DataObject
) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = excerpt(source(text), start, end, None)
    assert_no_text_is_lost(text, found)
    assert (found.cut_before, found.cut_after) == (False, False)
    assert words("".join(quoted_in(found))) == words(text[start:end])
    assert all(piece.text for block in found.blocks for piece in block.pieces)
    assert all(text_of(block).strip() for block in found.blocks)


@thorough
@given(TEXTS, st.integers(0, 30), st.data())
def test_a_window_holds_the_quote_and_no_more_than_its_reach(
    text: str, around: int, data: st.DataObject
) -> None:
    assume(text.strip())
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    found = excerpt(source(text), start, end, around)
    pieces = [piece for block in found.blocks for piece in block.pieces]
    quoted = [n for n, piece in enumerate(pieces) if piece.quoted]
    assert quoted == list(range(quoted[0], quoted[-1] + 1))
    before = "".join(piece.text for piece in pieces[: quoted[0]])
    after = "".join(piece.text for piece in pieces[quoted[-1] + 1 :])
    assert words("".join(quoted_in(found))) == words(text[start:end])
    assert len(before) <= around
    assert len(after) <= around
    assert words(text[:start]).endswith(words(before))
    assert words(text[end:]).startswith(words(after))
    if not found.cut_before:
        assert words(before) == words(text[:start])
    elif "\n\n" not in text[start - around : start]:
        assert words(before) == words(text[start - around : start])
    if not found.cut_after:
        assert words(after) == words(text[end:])
    elif "\n\n" not in text[end : end + around]:
        assert words(after) == words(text[end : end + around])


@thorough
@given(st.lists(st.sampled_from(["word.", "Head", "two\nlines", "a b"]), min_size=1), st.data())
def test_a_cut_text_begins_and_ends_with_whole_paragraphs_if_any_are_near(
    paragraphs: list[str], data: st.DataObject
) -> None:
    text = "\n\n".join(paragraphs)
    chosen = data.draw(st.integers(0, len(paragraphs) - 1))
    start = len("\n\n".join(["", *paragraphs[:chosen]]))
    found = excerpt(source(text), start, start + len(paragraphs[chosen]), 15)
    shown = [text_of(block) for block in found.blocks]
    assert quoted_in(found) == [paragraphs[chosen]]
    at = [text_of(block) for block in found.blocks if block.pieces[0].quoted]
    assert at == [paragraphs[chosen]]
    position = next(n for n, block in enumerate(found.blocks) if block.pieces[0].quoted)
    assert shown == paragraphs[chosen - position : chosen - position + len(shown)]


# --- a document -----------------------------------------------------------------------


def test_headings_paragraphs_and_items_are_told_apart() -> None:
    found = of_quote(guide(), "a coach")
    assert shown_in(found)[1:] == [
        ("heading", "Start"),
        ("paragraph", "Coaching begins after training. It keeps a habit alive."),
        ("paragraph", "Two are needed:"),
        ("item", "- a lead who stays"),
        ("item", "- a coach"),
        ("item", "- time"),
        ("heading", "First steps"),
        ("item", "1. plan the term"),
        ("item", "2. act on it"),
        ("paragraph", "Nobody starts alone."),
    ]


def test_the_title_above_the_text_is_a_heading() -> None:
    assert shown_in(of_quote(guide(), "a coach"))[0] == ("heading", "A guide")


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("- one\n- two", ["- one", "- two"]),
        ("* one\n+ two", ["* one", "+ two"]),
        ("• one", ["• one"]),
        ("9. one\n10. two", ["9. one", "10. two"]),
        ("1) one\n2) two", ["1) one", "2) two"]),
        ("(a) one\n(b) two", ["(a) one", "(b) two"]),
        ("iii. one\niv. two", ["iii. one", "iv. two"]),
        ("- one\ngoes on\n- two", ["- one\ngoes on", "- two"]),
    ],
)
def test_every_line_with_a_marker_is_an_item(text: str, items: list[str]) -> None:
    found = excerpt(source(text), 0, 1)
    assert shown_in(found) == [("item", item) for item in items]


def test_a_paragraph_that_goes_over_into_a_list_ends_where_the_first_item_begins() -> None:
    found = excerpt(source("Two are\nneeded:\n- a lead\n- a coach"), 0, 3)
    assert shown_in(found) == [
        ("paragraph", "Two are\nneeded:"), ("item", "- a lead"), ("item", "- a coach"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Plan (and act) first.",
        "-5 degrees",
        "–",
        "e.g. a lead",
        "Coaching. It helps.",
        "3.5 hours",
        "Dr. Smith leads the team.",
        "Stop. Think first.",
        "Yes. It was planned so.",
        "Fig. 3 shows the stages.",
    ],
)
def test_a_paragraph_is_no_item_for_how_its_first_word_ends(text: str) -> None:
    assert shown_in(excerpt(source(text), 0, 1)) == [("paragraph", text)]


def test_a_paragraph_that_only_holds_the_words_of_a_heading_is_none() -> None:
    part = SourcePart(start=0, end=5, section="Start > First steps")
    found = excerpt(source("Start now\n\nFirst steps\n\nfirst steps", part), 0, 5)
    assert [kind for kind, _ in shown_in(found)] == ["paragraph", "heading", "paragraph"]


def test_a_part_without_headings_makes_none() -> None:
    part = SourcePart(start=0, end=3, section="")
    found = excerpt(source("One\n\nTwo", part), 0, 3)
    assert shown_in(found) == [("paragraph", "One"), ("paragraph", "Two")]


@pytest.mark.parametrize(
    ("quote", "section"),
    [
        ("A guide", ""),
        ("Start", ""),
        ("Coaching begins", "Start"),
        ("It keeps a habit alive.\n\nTwo", "Start"),
        ("- time", "Start"),
        ("1. ", ""),
        ("plan the term", "Start > First steps"),
        ("alone.", "Start > First steps"),
    ],
)
def test_the_section_is_that_in_which_the_quote_begins(quote: str, section: str) -> None:
    assert of_quote(guide(), quote).section == section


# --- the quote ------------------------------------------------------------------------


def test_a_quote_within_a_paragraph_is_a_piece_between_two_others() -> None:
    found = of_quote(source("Ask the whole team."), "the whole")
    assert found == Excerpt(
        "",
        (
            Block(
                "paragraph",
                (Piece("Ask ", False), Piece("the whole", True), Piece(" team.", False)),
            ),
        ),
        cut_before=False,
        cut_after=False,
    )


@pytest.mark.parametrize(
    ("quote", "pieces"),
    [
        ("Ask", [("Ask", True), (" all.", False)]),
        ("all.", [("Ask ", False), ("all.", True)]),
        ("Ask all.", [("Ask all.", True)]),
    ],
)
def test_a_quote_at_an_end_of_the_text_leaves_no_empty_piece(
    quote: str, pieces: list[tuple[str, bool]]
) -> None:
    (block,) = of_quote(source("Ask all."), quote).blocks
    assert [(piece.text, piece.quoted) for piece in block.pieces] == pieces


def test_a_quote_across_blocks_is_marked_in_each_of_them() -> None:
    found = of_quote(guide(), "alive.\n\nTwo are needed:\n\n- a lead")
    assert quoted_in(found) == ["alive.", "Two are needed:", "- a lead"]


def test_a_quote_across_items_and_a_heading_is_marked_in_each_of_them() -> None:
    found = of_quote(guide(), "coach\n- time\n\nFirst steps\n\n1. plan")
    assert quoted_in(found) == ["coach", "- time", "First steps", "1. plan"]
    marked = [block.kind for block in found.blocks if any(p.quoted for p in block.pieces)]
    assert marked == ["item", "item", "heading", "item"]


def test_an_item_quoted_without_its_marker_keeps_the_marker_outside() -> None:
    found = of_quote(guide(), "a lead who stays")
    item = next(block for block in found.blocks if any(piece.quoted for piece in block.pieces))
    assert item.pieces == (Piece("- ", False), Piece("a lead who stays", True))


def test_of_words_that_stand_twice_only_those_of_the_place_are_marked() -> None:
    text = "Ask. Ask.\n\nAsk."
    found = excerpt(source(text), 5, 9)
    assert quoted_in(found) == ["Ask."]
    assert found.blocks[0].pieces == (Piece("Ask. ", False), Piece("Ask.", True))


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 3), (-1, -1), (0, 0), (3, 3), (4, 2), (0, 9), (8, 9), (9, 12)]
)
@pytest.mark.parametrize("around", [0, AROUND, None])
def test_a_place_that_the_document_does_not_have_is_refused(
    start: int, end: int, around: int | None
) -> None:
    with pytest.raises(ValueError, match=f"guide has no text at {start} to {end}"):
        excerpt(source("Ask all."), start, end, around)


def test_a_document_without_text_has_no_place() -> None:
    with pytest.raises(ValueError, match="guide has no text at 0 to 1"):
        excerpt(source(""), 0, 1)


# --- the window -----------------------------------------------------------------------


def numbered(count: int) -> str:
    return "\n\n".join(f"Paragraph {n:04} of the guide." for n in range(count))


def test_a_long_document_is_cut_between_paragraphs_on_both_sides() -> None:
    text = numbered(1000)
    found = of_quote(source(text), "Paragraph 0500 of the guide.")
    assert (found.cut_before, found.cut_after) == (True, True)
    every = 30  # characters of a paragraph with the break after it
    shown = [text_of(block) for block in found.blocks]
    first, last = 500 - AROUND // every, 500 + AROUND // every
    assert shown == [f"Paragraph {n:04} of the guide." for n in range(first, last + 1)]


def test_the_beginning_and_the_end_of_a_long_document_are_cut_on_one_side() -> None:
    text = numbered(1000)
    first = of_quote(source(text), "Paragraph 0000 of")
    last = of_quote(source(text), "Paragraph 0999 of")
    assert (first.cut_before, first.cut_after) == (False, True)
    assert (last.cut_before, last.cut_after) == (True, False)
    assert text_of(first.blocks[0]) == "Paragraph 0000 of the guide."
    assert text_of(last.blocks[-1]) == "Paragraph 0999 of the guide."


def test_all_of_a_long_document_is_shown_if_nothing_limits_it() -> None:
    text = numbered(1000)
    found = of_quote(source(text), "Paragraph 0500 of", None)
    assert (found.cut_before, found.cut_after) == (False, False)
    assert [text_of(block) for block in found.blocks] == text.split("\n\n")
    assert quoted_in(found) == ["Paragraph 0500 of"]


def test_a_huge_paragraph_without_breaks_is_cut_where_the_reach_ends() -> None:
    text = "word " * 10_000 + "QUOTE" + " word" * 10_000
    found = of_quote(source(text), "QUOTE")
    (block,) = found.blocks
    before, quote, after = block.pieces
    assert (found.cut_before, found.cut_after) == (True, True)
    assert quote == Piece("QUOTE", True)
    assert before.text == ("word " * 10_000)[-AROUND:]
    assert after.text == (" word" * 10_000)[:AROUND]


def test_a_quote_longer_than_the_reach_is_shown_whole() -> None:
    quote = numbered(200)
    found = of_quote(source(f"Before.\n\n{quote}\n\nAfter."), quote, 10)
    assert quoted_in(found) == quote.split("\n\n")
    assert shown_in(found) == list(
        chain(
            [("paragraph", "Before.")],
            (("paragraph", paragraph) for paragraph in quote.split("\n\n")),
            [("paragraph", "After.")],
        )
    )


# --- pages ----------------------------------------------------------------------------


def with_pages(text: str, *pages: tuple[int, int]) -> Source:
    """A text whose pages stand from and to these places."""
    numbered = [Page(start=a, end=b, number=n) for n, (a, b) in enumerate(pages, 1)]
    return source(text).model_copy(update={"pages": tuple(numbered)})


def begun_in(found: Excerpt) -> list[tuple[int, str]]:
    """The pages that begin, each with the text that it begins with."""
    return [
        (piece.page.number, piece.text)
        for block in found.blocks
        for piece in block.pieces
        if piece.page
    ]


@thorough
@given(TEXTS, st.lists(st.integers(0, 60), max_size=6, unique=True), st.data())
def test_pages_change_nothing_in_the_text_and_each_begins_once_in_order(
    text: str, starts: list[int], data: st.DataObject
) -> None:
    assume(text)
    starts = sorted(start for start in starts if start < len(text))
    ends = [*starts[1:], len(text)]
    made = with_pages(text, *zip(starts, ends, strict=False))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = excerpt(made, start, end, data.draw(st.sampled_from([None, 0, 9])))
    plain = excerpt(source(text), start, end, None)
    assert words("".join(quoted_in(found))) == words(text[start:end])
    assert (found.page.number if found.page else 0) == sum(one <= start for one in starts)
    numbers = [number for number, _ in begun_in(found)]
    assert numbers == sorted(set(numbers))
    whole = excerpt(made, start, end, None)
    assert shown_in(whole) == shown_in(plain)
    for page in made.pages:  # all begin but those with nothing but blanks until the next
        blank = not text[page.start : page.end].strip()
        assert blank or page.number in [number for number, _ in begun_in(whole)]


def test_a_page_begins_with_its_first_character() -> None:
    text = "One two.\n\nThree four.\n\n- five\n- six"
    made = with_pages(text, (0, 4), (4, 8), (10, 21), (23, 29), (30, 35))
    assert begun_in(excerpt(made, 0, 1, None)) == [
        (1, "O"), (2, "two."), (3, "Three four."), (4, "- five"), (5, "- six"),
    ]  # fmt: skip


def test_a_page_that_begins_within_the_quote_cuts_it_in_two_marked_pieces() -> None:
    made = with_pages("Ask the whole team.", (0, 8), (8, 19))
    (block,) = excerpt(made, 4, 13).blocks
    assert [(piece.text, piece.quoted, piece.page is not None) for piece in block.pieces] == [
        ("Ask ", False, True), ("the ", True, False), ("whole", True, True),
        (" team.", False, False),
    ]  # fmt: skip


def test_a_page_that_begins_before_what_is_shown_is_not_said_to_begin() -> None:
    text = "\n\n".join(["One.", "Two.", "Three.", "Four."])
    made = with_pages(text, (0, 10), (12, 18), (20, 25))
    found = excerpt(made, 12, 18, 3)
    assert [number for number, _ in begun_in(found)] == [2]
    assert found.page == made.pages[1]


def test_a_page_that_begins_in_a_gap_begins_with_the_next_block() -> None:
    made = with_pages("One.\n\nTwo.", (0, 4), (5, 10))
    assert begun_in(excerpt(made, 0, 4)) == [(1, "One."), (2, "Two.")]


@pytest.mark.parametrize(("at", "number"), [(0, 0), (2, 1), (5, 1), (6, 1), (8, 3), (99, 3)])
def test_a_place_is_on_the_last_page_that_began(at: int, number: int) -> None:
    pages = (Page(start=2, end=5, number=1), Page(start=8, end=12, number=3))
    made = source("text of pages").model_copy(update={"pages": pages})
    found = page_at(made, at)
    assert (found.number if found else 0) == number


def test_a_document_without_pages_has_none() -> None:
    found = of_quote(guide(), "a coach")
    assert found.page is None
    assert begun_in(found) == []


def test_thousands_of_pages_are_placed_at_once() -> None:
    text = numbered(20_000)
    starts = range(0, len(text) - 30, 90)
    began = time.process_time()
    found = excerpt(with_pages(text, *((a, a + 80) for a in starts)), 0, 5, None)
    assert time.process_time() - began < 3
    assert len(begun_in(found)) == len(starts)
