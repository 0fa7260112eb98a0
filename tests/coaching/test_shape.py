"""Minutes: whatever is cut or shared, every minute is given out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coaching.data import ActivityStep
from assistant.coaching.shape import LEAST, activity_count, cut, share_between, share_out, timed
from tests.coaching.coached import bank

LENGTHS = range(20, 241)
SHAPES = bank().shapes


@pytest.mark.parametrize("more_doing", [False, True])
@pytest.mark.parametrize("tired", [False, True])
def test_every_length_is_cut_into_parts_that_add_up(more_doing: bool, tired: bool) -> None:
    for minutes in LENGTHS:
        parts = cut(SHAPES, minutes, more_doing, tired)
        assert sum(parts.values()) == minutes
        assert min(parts.values()) >= LEAST


def test_the_lengths_of_the_shapes_are_cut_as_they_say() -> None:
    for minutes, parts in SHAPES.minutes.items():
        assert cut(SHAPES, minutes) == dict(parts)


def test_parts_stand_in_the_order_of_an_agenda() -> None:
    order = list(SHAPES.minutes[240])
    for minutes in LENGTHS:
        assert list(cut(SHAPES, minutes)) == [
            part for part in order if part in cut(SHAPES, minutes)
        ]


def test_a_break_comes_from_90_minutes_on_and_for_the_tired_from_60() -> None:
    for minutes in LENGTHS:
        assert ("break" in cut(SHAPES, minutes)) == (minutes >= 90)
        assert ("break" in cut(SHAPES, minutes, tired=True)) == (minutes >= 60)
        for tired in (False, True):
            assert cut(SHAPES, minutes, tired=tired).get("break", 5) >= 5


def test_a_longer_session_never_has_less_time_for_activities() -> None:
    # Where the break begins, it is taken from the activities.
    for sooner, later in pairwise(LENGTHS):
        if later != 90:
            assert cut(SHAPES, later)["activity"] >= cut(SHAPES, sooner)["activity"] - 1


def test_more_doing_takes_from_looking_and_listening_and_from_nothing_else() -> None:
    for minutes in LENGTHS:
        usual, doing = cut(SHAPES, minutes), cut(SHAPES, minutes, more_doing=True)
        assert doing["activity"] >= usual["activity"]
        assert doing["story"] <= usual["story"]
        assert doing["idea"] <= usual["idea"]
        assert all(abs(doing[part] - usual[part]) <= 1 for part in ("welcome", "decide", "actions"))
    assert cut(SHAPES, 60, more_doing=True)["activity"] > cut(SHAPES, 60)["activity"] + 5


def test_the_largest_part_of_a_session_is_for_activities() -> None:
    for minutes in LENGTHS:
        parts = cut(SHAPES, minutes)
        assert parts["activity"] == max(parts.values())


def test_the_longer_the_session_the_more_activities() -> None:
    counts = [activity_count(SHAPES, minutes) for minutes in LENGTHS]
    assert counts == sorted(counts)
    assert (activity_count(SHAPES, 20), activity_count(SHAPES, 74)) == (1, 1)
    assert (activity_count(SHAPES, 75), activity_count(SHAPES, 150)) == (2, 3)


shares = st.lists(st.floats(0.01, 1000), min_size=1, max_size=12)


@given(shares, st.integers(0, 500), st.integers(1, 5))
def test_what_is_shared_out_adds_up_and_nothing_is_below_the_least(
    parts: list[float], more: int, least: int
) -> None:
    minutes = least * len(parts) + more
    given_out = share_out(minutes, parts, least)
    assert sum(given_out) == minutes
    assert len(given_out) == len(parts)
    assert min(given_out) >= least


@given(shares, st.integers(0, 500))
def test_a_larger_share_never_gets_less(parts: list[float], more: int) -> None:
    given_out = share_out(len(parts) + more, parts)
    pairs = sorted(zip(parts, given_out, strict=True))
    for (share, minutes), (larger, for_larger) in pairwise(pairs):
        assert share == larger or for_larger >= minutes - 1e-9


@given(shares, st.integers(0, 300))
def test_sharing_out_depends_on_proportions_only(parts: list[float], more: int) -> None:
    minutes = len(parts) + more
    assert share_out(minutes, parts) == share_out(minutes, [part * 4 for part in parts])


def test_equal_shares_differ_by_a_minute_at_most() -> None:
    assert share_out(17, [1, 1]) == [9, 8]
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    assert share_out(6, [5, 5, 5], 2) == [2, 2, 2]


def test_too_few_minutes_are_refused() -> None:
    with pytest.raises(ValueError, match="3 minutes are too few for 2 parts of 2"):
        share_out(3, [1, 1], 2)


steps = st.lists(
    st.builds(
        ActivityStep, share=st.integers(1, 20), do=st.sampled_from(["Sit.", "Ask.", "Write."])
    ),
    min_size=1,
    max_size=7,
)


@given(steps, st.integers(1, 120))
def test_steps_take_all_minutes_and_none_is_left_out(of: list[ActivityStep], minutes: int) -> None:
    made = timed(of, minutes)
    assert sum(step.minutes for step in made) == minutes
    assert min(step.minutes for step in made) >= 1
    assert " ".join(step.text for step in made) == " ".join(step.do for step in of)
    assert len(made) == min(len(of), minutes)


ranges = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 40), st.integers(0, 60)).map(
        lambda one: (one[0], one[0] + one[1], one[0] + one[1] + one[2])
    ),
    min_size=1,
    max_size=5,
)


@given(ranges, st.integers(0, 500))
def test_activities_share_minutes_within_what_they_can_take(
    limits: list[tuple[int, int, int]], minutes: int
) -> None:
    shared = share_between(minutes, limits)
    possible = sum(one[0] for one in limits) <= minutes <= sum(one[2] for one in limits)
    assert (shared is not None) == possible
    if shared is not None:
        assert sum(shared) == minutes
        for (least, _, most), one in zip(limits, shared, strict=True):
            assert least <= one <= most


@given(ranges)
def test_activities_take_their_usual_time_where_that_fills_the_minutes(
    limits: list[tuple[int, int, int]],
) -> None:
    usual = [one[1] for one in limits]
    assert share_between(sum(usual), limits) == usual


@given(ranges, st.integers(1, 400))
def test_with_another_minute_no_activity_gets_less(
    limits: list[tuple[int, int, int]], minutes: int
) -> None:
    before, after = share_between(minutes, limits), share_between(minutes + 1, limits)
    if before and after:
        assert all(a >= b for a, b in zip(after, before, strict=True))
