import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.sentences import split_sentences

PROSE = st.text(alphabet="abAB .?!:;,()“”\"'’123éß😀\n\t", max_size=80)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_two_sentences_are_two_spans_without_the_space_between() -> None:
    assert split_sentences("Ask first. Then act.") == [(0, 10), (11, 20)]


def test_space_around_sentences_belongs_to_none() -> None:
    assert split("  Ask  first.   Then act.  ") == ["Ask  first.", "Then act."]


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_nothing_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


def test_text_without_a_full_stop_is_one_sentence() -> None:
    assert split("a checklist for the first week") == ["a checklist for the first week"]


@pytest.mark.parametrize(
    "text",
    [
        "Use a short tool, e.g. The Weekly Check, before you start.",
        "Name the lead (i.e. The person who answers) in the plan.",
        "Compare one site vs. Another site of the same size.",
        "The visit lasts approx. Two hours in each school.",
        "Compare it with cf. Table notes before you decide.",
        "Look at Fig. 3 before you plan the visit.",
        "Step no. 4 is the one that teams skip.",
        "The rule is on p. 12 of the handbook.",
        "The rule is on pp. 12 to 14 of the handbook.",
        "It appeared in vol. 7 of the series.",
        "Dr. Osei asked Mrs. Lane for the plan.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert split(text) == [text]


def test_a_reference_number_glued_to_the_full_stop_stays_with_its_sentence() -> None:
    assert split("Nobody agreed on the term (not even here).12 The team met again.") == [
        "Nobody agreed on the term (not even here).12",
        "The team met again.",
    ]


def test_a_reference_number_after_a_quotation_mark_stays_with_its_sentence() -> None:
    assert split("They call it “ready enough”.3 “Ready” has no scale.") == [
        "They call it “ready enough”.3",
        "“Ready” has no scale.",
    ]


def test_a_decimal_number_is_not_cut() -> None:
    assert split("The score rose by 2.5 points. Nobody knew why.") == [
        "The score rose by 2.5 points.",
        "Nobody knew why.",
    ]


def test_questions_and_exclamations_end_sentences() -> None:
    assert split("Who decides? The board does! Ask it.") == [
        "Who decides?",
        "The board does!",
        "Ask it.",
    ]


def test_offsets_count_characters_where_others_take_more_bytes() -> None:
    assert split("😀 Zoë starts small. Thén she grows. 𝔘 ends it.") == [
        "😀 Zoë starts small.",
        "Thén she grows.",
        "𝔘 ends it.",
    ]


@settings(max_examples=100, deadline=None)
@given(PROSE)
def test_spans_are_ordered_and_do_not_overlap(text: str) -> None:
    spans = split_sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(PROSE)
def test_sentences_are_stripped_and_lose_nothing_but_space(text: str) -> None:
    sentences = split(text)
    assert all(sentence == sentence.strip() for sentence in sentences)
    assert "".join("".join(sentences).split()) == "".join(text.split())
