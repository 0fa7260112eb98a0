import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.blocks import LONGEST_ITEM, Block, BlockKind, assemble, normalise, slug
from assistant.records import Section, SentenceRole

INVISIBLE = "\u00ad\ufeff\u200b\u2060"
WORDS = st.lists(
    st.sampled_from(["plan", "Team", "e.g.", "visit.", "What?", "(see", "3)", "é", "end.2"]),
    min_size=1,
    max_size=60,
).map(" ".join)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Block, st.just(BlockKind.HEADING), WORDS, level=st.integers(0, 4)),
        st.builds(
            Block, st.just(BlockKind.ITEM), WORDS, marker=st.sampled_from(["-", "1.", "12."])
        ),
        st.builds(
            Block,
            st.sampled_from([BlockKind.PARAGRAPH, BlockKind.TABLE_ROW, BlockKind.CODE]),
            st.one_of(WORDS, WORDS.map(lambda words: words + ":")),
        ),
    ),
    max_size=12,
)


def heading(text: str, level: int = 2) -> Block:
    return Block(BlockKind.HEADING, text, level=level)


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def item(text: str, marker: str = "-") -> Block:
    return Block(BlockKind.ITEM, text, marker=marker)


def quotes(text: str, section: Section) -> list[str]:
    return [text[s.start : s.end] for s in section.sentences]


def test_normalise_makes_line_ends_one_kind() -> None:
    assert normalise("one\r\ntwo\rthree\nfour") == "one\ntwo\nthree\nfour"


def test_normalise_leaves_single_spaces_within_a_line() -> None:
    assert normalise("a \t b\u00a0\u2003c\n\n  d") == "a b c\n\n  d"


def test_normalise_composes_characters() -> None:
    assert normalise("cafe\u0301") == "café"


def test_normalise_takes_out_what_nobody_sees() -> None:
    assert normalise("\ufeffim\u00adple\u200bment\u2060ation") == "implementation"


def test_normalise_makes_a_space_of_a_control_character() -> None:
    assert normalise("one\x00two\x07three\x85four") == "one two three four"


@pytest.mark.parametrize("invisible", INVISIBLE)
def test_normalise_composes_characters_that_something_invisible_parted(invisible: str) -> None:
    assert normalise(f"cafe{invisible}\u0301") == "café"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters=INVISIBLE)))
def test_normalised_text_is_composed_and_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert unicodedata.is_normalized("NFC", once)
    assert normalise(once) == once


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_normalised_text_has_no_control_characters_but_line_ends(text: str) -> None:
    once = normalise(text)
    assert all(c == "\n" or unicodedata.category(c) != "Cc" for c in once)
    assert not any(c in INVISIBLE for c in once)
    assert all("  " not in line.lstrip(" ") for line in once.split("\n"))


def test_a_slug_joins_lower_case_words_by_hyphens() -> None:
    assert slug("Who decides? (And when)") == "who-decides-and-when"


def test_a_slug_keeps_the_letters_below_accents() -> None:
    assert slug("Évaluer à l’école") == "evaluer-a-lecole"


def test_a_slug_of_nothing_readable_is_a_section() -> None:
    assert slug("实施") == "section"


def test_a_slug_is_cut_at_sixty_characters_without_a_hyphen_at_its_end() -> None:
    assert slug("a" * 59 + " bcd") == "a" * 59
    assert slug("b" * 80) == "b" * 60


def test_blocks_become_text_with_their_markers_and_gaps() -> None:
    text, _, _ = assemble(
        [
            heading("Plan", level=1),
            paragraph("Two steps follow:"),
            item("ask the team", "1."),
            item("write it down", "2."),
            Block(BlockKind.TABLE_ROW, "who | when"),
            Block(BlockKind.TABLE_ROW, "lead | May"),
            paragraph("That is all."),
        ]
    )
    assert text == (
        "Plan\n\nTwo steps follow:\n\n1. ask the team\n2. write it down\n\n"
        "who | when\nlead | May\n\nThat is all."
    )


def test_a_section_is_what_stands_below_its_heading() -> None:
    text, sections, _ = assemble(
        [
            paragraph("Before any heading."),
            heading("Start", 2),
            paragraph("Ask first. Then act."),
            heading("Who helps", 3),
            paragraph("A coach helps."),
            heading("End", 2),
            paragraph("Stop well."),
        ]
    )
    assert [s.id for s in sections] == ["opening", "start", "who-helps", "end"]
    assert [s.path for s in sections] == [(), ("Start",), ("Start", "Who helps"), ("End",)]
    assert [text[s.start : s.end] for s in sections] == [
        "Before any heading.",
        "Ask first. Then act.",
        "A coach helps.",
        "Stop well.",
    ]
    assert quotes(text, sections[1]) == ["Ask first.", "Then act."]


def test_the_title_is_in_no_path() -> None:
    _, sections, _ = assemble([heading("The plan", 0), paragraph("Ask first.")])
    assert [(s.id, s.path) for s in sections] == [("opening", ())]


def test_sections_with_the_same_heading_have_different_ids() -> None:
    _, sections, _ = assemble(
        [block for text in "abc" for block in (heading("Costs!"), paragraph(f"Pay {text}."))]
    )
    assert [s.id for s in sections] == ["costs", "costs-2", "costs-3"]


