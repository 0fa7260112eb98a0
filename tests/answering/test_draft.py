"""A model's text as it comes: sentences, their numbers, and what is no text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.draft import Draft, Sentence, Words

TEXT = (
    "## Coaching\n\nCoaches visit once a week [1]. Visits last 3.5 hours, e.g. in spring [2, 3]. "
    "Nobody judges.\n\n- First **item** [1]\n- Second [12]: two parts. More of it [3]\n\n"
    "1. See [this page](http://evil.example/a) now [2].\n<b>Bold</b> end [4]"
)
PIECES = st.lists(
    st.sampled_from(
        ["Teams meet. ", "Coaches visit 3.5 times, e.g. weekly", " [1]", "[2, 3]", ". ", "\n",
         "\n\n", "- ", "2. ", "# Head\n", "**", "_", "`", "<b>", "</b>", "[x](http://e.example)",
         "! ", "?", "[", "]", "【4†source】", "(see [5])", " and ", ": ", "http://e.example/a?b ",
         "é ", "\t"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


def cut(text: str, *places: int) -> list[Sentence | Words]:
    """What a draft makes of a text that comes in these pieces."""
    found: list[Sentence | Words] = []
    draft, at = Draft(), 0
    for place in (*sorted(places), len(text)):
        found += draft.add(text[at:place])
        at = place
    found += draft.finish()
    assert draft.text == text
    return found


def sentences(text: str) -> list[Sentence]:
    return [part for part in cut(text) if isinstance(part, Sentence)]


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


def numbers(text: str) -> list[tuple[int, ...]]:
    return [sentence.numbers for sentence in sentences(text)]


def words(text: str) -> str:
    return "".join(part.text for part in cut(text) if isinstance(part, Words))


@settings(deadline=None)
@given(text=PIECES | st.just(TEXT) | st.text(max_size=60), data=st.data())
def test_a_text_is_the_same_however_it_is_cut(text: str, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=20))
    assert cut(text, *places) == cut(text) == cut(text, *range(len(text)))


@settings(deadline=None)
@given(text=PIECES | st.text(max_size=60))
def test_every_sentence_is_given_once_and_has_words(text: str) -> None:
    found = sentences(text)
    assert all(any(c.isalnum() or c == "_" for c in one.text) for one in found)
    assert [one.block for one in found] == sorted(one.block for one in found)
    for one in found:
        assert len(one.numbers) <= 3
        assert len(set(one.numbers)) == len(one.numbers)


def test_a_text_becomes_sentences_with_their_numbers() -> None:
    found = [(one.text, one.numbers, one.marker, one.opens) for one in sentences(TEXT)]
    assert found == [
        ("Coaches visit once a week.", (1,), "", True),
        ("Visits last 3.5 hours, e.g. in spring.", (2, 3), "", False),
        ("Nobody judges.", (), "", False),
        ("First item", (1,), "-", True),
        ("Second: two parts.", (12,), "-", True),
        ("More of it", (3,), "-", False),
        ("See this page now.", (2,), "1.", True),
        ("Bold end", (4,), "", True),
    ]
    assert [one.block for one in sentences(TEXT)] == [0, 0, 0, 1, 2, 2, 3, 4]


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("[1]", (1,)), ("[ 1 ]", (1,)), ("[1, 3]", (1, 3)), ("[1; 3]", (1, 3)),
        ("[1 and 3]", (1, 3)),
        ("[1 & 3]", (1, 3)), ("[1][3]", (1, 3)), ("[1] [3]", (1, 3)), ("[1][1][1]", (1,)),
        ("[2-4]", (2, 3, 4)), ("[2–4]", (2, 3, 4)), ("[passage 2]", (2,)),
        ("[Passages 2, 3]", (2, 3)),
        ("[Source 2]", (2,)), ("[^2]", (2,)), ("【2】", (2,)), ("【2†source】", (2,)),
        ("[2†L1-L9]", (2,)), ("[99]", (99,)), ("[0]", (0,)), ("[1,2,3,4,5]", (1, 2, 3)),
        ("[1, passage 3]", (1, 3)),
    ],
)  # fmt: skip
def test_numbers_have_many_forms(marker: str, expected: tuple[int, ...]) -> None:
    for text in (f"Teams meet {marker}.", f"Teams meet. {marker}", f"Teams meet.{marker}"):
        [one] = sentences(text)
        assert (one.text, one.numbers) == ("Teams meet.", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Teams meet [1]. Coaches visit [2].", [(1,), (2,)]),
        ("Teams meet. [1] Coaches visit. [2]", [(1,), (2,)]),
        ("Teams meet.[1] Coaches visit.[2]", [(1,), (2,)]),
        ("[1] Teams meet. [2] Coaches visit.", [(1, 2), ()]),
        ("Teams [1] and coaches [2] meet.", [(1, 2)]),
        ("Teams meet.\n[1]\nCoaches visit [2].", [(), (2,)]),
        ("Teams meet. Coaches visit [2].", [(), (2,)]),
    ],
)
def test_a_number_belongs_to_the_sentence_before_it(
    text: str, expected: list[tuple[int, ...]]
) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It takes 3.5 years on average.", "Use e.g. a plan.", "See p. 4 of it.", "It is 1,200 £.",
        "Half (50%) of staff, i.e. most, stay.", "Was it 0.5 or .5?", "5 < 6 schools took part.",
    ],
)  # fmt: skip
def test_full_stops_inside_a_sentence_end_none(text: str) -> None:
    assert texts(text) == [text]


@pytest.mark.parametrize(
    ("line", "marker", "text"),
    [
        ("- Plan it.", "-", "Plan it."), ("* Plan it.", "-", "Plan it."),
        ("• Plan it.", "-", "Plan it."),
        ("+ Plan it.", "-", "Plan it."), ("  - Plan it.", "-", "Plan it."),
        ("1. Plan it.", "1.", "Plan it."),
        ("12) Plan it.", "12.", "Plan it."), ("-5 is cold.", "", "-5 is cold."),
        ("2020 was cold.", "", "2020 was cold."), ("**Plan** it.", "", "Plan it."),
    ],
)  # fmt: skip
def test_items_have_their_marker(line: str, marker: str, text: str) -> None:
    [one] = sentences(line)
    assert (one.marker, one.text, one.opens) == (marker, text, True)


@pytest.mark.parametrize(
    "heading", ["# Answer", "## What to do [1]", "   ###### Deep", "# Two. Parts."]
)
def test_headings_are_dropped(heading: str) -> None:
    assert texts(f"{heading}\n\nTeams meet.\n{heading}") == ["Teams meet."]
    assert words(f"{heading}\nTeams meet.\n") == "Teams meet.\n"


def test_a_number_sign_that_is_no_heading_stays() -> None:
    assert texts("#1 is the plan.") == ["#1 is the plan."]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Teams **meet** _often_ in `rooms`.", "Teams meet often in rooms."),
        ("See [the page](http://evil.example/x) now.", "See the page now."),
        ("A ![pixel](http://evil.example/p.png) picture.", "A picture."),
        ("Go to http://evil.example/pay now.", "Go to now."),
        ("Go to www.evil.example now.", "Go to now."),
        ("A <b>bold</b> <script>word</script> here.", "A bold word here."),
        ("A snake_case_name and 2*3*4 stay.", "A snake_case_name and 2*3*4 stay."),
        ("It \x1bblinks\x07 \u202ehere.", "It blinks here."),
    ],
)
def test_markup_and_addresses_are_dropped(text: str, left: str) -> None:
    assert texts(text) == [left]


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "---\n***\n", "![p](x)", "http://e.example", "[1] [2]"]
)
def test_what_has_no_words_is_no_sentence(text: str) -> None:
    assert sentences(text) == []


@pytest.mark.parametrize("text", ["Teams meet [see the plan.", "Teams meet [1."])
def test_an_open_bracket_at_the_end_loses_nothing(text: str) -> None:
    assert texts(text) == [text]


def test_words_are_those_of_the_sentences() -> None:
    text = "Teams meet [1]. Coaches visit, e.g. weekly [2].\n\n- An **item** [1]\n- Another"
    lines = ["Teams meet. Coaches visit, e.g. weekly.", "An item", "Another"]
    shown = [line.removeprefix("- ") for line in words(text).splitlines()]
    assert shown == lines


@pytest.mark.parametrize(
    "text",
    [
        'Look <img src="x" onerror="alert(1)"> here at once.',
        "Look ![a picture](http://evil.example/x) here at once.",
        "Look [at a page of somebody who means no good at all](http://evil.example/) here.",
        "Look **at the whole** of it here.",
    ],
)
def test_words_of_markup_with_blanks_are_those_of_the_sentences(text: str) -> None:
    assert words(text).split() == " ".join(texts(text)).split()


def test_a_sentence_is_given_as_soon_as_the_next_begins() -> None:
    draft = Draft()
    assert not [part for part in draft.add("Teams meet [1]. ") if isinstance(part, Sentence)]
    [found] = [part for part in draft.add("Coaches visit ") if isinstance(part, Sentence)]
    assert (found.text, found.numbers) == ("Teams meet.", (1,))
    [last] = [part for part in draft.finish() if isinstance(part, Sentence)]
    assert last.text == "Coaches visit"


def test_words_come_before_the_sentence_that_they_finish() -> None:
    *kinds, sentence, line_end = (type(part) for part in cut("Teams meet [1].\n"))
    assert set(kinds) == {Words}
    assert (sentence, line_end) == (Sentence, Words)


def test_a_sentence_that_ends_in_a_colon_leads() -> None:
    first, second = sentences("Teams do this [1]:\n- They meet [1].")
    assert (first.leads, second.leads) == (True, False)


def test_a_long_line_takes_time_as_long_as_it_is() -> None:
    def seconds(length: int) -> float:
        begun = time.process_time()
        cut("Coaches visit each teacher once a week. " * (length // 40))
        return time.process_time() - begun

    short = min(seconds(1_000) for _ in range(3))
    assert min(seconds(4_000) for _ in range(3)) < 12 * max(short, 0.02)
