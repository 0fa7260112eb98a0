import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.scope import EVERYTHING, choices, scope_of
from assistant.chat.strings import read_strings

WORDS = read_strings().scope
OWN = {"manual": "Our manual", "ward/plan": "Ward plan"}
LIBRARY = {"note-1": "Teams", "note-2": "Coaching"}
TITLES = st.dictionaries(st.text(max_size=3), st.sampled_from(["A", "B", ""]), max_size=5)


def test_everything_comes_first_then_ours_and_the_library_then_each_of_ours() -> None:
    offered = choices(OWN, LIBRARY, WORDS)
    assert [(one.value, one.label) for one in offered] == [
        ("everything", WORDS.everything),
        ("own", WORDS.own),
        ("library", WORDS.library),
        ("document:manual", "Our manual"),
        ("document:ward/plan", "Ward plan"),
    ]
    assert [one.documents for one in offered] == [
        (), ("manual", "ward/plan"), ("note-1", "note-2"), ("manual",), ("ward/plan",),
    ]  # fmt: skip


@pytest.mark.parametrize(("own", "library"), [({}, LIBRARY), ({}, {}), ({"a": "A"}, {})])
def test_nothing_is_offered_where_nothing_is_to_choose(
    own: dict[str, str], library: dict[str, str]
) -> None:
    assert choices(own, library, WORDS) == ()


def test_without_the_library_there_are_only_the_documents() -> None:
    offered = choices(OWN, {}, WORDS)
    assert [one.value for one in offered] == ["everything", "document:manual", "document:ward/plan"]


def test_documents_of_the_same_title_are_told_apart() -> None:
    offered = choices({"a": "Plan", "b": "Plan", "c": "Other"}, LIBRARY, WORDS)
    assert [one.label for one in offered[3:]] == ["Plan (a)", "Plan (b)", "Other"]


@given(TITLES, TITLES)
def test_all_that_is_offered_can_be_chosen_and_no_two_look_alike(
    own: dict[str, str], library: dict[str, str]
) -> None:
    offered = choices(own, library, WORDS)
    assert len({one.value for one in offered}) == len(offered)
    for one in offered:
        scope = scope_of(one.value, offered, WORDS)
        assert (scope.value, scope.documents) == (one.value, one.documents)
        assert bool(scope.documents) == (one.value != EVERYTHING) == bool(scope.line)


def test_the_line_says_what_was_chosen() -> None:
    offered = choices(OWN, LIBRARY, WORDS)
    assert scope_of("document:manual", offered, WORDS).line == "Answered from: Our manual"
    assert scope_of("own", offered, WORDS).line == "Answered from: Our own documents"
    assert scope_of("everything", offered, WORDS).line == ""
    assert scope_of("everything", (), WORDS).line == ""


@pytest.mark.parametrize("value", ["document:gone", "document:note-1", "own ", "", "nonsense"])
def test_what_is_not_offered_any_more_is_everything_and_that_is_said(value: str) -> None:
    scope = scope_of(value, choices(OWN, LIBRARY, WORDS), WORDS)
    assert (scope.value, scope.documents, scope.line) == (EVERYTHING, (), WORDS.gone)
