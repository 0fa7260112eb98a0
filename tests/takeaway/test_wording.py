from datetime import date, time

from assistant.takeaway.wording import clock, date_line, facts
from tests.coaching.sample import sample_brief, sample_plan


def test_times_are_counted_from_nothing_where_no_time_is_set() -> None:
    assert [clock(sample_brief(), minute) for minute in (0, 65)] == ["0:00", "1:05"]


def test_times_are_those_of_the_day_where_one_is_set_even_past_midnight() -> None:
    brief = sample_brief(at=time(23, 30))
    assert [clock(brief, minute) for minute in (0, 45)] == ["23:30", "00:15"]


def test_a_date_is_written_out_with_times_and_zone() -> None:
    brief = sample_brief(day=date(2026, 12, 3), at=time(14), zone="Europe/London")
    assert date_line(brief) == "Thursday 3 December 2026, 14:00 to 15:30 (Europe/London)"
    assert date_line(sample_brief(day=date(2026, 12, 3))) == "Thursday 3 December 2026"
    assert date_line(sample_brief()) == ""


def test_what_was_assumed_says_so() -> None:
    plan = sample_plan(brief=sample_brief(assumed=("size",)))
    found = dict(facts(plan))
    assert found["Size"] == "8 people (assumed, the brief did not say)"
    assert found["Length"] == "90 minutes"


def test_what_nobody_said_is_left_out() -> None:
    assert "Country" not in dict(facts(sample_plan()))
