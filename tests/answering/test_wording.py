"""A statement as what can be compared: read by rules, so every reading is an example."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.wording import Amount, Wording, plain


def cut(words: Sequence[str]) -> list[str]:
    """Stems as simple as can be: a word without its s at the end."""
    return [word.rstrip("s") or word for word in words]


def read(text: str) -> Wording:
    return Wording(text, cut)


def amounts(text: str) -> list[tuple[float, str | None, str | None]]:
    return [(one.value, one.unit, one.bound) for one in read(text).amounts]


def words(text: str) -> list[str]:
    return [word.lower for word in read(text).words]


# --- the text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Keep\n the\tcore. ", "Keep the core."),
        ("Keep the\u00a0core.", "Keep the core."),
        ("- Keep the core.", "Keep the core."),
        ("* Keep the core.", "Keep the core."),
        ("• Keep the core.", "Keep the core."),
        ("3. Keep the core.", "Keep the core."),
        ("(b) Keep the core.", "Keep the core."),
        ("**Keep** the core.", "Keep the core."),
        ("‘Keep’ the “core”.", "'Keep' the \"core\"."),
        ("re\u00adview", "review"),
        ("team\u2010led and team\u2011led", "team-led and team-led"),
        ("10 000 staff", "10,000 staff"),
        ("ﬁdelity", "fidelity"),
    ],
)
def test_plain_text_has_no_marks_and_single_spaces(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize("text", ["A plan - no more.", "In 2019. Then more.", "-5 degrees", "12.5"])
def test_plain_text_keeps_what_is_no_mark_of_a_list(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Staff, then coaches!", "staff then coaches"),
        ("Smith's team-led plan", "smith's team led plan"),
        ("They can't and won't.", "they cannot and will n't"),
        ("It isn’t so.", "it is n't so"),
        ("Staff can not go.", "staff cannot go"),
        ("Teams have to meet and need to plan.", "teams have_to meet and need_to plan"),
        ("It has to do with reach.", "it has to do with reach"),
        ("20 per cent, 5%, 3 percentage points", "20 percent 5 % 3 percentage-point"),
        ("£1,200.50 for 5mg", "£ 1,200.50 for 5 mg"),
        ("one half term", "one half-term"),
        ("the 3rd visit", "the 3rd visit"),
        ("A top-down plan", "a top-down plan"),
        ("", ""),
        ("?! – …", ""),
    ],
)
def test_words_are_read_without_punctuation_and_spelt_out(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


def test_a_word_keeps_its_letters_and_knows_whether_it_opens_a_sentence() -> None:
    found = read("Teams meet. Coaches visit; Leaders pay: Staff stay").words
    assert [word.written for word in found if word.first] == ["Teams", "Coaches", "Staff"]


def test_words_of_content_are_those_that_tell_something() -> None:
    one = read("The teams should review it with a coach.")
    assert [one.words[n].lower for n in one.content] == ["teams", "review", "coach"]
    assert [one.stems[n] for n in one.content] == ["team", "review", "coach"]
    assert read("It is not so.").content == ()


# --- denials


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Staff do not change it.", 1),
        ("Staff never change it without a coach.", 2),
        ("It isn't so, and it can't be.", 2),
        ("Nobody knows and none asks.", 2),
        ("Not only teams but also leaders.", 0),
        ("Not just teams, not merely leaders.", 0),
        ("No matter what, there is no doubt.", 0),
        ("It matters, not least to staff.", 0),
        ("Staff change it.", 0),
    ],
)
def test_denials_are_counted_but_for_those_that_deny_nothing(text: str, count: int) -> None:
    assert read(text).denials == count


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("Staff do not change the core plan.", "change core plan"),
        ("Staff do not change the core, they adapt timing.", "change core"),
        ("Do not stop. Review notes.", "stop"),
        ("Staff do not wait but review notes.", "wait"),
        ("No team leaves school early in summer.", "team leaves school early"),
        ("Not only teams review notes.", ""),
        ("Staff review notes.", ""),
    ],
)
def test_a_denial_reaches_four_words_of_content_or_the_next_break(text: str, reached: str) -> None:
    assert " ".join(word.lower for word in read(text).words if word.denied) == reached


def test_the_first_word_that_a_denial_reaches_is_known() -> None:
    found = read("Staff do not change the core, and never skip a review.").words
    assert [word.lower for word in found if word.denied_first] == ["change", "skip"]


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


# --- amounts


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


@settings(deadline=None)
@given(st.text(max_size=200))
def test_plain_text_has_no_space_around_it_nor_two_in_it(text: str) -> None:
    assert "  " not in plain(text)
    assert plain(text) == plain(text).strip()
