"""Numbers with their units and bounds, as they are read."""

import pytest

from assistant.answering.checking.amounts import Amount
from tests.answering.checking.scripted import read


def amounts(text: str) -> list[tuple[float, str | None, str | None]]:
    return [(one.value, one.unit, one.bound) for one in read(text).amounts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Visit 12 schools.", (12, None, None)),
        ("Visit twelve schools.", (12, None, None)),
        ("Visit a dozen schools.", (12, None, None)),
        ("Visit twenty-five schools.", (25, None, None)),
        ("Visit two hundred schools.", (200, None, None)),
        ("Visit 1,250 schools.", (1250, None, None)),
        ("Visit 10 000 schools.", (10_000, None, None)),
        ("It takes 1.5 days.", (1.5, "day", None)),
        ("It takes ten weeks.", (10, "week", None)),
        ("A 90-day trial.", (90, "day", None)),
        ("It takes three school terms.", (3, "term", None)),
        ("It takes five working days.", (5, "day", None)),
        ("It costs £2.50.", (2.5, "£", None)),
        ("It costs 2 million euros.", (2_000_000, "€", None)),
        ("It costs 40 pounds.", (40, "£", None)),
        ("It costs €40.", (40, "€", None)),
        ("Some 20 per cent left.", (20, "%", None)),
        ("It fell by 5 percentage points.", (5, "point", None)),
        ("A dose of 5mg.", (5, "mg", None)),
        ("Half of them left.", (50, "%", None)),
        ("Halve the time.", (50, "%", None)),
        ("A third of them left.", (33, "%", None)),
        ("A quarter of them left.", (25, "%", None)),
        ("At least three schools.", (3, None, "least")),
        ("More than 3 schools.", (3, None, "least")),
        ("Over 3 schools.", (3, None, "least")),
        ("3 or more schools.", (3, None, "least")),
        ("A minimum of 3 schools.", (3, None, "least")),
        ("At most three schools.", (3, None, "most")),
        ("Up to three schools.", (3, None, "most")),
        ("No more than three schools.", (3, None, "most")),
        ("Under 3 schools.", (3, None, "most")),
        ("Fewer than about 3 schools.", (3, None, "most")),
        ("One school joined.", (1, None, None)),
    ],
)  # fmt: skip
def test_an_amount_has_a_number_a_unit_and_a_bound(
    text: str, expected: tuple[float, str | None, str | None]
) -> None:
    assert amounts(text) == [expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 months", "one year"),
        ("24 months", "two years"),
        ("18 months", "1.5 years"),
        ("seven days", "1 week"),
        ("14 days", "two weeks"),
        ("60 minutes", "1 hour"),
        ("90 minutes", "1.5 hours"),
        ("24 hours", "one day"),
        ("ten years", "one decade"),
    ],
)
def test_amounts_that_are_the_same_by_definition_are_equal(one: str, other: str) -> None:
    (first,), (second,) = amounts(one), amounts(other)
    assert first == second


@pytest.mark.parametrize(
    "text", ["two to ten weeks", "2-10 weeks", "2–10 weeks", "two or ten weeks"]
)
def test_both_ends_of_a_range_have_its_unit(text: str) -> None:
    assert [unit for _, unit, _ in amounts(text)] == ["fortnight", "week"]
    assert amounts(text.replace("weeks", "months"))[0] == (2, "month", None)


@pytest.mark.parametrize(
    ("text", "value"), [("the 3rd visit", 3), ("the second year", 2), ("the tenth", 10)]
)
def test_an_ordinal_is_an_amount_without_unit_or_bound(text: str, value: float) -> None:
    assert read(text).amounts == (Amount(value, None, None, True, text == "the tenth"),)


@pytest.mark.parametrize(
    "text", ["One of them left.", "No one left.", "The one here.", "One another", "A one-off"]
)
def test_a_word_that_only_points_is_no_amount(text: str) -> None:
    assert amounts(text) == []


def test_an_hour_is_said_to_be_one_but_does_not_say_so() -> None:
    one = read("It takes an hour each week.")
    assert one.amounts == ()
    assert {(a.value, a.unit) for a in one.amounts_said} == {(1, "hour"), (1, "week")}


def test_every_one_may_count_something_in_what_is_said() -> None:
    assert read("The one that stays.").amounts == ()
    assert [a.value for a in read("The one that stays.").amounts_said] == [1]
