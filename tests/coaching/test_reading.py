"""What is read from the words of coaches, and what is not."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coaching.reading import LONGEST_BRIEF, place_in, said_in
from assistant.errors import AssistantError, BriefError
from assistant.records import Stage
from tests.coaching.coached import bank, outcome

EXPLORATION, INSTALLATION, INITIAL, FULL, SCALING, SUSTAINMENT = Stage

# A brief, what must be read of it, and the fields that must not be read. "setting", "purpose" and
# "innovation" are given by a part of them.
BRIEFS: list[tuple[str, dict[str, Any], str]] = [
    # Terse
    (
        "Exploration, primary school, 90 minutes, 8 people, online",
        {"stage": EXPLORATION, "setting": "primary school", "sector": "education",
         "minutes": 90, "size": 8, "mode": "online"},
        "purpose innovation last_time low_energy",
    ),
    (
        "full implementation, ward, 30 min",
        {"stage": FULL, "setting": "ward", "sector": "health", "minutes": 30},
        "size mode purpose",
    ),
    (
        "Installation, care home, hybrid",
        {"stage": INSTALLATION, "setting": "care home", "sector": "social-care",
         "mode": "hybrid"},
        "minutes size purpose",
    ),
    (
        "sustainment - half a day - council - 25 people",
        {"stage": SUSTAINMENT, "minutes": 240, "setting": "council",
         "sector": "public-services", "size": 25},
        "purpose",
    ),
    (
        "scaling. 2 hours. Three hospitals. 40 staff.",
        {"stage": SCALING, "minutes": 120, "sector": "health", "size": 40},
        "purpose mode",
    ),
    (
        "nursing home, initial implementation, 1h, 6 carers",
        {"setting": "nursing home", "sector": "social-care", "stage": INITIAL, "minutes": 60,
         "size": 6},
        "purpose",
    ),
    (
        "45 mins, GP practice, exploration, 5 people",
        {"minutes": 45, "setting": "GP practice", "sector": "health", "stage": EXPLORATION,
         "size": 5},
        "purpose",
    ),
    ("college 1 hour full implementation 12 staff",
     {"minutes": 60, "stage": FULL, "size": 12, "sector": "education"}, "purpose low_energy"),
    ("1h30, school, installation",
     {"minutes": 90, "setting": "school", "stage": INSTALLATION}, "size mode"),
    # Whole sentences
    (
        "Prepare a 90 minute exploration session for a primary school choosing a reading"
        " programme, 8 people, online.",
        {"stage": EXPLORATION, "minutes": 90, "setting": "primary school", "size": 8,
         "mode": "online", "innovation": "reading programme"},
        "low_energy last_time",
    ),
    (
        "Please plan a 60-minute meeting for eight nurses on our ward. They have just started.",
        {"minutes": 60, "size": 8, "setting": "ward", "stage": INITIAL,
         "stage_cue": "just started"},
        "purpose innovation",
    ),
    (
        "We are at installation in a care home. Half a day, 12 staff, in person.",
        {"stage": INSTALLATION, "setting": "care home", "minutes": 240, "size": 12,
         "mode": "room"},
        "purpose low_energy",
    ),
    (
        "Plan a 45 minute session for a school at the exploration stage.",
        {"stage": EXPLORATION, "stage_cue": "", "minutes": 45, "setting": "school"},
        "purpose size mode",
    ),
    (
        "I need an agenda for our next meeting with the council housing team about why the pilot"
        " has stalled, one hour, 10 people",
        {"setting": "council", "purpose": "why the pilot has stalled", "minutes": 60, "size": 10},
        "stage mode",
    ),
    (
        "Design a two and a half hour workshop for 40 people from three hospitals on scaling the"
        " discharge checklist.",
        {"minutes": 150, "size": 40, "stage": SCALING, "innovation": "discharge checklist",
         "purpose": "discharge checklist", "sector": "health"},
        "low_energy",
    ),
    (
        "We've got 75 minutes on Zoom with twelve teachers to decide what to stop doing."
        " Sustainment.",
        {"minutes": 75, "mode": "online", "size": 12, "purpose": "decide what to stop doing",
         "stage": SUSTAINMENT, "sector": "education"},
        "low_energy",
    ),
    (
        "Prepare a session for a secondary school with a hostile team about why observation helps,"
        " 60 minutes, initial implementation",
        {"setting": "secondary school", "purpose": "why observation helps", "stage": INITIAL,
         "minutes": 60},
        "size mode",
    ),
    (
        "Our champion has left. Prepare a session of an hour for the nursing home, full"
        " implementation.",
        {"purpose": "Our champion has left", "setting": "nursing home", "sector": "social-care",
         "stage": FULL, "minutes": 60},
        "size",
    ),
    (
        "Prepare a session because nothing has changed since the training. Initial implementation,"
        " ward, 60 minutes, 8 nurses.",
        {"purpose": "nothing has changed since the training", "stage": INITIAL,
         "setting": "ward", "size": 8},
        "last_time",
    ),
    (
        "Prepare a session for a family support service, 6 social workers, full implementation,"
        " hybrid, some of them online",
        {"setting": "family support service", "sector": "social-care", "size": 6,
         "stage": FULL, "mode": "hybrid"},
        "minutes",
    ),
    (
        "The funding ends in June. Plan a two hour session with 14 people in a day centre.",
        {"stage": SUSTAINMENT, "stage_cue": "funding ends", "minutes": 120, "size": 14,
         "setting": "day centre", "sector": "social-care"},
        "mode",
    ),
    (
        "Please plan a day centre session, sustainment, 90 minutes with a group of about 12",
        {"setting": "day centre", "stage": SUSTAINMENT, "minutes": 90, "size": 12},
        "purpose",
    ),
    (
        "Plan a session of 60 minutes for a ward that holds its huddle twice a day, initial"
        " implementation",
        {"minutes": 60, "setting": "ward", "stage": INITIAL},
        "size",
    ),
    (
        "Prepare a half hour session for a school team.",
        {"minutes": 30, "setting": "school"},
        "stage size purpose",
    ),
    (
        "Police and council staff together, 25 people, three hours, exploration: what to do about"
        " repeat callers",
        {"size": 25, "minutes": 180, "stage": EXPLORATION, "setting": "council",
         "purpose": "what to do about repeat callers"},
        "low_energy",
    ),
    (
        "Workshop on adaptations: teachers drop the last two lessons of each unit. Full"
        " implementation stage. 60 min. College.",
        {"stage": FULL, "stage_cue": "", "minutes": 60, "setting": "college",
         "purpose": "teachers drop the last two lessons"},
        "size",
    ),
    (
        "Plan 60 minutes with 9 people at a hospice in full implementation. The aim is to keep the"
        " family meetings going although two nurses left.",
        {"minutes": 60, "size": 9, "setting": "hospice", "stage": FULL,
         "purpose": "keep the family meetings going although two nurses left"},
        "mode",
    ),
    (
        "Plan an hour for the hospice team, full implementation, to keep the family meetings going"
        " although two nurses left.",
        {"minutes": 60, "setting": "hospice", "purpose": "keep the family meetings going"},
        "size",
    ),
    (
        "Please design a workshop to help ward managers keep hand hygiene going, sustainment,"
        " 90 min, 10 managers",
        {"stage": SUSTAINMENT, "minutes": 90, "size": 10, "setting": "ward",
         "purpose": "help ward managers keep hand hygiene going"},
        "low_energy",
    ),
    (
        "One hour for a hospital ward, where nurses have just started with intentional rounding",
        {"minutes": 60, "stage": INITIAL, "sector": "health"},
        "size",
    ),
    (
        "Plan a session for the staff of a dental clinic, three-quarters of an hour, installation"
        " stage",
        {"minutes": 45, "setting": "dental clinic", "stage": INSTALLATION, "stage_cue": ""},
        "size purpose",
    ),
    (
        "A 45 minute session for a nursery team of five at the exploration stage, to agree whose"
        " voices are missing.",
        {"minutes": 45, "size": 5, "setting": "nursery", "stage": EXPLORATION,
         "purpose": "agree whose voices are missing"},
        "mode",
    ),
    (
        "We are about to start with PATHS in our school, plan 60 minutes for the team of 8",
        {"stage": INSTALLATION, "stage_cue": "about to start", "setting": "school",
         "minutes": 60, "size": 8},
        "mode",
    ),
    (
        "Can you prepare a session for our reading team? Year 4, primary school, sixty minutes, we"
        " have just begun.",
        {"setting": "primary school", "minutes": 60, "stage": INITIAL},
        "size",
    ),
    (
        "Our Year 7 reading scheme is up and running. I want 90 min with 9 teachers to look at who"
        " is not getting it.",
        {"stage": FULL, "stage_cue": "up and running", "minutes": 90, "size": 9,
         "innovation": "reading scheme", "purpose": "look at who is not getting it"},
        "mode",
    ),
    (
        "Session for the maternity unit, 8 midwives, online on Teams, 60 minutes, initial"
        " implementation; the purpose is to plan two small tests.",
        {"sector": "health", "size": 8, "mode": "online", "minutes": 60, "stage": INITIAL,
         "purpose": "plan two small tests"},
        "low_energy",
    ),
    (
        "Session at a pharmacy for 5 people in person, installation stage, to agree who trains new"
        " staff",
        {"size": 5, "mode": "room", "stage": INSTALLATION, "sector": "health",
         "purpose": "agree who trains new staff"},
        "minutes",
    ),
    (
        "An agenda for six people, 30 minutes, at exploration, with a charity that works on"
        " loneliness",
        {"size": 6, "minutes": 30, "stage": EXPLORATION, "sector": "public-services"},
        "mode",
    ),
    (
        "Workshop of 4 hours for 60 people from primary schools, scaling, in one room",
        {"minutes": 240, "size": 60, "stage": SCALING, "sector": "education", "mode": "room"},
        "purpose",
    ),
    (
        "Team launch for a new implementation team in a community trust, installation, 90 minutes.",
        {"stage": INSTALLATION, "minutes": 90, "setting": "community trust"},
        "size",
    ),
    (
        "Prepare a session on the drift in our meetings for a children's home at full"
        " implementation, 7 staff",
        {"purpose": "the drift in our meetings", "setting": "children's home",
         "sector": "social-care", "stage": FULL, "size": 7},
        "minutes",
    ),
    (
        "The problem is that nobody knows who coaches whom. Care home, installation, 60 minutes.",
        {"purpose": "nobody knows who coaches whom", "setting": "care home",
         "stage": INSTALLATION, "minutes": 60},
        "size",
    ),
    (
        "A session for a school, 60 minutes, initial implementation. We use a phonics programme in"
        " all classes.",
        {"innovation": "phonics programme", "stage": INITIAL, "setting": "school"},
        "size",
    ),
    # Chatty, with slips
    (
        "can u do a session 4 the ward?? 20 mins only, they r exhausted, initial stage",
        {"minutes": 20, "low_energy": True, "stage": INITIAL, "setting": "ward"},
        "size mode",
    ),
    (
        "hi! so we're a primary school, thinking about it still, not sure which programme. got"
        " about 45 minutes w/ 6 staff. help :)",
        {"stage": EXPLORATION, "minutes": 45, "size": 6, "setting": "primary school"},
        "low_energy mode",
    ),
    (
        "Ok so the team is fed up. 30 minutes, school, initial implementation, need a reset",
        {"low_energy": True, "minutes": 30, "stage": INITIAL, "setting": "school"},
        "size",
    ),
    (
        "PLAN A SESSION!!! WARD, 60 MINUTES, 8 NURSES, FULL IMPLEMENTATION",
        {"minutes": 60, "size": 8, "stage": FULL, "setting": "ward"},
        "purpose",
    ),
    (
        "hello, me again, they went live three weeks ago , its a care home , 8 staff, an hour and"
        " a half please",
        {"stage": INITIAL, "setting": "care home", "size": 8, "minutes": 90},
        "last_time",
    ),
    (
        "less talking, more doing please: 60 minutes for a school at initial implementation",
        {"more_doing": True, "minutes": 60, "stage": INITIAL},
        "low_energy",
    ),
    (
        "Something hands-on for a tired team of 9 on the ward, 45 minutes, full implementation",
        {"more_doing": True, "low_energy": True, "size": 9, "minutes": 45, "stage": FULL},
        "purpose",
    ),
    # What was agreed before
    (
        "Last time we agreed to try the huddle twice a day. Plan a 60 minute session for the ward,"
        " they have just started, 6 nurses.",
        {"last_time": "agreed to try the huddle twice a day", "minutes": 60, "stage": INITIAL,
         "size": 6},
        "purpose",
    ),
    (
        "In our last meeting two colleagues wanted to stop. Plan 45 minutes for the school, initial"
        " implementation.",
        {"last_time": "two colleagues wanted to stop", "minutes": 45, "stage": INITIAL},
        "size",
    ),
    (
        "Last session: everybody talked for 40 minutes about parking. Plan 60 minutes, care home,"
        " installation, 7 staff.",
        {"last_time": "about parking", "minutes": 60, "size": 7, "stage": INSTALLATION},
        "mode",
    ),
    # Days and times
    (
        "We meet on 3 December 2026 at 2 pm Europe/London for 90 minutes, scaling, 20 people,"
        " library service",
        {"day": date(2026, 12, 3), "at": time(14), "zone": "Europe/London", "minutes": 90,
         "stage": SCALING, "size": 20, "setting": "library service"},
        "mode",
    ),
    (
        "Prepare a session on 2026-12-03 at 14:00 for our ward, initial implementation, one hour",
        {"day": date(2026, 12, 3), "at": time(14), "stage": INITIAL, "minutes": 60,
         "setting": "ward"},
        "zone purpose",
    ),
    ("A session for a school, exploration, at 10:30, 60 minutes",
     {"stage": EXPLORATION, "minutes": 60}, "day at zone"),
    # Labelled lines
    (
        "Stage: installation\nLength: 2 hours\nSetting: a secondary school\nSize: 15\n"
        "Mode: hybrid\nPurpose: agree who coaches whom\nProgramme: Quiet Start",
        {"stage": INSTALLATION, "minutes": 120, "setting": "secondary school", "size": 15,
         "mode": "hybrid", "purpose": "agree who coaches whom", "innovation": "Quiet Start"},
        "low_energy last_time",
    ),
    (
        "stage = deliver\nsetting = primary school\ntime = 45\npeople = 8",
        {"stage": INITIAL, "setting": "primary school", "minutes": 45, "size": 8},
        "purpose mode",
    ),
    (
        "length: an hour and a half; stage: scale; setting: wards; people: 24; mode: remote",
        {"minutes": 90, "stage": SCALING, "setting": "wards", "size": 24, "mode": "online"},
        "purpose",
    ),
    (
        "Problem: staff turnover means nobody knows the checklist\nSetting: operating theatre\n"
        "Stage: full\nLength: 60 min",
        {"purpose": "staff turnover means nobody knows the checklist",
         "setting": "operating theatre", "stage": FULL, "minutes": 60},
        "size last_time",
    ),
    (
        "notes of last time: we agreed to collect three stories\nstage: exploration\n"
        "setting: care home\nlength: 60 minutes",
        {"last_time": "we agreed to collect three stories", "stage": EXPLORATION, "minutes": 60},
        "purpose size",
    ),
    (
        "Team: Year 3 team\nCountry: Wales\nStage: the prepare phase\nDate: 2026-11-05 at 15:30",
        {"team": "Year 3 team", "country": "Wales", "stage": INSTALLATION,
         "day": date(2026, 11, 5), "at": time(15, 30)},
        "minutes size",
    ),
    (
        "Prepare a session for us.\nStage: sustainment\nGroup size: twelve people\nLength: 75",
        {"stage": SUSTAINMENT, "size": 12, "minutes": 75},
        "purpose",
    ),
    # What must not be read
    (
        "Prepare a session for staff who deliver meals in our care home. I have 40 minutes to"
        " prepare.",
        {"setting": "care home", "sector": "social-care"},
        "stage minutes size purpose",
    ),
    (
        "I have 40 minutes to prepare. Plan a 2 hour session for a probation team at exploration,"
        " 9 people.",
        {"minutes": 120, "stage": EXPLORATION, "size": 9, "sector": "public-services"},
        "purpose",
    ),
    ("Prepare a session for the implementation team.", {}, "stage minutes size mode setting"),
    ("Plan a session for our ward, 60 minutes.", {"minutes": 60, "setting": "ward"},
     "stage size mode purpose innovation team country last_time low_energy more_doing day at"),
    ("Moving forwards, plan a session about rewards, 60 minutes.",
     {"minutes": 60}, "setting sector stage"),
    ("Prepare a session on teamwork for Year 6 teachers, 60 minutes.",
     {"minutes": 60, "sector": "education"}, "size mode stage"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "read", "unread"), BRIEFS, ids=[one[0][:60] for one in BRIEFS])
def test_a_brief_is_read_as_it_is_meant(text: str, read: dict[str, Any], unread: str) -> None:
    said = said_in(bank(), text)
    for name, value in read.items():
        assert name in said, f"{name} is not read"
        if name in ("purpose", "innovation", "last_time"):
            assert value.lower() in said[name].lower()
        elif name == "setting":
            plain = said[name].lower()
            assert plain.endswith(value.lower())
            assert len(plain.split()) <= len(value.split()) + 1
        else:
            assert said[name] == value, name
    assert not set(unread.split()) & {name for name, value in said.items() if value}


def test_there_are_at_least_sixty_briefs() -> None:
    assert len({text for text, _, _ in BRIEFS}) >= 60


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("for our ward", "ward"), ("in a primary school", "primary school"),
        ("with the tired ward team", "ward"), ("in a children's home", "children's home"),
        ("for a small rural library", "rural library"), ("at the GP surgery", "GP surgery"),
        ("we are at installation in a care home", "care home"),
        ("an hour for the nursing home", "nursing home"),
        ("start with PATHS in our school", "school"),
        ("", ""), ("for the team", ""), ("on the way forward", ""), ("for home-schooled boys", ""),
        ("for school-age children", ""), ("it is good practice", ""),
    ],
)  # fmt: skip
def test_the_kind_of_place_is_read_without_what_stands_around_it(text: str, place: str) -> None:
    assert place_in(text) == place


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("We are in the adoption phase, school, 60 minutes", "adoption"),
        ("Stage: someday", "someday"),
    ],
)
def test_a_stage_that_is_not_known_is_refused_and_not_guessed(text: str, named: str) -> None:
    with pytest.raises(BriefError) as caught:
        said_in(bank(), text)
    assert named in caught.value.message


def test_a_stage_named_by_its_number_of_words_only_is_read_where_it_is_placed() -> None:
    assert said_in(bank(), "they are at the full stage")["stage"] is FULL


@pytest.mark.parametrize("text", ["Length: as long as it takes", "Size: many"])
def test_a_labelled_number_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BriefError) as caught:
        said_in(bank(), text)
    assert text.split(": ")[1] in caught.value.message


@pytest.mark.parametrize("text", ["on 31 June 2027", "Date: 2026-02-30", "Plan it on 2026-13-01."])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(BriefError) as caught:
        said_in(bank(), text)
    assert caught.value.remedy == "Correct the date."


@pytest.mark.parametrize(
    "text",
    [
        "Plan a 60 minute session for the ward. It should take 90 minutes.",
        "We are at exploration. We are in full implementation. School, 60 minutes.",
    ],
)
def test_a_brief_that_says_two_things_at_once_is_refused(text: str) -> None:
    with pytest.raises(BriefError):
        said_in(bank(), text)


def test_a_brief_that_says_one_thing_twice_is_no_contradiction() -> None:
    said = said_in(bank(), "Exploration. A 60 minute session at the exploration stage, one hour.")
    assert (said["stage"], said["minutes"]) == (EXPLORATION, 60)


def test_labelled_lines_count_more_than_the_rest() -> None:
    said = said_in(bank(), "A session for the ward with 6 nurses.\nSize: 9\nSetting: a clinic")
    assert (said["size"], said["setting"]) == (9, "a clinic")


def test_a_stage_that_is_labelled_is_no_guess() -> None:
    assert said_in(bank(), "They have just started.\nStage: full")["stage_cue"] == ""


def test_the_longest_brief_is_read_and_a_longer_one_refused() -> None:
    text = "Exploration. " + "x" * (LONGEST_BRIEF - 13)
    assert said_in(bank(), text)["stage"] is EXPLORATION
    with pytest.raises(BriefError) as caught:
        said_in(bank(), text + "x")
    assert "4,001 characters; the most is 4,000" in caught.value.message


words = st.sampled_from(
    "a the our for in at on with to about whose session plan 60 minutes two hours day half ward"
    " school care home people 8 nurses exploration full stage phase Stage: Length: Size: Mode:"
    " last time we agreed . , ; ! ? because problem is that purpose : = $place online 2026-01-01"
    " £ \u200b 'quote' “quote” tired".split()
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(words, max_size=40).map(" ".join)))
def test_no_text_is_too_odd(text: str) -> None:
    said = outcome(lambda: said_in(bank(), text))
    if isinstance(said, AssistantError):
        assert said.remedy
    else:
        assert said.get("purpose", "x").strip()
        assert said.get("setting", "x").strip()
