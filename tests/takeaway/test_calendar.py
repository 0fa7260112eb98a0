from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from assistant.takeaway.errors import TakeawayError
from assistant.takeaway.export import take_away
from tests.coaching.sample import sample_brief, sample_plan, sample_series
from tests.takeaway.sample import strange_plan, taken

DAY = date(2026, 12, 3)


def plan_at(day: date | None = DAY, at: time | None = time(14), **changes: Any) -> Any:
    return sample_plan(brief=sample_brief(day=day, at=at, **changes))


def events(data: bytes) -> list[Any]:
    return Calendar.from_ical(data.decode()).walk("VEVENT")


def test_an_event_lasts_as_long_as_its_session_in_floating_time() -> None:
    (event,) = events(taken(plan_at(), "ics"))
    assert event["dtstart"].dt == datetime(2026, 12, 3, 14)
    assert event["dtend"].dt == datetime(2026, 12, 3, 15, 30)
    assert str(event["summary"]) == "Exploration: agree what the need in reading is"
    assert "Purpose: Agree what the need in reading is." in event["description"]
    assert "- Why explore first?" in event["description"]


def test_a_named_zone_is_described() -> None:
    data = taken(plan_at(zone="Europe/London"), "ics")
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/London" in data
    assert b"DTSTART;TZID=Europe/London:20261203T140000" in data


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+5", "Pacific/Auckland", "America/Sao_Paulo"])
@pytest.mark.parametrize("year", [1970, 2026, 2099])
def test_any_zone_and_year_can_be_read_again(zone: str, year: int) -> None:
    (event,) = events(taken(plan_at(day=date(year, 6, 1), zone=zone), "ics"))
    begins = event["dtstart"].dt
    assert (begins.date(), begins.hour) == (date(year, 6, 1), 14)
    assert event["dtend"].dt - begins == timedelta(minutes=90)


def test_a_session_lasts_its_minutes_though_the_clocks_change() -> None:
    plan = plan_at(day=date(2026, 3, 29), at=time(0, 30), zone="Europe/London")
    (event,) = events(taken(plan, "ics"))
    begins, ends = (event[name].dt.astimezone(UTC) for name in ("dtstart", "dtend"))
    assert ends - begins == timedelta(minutes=90)


def test_the_same_session_has_the_same_name_and_another_day_another() -> None:
    def uid(plan: Any) -> str:
        return str(events(taken(plan, "ics"))[0]["uid"])

    assert uid(plan_at()) == uid(plan_at(at=time(9), minutes=90))
    assert uid(plan_at()) != uid(plan_at(day=date(2026, 12, 4)))


def test_only_sessions_with_a_day_and_a_time_are_events() -> None:
    series = sample_series()
    one = series.sessions[1]
    dated = one.model_copy(update={"plan": plan_at()})
    sessions = (series.sessions[0], dated, series.sessions[2])
    found = events(taken(series.model_copy(update={"sessions": sessions}), "ics"))
    assert [event["dtstart"].dt.day for event in found] == [3]


@pytest.mark.parametrize("what", [sample_plan(), sample_series(), plan_at(at=None), plan_at(None)])
def test_without_a_day_and_a_time_it_says_how_to_name_them(what: Any) -> None:
    with pytest.raises(TakeawayError, match="on 3 December 2026 at 14:00"):
        taken(what, "ics")


@pytest.mark.parametrize("zone", ["Nowhere/City", "/etc", "Europe", "../x", "a\x00b"])
def test_an_unknown_zone_is_named(zone: str) -> None:
    plan = plan_at()
    brief = plan.brief.model_copy(update={"zone": zone})  # as where the machine knows fewer zones
    with pytest.raises(TakeawayError, match="no time zone"):
        taken(plan.model_copy(update={"brief": brief}), "ics")


@pytest.mark.parametrize("day", [date.min, date(1969, 12, 31), date(2100, 1, 1), date.max])
def test_a_year_out_of_reach_is_refused(day: date) -> None:
    with pytest.raises(TakeawayError, match="The year"):
        taken(plan_at(day=day, zone="Europe/London"), "ics")


def test_the_time_of_making_is_the_one_that_is_given() -> None:
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    (event,) = events(take_away(plan_at(), "ics", now=now).data)
    assert event["dtstamp"].dt == now
    assert taken(plan_at(), "ics") == taken(plan_at(), "ics")


def test_strange_text_does_no_harm() -> None:
    plan = strange_plan()
    brief = plan.brief.model_copy(update={"day": DAY, "at": time(14)})
    (event,) = events(taken(plan.model_copy(update={"brief": brief}), "ics"))
    assert "שלום" in event["summary"]
