"""How what was chosen becomes text, claims and citations. The model plays no part in it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answering.contrast import Contested, Stated
from assistant.answering.layout import _as_markdown, laid_out
from assistant.answering.quotes import Quote, quotes_of
from assistant.index.reader import Index, View
from assistant.library.blocks import Block, BlockKind, assemble
from assistant.prompts import Frames, fill, read_frames
from assistant.records import Answer, Chunk
from assistant.render import escape_markdown
from tests.corpora import build_small
from tests.fakes import WordHashModel

FRAMES, _ = read_frames()
ALPHA = """# A first guide [2]

Coaching begins after training. It helps teachers keep a habit alive. Nobody plans alone [3].

Teams meet every week in the first term.

The three tasks of a team are:

1. plan the term
2. act on what was agreed
3. look back

A plan needs:

- a date
- somebody who owns it

## Loose ends

- An open [box] of a list that nothing introduces
"""
BETA = """# Second guide

Leaders hold the whole plan in mind & heart [sic]. They rarely hold it alone.

2020 was a year in which schools stopped everything.

The signs to look for are:

- fewer visits. Fewer questions as well.
- silence
"""


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    folder = tmp_path_factory.mktemp("layout")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (("alpha", ALPHA), ("beta", BETA)):
        (corpus / f"{name}.md").write_text(text, "utf-8")
    build_small(folder / "index", corpus)
    index = Index(folder / "index", WordHashModel())
    with index.view() as opened:
        yield opened
    index.close()


@pytest.fixture(scope="module")
def quotes(view: View) -> list[Quote]:
    """Everything that can be quoted of both guides, in reading order."""
    near = view.nearest(WordHashModel().encode_question("plan"), 50)
    chunks = sorted(view.chunks([name for name, _ in near]), key=lambda c: (c.document_id, c.start))
    return [quote for chunk in chunks for quote in quotes_of(view, chunk)]


def picked(quotes: Sequence[Quote], *beginnings: str) -> list[Quote]:
    """The quotes that begin so, in this order."""
    return [next(q for q in quotes if q.texts[0].startswith(start)) for start in beginnings]


def paragraphs(fields: dict[str, Any]) -> list[str]:
    return list(fields["text"].split("\n\n"))


def from_source(title: str) -> str:
    return fill(FRAMES.from_source, title=escape_markdown(title))


def test_the_lead_stands_first_and_alone(view: View, quotes: list[Quote]) -> None:
    fields = laid_out(view, FRAMES, picked(quotes, "Teams meet"))
    assert fields["text"] == "Teams meet every week in the first term. [1]"
    assert fields["outcome"] == "answered"
    assert fields["decline"] is None
    assert fields["disagreements"] == ()


def test_sentences_quoted_together_share_a_number(view: View, quotes: list[Quote]) -> None:
    [together] = [quote for quote in quotes if len(quote.texts) == 2 and not quote.is_list][:1]
    fields = laid_out(view, FRAMES, [together])
    assert fields["text"] == " ".join(f"{text} [1]" for text in together.texts)
    assert [claim.citations for claim in fields["claims"]] == [(1,), (1,)]
    assert fields["citations"][0].quote == " ".join(together.texts)


def test_what_follows_the_lead_is_a_list_of_points(view: View, quotes: list[Quote]) -> None:
    fields = laid_out(view, FRAMES, picked(quotes, "Teams", "Coaching", "Nobody"))
    assert paragraphs(fields) == [
        "Teams meet every week in the first term. [1]",
        "+ Coaching begins after training. [2]\n+ Nobody plans alone \\[3\\]. [3]",
    ]


def test_a_list_stays_a_list_with_its_own_markers(view: View, quotes: list[Quote]) -> None:
    fields = laid_out(view, FRAMES, picked(quotes, "The three tasks"))
    assert fields["text"] == (
        "The three tasks of a team are: [1]\n\n"
        "1. plan the term [1]\n2. act on what was agreed [1]\n3. look back [1]"
    )
    assert len(fields["claims"]) == 4


def test_a_list_among_points_is_no_point(view: View, quotes: list[Quote]) -> None:
    chosen = picked(quotes, "Teams", "Coaching", "The three tasks", "Nobody")
    lines = laid_out(view, FRAMES, chosen)["text"].split("\n")
    assert lines[2] == "+ Coaching begins after training. [2]"
    assert "The three tasks of a team are: [3]" in lines
    assert lines[-3:] == ["3. look back [3]", "", "+ Nobody plans alone \\[3\\]. [4]"]


def test_a_further_sentence_of_an_item_stays_in_it(view: View, quotes: list[Quote]) -> None:
    text = laid_out(view, FRAMES, picked(quotes, "The signs"))["text"]
    items = [line for line in text.split("\n") if line.startswith("- ")]
    assert len(items) == 2
    assert items[0].startswith("- fewer visits.")
    assert "Fewer questions as well." in items[0]


def test_a_line_names_the_source_where_it_changes(view: View, quotes: list[Quote]) -> None:
    chosen = picked(quotes, "Teams", "Coaching", "Leaders", "2020", "Nobody")
    assert paragraphs(laid_out(view, FRAMES, chosen)) == [
        "Teams meet every week in the first term. [1]",
        "+ Coaching begins after training. [2]",
        from_source("Second guide"),
        "+ Leaders hold the whole plan in mind \\& heart \\[sic\\]. [3]\n"
        "+ 2020 was a year in which schools stopped everything. [4]",
        from_source("A first guide [2]"),
        "+ Nobody plans alone \\[3\\]. [5]",
    ]


def test_a_frame_line_may_stand_before_all(view: View, quotes: list[Quote]) -> None:
    fields = laid_out(view, FRAMES, picked(quotes, "Teams"), first="A line of ours.")
    assert paragraphs(fields) == [
        "A line of ours.",
        "Teams meet every week in the first term. [1]",
    ]
    assert [claim.text for claim in fields["claims"]] == [
        "Teams meet every week in the first term."
    ]


def test_senses_stand_side_by_side_after_the_lead(view: View, quotes: list[Quote]) -> None:
    lead, one, two, last = picked(quotes, "Teams", "Coaching", "Leaders", "Nobody")
    term = Contested("the plan [x]", (Stated("a", one), Stated("b", two)), "Which?")
    fields = laid_out(view, FRAMES, [lead, last], [term])
    first_guide = fill(FRAMES.says, title="A first guide \\[2\\]")
    second_guide = fill(FRAMES.says, title="Second guide")
    assert paragraphs(fields) == [
        "Teams meet every week in the first term. [1]",
        fill(FRAMES.senses, term="the plan \\[x\\]"),
        f"- {first_guide} Coaching begins after training. [2]\n"
        f"- {second_guide} Leaders hold the whole plan in mind \\& heart \\[sic\\]. [3]",
        FRAMES.senses_relate,
        from_source("A first guide [2]"),
        "+ Nobody plans alone \\[3\\]. [4]",
    ]
    [disagreement] = fields["disagreements"]
    assert disagreement.term == "the plan [x]"
    assert [(s.meaning, s.citations) for s in disagreement.senses] == [
        (one.texts[0], (2,)),
        (two.texts[0], (3,)),
    ]


def test_two_contested_terms_are_related_once(view: View, quotes: list[Quote]) -> None:
    lead, a, b, c, d = picked(quotes, "Teams", "Coaching", "Leaders", "Nobody", "2020")
    terms = [
        Contested("one", (Stated("a", a), Stated("b", b)), None),
        Contested("two", (Stated("c", c), Stated("d", d)), None),
    ]
    fields = laid_out(view, FRAMES, [lead], terms)
    assert [one.term for one in fields["disagreements"]] == ["one", "two"]
    assert paragraphs(fields).count(FRAMES.senses_relate) == 1
    assert paragraphs(fields)[-1] == FRAMES.senses_relate


def test_sides_stand_side_by_side_after_the_lead(view: View, quotes: list[Quote]) -> None:
    lead, one, two = picked(quotes, "Teams", "Coaching", "Leaders")
    fields = laid_out(view, FRAMES, [lead], sides=[Stated("Coach*", one), Stated("leader", two)])
    coach, leader = (fill(FRAMES.side, side=side) for side in ("Coach\\*", "leader"))
    assert paragraphs(fields)[1] == (
        f"- {coach} Coaching begins after training. [2]\n"
        f"- {leader} Leaders hold the whole plan in mind \\& heart \\[sic\\]. [3]"
    )
    assert fields["disagreements"] == ()


def test_after_sides_the_source_is_named_again(view: View, quotes: list[Quote]) -> None:
    lead, one, two, more = picked(quotes, "Teams", "Coaching", "Leaders", "Nobody")
    fields = laid_out(view, FRAMES, [lead, more], sides=[Stated("a", one), Stated("b", two)])
    assert paragraphs(fields)[2] == from_source("A first guide [2]")


def test_the_same_place_keeps_its_number(view: View, quotes: list[Quote]) -> None:
    lead, other = picked(quotes, "Teams", "Coaching")
    fields = laid_out(view, FRAMES, [lead, other], sides=[Stated("a", lead), Stated("b", other)])
    assert [citation.number for citation in fields["citations"]] == [1, 2]
    assert [claim.citations for claim in fields["claims"]] == [(1,), (1,), (2,), (2,)]


def test_a_point_after_a_list_is_shown_as_no_item_of_it(view: View, quotes: list[Quote]) -> None:
    fields = laid_out(view, FRAMES, picked(quotes, "A plan needs:", "Nobody"))
    page = MarkdownIt("commonmark").render(fields["text"])
    [of_the_plan, of_ours] = re.findall(r"<ul>.*?</ul>", page, re.DOTALL)
    assert of_the_plan.count("<li>") == 2
    assert of_ours.count("<li>") == 1


@st.composite
def _choices(draw: st.DrawFn) -> tuple[list[int], list[int], str, bool]:
    order = draw(st.permutations(range(11)))
    many = draw(st.integers(1, 11))
    return (
        list(order[:many]),
        list(order[many : many + 4]),
        draw(st.sampled_from(["senses", "sides", "neither"])),
        draw(st.booleans()),
    )


@given(_choices())
def test_every_paragraph_that_is_no_frame_line_is_claims_with_their_citations(
    view: View, quotes: list[Quote], choice: tuple[list[int], list[int], str, bool]
) -> None:
    chosen, shown, how, framed = choice
    first = "A line of ours." if framed else None
    views = [Stated("one [1]", q) for n in shown if not (q := quotes[n % len(quotes)]).is_list]
    contested = [Contested("plan", tuple(views), None)] if how == "senses" and views else []
    sides = views if how == "sides" else []
    picked_ones = [quotes[n % len(quotes)] for n in chosen]
    fields = laid_out(view, FRAMES, picked_ones, contested, sides, first)

    # An Answer checks that its numbers go from 1 and that claims cite what is listed.
    asked = {"question": "a", "resolved_question": "a", "confidence": 1}
    answer = Answer(**asked, engine="e", index="i", prompts={}, **fields)
    numbers = [int(n) for n in re.findall(r"(?<!\\)\[(\d+)\]", answer.text)]
    assert list(dict.fromkeys(numbers)) == [citation.number for citation in answer.citations]
    assert len(numbers) == len(answer.claims)
    for claim in answer.claims:
        assert f"{escape_markdown(claim.text)} [{claim.citations[0]}]" in answer.text
        assert claim.text in answer.citations[claim.citations[0] - 1].quote
    assert _unclaimed(answer, FRAMES, first) == ""
    for citation in answer.citations:
        assert view.text_of(citation.document_id)[1][citation.start : citation.end] == (
            citation.quote
        )


def _unclaimed(answer: Answer, frames: Frames, first: str | None) -> str:
    """What is left of an answer without its claims, frame lines and list markers."""
    titles = {escape_markdown(citation.title) for citation in answer.citations}
    lines = {fill(frames.from_source, title=title) for title in titles}
    lines |= {frames.senses_relate, fill(frames.senses, term="plan"), first or ""}
    within = [fill(frames.says, title=title) for title in titles]
    within.append(fill(frames.side, side=escape_markdown("one [1]")))
    rest = [line for line in answer.text.split("\n") if line not in lines]
    text = "\n".join(re.sub(r"^(?:[-+]|\d+\.) ", "", line) for line in rest)
    claimed = {f"{escape_markdown(c.text)} [{n}]" for c in answer.claims for n in c.citations}
    for part in sorted((*claimed, *within), key=len, reverse=True):
        text = text.replace(part, "")
    return text.strip()


def test_letters_as_markers_still_make_a_list() -> None:
    text, (section,), _ = assemble(
        [
            Block(BlockKind.PARAGRAPH, "The two tasks are:"),
            Block(BlockKind.ITEM, "plan the term", marker="a)"),
            Block(BlockKind.ITEM, "look back", marker="b."),
        ]
    )
    chunk = Chunk(
        id="plan:opening:1", document_id="plan", section="", prefix="Plan", text=text,
        sentences=section.sentences, start=0, end=len(text),
    )  # fmt: skip
    quote = Quote(chunk, section.sentences, tuple(chunk.text_of(s) for s in section.sentences))
    assert _as_markdown(quote, 1).split("\n") == [
        "The two tasks are: [1]",
        "",
        "- a) plan the term [1]",
        "- b. look back [1]",
    ]
