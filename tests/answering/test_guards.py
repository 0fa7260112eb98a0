import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.guards import Amount, amounts_in, differences

WORDS = st.sampled_from(
    "coaches visit twice a month at least two weeks every six 20 % not must may staff 3 to 5"
    " visits term weekly up".split()
)
SENTENCES = st.lists(WORDS, max_size=15).map(" ".join)


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("Coaches visit twice a month.", "often:time", 24, 24),
        ("Two coaching visits a month are planned.", "often:time", 24, 24),
        ("Meet every six weeks.", "often:time", 8.7, 8.7),
        ("Review the data monthly.", "often:time", 12, 12),
        ("Full implementation takes two to four years.", "long", 730, 1460),
        ("A 90-day trial.", "long", 90, 90),
        ("About 80 per cent of staff.", "share", 80, 80),
        ("Begin with 3–5 schools.", "many:school", 3, 5),
        ("Two visits a term.", "often:time", 6.6, 12.2),
        ("Two forms a shift.", "often:shift", 2, 2),
    ],
)
def test_an_amount_is_read_in_days_times_a_year_shares_or_things(
    text: str, kind: str, low: float, high: float
) -> None:
    (amount,) = amounts_in(text)
    assert amount.kind == kind
    assert amount.low == pytest.approx(low, rel=0.03)
    assert amount.high == pytest.approx(high, rel=0.03)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("At least two visits a shift.", 2, float("inf")),
        ("No more than two visits a shift.", 0, 2),
        ("Up to two visits a shift.", 0, 2),
    ],
)
def test_a_bound_leaves_the_other_end_open(text: str, low: float, high: float) -> None:
    assert amounts_in(text) == (Amount("often:shift", low, high),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Coaches visit once a month.", "Coaching visits should take place every week."),
        ("The pilot runs for six weeks.", "Run a pilot for at least three months."),
        ("Coaches visit twice a term.", "Visit each teacher at least once a week."),
        ("Eight in the team.", "Eight in the team."),
    ],
)
def test_amounts_that_cannot_both_be_true_differ(one: str, other: str) -> None:
    expected = {"amount"} if one != other else set()
    assert differences(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Coaches visit twice a month.", "Visit at least once a month."),
        ("Coaches visit four times a year.", "Coaches visit every quarter."),
        ("It takes two to four years.", "It took three years."),
        ("Two visits a term.", "Two years of visits."),  # not of one kind
        ("Three schools.", "Five wards."),
    ],
)
def test_amounts_that_can_both_be_true_do_not_differ(one: str, other: str) -> None:
    assert differences(one, other) == frozenset()


def test_one_sentence_that_negates_differs_from_one_that_does_not() -> None:
    assert differences("Do not drop the last lesson.", "Drop the last lesson.") == {"negation"}
    assert differences("It isn't allowed.", "It is never allowed.") == frozenset()


def test_what_one_demands_and_the_other_leaves_open_differs() -> None:
    assert differences("Staff must attend.", "Staff may attend.") == {"obligation"}
    assert differences("Staff should attend.", "Staff may attend.") == frozenset()


@given(SENTENCES)
def test_no_sentence_differs_from_itself(text: str) -> None:
    assert differences(text, text) == frozenset()


@given(SENTENCES, SENTENCES)
def test_it_does_not_matter_which_sentence_comes_first(one: str, other: str) -> None:
    assert differences(one, other) == differences(other, one)


@given(SENTENCES)
def test_every_amount_goes_from_low_to_high(text: str) -> None:
    assert all(0 <= amount.low <= amount.high for amount in amounts_in(text))
