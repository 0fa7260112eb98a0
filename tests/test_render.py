import html
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.records import Answer, Citation, Claim, Decline, Passage
from assistant.render import (
    answer_as_text,
    escape_markdown,
    passage_as_text,
    source_line,
    unescape_markdown,
)

MARKS = "\\`*_[]<>#|~"
QUOTES = st.text(alphabet=MARKS + "ab 1.(!)", max_size=40)


def citation(number: int = 1, **changes: Any) -> Citation:
    fields: dict[str, Any] = {
        "number": number,
        "document_id": "plan",
        "title": "A plan",
        "publisher": "Us",
        "year": 2021,
        "url": None,
        "section": "Start",
        "start": 0,
        "end": 10,
        "quote": "Ask first.",
        "document_sha256": "0",
    }
    return Citation(**fields | changes)


def answer(**changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "question": "What first?",
        "resolved_question": "What first?",
        "outcome": "answered",
        "confidence": 0.8,
        "text": "Ask first. [1]",
        "claims": (Claim(text="Ask first.", support="verbatim", citations=(1,)),),
        "citations": (citation(),),
        "decline": None,
        "engine": "extractive",
        "index": "abc",
        "prompts": {},
    }
    return Answer(**fields | changes)


def shown(markdown: str) -> str:
    """What a reader sees of a paragraph."""
    page = MarkdownIt("commonmark").render(markdown)
    return html.unescape(re.sub(r"\A<p>(.*)</p>\n\Z", r"\1", page, flags=re.DOTALL))


def test_every_mark_is_escaped() -> None:
    assert escape_markdown("a*b [1] <c>") == r"a\*b \[1\] \<c\>"
    assert escape_markdown(MARKS) == "".join(f"\\{mark}" for mark in MARKS)


def test_words_are_not_escaped() -> None:
    text = "Ask first (then act), it’s “good” at 5% - or 1.5!"
    assert escape_markdown(text) == text


def test_emphasis_of_ours_is_taken_out_for_a_terminal() -> None:
    assert unescape_markdown("From *A plan*: **ask** first. [1]") == "From A plan: ask first. [1]"


def test_marks_of_a_quote_stay_when_emphasis_of_ours_goes() -> None:
    assert unescape_markdown(f"From *{escape_markdown('5*4 [a]')}*:") == "From 5*4 [a]:"


def test_emphasis_of_ours_goes_after_a_backslash_of_a_quote() -> None:
    title = escape_markdown("Drive C:\\")
    assert unescape_markdown(f"From *{title}*:") == "From Drive C:\\:"


@settings(max_examples=100, deadline=None)
@given(st.one_of(QUOTES, st.text(max_size=40)))
def test_an_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert unescape_markdown(escape_markdown(text)) == text


@settings(max_examples=100, deadline=None)
@given(QUOTES.map(lambda text: "a" + "".join(text.split()) + "b"))
def test_an_escaped_text_is_shown_as_it_is(text: str) -> None:
    assert shown(escape_markdown(text)) == text


@pytest.mark.parametrize(
    "text", ["[1] is no citation", "<b>bold</b>", "# no heading", "see ![x](y.png)", "`code` ~~x~~"]
)
def test_a_quote_cannot_pass_for_markdown(text: str) -> None:
    assert shown(escape_markdown(text)) == text


def test_an_entity_in_a_quote_is_shown_as_it_is() -> None:
    page = MarkdownIt("commonmark").render(escape_markdown("Write &amp; or &copy; in the file."))
    assert page == "<p>Write &amp;amp; or &amp;copy; in the file.</p>\n"


@pytest.mark.parametrize("text", ["2. Ask the team.", "3) Ask the team.", "- ask", "+ ask"])
def test_a_quote_cannot_begin_a_list(text: str) -> None:
    assert shown(escape_markdown(text)) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("===", "\\==="),
        ("---", "\\---"),
        ("- ask", "\\- ask"),
        ("+ ask", "\\+ ask"),
        ("-5 degrees", "\\-5 degrees"),
        ("Ask the team\n===", "Ask the team\n\\==="),
        ("Ask the team\n  - and act", "Ask the team\n  \\- and act"),
        ("=\n-\n+", "\\=\n\\-\n\\+"),
        ("- 1. ask", "\\- 1. ask"),
    ],
)
def test_a_line_that_begins_with_a_mark_of_lists_or_headings_is_escaped(
    text: str, escaped: str
) -> None:
    assert escape_markdown(text) == escaped
    assert unescape_markdown(escaped) == text


@pytest.mark.parametrize("text", ["a - b", "a = b + c", "well-known", "20-30 %", "C++ and a=b"])
def test_such_a_mark_within_a_line_is_no_mark(text: str) -> None:
    assert escape_markdown(text) == text


