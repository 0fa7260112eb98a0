"""What the chat writes, read again as Markdown with tables and strikethrough."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.chat.markdown import (
    answer_markdown,
    exact,
    failure_markdown,
    question_link,
    quotes_markdown,
    source_link,
)
from assistant.chat.strings import read_strings
from assistant.records import Answer, Citation, Claim, Decline, Disagreement, Sense
from assistant.render import escape_markdown, source_line
from tests.chat.chatting import ENGINE, WHY
from tests.fakes import QUOTES, ScriptedAssistant

STRINGS = read_strings().answer
PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
# What Chainlit makes a link of after the escapes are gone, wherever it is not code.
LINKED = re.compile(
    r"(?:https?://|www(?=\.))[-.\w]|[-.\w+]+@[-\w]+(?:\.[-\w]+)+", re.ASCII | re.IGNORECASE
)

FRAGMENTS = st.sampled_from(
    [
        *"\\`*_~[](){}<>#|&!:;=+-$^'\"/.,@1 \n",
        *("**", "__", "~~", "``", "\n\n", "\n  ", " \n", "---", "===", "\n- ", "\n1. ", "\n# "),
        *("![a](", "](http://b.example)", "[1]", "[^1]", "<b>", "&amp;", ":word", "::note", "word"),
        *("http://a.example/b", "https://", "www.a.example", "www.", "a@b.example", "mailto:"),
    ]
)
LETTERS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="\u200b"),
    max_size=5,
)
TEXTS = st.lists(FRAGMENTS | LETTERS, max_size=15).map("".join).map(str.strip)
# As documents have them: no blanks at the end of a line, and none asked for at its beginning.
QUOTED = TEXTS.map(lambda text: re.sub(r"\s*\n\s*", "\n", text)).filter(bool)
thorough = settings(max_examples=100, deadline=None)


class Link(NamedTuple):
    text: str
    address: str
    title: str = ""


def text_of(token: Token) -> str:
    return "".join(
        "\n" if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or []
    )


def inlines(markdown: str) -> list[Token]:
    return [token for token in PARSER.parse(markdown) if token.type == "inline"]


def texts_of(markdown: str) -> list[str]:
    """What is read, one string for each paragraph, item, heading or cell."""
    return [text_of(token) for token in inlines(markdown)]


def links_of(markdown: str) -> list[Link]:
    """All that can be clicked or loaded."""
    found = []
    for token in inlines(markdown):
        children = token.children or []
        for n, child in enumerate(children):
            if child.type == "image":
                found.append(Link(child.content, str(child.attrs["src"])))
            elif child.type == "link_open":
                end = next(m for m, c in enumerate(children) if m > n and c.type == "link_close")
                text = "".join(inside.content for inside in children[n + 1 : end])
                attributes = child.attrs
                found.append(Link(text, str(attributes["href"]), str(attributes.get("title", ""))))
    return found


def held_open(text: str) -> str:
    """The text with a blank in its empty lines, which would end a paragraph."""
    return re.sub(r"(?<=\n)(?=\n)", " ", text)


def kinds_of(markdown: str) -> list[str]:
    return [token.type for token in PARSER.parse(markdown)]


def outermost(markdown: str) -> list[str]:
    """The tags of the blocks that stand in no other."""
    return [t.tag for t in PARSER.parse(markdown) if t.level == 0 and t.nesting >= 0]


def without_code_and_escapes(markdown: str) -> str:
    return re.sub(r"\\[!-/:-@\[-`{-~]|`[^`]*`", "", markdown)


def citation(number: int = 1, **changes: Any) -> Citation:
    fields: dict[str, Any] = {
        "number": number, "document_id": f"guide-{number}", "title": f"Guide {number}",
        "publisher": "Us", "year": 2021, "url": "https://original.example", "section": "Start",
        "start": 10 * number, "end": 10 * number + 5, "quote": "quote",
        "document_sha256": f"{number:064x}"[::-1],
    }  # fmt: skip
    return Citation(**fields | changes)


def answer(text: str, count: int = 1, **changes: Any) -> Answer:
    """An answer with so many citations, of a document each."""
    fields: dict[str, Any] = {
        "question": "What first?", "resolved_question": "What first?", "outcome": "answered",
        "confidence": 0.8, "text": text, "decline": None, "engine": "by hand", "index": "none",
        "prompts": {}, "citations": tuple(citation(n) for n in range(1, count + 1)),
        "claims": (Claim(text="quote", support="verbatim", citations=(1,)),),
    }  # fmt: skip
    return Answer(**fields | changes)


def declined(text: str, *nearest: Citation, **changes: Any) -> Answer:
    decline = Decline(reason="not_covered", missing="nothing", nearest=nearest)
    fields: dict[str, Any] = {
        "outcome": "declined",
        "claims": (),
        "citations": (),
        "decline": decline,
    }
    return answer(text, **fields | changes)


def disagreement(*meanings: tuple[str, int]) -> Disagreement:
    senses = tuple(Sense(meaning=text, citations=(number,)) for text, number in meanings)
    return Disagreement(term="word", senses=senses)


def pieces_of(made: Answer) -> list[str]:
    return list(answer_markdown(made, STRINGS))


def body_of(made: Answer) -> str:
    """The Markdown of an answer above its sources."""
    return "".join(pieces_of(made)).partition(f"## {STRINGS.sources}")[0]


def number_of(cited: Citation) -> Link:
    return Link(f"[{cited.number}]", source_link(cited), source_line(cited))


def rows_of(markdown: str) -> list[list[str]]:
    """The rows of all tables, each as the texts of its cells."""
    rows: list[list[str]] = []
    tokens = PARSER.parse(markdown)
    for n, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(text_of(tokens[n + 1]))
    return rows


def list_shape(markdown: str) -> list[Any]:
    """The lists as nested Python lists of their texts, ordered ones begun by their number. The
    paragraphs of an item are one text."""
    stack: list[list[Any]] = [[]]
    fresh = True
    for token in PARSER.parse(markdown):
        if token.type == "list_item_open":
            fresh = True
        if token.type in ("bullet_list_open", "ordered_list_open"):
            ordered = token.type == "ordered_list_open"
            stack.append([int(token.attrs.get("start", 1))] if ordered else [])
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            made = stack.pop()
            stack[-1].append(made)
            fresh = True
        elif token.type == "inline" and len(stack) > 1:
            if fresh:
                stack[-1].append(text_of(token))
            else:
                stack[-1][-1] += f" {text_of(token)}"
            fresh = False
    return stack[0]


# --- exact ----------------------------------------------------------------------------


@thorough
@given(TEXTS)
@example("a@b.example+c@d.example")
@example("Type www. before it")
@example("``http://a.example``")
@example("a\n\n  b \n c")
@example("\\http://a.example/\\")
def test_an_exact_text_is_shown_as_it_is_and_is_nothing_but_text(text: str) -> None:
    markdown = exact(text)
    assert kinds_of(markdown) == (PARAGRAPH if text else [])
    assert texts_of(markdown) == ([held_open(text)] if text else [])
    kinds = {child.type for token in inlines(markdown) for child in token.children or []}
    assert kinds <= {"text", "code_inline", "softbreak"}


@thorough
@given(TEXTS)
def test_no_colon_begins_a_directive(text: str) -> None:
    assert ":" not in without_code_and_escapes(exact(text))


@thorough
@given(TEXTS)
@example("Type www. before it")
@example("www.|www.a.example")
@example("write to a@b.example, or http://c.example")
def test_addresses_stand_in_code_and_never_bare(text: str) -> None:
    children = [child for token in inlines(exact(text)) for child in token.children or []]
    assert not any(LINKED.search(child.content) for child in children if child.type == "text")


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example",
        "HTTPS://A.Example/b_c?d=e&f=*g*#h",
        "https://a.example/b:c",
        "https://xn--a.example/~b/(c)/d",
        "www.a.example",
        "WWW.a.example/b",
        "a@b.example",
        "a.b+c-d_e@f-g.h.example",
        "mailto:a@b.example",
        "xmpp:a@b.example",
    ],
)
def test_an_address_is_set_as_code_and_the_words_around_it_are_not(address: str) -> None:
    (inline,) = inlines(exact(f"See {address} and\n{address} there"))
    code = [child.content for child in inline.children or [] if child.type == "code_inline"]
    assert code == [address, address]
    assert text_of(inline) == f"See {address} and\n{address} there"


@pytest.mark.parametrize("after", [*".,;:!?)]’”'\"", "”.", ").", "...", "…", "»", ">"])
@pytest.mark.parametrize("address", ["https://a.example/b", "www.a.example", "a@b.example"])
def test_punctuation_behind_an_address_stays_outside_it(address: str, after: str) -> None:
    for text in (f"See {address}{after}", f"See {address}{after} Then act."):
        (inline,) = inlines(exact(text))
        code = [child.content for child in inline.children or [] if child.type == "code_inline"]
        assert code == [address]
        assert text_of(inline) == text


@pytest.mark.parametrize("text", ["a@b.example+c@d.example", "a@b.example..c@d.example"])
def test_addresses_that_touch_are_shown_without_marks_of_their_own(text: str) -> None:
    assert texts_of(exact(text)) == [text]


@pytest.mark.parametrize("text", ["Type www. before it", "It begins with www.", "www.|a"])
def test_the_beginning_of_an_address_is_no_link_either(text: str) -> None:
    (inline,) = inlines(exact(text))
    bare = [child.content for child in inline.children or [] if child.type == "text"]
    assert not any(LINKED.search(part) for part in bare)
    assert text_of(inline) == text


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("zero\u200bwidth", "zerowidth"),
        ("\u200b", ""),
        ("see https://a.exam\u200bple/b", "see https://a.example/b"),
    ],
)
def test_the_sign_that_chainlit_takes_for_its_cursor_is_left_out(text: str, without: str) -> None:
    assert "".join(texts_of(exact(text))) == without
    assert "\u200b" not in exact(text)


def test_leaving_out_the_cursor_does_not_make_an_address() -> None:
    (inline,) = inlines(exact("a\u200b@b.example"))
    assert not any(LINKED.search(c.content) for c in inline.children or [] if c.type == "text")


def test_words_without_punctuation_are_left_as_they_are() -> None:
    text = "Ärzte fragen “zuerst” – 実施 ε ≤ 0·05…"
    assert exact(text) == text


# --- links ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document_id", "written"),
    [
        ("plan", "plan"),
        ("a/guide (1)", "a%2Fguide%20%281%29"),
        ("../up", "..%2Fup"),
        ("[x](y)", "%5Bx%5D%28y%29"),
        ("\"quoted\" 'so' <b>", "%22quoted%22%20%27so%27%20%3Cb%3E"),
        ("Ä实", "%C3%84%E5%AE%9E"),
        ("100%?a=b&c#d", "100%25%3Fa%3Db%26c%23d"),
        ("a\\b|c`d*e", "a%5Cb%7Cc%60d%2Ae"),
    ],
)
def test_a_document_is_named_in_a_link_whatever_its_id(document_id: str, written: str) -> None:
    cited = citation(
        document_id=document_id, start=3, end=70, document_sha256="0123456789abcdef" * 4
    )
    assert source_link(cited) == f"/source/{written}?start=3&end=70&version=0123456789abcdef"


@thorough
@given(st.text(min_size=1, max_size=20))
def test_a_link_to_a_section_is_safe_in_markdown_and_names_it(anchor: str) -> None:
    address = source_link(citation(anchor=anchor))
    assert links_of(f"[x]({address})") == [Link("x", address)]
    assert parse_qs(urlsplit(address).query, keep_blank_values=True)["anchor"] == [anchor]
    assert address.startswith(source_link(citation()))


@thorough
@given(st.text(min_size=1, max_size=20))
def test_a_link_to_a_source_is_safe_in_markdown_and_says_where(document_id: str) -> None:
    cited = citation(document_id=document_id, start=0, end=12)
    address = source_link(cited)
    assert re.fullmatch(r"/source/[A-Za-z0-9._~%-]+\?[a-z0-9=&]+", address)
    assert links_of(f"[x]({address})") == [Link("x", address)]
    parts = urlsplit(address)
    assert unquote(parts.path.removeprefix("/source/")) == document_id
    assert parse_qs(parts.query) == {
        "start": ["0"], "end": ["12"], "version": [cited.document_sha256[:16]],
    }  # fmt: skip


@thorough
@given(st.text(min_size=1, max_size=30))
@example("What is “a & b”? (c) [d] 100% +1 #2")
def test_a_link_to_a_question_is_safe_in_markdown_and_holds_all_of_it(question: str) -> None:
    address = question_link(question)
    assert links_of(f"[x]({address})") == [Link("x", address)]
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("", "", "/", "")
    assert parse_qs(parts.query, strict_parsing=True) == {"prompt": [question]}


# --- the text of an answer ------------------------------------------------------------


def test_every_number_is_a_link_to_its_own_place() -> None:
    made = answer("Ask first. [1] Then act. [2]\n\nOnce more. [1][2]", 2)
    one, two = made.citations
    assert texts_of(body_of(made)) == ["Ask first. [1] Then act. [2]", "Once more. [1][2]"]
    assert links_of(body_of(made)) == [number_of(c) for c in (one, two, one, two)]


def test_a_number_never_runs_into_another_and_one_without_a_citation_stays_text() -> None:
    made = answer("Twelve. [12] One. [1] Both. [1][12] Neither. [13] [0] [121] [ 1] [1a] (1)", 12)
    numbers = [link.text for link in links_of(body_of(made))]
    assert numbers == ["[12]", "[1]", "[1]", "[12]"]
    assert texts_of(body_of(made)) == [made.text]
    addresses = [link.address for link in links_of(body_of(made))]
    assert addresses == [source_link(made.citations[n - 1]) for n in (12, 1, 1, 12)]


def test_a_number_that_is_part_of_a_quote_is_never_a_link() -> None:
    quote = "As [1] says, [2](x), [1][2] and \\[1\\]."
    made = answer(f"{escape_markdown(quote)} [2]", 2)
    assert texts_of(body_of(made)) == [f"{quote} [2]"]
    assert links_of(body_of(made)) == [number_of(made.citations[1])]


def test_a_number_keeps_to_itself_whatever_stands_before_and_after_it() -> None:
    made = answer("Stop![1] “Quoted”[1], *told [1]* and **[1]**: (see [1])")
    assert texts_of(body_of(made)) == ["Stop![1] “Quoted”[1], told [1] and [1]: (see [1])"]
    assert links_of(body_of(made)) == [number_of(citation())] * 5


@pytest.mark.parametrize("name", QUOTES)
def test_a_scripted_quote_is_shown_exactly(name: str) -> None:
    made = ScriptedAssistant().ask(f"quote {name}")
    assert texts_of(body_of(made)) == [QUOTES[name].replace("\u200b", "") + " [1]"]
    assert links_of(body_of(made)) == [number_of(made.citations[0])]


@thorough
@given(st.lists(QUOTED, min_size=1, max_size=3))
@example(["As [1] says, see a@b.example."])
@example(["Title\n===", "1. first\n- second"])
def test_any_quotes_are_shown_exactly_with_their_numbers_as_the_only_links(
    quotes: list[str],
) -> None:
    text = "\n\n".join(f"{escape_markdown(q)} [{n}]" for n, q in enumerate(quotes, 1))
    made = answer(text, len(quotes))
    assert outermost(body_of(made)) == ["p"] * len(quotes)
    assert texts_of(body_of(made)) == [f"{q} [{n}]" for n, q in enumerate(quotes, 1)]
    assert links_of(body_of(made)) == [number_of(cited) for cited in made.citations]


@thorough
@given(st.lists(QUOTED.map(lambda text: text.replace("\n", " ")), min_size=1, max_size=3))
def test_any_quotes_are_shown_exactly_as_items_of_a_list(quotes: list[str]) -> None:
    text = "\n".join(f"- {escape_markdown(q)} [{n}]" for n, q in enumerate(quotes, 1))
    made = answer(text, len(quotes))
    assert list_shape(body_of(made)) == [[f"{q} [{n}]" for n, q in enumerate(quotes, 1)]]
    assert links_of(body_of(made)) == [number_of(cited) for cited in made.citations]


def test_emphasis_is_kept_and_a_heading_stays_below_those_of_the_page() -> None:
    made = answer("# From *A plan*\n\nAsk **first**, then *act*. [1]")
    assert "### From *A plan*" in body_of(made)
    assert "Ask **first**\\, then *act*\\. [" in body_of(made)
    assert outermost(body_of(made)) == ["h3", "p"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [the plan](https://evil.example) there.", "See the plan there."),
        ("See ![a picture](https://evil.example/p.png) there.", "See a picture there."),
        ("See <https://evil.example> there.", "See <https://evil.example> there."),
        ("See https://evil.example there.", "See https://evil.example there."),
        ("See [the plan][x] there.\n\n[x]: https://evil.example", "See the plan there."),
        (
            "See <a href='https://evil.example'>it</a>.",
            "See <a href='https://evil.example'>it</a>.",
        ),
        ("See [a](javascript:alert%281%29) there.", "See [a](javascript:alert%281%29) there."),
    ],
)
def test_nothing_in_the_text_is_clickable(text: str, shown: str) -> None:
    markdown = body_of(answer(text))
    assert links_of(markdown) == []
    assert texts_of(markdown) == [shown]
    (inline,) = inlines(markdown)
    bare = [child.content for child in inline.children or [] if child.type == "text"]
    assert not any(LINKED.search(part) for part in bare)


def test_html_and_code_of_the_text_are_shown_as_they_are_written() -> None:
    made = answer("<script>alert(1)</script>\n\n    a = *b*\n\n```\nc = [1]\n```\n\n`d *e*`")
    shown = ["<script>alert(1)</script>", "a = *b*", "c = [1]", "d *e*"]
    assert texts_of(body_of(made)) == shown
    assert links_of(body_of(made)) == []


# --- lists ----------------------------------------------------------------------------


@pytest.mark.parametrize("marker", ["-", "+", "*"])
def test_bullets_stay_bullets(marker: str) -> None:
    made = answer(f"Two are: [1]\n\n{marker} a lead [1]\n{marker} a coach [1]")
    assert outermost(body_of(made)) == ["p", "ul"]
    assert list_shape(body_of(made)) == [["a lead [1]", "a coach [1]"]]


def test_a_point_after_a_quoted_list_is_no_item_of_that_list() -> None:
    made = answer("Two are: [1]\n\n- a lead [1]\n- a coach [1]\n\n+ Ask first. [2]", 2)
    assert list_shape(body_of(made)) == [["a lead [1]", "a coach [1]"], ["Ask first. [2]"]]


def test_a_quoted_list_after_points_is_a_list_of_its_own() -> None:
    made = answer("+ Ask first. [1]\n+ Then act. [1]\n\n- a lead [2]\n\n+ Look back. [1]", 2)
    points = ["Ask first. [1]", "Then act. [1]"]
    assert list_shape(body_of(made)) == [points, ["a lead [2]"], ["Look back. [1]"]]


@pytest.mark.parametrize("first", [0, 1, 2, 9, 99])
def test_a_numbered_list_begins_where_it_began(first: int) -> None:
    made = answer(f"{first}. plan [1]\n{first + 1}. act [1]\n{first + 2}. look back [1]")
    assert list_shape(body_of(made)) == [[first, "plan [1]", "act [1]", "look back [1]"]]
    assert links_of(body_of(made)) == [number_of(citation())] * 3


def test_a_list_in_a_list_stays_inside_it_at_any_depth() -> None:
    made = answer(
        "9. plan\n10. act [1]\n    - ask [1]\n    - tell\n      1. the lead [1]\n"
        "      2. the coach\n    - wait\n11. look back [1]"
    )
    depth_3 = [1, "the lead [1]", "the coach"]
    depth_2 = ["ask [1]", "tell", depth_3, "wait"]
    assert list_shape(body_of(made)) == [[9, "plan", "act [1]", depth_2, "look back [1]"]]


def test_an_item_of_several_lines_or_paragraphs_is_one_item_with_all_its_words() -> None:
    made = answer("- first\n  line two [1]\n\n  a paragraph\n- last [1]")
    (items,) = list_shape(body_of(made))
    assert [item.split() for item in items] == [
        ["first", "line", "two", "[1]", "a", "paragraph"], ["last", "[1]"],
    ]  # fmt: skip


def test_code_in_an_item_is_not_lost() -> None:
    made = answer("- Set it so:\n\n      depth = 3\n\n- last [1]")
    (items,) = list_shape(body_of(made))
    assert [item.split() for item in items] == [
        ["Set", "it", "so:", "depth", "=", "3"], ["last", "[1]"],
    ]  # fmt: skip


def test_a_quote_of_several_lines_in_an_item_begins_no_item() -> None:
    quote = "Two are:\n- a lead\n1. a coach"
    made = answer(f"- {escape_markdown(quote)} [1]\n- last [1]")
    assert list_shape(body_of(made)) == [[f"{quote} [1]", "last [1]"]]


# --- senses side by side --------------------------------------------------------------


def senses(*numbers: int) -> str:
    return "\n".join(f"- In “Guide {n}”: Meaning {n}. [{n}]" for n in numbers)


@pytest.mark.parametrize("count", [2, 3])
def test_senses_are_columns_each_below_its_source(count: int) -> None:
    numbers = range(1, count + 1)
    made = answer(
        f'It uses "word" in senses:\n\n{senses(*numbers)}\n\nSay which.', count,
        disagreements=(disagreement(*((f"Meaning {n}.", n) for n in numbers)),),
    )  # fmt: skip
    markdown = body_of(made)
    assert outermost(markdown) == ["p", "table", "p"]
    assert rows_of(markdown) == [
        [f"Guide {n}" for n in numbers],
        [f"Meaning {n}. [{n}]" for n in numbers],
    ]
    assert links_of(markdown) == [number_of(cited) for cited in made.citations]
    assert list_shape(markdown) == []


def test_a_sense_that_several_places_hold_has_all_their_numbers() -> None:
    senses_held = (
        Sense(meaning="Wide.", citations=(1, 3)), Sense(meaning="Deep.", citations=(2,)),
    )  # fmt: skip
    made = answer(
        "- In one: Wide. [1] [3]\n- In two: Deep. [2]", 3,
        disagreements=(Disagreement(term="word", senses=senses_held),),
    )  # fmt: skip
    assert rows_of(body_of(made)) == [["Guide 1", "Guide 2"], ["Wide. [1] [3]", "Deep. [2]"]]


@pytest.mark.parametrize(
    "meaning",
    ["a | b || c", "a \\| b \\", "| --- |", "*a* [9] <b> `c` ~~d~~ :e", "see www.a.example|b"],
)
def test_marks_in_a_meaning_break_no_cell(meaning: str) -> None:
    made = answer(
        senses(1, 2), 2, disagreements=(disagreement((meaning, 1), ("Meaning 2.", 2)),)
    )  # fmt: skip
    assert rows_of(body_of(made)) == [["Guide 1", "Guide 2"], [f"{meaning} [1]", "Meaning 2. [2]"]]


@thorough
@given(st.tuples(QUOTED, QUOTED), st.tuples(QUOTED, QUOTED))
def test_any_meanings_and_titles_stand_in_their_columns(
    meanings: tuple[str, str], titles: tuple[str, str]
) -> None:
    first, second = (part.replace("\n", " ") for part in titles)
    made = answer(
        senses(1, 2), 2, citations=(citation(1, title=first), citation(2, title=second)),
        disagreements=(disagreement((meanings[0], 1), (meanings[1], 2)),),
    )  # fmt: skip
    cells = [f"{m} [{n}]".replace("\n", " ") for n, m in enumerate(meanings, 1)]
    assert rows_of(body_of(made)) == [[first, second], cells]


def test_a_meaning_of_several_lines_stays_in_its_cell() -> None:
    made = answer(senses(1, 2), 2, disagreements=(disagreement(("Two\nlines.", 1), ("One.", 2)),))
    assert rows_of(body_of(made)) == [["Guide 1", "Guide 2"], ["Two lines. [1]", "One. [2]"]]


def test_a_title_of_several_lines_stays_in_its_cell() -> None:
    made = answer(
        senses(1, 2), 2, citations=(citation(1, title="A guide\nin parts"), citation(2)),
        disagreements=(disagreement(("One.", 1), ("Two.", 2)),),
    )  # fmt: skip
    assert rows_of(body_of(made)) == [["A guide in parts", "Guide 2"], ["One. [1]", "Two. [2]"]]


def test_two_disagreements_are_two_tables_and_other_lists_stay_lists() -> None:
    made = answer(
        f"Lead. [1]\n\n- first [1]\n- second [2]\n- third [3]\n\nOne word:\n\n{senses(2, 3)}\n\n"
        f"Another:\n\n{senses(4, 5, 6)}\n\nLast:\n\n- end [2]",
        6,
        disagreements=(
            disagreement(("Meaning 2.", 2), ("Meaning 3.", 3)),
            disagreement(("Meaning 4.", 4), ("Meaning 5.", 5), ("Meaning 6.", 6)),
        ),
    )
    markdown = body_of(made)
    assert outermost(markdown) == ["p", "ul", "p", "table", "p", "table", "p", "ul"]
    assert rows_of(markdown) == [
        ["Guide 2", "Guide 3"],
        ["Meaning 2. [2]", "Meaning 3. [3]"],
        ["Guide 4", "Guide 5", "Guide 6"],
        ["Meaning 4. [4]", "Meaning 5. [5]", "Meaning 6. [6]"],
    ]
    assert list_shape(markdown) == [["first [1]", "second [2]", "third [3]"], ["end [2]"]]


def test_a_list_with_the_numbers_of_the_senses_is_a_list_once_they_were_shown() -> None:
    made = answer(
        f"{senses(1, 2)}\n\nAgain:\n\n- ask [1]\n- act [2]", 2,
        disagreements=(disagreement(("One.", 1), ("Two.", 2)),),
    )  # fmt: skip
    assert outermost(body_of(made)) == ["table", "p", "ul"]
    assert list_shape(body_of(made)) == [["ask [1]", "act [2]"]]


def test_the_scripted_senses_are_shown_once() -> None:
    made = ScriptedAssistant().ask("senses")
    markdown = body_of(made)
    title = ScriptedAssistant.TITLE
    assert rows_of(markdown) == [[title, title], ["Opening words. [1]", "Closing words. [2]"]]
    assert "".join(texts_of(markdown)).count("Opening words.") == 1


# --- what stands around the text ------------------------------------------------------


def test_sources_are_grouped_by_document_with_all_their_numbers() -> None:
    made = answer(
        "Text. [1]", 4,
        citations=(
            citation(1, document_id="a", title="A *plan*: see a@b.example"),
            citation(2, document_id="b", title="B", publisher=None),
            citation(3, document_id="a", title="A *plan*: see a@b.example", start=90, end=99),
            citation(4, document_id="c", title="C", publisher=None, year=None),
        ),
    )  # fmt: skip
    one, two, three, four = made.citations
    _, _, below = "".join(pieces_of(made)).partition(f"## {STRINGS.sources}")
    assert list_shape(below) == [
        ["[1] [3] A *plan*: see a@b.example (Us, 2021)", "[2] B (2021)", "[4] C"]
    ]
    assert links_of(below) == [number_of(c) for c in (one, three, two, four)]


def test_a_source_with_pages_and_an_author_is_listed_with_both() -> None:
    made = answer(
        "Text. [1]", 3,
        citations=(
            citation(1, document_id="a", title="A", author="Dr *Lee*", page=12, page_label="iv"),
            citation(2, document_id="a", title="A", author="Dr *Lee*", page=3, page_label="3"),
            citation(3, document_id="a", title="A", author="Dr *Lee*", page=12, page_label="iv"),
        ),
    )  # fmt: skip
    _, _, below = "".join(pieces_of(made)).partition(f"## {STRINGS.sources}")
    assert list_shape(below) == [
        ["[1] [2] [3] A (Dr *Lee*, Us, 2021), page iv (12 in the file), page 3"]
    ]


def test_an_author_who_is_the_publisher_is_named_once() -> None:
    made = answer("Text. [1]", citations=(citation(1, title="A", author="Us"),))
    _, _, below = "".join(pieces_of(made)).partition(f"## {STRINGS.sources}")
    assert list_shape(below) == [["[1] A (Us, 2021)"]]


@pytest.mark.parametrize("line", ["Answered from: A *plan* :x", *QUOTES.values()])
def test_what_was_answered_from_stands_first_and_to_the_letter(line: str) -> None:
    made = answer("Text. [1]", resolved_question="In full?")
    pieces = list(answer_markdown(made, STRINGS, line))
    shown = " ".join(line.replace("\u200b", "").split())
    assert " ".join("".join(texts_of(pieces[0])).split()) == shown
    assert pieces[1:] == list(answer_markdown(made, STRINGS))
    assert links_of(pieces[0]) == []


def test_what_was_answered_from_stands_above_a_declined_question_too() -> None:
    pieces = list(answer_markdown(declined("Not here."), STRINGS, "Answered from: A"))
    assert texts_of(pieces[0]) == ["Answered from: A"]
    assert pieces[1].startswith(f"> **{STRINGS.declined}**")


@pytest.mark.parametrize("title", [*QUOTES.values(), "“Quoted”", "*", "__init__", "[sic]"])
def test_a_source_is_bold_and_named_exactly_beside_and_behind_its_number(title: str) -> None:
    made = answer("Text. [1]", citations=(citation(title=title, publisher="A [b] *c*"),))
    _, _, below = "".join(pieces_of(made)).partition(f"## {STRINGS.sources}")
    title = title.replace("\u200b", "")
    (inline,) = inlines(below)
    assert text_of(inline) == f"[1] {title} (A [b] *c*, 2021)"
    children = inline.children or []
    kinds = [child.type for child in children]
    bold = children[kinds.index("strong_open") + 1 : kinds.index("strong_close")]
    shown = "".join("\n" if child.type == "softbreak" else child.content for child in bold)
    assert shown == title
    (link,) = links_of(below)
    assert link.title == source_line(citation(title=title, publisher="A [b] *c*")).replace(
        "\n", " "
    )


def test_blanks_at_the_ends_of_a_title_leave_no_marks() -> None:
    made = answer("Text. [1]", citations=(citation(title=" A plan "),))
    assert "*" not in "".join(texts_of("".join(pieces_of(made))))


def test_a_question_understood_otherwise_stands_above_the_answer() -> None:
    made = answer("Text. [1]", resolved_question="What *first* on a [ward]?")
    markdown = body_of(made)
    assert texts_of(markdown) == [
        f"{STRINGS.understood_as} What *first* on a [ward]?", "Text. [1]",
    ]  # fmt: skip
    first = inlines(markdown)[0].children or []
    assert (first[0].type, first[-1].type) == ("em_open", "em_close")


def test_a_question_taken_as_it_is_and_nothing_else_to_say_adds_no_line() -> None:
    markdown = "".join(pieces_of(answer("Text. [1]")))
    assert texts_of(markdown) == ["Text. [1]", STRINGS.sources, "[1] Guide 1 (Us, 2021)"]


def test_all_that_can_be_said_stands_in_its_order() -> None:
    made = answer(
        "Text. [1]", resolved_question="What first, in full?", clarify="One [site], or *all*?",
        follow_ups=("What does *A* say about [b]?", "And then?"),
        notices=("Read as: “so_so”.", "2 files changed."),
    )  # fmt: skip
    markdown = "".join(pieces_of(made))
    assert texts_of(markdown) == [
        f"{STRINGS.understood_as} What first, in full?",
        "Text. [1]",
        f"{STRINGS.clarify} One [site], or *all*?",
        STRINGS.sources,
        "[1] Guide 1 (Us, 2021)",
        STRINGS.follow_ups,
        "What does *A* say about [b]?",
        "And then?",
        f"{STRINGS.note} Read as: “so_so”.",
        f"{STRINGS.note} 2 files changed.",
    ]
    assert outermost(markdown) == ["p", "p", "p", "h2", "ul", "h2", "ul", "p", "p"]
    assert links_of(markdown) == [
        number_of(citation()),
        number_of(citation()),
        *(Link(question, question_link(question)) for question in made.follow_ups),
    ]


@pytest.mark.parametrize("words", ["What is at http://a.example/[b]:c?", "http://a.example/b]:c"])
def test_a_question_or_title_with_an_address_is_a_link_and_no_definition(words: str) -> None:
    markdown = "".join(pieces_of(answer("Text. [1]", follow_ups=(words,))))
    assert links_of(markdown)[-1] == Link(words, question_link(words))
    near = citation(title=words)
    markdown = "".join(pieces_of(declined(f"- {escape_markdown(words)}", near)))
    assert links_of(markdown) == [Link(words, source_link(near))]


# --- a declined answer ----------------------------------------------------------------


def test_a_declined_answer_is_one_quotation_below_its_title() -> None:
    near = [citation(1, title="A *plan*"), citation(2, title="Guide: see http://b.example")]
    titles = "\n".join(f"- {escape_markdown(one.title)}" for one in near)
    made = declined(f"Not here. [1]\n\nThe nearest:\n\n{titles}\n- Another", *near)
    markdown = "".join(pieces_of(made))
    assert outermost(markdown) == ["blockquote"]
    assert texts_of(markdown) == [
        STRINGS.declined, "Not here. [1]", "The nearest:",
        "A *plan*", "Guide: see http://b.example", "Another",
    ]  # fmt: skip
    assert links_of(markdown) == [Link(one.title, source_link(one)) for one in near]
    assert list_shape(markdown) == [["A *plan*", "Guide: see http://b.example", "Another"]]


def test_the_scripted_decline_links_to_the_nearest_guidance() -> None:
    made = ScriptedAssistant().ask("paint the wall")
    markdown = "".join(pieces_of(made))
    assert made.decline
    (near,) = made.decline.nearest
    assert outermost(markdown) == ["blockquote"]
    assert links_of(markdown) == [Link(ScriptedAssistant.TITLE, source_link(near))]


def test_a_nearest_title_of_several_lines_is_a_link_as_well() -> None:
    near = citation(title="A guide\nin parts")
    made = declined(f"The nearest:\n\n- {escape_markdown(near.title)}", near)
    markdown = "".join(pieces_of(made))
    assert outermost(markdown) == ["blockquote"]
    assert [link.address for link in links_of(markdown)] == [source_link(near)]
    assert texts_of(markdown)[-1] == "A guide\nin parts"


def test_two_nearest_documents_of_one_title_are_linked_each_to_its_own() -> None:
    near = [citation(1, title="Read me"), citation(2, title="Read me")]
    made = declined("The nearest:\n\n- Read me\n- Read me", *near)
    markdown = "".join(pieces_of(made))
    assert [link.address for link in links_of(markdown)] == [source_link(one) for one in near]


def test_notices_and_the_question_as_understood_stand_outside_the_quotation() -> None:
    made = declined("Not here.", resolved_question="In full?", notices=("One is new.",))
    markdown = "".join(pieces_of(made))
    assert outermost(markdown) == ["p", "blockquote", "p"]
    assert texts_of(markdown) == [
        f"{STRINGS.understood_as} In full?", STRINGS.declined, "Not here.",
        f"{STRINGS.note} One is new.",
    ]  # fmt: skip


# --- streaming ------------------------------------------------------------------------


def answers() -> Iterator[Answer]:
    scripted = ScriptedAssistant()
    for question in ("many", "senses", "paint", "anything", *(f"quote {name}" for name in QUOTES)):
        yield scripted.ask(question)
    yield answer(
        f"*Lead* **now**. [1]\n\n- a\n  1. b [2]\n\n{senses(1, 2)}\n\n- c [2]", 2,
        disagreements=(disagreement(("One.", 1), ("Two.", 2)),), clarify="Which?",
        resolved_question="In full?", follow_ups=("Who?", "Why?"), notices=("New.", "Old."),
    )  # fmt: skip
    yield declined("Not here.\n\n- A", citation(title="A"), notices=("New.",))


def assert_every_beginning_is_whole(pieces: list[str]) -> None:
    whole = "".join(pieces)
    texts, links = texts_of(whole), links_of(whole)
    for count in range(1, len(pieces)):
        beginning = "".join(pieces[:count])
        shown, linked = texts_of(beginning), links_of(beginning)
        assert shown == texts[: len(shown)]
        assert linked == links[: len(linked)]


@pytest.mark.parametrize("made", list(answers()), ids=lambda made: made.question)
def test_every_beginning_of_an_answer_is_whole(made: Answer) -> None:
    pieces = pieces_of(made)
    assert len(pieces) >= 3
    assert_every_beginning_is_whole(pieces)


@thorough
@given(st.lists(QUOTED, min_size=1, max_size=3), QUOTED, QUOTED)
def test_every_beginning_of_an_answer_with_any_words_is_whole(
    quotes: list[str], asked: str, noticed: str
) -> None:
    made = answer(
        "\n\n".join(f"{escape_markdown(q)} [{n}]" for n, q in enumerate(quotes, 1)), len(quotes),
        resolved_question=asked, clarify=asked, follow_ups=(asked, noticed), notices=(noticed,),
    )  # fmt: skip
    pieces = pieces_of(made)
    assert_every_beginning_is_whole(pieces)
    expected = [
        *[f"{STRINGS.understood_as} {asked}"] * (asked != made.question),
        *(f"{q} [{n}]" for n, q in enumerate(quotes, 1)),
        f"{STRINGS.clarify} {asked}",
        STRINGS.sources,
        *(f"[{n}] Guide {n} (Us, 2021)" for n in range(1, len(quotes) + 1)),
        STRINGS.follow_ups,
        asked,
        noticed,
        f"{STRINGS.note} {noticed}",
    ]
    assert texts_of("".join(pieces)) == expected


# --- failures -------------------------------------------------------------------------


def test_a_failure_is_one_quotation_with_its_lines_below_its_title() -> None:
    markdown = failure_markdown("That *failed*", "The index in /a_b/[c] is gone.", "Run: so")
    assert outermost(markdown) == ["blockquote"]
    assert texts_of(markdown) == ["That *failed*", "The index in /a_b/[c] is gone.", "Run: so"]
    title, *_ = inlines(markdown)
    kinds = [child.type for child in title.children or [] if child.type != "text"]
    assert kinds == ["strong_open", "strong_close"]
    assert links_of(markdown) == []


def test_a_failure_without_lines_is_its_title() -> None:
    assert texts_of(failure_markdown("That failed")) == ["That failed"]


@thorough
@given(TEXTS.filter(bool), st.lists(TEXTS.filter(bool), max_size=3))
def test_any_failure_is_shown_exactly_in_one_quotation(title: str, lines: list[str]) -> None:
    markdown = failure_markdown(title, *lines)
    assert outermost(markdown) == ["blockquote"]
    assert texts_of(markdown) == [held_open(part) for part in (title, *lines)]
    assert links_of(markdown) == []


# --- written by a language model ------------------------------------------------------

SIGNS = STRINGS.signs


def written(text: str, *claims: Claim, count: int = 1, **changes: Any) -> Answer:
    return answer(text, count, **{"engine": ENGINE, "claims": claims} | changes)


def one(text: str, *numbers: int, support: str = "supported", why: str | None = None) -> Claim:
    fields = {"text": text, "support": support, "citations": numbers, "reason": why}
    return Claim.model_validate(fields)


def test_each_written_sentence_has_its_sign_and_below_stands_what_they_mean() -> None:
    made = written(
        f"One. [1] Two. [2] Three. [2] (Not supported: {WHY})",
        one("One.", 1, support="verbatim"), one("Two.", 2),
        one("Three.", 2, support="unsupported", why=WHY), count=2,
    )  # fmt: skip
    first, legend, *_ = texts_of(body_of(made))
    assert first == f"One. [1]\u00a0❝ Two. [2]\u00a0✓ Three. [2]\u00a0⚠ (Not supported: {WHY})"
    assert legend == (
        f"❝ {SIGNS.verbatim_means} · ✓ {SIGNS.supported_means} · ⚠ {SIGNS.unsupported_means}"
    )
    assert "*Three\\.* [" in body_of(made)
    assert f"⚠ **\\(Not supported\\: {exact(WHY)}\\)**" in body_of(made)


def test_items_and_views_side_by_side_have_signs_too() -> None:
    meanings = (("One sense", 1), ("Other sense", 2))
    made = written(
        "- In “A”: One sense [1]\n- In “B”: Other sense [2]\n\n1. Third. [1]",
        one("One sense", 1, support="verbatim"), one("Other sense", 2, support="verbatim"),
        one("Third.", 1), count=2, disagreements=(disagreement(*meanings),),
    )  # fmt: skip
    body = body_of(made)
    assert rows_of(body)[1] == ["One sense [1]\u00a0❝", "Other sense [2]\u00a0❝"]
    assert "Third. [1]\u00a0✓" in texts_of(body)


@pytest.mark.parametrize("engine", ["extractive", "scripted"])
def test_a_quoted_answer_has_neither_signs_nor_a_legend(engine: str) -> None:
    made = written("One. [1]", one("One.", 1, support="verbatim"), engine=engine)
    assert "❝" not in body_of(made)


@given(TEXTS.filter(bool))
@thorough
def test_a_written_sentence_is_exact_and_nothing_in_it_is_live(text: str) -> None:
    claim = one(text, 1, support="unsupported", why="it is so.")
    said = f"{escape_markdown(text)} [1] (Not supported: it is so.)"
    body = "".join(pieces_of(written(said, claim)))
    ours = ("/source/", "/?prompt=")
    assert all(link.address.startswith(ours) for link in links_of(body))
    assert not LINKED.search(without_code_and_escapes(re.sub(r"\]\([^)]*\)", "]", body)))


def test_quotes_stand_below_their_documents_each_with_its_number_and_page() -> None:
    first = citation(1, quote="First.", page=3, page_label="iv")
    second = citation(2, quote="Second.")
    third = citation(3, quote="Third.", document_id="guide-1", title="Guide 1")
    made = written("", citations=(first, second, third), count=3)
    markdown = quotes_markdown(made, STRINGS)
    assert texts_of(markdown) == [
        STRINGS.quotes, "Guide 1 (Us, 2021)", "[1] “First.” (page iv (3 in the file))",
        "[3] “Third.”", "Guide 2 (Us, 2021)", "[2] “Second.”",
    ]  # fmt: skip
    assert links_of(markdown) == [number_of(cited) for cited in (first, third, second)]


@given(QUOTED)
@thorough
def test_a_quote_is_exact_and_nothing_in_it_is_live(quote: str) -> None:
    cited = citation(1, quote=quote)
    markdown = quotes_markdown(written("", citations=(cited,)), STRINGS)
    *_, shown = texts_of(markdown)
    assert shown == f"[1] “{held_open(quote.strip())}”"
    assert links_of(markdown) == [number_of(cited)]