def test_an_id_made_unique_is_not_taken_by_a_heading_that_has_it_already() -> None:
    blocks = [heading("Costs 2"), heading("Costs"), heading("Costs")]
    _, sections, _ = assemble([b for h in blocks for b in (h, paragraph("Pay it."))])
    assert [s.id for s in sections] == ["costs-2", "costs", "costs-3"]


def test_a_heading_without_text_makes_no_section() -> None:
    text, sections, _ = assemble([heading("Empty"), heading("Full"), paragraph("Ask.")])
    assert [s.path for s in sections] == [("Full",)]
    assert text == "Empty\n\nFull\n\nAsk."


def test_no_blocks_are_no_text_and_no_sections() -> None:
    assert assemble([]) == ("", (), ())


def test_a_list_shares_its_block_with_the_sentence_that_introduces_it() -> None:
    text, (section,), _ = assemble(
        [
            paragraph("A team needs people. Three roles are:"),
            item("a lead"),
            item("a coach", "2."),
            paragraph("Others may join."),
        ]
    )
    assert quotes(text, section) == [
        "A team needs people.",
        "Three roles are:",
        "a lead",
        "a coach",
        "Others may join.",
    ]
    assert [(s.role, s.marker, s.block) for s in section.sentences] == [
        (SentenceRole.PLAIN, "", 0),
        (SentenceRole.LEAD, "", 0),
        (SentenceRole.ITEM, "-", 0),
        (SentenceRole.ITEM, "2.", 0),
        (SentenceRole.PLAIN, "", 3),
    ]


def test_a_sentence_without_a_colon_introduces_nothing() -> None:
    _, (section,), _ = assemble([paragraph("We met."), item("one thing"), item("another thing")])
    assert [(s.role, s.block) for s in section.sentences] == [
        (SentenceRole.PLAIN, 0),
        (SentenceRole.ITEM, 1),
        (SentenceRole.ITEM, 1),
    ]


def test_a_list_below_another_heading_has_no_lead() -> None:
    _, sections, _ = assemble([paragraph("The roles are:"), heading("Roles"), item("a lead")])
    assert [s.role for section in sections for s in section.sentences] == [
        SentenceRole.PLAIN,
        SentenceRole.ITEM,
    ]


def test_an_item_of_the_longest_length_is_one_sentence() -> None:
    words = "Ask it. " + "word " * (LONGEST_ITEM - 3) + "end."
    _, (section,), _ = assemble([item(words)])
    assert len(section.sentences) == 1


def test_a_longer_item_is_split_and_only_its_first_sentence_has_the_marker() -> None:
    words = "Ask it. " + "word " * (LONGEST_ITEM - 2) + "end."
    text, (section,), _ = assemble([item(words, "4.")])
    assert quotes(text, section)[0] == "Ask it."
    assert [(s.role, s.marker) for s in section.sentences] == [
        (SentenceRole.ITEM, "4."),
        (SentenceRole.ITEM, ""),
    ]


def test_code_is_kept_in_the_text_and_never_quoted() -> None:
    text, (section,), _ = assemble(
        [paragraph("Run it."), Block(BlockKind.CODE, "go --now."), paragraph("Done.")]
    )
    assert text == "Run it.\n\ngo --now.\n\nDone."
    assert quotes(text, section) == ["Run it.", "Done."]


@pytest.mark.parametrize(
    "name",
    ["References", "REFERENCES:", "Bibliography", "Footnotes", "Acknowledgments", "Funding"],
)
def test_what_is_no_guidance_cannot_be_quoted(name: str) -> None:
    _, sections, _ = assemble(
        [
            paragraph("Ask first."),
            heading(name, 2),
            item("Lane P. A plan."),
            heading("Web pages", 3),
            item("A page."),
            heading("Afterwards", 2),
            paragraph("Ask again."),
        ]
    )
    assert [s.quotable for s in sections] == [True, False, False, True]


@pytest.mark.parametrize("name", ["Funding the work", "How to use references", "Notes"])
def test_a_heading_that_only_contains_such_a_word_can_be_quoted(name: str) -> None:
    _, (section,), _ = assemble([heading(name), paragraph("Ask first.")])
    assert section.quotable


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_every_span_gives_text_in_reading_order(blocks: list[Block]) -> None:
    text, sections, _ = assemble(blocks)
    position = 0
    for section in sections:
        assert position <= section.start
        assert section.start == section.sentences[0].start
        assert section.end == section.sentences[-1].end
        for sentence in section.sentences:
            assert position <= sentence.start < sentence.end <= len(text)
            quote = text[sentence.start : sentence.end]
            assert quote == quote.strip() != ""
            position = sentence.end
    assert len({section.id for section in sections}) == len(sections)


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_sentences_hold_every_block_but_headings_and_code(blocks: list[Block]) -> None:
    text, sections, _ = assemble(blocks)
    quoted = "".join(text[s.start : s.end] for section in sections for s in section.sentences)
    given_text = "".join(
        b.text for b in blocks if b.kind not in (BlockKind.HEADING, BlockKind.CODE)
    )
    assert "".join(quoted.split()) == "".join(given_text.split())
