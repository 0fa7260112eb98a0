"""A statement as what can be compared: read by rules, so every reading is an example."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.answering.checking.scripted import read


def test_words_of_content_are_those_that_tell_something() -> None:
    one = read("The teams should review it with a coach.")
    assert [one.words[n].lower for n in one.content] == ["teams", "review", "coach"]
    assert [one.stems[n] for n in one.content] == ["team", "review", "coach"]
    assert read("It is not so.").content == ()


@pytest.mark.parametrize(
    ("text", "soft"),
    [
        ("Avoid changes.", {"avoid"}),
        ("The effect is unclear.", {"unclear"}),
        ("Staff disagree.", {"disagree"}),
        ("It is useless.", {"useless"}),
        ("A non-profit team", set()),
        ("Under one unit, until a discussion of the distance.", set()),
        ("Staff review notes.", set()),
    ],
)
def test_words_that_deny_without_a_not_are_soft_denials(text: str, soft: set[str]) -> None:
    assert read(text).soft_denials == soft


def test_a_number_is_of_the_words_that_follow_it() -> None:
    counted = read("The review covers 14 long papers and 20 schools.").counted
    assert counted == ((14, frozenset({"long", "paper"})), (20, frozenset({"school"})))


# --- times, dates, moves, names


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Meet weekly.", {"week"}),
        ("Meet every month.", {"month"}),
        ("Meet twice a term.", {"term"}),
        ("It takes years.", {"year"}),
        ("An annual review per hour.", {"year", "hour"}),
        ("The day is long.", set()),
        ("Meet soon.", set()),
    ],
)
def test_times_are_units_in_words_of_how_often_or_how_long(text: str, times: set[str]) -> None:
    assert read(text).times == times


def test_units_are_named_with_a_number_or_without() -> None:
    assert read("Some weeks, 5% and £3.").units == {"week", "%", "£"}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Review it in June.", {"june"}),
        ("We meet on monday.", {"monday"}),
        ("Review it in May and March.", {"may", "march"}),
        ("May we march on?", set()),
        ("Staff may go.", set()),
    ],
)
def test_dates_are_months_and_days_but_not_words_that_look_so(text: str, dates: set[str]) -> None:
    assert read(text).dates == dates


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("Scale it up.", set()),
        ("Scale up and then out.", {"scale up"}),
        ("Scaling deep and spreading out.", {"scale deep", "scale out"}),
        ("A scaled across programme.", {"scale across"}),
        ("Look up.", set()),
    ],
)
def test_moves_say_what_is_scaled_where(text: str, moves: set[str]) -> None:
    assert read(text).moves == moves


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We use Kotter and the CFIR.", ["Kotter", "CFIR"]),
        ("Teams use it. Coaches know it.", []),
        ("CFIR is used.", ["CFIR"]),
        ("Fixsen and colleagues wrote it.", ["Fixsen"]),
        ("Fixsen and Blase wrote it.", ["Fixsen", "Blase"]),
        ("Fixsen et al. wrote it.", ["Fixsen"]),
        ("In June on Monday", []),
        ("The McLean plan and PM2 tools", ["McLean", "PM2"]),
        ("ALL IN CAPITALS LIKE NASA", []),
    ],
)
def test_names_are_capitals_where_no_sentence_opens(text: str, names: list[str]) -> None:
    assert [name for _, name in read(text).names] == names


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("The Education Endowment Foundation pays.", "eef"),
        ("The National Institutes of Health pay.", "nih"),
        ("The Consolidated Framework for Implementation Research", "cfir"),
    ],
)
def test_names_in_capitals_have_initials_which_spell_them_out(text: str, short: str) -> None:
    one = read(text)
    assert short in one.initials
    (*_, spelt) = one.spelt_out({short})
    assert len(spelt) == len(short)
    assert one.spelt_out({"xyz"}) == []


def test_names_far_apart_have_no_initials() -> None:
    assert read("The lead asks Kotter what the team wants from Fixsen.").initials == frozenset()


# --- questions to a wording


def test_a_phrase_is_said_in_whole_words_only() -> None:
    one = read("Coaches lead teams, at least once.")
    assert one.says(("at least",))
    assert not one.says(("each lead", "oaches", "least twice"))
    assert one.first_of(("nothing", "lead teams", "at least")) == "lead teams"
    assert one.first_of(()) is None
    assert one.has(("none", "teams"))
    assert not one.has(())


def test_a_word_after_a_denial_is_not_open() -> None:
    assert read("It is required.").open({"required"})
    assert not read("It is not required.").open({"required"})
    assert read("It is not required here, it is required there.").open({"required"})


def test_near_a_word_are_three_words_to_each_side() -> None:
    assert read("Teams review big plans before small schools close again").near("before") == {
        "review", "big", "plan", "small", "school", "close",
    }  # fmt: skip
    assert read("Teams meet.").near("before") == frozenset()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    one = read(text)
    assert len(one.stems) == len(one.words)
    assert all(0 <= n < len(one.words) for n in one.content)
    assert one.units | one.dates | one.initials | one.times is not None
    assert all(amount.value >= 0 for amount in one.amounts_said)
    assert all(one.words[n].written == name for n, name in one.names)
    assert all(value >= 0 for value, _ in one.counted)
    assert sum(word.denied_first for word in one.words) <= one.denials
