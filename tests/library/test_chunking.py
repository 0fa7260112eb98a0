import re
from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.blocks import Block, BlockKind, assemble
from assistant.library.chunking import MAX_PIECES, chunk_document
from assistant.models.embedding import EmbeddingModel
from assistant.records import Chunk, Document, SentenceRole
from tests.library.test_blocks import heading, item, paragraph

SENTENCES = st.lists(
    st.integers(1, 20).map(lambda n: "Word" + " word" * (n - 1) + "."), min_size=1, max_size=4
).map(" ".join)
BLOCKS = st.lists(
    st.one_of(
        st.builds(
            heading,
            st.sampled_from(["Start", "Who helps and why it matters so much", "References"]),
            st.integers(1, 3),
        ),
        st.builds(item, SENTENCES, st.sampled_from(["-", "1."])),
        SENTENCES.map(paragraph),
        SENTENCES.map(lambda text: paragraph(f"{text} These are:")),
        st.just(Block(BlockKind.CODE, "run this now")),
    ),
    max_size=12,
)


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def document(blocks: Sequence[Block], title: str = "Plan") -> Document:
    text, sections, _ = assemble(blocks)
    return Document(id="plan", title=title, text=text, sha256="0", sections=sections)


def texts(chunks: Sequence[Chunk]) -> list[str]:
    return [chunk.text for chunk in chunks]


def test_a_section_that_fits_is_one_chunk() -> None:
    made = chunk_document(
        document([heading("Start"), paragraph("Ask first. Then act."), paragraph("Rest.")]), words
    )
    (chunk,) = made
    assert chunk.id == "plan:start:1"
    assert chunk.document_id == "plan"
    assert chunk.section == "Start"
    assert chunk.prefix == "Plan > Start"
    assert chunk.text == "Ask first. Then act.\n\nRest."
    assert (chunk.start, chunk.end) == (7, 34)
    assert chunk.embedded_text == "Plan > Start\nAsk first. Then act.\n\nRest."
    assert len(chunk.sentences) == 3


def test_sections_never_share_a_chunk() -> None:
    made = chunk_document(
        document([paragraph("Ask."), heading("One", 2), heading("Two", 3), paragraph("Act.")]),
        words,
    )
    assert [(c.id, c.section, c.text) for c in made] == [
        ("plan:opening:1", "", "Ask."),
        ("plan:two:1", "One > Two", "Act."),
    ]


def test_what_cannot_be_quoted_is_not_chunked() -> None:
    made = chunk_document(
        document([paragraph("Ask."), heading("References"), item("Lane P. A plan.")]), words
    )
    assert texts(made) == ["Ask."]


def test_a_document_without_sections_has_no_chunks() -> None:
    assert chunk_document(document([]), words) == []


def test_a_paragraph_that_does_not_fit_any_more_begins_the_next_chunk() -> None:
    made = chunk_document(
        document([paragraph("one two three four."), paragraph("five six. seven eight.")]),
        words,
        limit=8,
    )
    assert texts(made) == ["one two three four.", "five six. seven eight."]
    assert [c.id for c in made] == ["plan:opening:1", "plan:opening:2"]


def test_a_chunk_is_filled_to_the_limit_and_not_beyond() -> None:
    blocks = [paragraph("one two three four."), paragraph("five six seven.")]
    assert len(chunk_document(document(blocks), words, limit=8)) == 1
    assert len(chunk_document(document(blocks), words, limit=7)) == 2


def test_a_paragraph_longer_than_a_chunk_is_cut_between_sentences() -> None:
    made = chunk_document(
        document([paragraph("One two three. Four five six. Seven eight nine. Ten.")]),
        words,
        limit=8,
    )
    assert texts(made) == ["One two three. Four five six.", "Seven eight nine. Ten."]


def test_a_sentence_longer_than_a_chunk_is_cut_at_spaces() -> None:
    made = chunk_document(document([paragraph("aaa bb cc dd ee ff gg hh ii jj.")]), words, limit=6)
    assert texts(made) == ["aaa bb cc dd ee", "ff gg hh ii jj."]


def test_only_the_first_part_of_a_cut_item_keeps_the_marker() -> None:
    made = chunk_document(document([item("aaa bb cc dd ee ff gg hh ii jj.", "3.")]), words, limit=6)
    assert [[s.marker for s in c.sentences] for c in made] == [["3."], [""]]


def test_a_list_stays_with_the_sentence_that_introduces_it() -> None:
    made = chunk_document(
        document(
            [
                paragraph("One two three four five six."),
                paragraph("Two steps are:"),
                item("ask them"),
                item("thank them"),
            ]
        ),
        words,
        limit=12,
    )
    assert texts(made) == [
        "One two three four five six.",
        "Two steps are:\n\n- ask them\n- thank them",
    ]


