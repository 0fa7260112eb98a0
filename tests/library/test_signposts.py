from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.blocks import Block, assemble
from assistant.library.chunking import chunk_document
from assistant.library.signposts import signposts_of
from assistant.records import Document, Signpost
from tests.library.test_blocks import heading, paragraph
from tests.library.test_chunking import BLOCKS, words

QUESTIONS = st.lists(st.sampled_from(["Who leads?", "How long?", "Is it worth it?"]), max_size=4)


def document(blocks: Sequence[Block], questions: Sequence[str] = ()) -> Document:
    text, sections, _ = assemble(blocks)
    return Document(
        id="plan",
        title="A plan",
        text=text,
        sha256="0",
        questions=tuple(questions),
        sections=sections,
    )


def test_a_section_is_told_by_the_title_and_all_headings_above_it() -> None:
    made = signposts_of(
        document([heading("Start", 1), heading("Who helps", 2), paragraph("A lead does.")])
    )
    assert made == [
        Signpost(
            id="plan:who-helps",
            document_id="plan",
            section="who-helps",
            text="A plan > Start > Who helps",
        )
    ]


def test_a_text_above_all_headings_is_told_by_the_title_alone() -> None:
    (made,) = signposts_of(document([paragraph("Ask first.")]))
    assert made.text == "A plan"
    assert made.section is not None
    assert made.id == f"plan:{made.section}"


def test_questions_follow_the_sections_in_their_own_words_and_of_no_section() -> None:
    asked = ["Who leads?", "How long > how much?"]
    made = signposts_of(document([heading("Start"), paragraph("Ask first.")], asked))
    assert [post.id for post in made] == ["plan:start", "plan:?1", "plan:?2"]
    assert [(post.section, post.text) for post in made[1:]] == [(None, text) for text in asked]
    assert {post.document_id for post in made} == {"plan"}


def test_a_section_that_is_no_guidance_has_no_signpost() -> None:
    made = signposts_of(
        document(
            [
                heading("Start"),
                paragraph("Ask first."),
                heading("References"),
                paragraph("Lane P (2019). A plan."),
            ]
        )
    )
    assert [post.section for post in made] == ["start"]


def test_two_sections_of_one_heading_have_a_signpost_each() -> None:
    section = [heading("Start"), paragraph("Ask first.")]
    made = signposts_of(document([*section, *section]))
    assert [post.text for post in made] == ["A plan > Start"] * 2
    assert len({post.id for post in made}) == 2


def test_one_question_twice_has_two_signposts() -> None:
    made = signposts_of(document([paragraph("Ask first.")], ["Who leads?", "Who leads?"]))
    assert [post.id for post in made][1:] == ["plan:?1", "plan:?2"]


def test_a_document_without_guidance_and_questions_has_none() -> None:
    assert signposts_of(document([heading("References"), paragraph("Lane P (2019).")])) == []


@settings(deadline=None)
@given(BLOCKS, QUESTIONS)
def test_every_quotable_section_and_every_question_has_one_signpost_of_its_own(
    blocks: list[Block], questions: list[str]
) -> None:
    guide = document(blocks, questions)
    made = signposts_of(guide)
    assert made == signposts_of(guide)
    assert len({post.id for post in made}) == len(made)
    quotable = [section.id for section in guide.sections if section.quotable]
    assert [post.section for post in made] == [*quotable, *[None] * len(questions)]
    assert [post.text for post in made if post.section is None] == questions


@settings(deadline=None)
@given(BLOCKS)
def test_every_chunk_stands_in_a_section_with_a_signpost_of_its_prefix(
    blocks: list[Block],
) -> None:
    guide = document(blocks)
    signposts = {post.id: post.text for post in signposts_of(guide)}
    for chunk in chunk_document(guide, words):
        assert signposts[chunk.id.rsplit(":", 1)[0]] == chunk.prefix