@pytest.mark.parametrize("line", ["=", "===", "-", "---", "- act", "-\tact", "+ act", "+", "= ="])
def test_a_line_of_a_quote_is_no_list_and_makes_no_heading_of_the_line_above(line: str) -> None:
    for text in (f"Ask the team\n{line}", f"Ask\nthe team\n{line}\nand act", f"{line}\nand act"):
        assert shown(escape_markdown(text)) == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("=-+ab1.) \t", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_lines_of_any_marks_are_shown_as_one_paragraph(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert shown(escape_markdown(text)) == text


def test_a_quote_that_begins_with_a_plus_is_no_point_of_ours_in_a_terminal() -> None:
    made = answer(
        text=f"+ Ask first. [1]\n+ {escape_markdown('+ so')} [1]\n\n{escape_markdown('+ x')}"
    )
    assert answer_as_text(made).startswith("• Ask first. [1]\n• + so [1]\n\n+ x\n\nSources")


def test_a_source_line_names_all_that_is_known() -> None:
    assert source_line(citation()) == "A plan (Us, 2021), section “Start”"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"publisher": None}, "A plan (2021), section “Start”"),
        ({"year": None}, "A plan (Us), section “Start”"),
        ({"publisher": None, "year": None}, "A plan, section “Start”"),
        ({"section": ""}, "A plan (Us, 2021)"),
        ({"publisher": None, "year": None, "section": ""}, "A plan"),
    ],
)
def test_a_source_line_leaves_out_what_is_not_known(changes: dict[str, Any], line: str) -> None:
    assert source_line(citation(**changes)) == line


def test_an_answer_is_followed_by_its_sources_and_their_quotes() -> None:
    made = answer(
        text=r"Ask *first* \[sic\]. [1]",
        citations=(
            citation(1, url="https://example.org/plan"),
            citation(2, section="", quote="Two are:\n- a lead\n- a coach"),
        ),
        notices=("Two files changed.", "One is new."),
    )
    assert answer_as_text(made) == (
        "Ask first [sic]. [1]\n\n"
        "Sources\n\n"
        "[1] A plan (Us, 2021), section “Start”\n"
        "    https://example.org/plan\n"
        "    “Ask first.”\n\n"
        "[2] A plan (Us, 2021)\n"
        "    “Two are:\n    - a lead\n    - a coach”\n\n"
        "Note: Two files changed.\n\n"
        "Note: One is new."
    )


def test_what_would_help_to_answer_stands_below_the_text() -> None:
    made = answer(clarify="One site, or all sites?")
    parts = answer_as_text(made).split("\n\n")
    assert parts[:3] == [
        "Ask first. [1]",
        "To answer more closely: One site, or all sites?",
        "Sources",
    ]


def test_what_could_be_asked_next_stands_below_the_sources() -> None:
    made = answer(follow_ups=("Who asks?", "Whom do they ask?"), notices=("One is new.",))
    parts = answer_as_text(made).split("\n\n")
    assert parts[-3:] == [
        "[1] A plan (Us, 2021), section “Start”\n    “Ask first.”",
        "You could ask next\n- Who asks?\n- Whom do they ask?",
        "Note: One is new.",
    ]


def test_an_answer_with_nothing_to_ask_next_does_not_offer_it() -> None:
    assert "You could ask next" not in answer_as_text(answer())
    assert "To answer more closely" not in answer_as_text(answer())


def test_a_long_line_is_broken_and_an_item_hangs_from_its_marker() -> None:
    made = answer(
        text="Two are: [1]\n\n- ask the whole team [1]\n10. then act on it [1]",
        clarify="Which of the teams is it?",
        follow_ups=("Who asks the other teams?",),
    )
    shown_text = answer_as_text(made, width=16)
    assert "- ask the whole\n  team [1]\n10. then act on\n    it [1]" in shown_text
    assert "- Who asks the\n  other teams?" in shown_text
    assert all(len(line) <= 16 for line in shown_text.split("\n\n")[0].split("\n"))


def test_senses_side_by_side_are_plain_in_a_terminal() -> None:
    made = answer(text="The guidance uses *spread* in senses:\n\n- In *A plan*: Ask first. [1]")
    assert answer_as_text(made).startswith(
        "The guidance uses spread in senses:\n\n- In A plan: Ask first. [1]\n\n"
    )


def test_a_declined_answer_is_followed_by_the_nearest_guidance() -> None:
    made = answer(
        outcome="declined",
        text="The guidance does not say.",
        claims=(),
        citations=(),
        decline=Decline(reason="not_covered", missing="No passage.", nearest=(citation(),)),
    )
    assert answer_as_text(made) == (
        "The guidance does not say.\n\nNearest guidance\n\n"
        "[1] A plan (Us, 2021), section “Start”\n    “Ask first.”"
    )


def test_a_declined_answer_with_nothing_near_is_only_its_text() -> None:
    made = answer(
        outcome="declined",
        text="Please ask in English.",
        claims=(),
        citations=(),
        decline=Decline(reason="language", missing="", nearest=()),
    )
    assert answer_as_text(made) == "Please ask in English."


def passage(**changes: Any) -> Passage:
    fields: dict[str, Any] = {
        "rank": 2,
        "document_id": "plan",
        "chunk_id": "plan:start:1",
        "title": "A plan",
        "section": "Start > Who",
        "start": 7,
        "end": 30,
        "text": "Ask first.\nThen act.",
        "dense_rank": 3,
        "text_rank": 1,
        "score": 0.03278,
    }
    return Passage(**fields | changes)


def test_a_passage_says_where_it_is_and_why_it_was_found() -> None:
    assert passage_as_text(passage()) == (
        "2. A plan > Start > Who\n"
        "   plan:start:1  7-30  score 0.033 (meaning rank 3, words rank 1)\n"
        "   Ask first.\n   Then act."
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dense_rank": None}, "(words rank 1)"),
        ({"text_rank": None}, "(meaning rank 3)"),
    ],
)
def test_a_passage_found_one_way_says_only_that(changes: dict[str, Any], reason: str) -> None:
    assert reason in passage_as_text(passage(**changes))


def test_a_passage_without_a_section_is_headed_by_its_title() -> None:
    assert passage_as_text(passage(section="")).startswith("2. A plan\n   plan:start:1")