def test_a_list_stays_with_its_lead_where_the_rest_of_the_paragraph_does_not_fit() -> None:
    (_, last) = chunk_document(
        document(
            [
                paragraph("One two three four five six. Two steps are:"),
                item("ask them"),
                item("thank them"),
            ]
        ),
        words,
        limit=12,
    )
    assert [s.role for s in last.sentences] == [
        SentenceRole.LEAD,
        SentenceRole.ITEM,
        SentenceRole.ITEM,
    ]


def test_a_list_longer_than_a_chunk_goes_on_in_the_next() -> None:
    made = chunk_document(
        document([paragraph("Steps are:"), *(item(f"step {n} is here") for n in range(4))]),
        words,
        limit=13,
    )
    assert texts(made) == [
        "Steps are:\n\n- step 0 is here\n- step 1 is here",
        "step 2 is here\n- step 3 is here",
    ]


def test_headings_that_take_too_much_room_are_shortened_from_the_end() -> None:
    (chunk,) = chunk_document(
        document([heading("a b c d e f g h"), paragraph("Ask.")], title="The plan"),
        words,
        limit=15,
    )
    assert chunk.prefix == "The plan > a b"


def test_a_title_of_one_word_that_takes_too_much_room_is_cut() -> None:
    def letters(texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    (chunk,) = chunk_document(document([paragraph("Ask.")], title="x" * 40), letters, limit=60)
    assert chunk.prefix == "x" * 16  # 40, then 30, 22 and 16: the first within a third of 60


@settings(max_examples=100, deadline=None)
@given(BLOCKS, st.integers(6, 60))
def test_chunks_are_stretches_of_the_text_within_the_limit(blocks: list[Block], limit: int) -> None:
    whole = document(blocks)
    made = chunk_document(whole, words, limit)
    position = 0
    for chunk in made:
        assert chunk.start >= position
        assert chunk.text == whole.text[chunk.start : chunk.end]
        assert words([chunk.embedded_text])[0] <= limit
        assert chunk.start == chunk.sentences[0].start
        assert chunk.end == chunk.sentences[-1].end
        position = chunk.end


@settings(max_examples=100, deadline=None)
@given(BLOCKS, st.integers(6, 60))
def test_chunk_ids_are_unique_and_name_document_section_and_number(
    blocks: list[Block], limit: int
) -> None:
    made = chunk_document(document(blocks), words, limit)
    assert all(re.fullmatch(r"plan:[a-z0-9-]+:[1-9][0-9]*", chunk.id) for chunk in made)
    assert len({chunk.id for chunk in made}) == len(made)


@settings(max_examples=100, deadline=None)
@given(BLOCKS, st.integers(6, 60))
def test_every_character_that_can_be_quoted_is_in_exactly_one_chunk(
    blocks: list[Block], limit: int
) -> None:
    whole = document(blocks)
    covered = Counter(
        n
        for chunk in chunk_document(whole, words, limit)
        for s in chunk.sentences
        for n in range(s.start, s.end)
        if not whole.text[n].isspace()
    )
    quotable = {
        n
        for section in whole.sections
        if section.quotable
        for s in section.sentences
        for n in range(s.start, s.end)
        if not whole.text[n].isspace()
    }
    assert set(covered) == quotable
    assert all(times == 1 for times in covered.values())


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_a_sentence_that_fits_a_chunk_is_never_cut(blocks: list[Block]) -> None:
    whole = document(blocks)
    limit = 60  # twenty of them for the prefix: the longest item has twice twenty words
    given_spans = [
        (s.start, s.end)
        for section in whole.sections
        if section.quotable
        for s in section.sentences
    ]
    fits = [span for span in given_spans if words([whole.text[slice(*span)]])[0] <= limit - 20]
    made = {(s.start, s.end) for c in chunk_document(whole, words, limit) for s in c.sentences}
    assert set(fits) <= made


def test_the_model_can_read_every_chunk_of_a_long_text(real_model: EmbeddingModel) -> None:
    sentences = [
        f"In week {n} the re-organised team’s co-ordinator phoned {n % 7 + 2} headteachers."
        for n in range(120)
    ]
    endless = " ".join(f"antidisestablishmentarian-{n}," for n in range(300))
    whole = document(
        [
            heading("What happened in each of the weeks"),
            paragraph(" ".join(sentences)),
            paragraph("The weekly tasks were:"),
            *(item(f"task {n}: {sentences[n]}", f"{n}.") for n in range(1, 60)),
            paragraph(endless),
        ],
        title="A diary of implementation, unabridged",
    )
    made = chunk_document(whole, real_model.count_pieces)
    sizes = real_model.count_pieces([chunk.embedded_text for chunk in made])
    assert max(sizes) <= MAX_PIECES == 240
    assert sum(size > 180 for size in sizes) > len(sizes) / 2
    kept = "".join(whole.text[s.start : s.end] for chunk in made for s in chunk.sentences)
    assert "".join(kept.split()).endswith("".join(endless.split()))
