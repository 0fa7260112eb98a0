from datetime import date, time

import pytest

from assistant.chat.shelf import KEPT, Kept, Shelf, formats_of, take_link
from tests.coaching.sample import sample_brief, sample_plan, sample_series
from tests.fakes import Clock, ScriptedAssistant

PLAN = Kept(sample_plan(), "ada")


def test_what_is_kept_is_found_by_its_secret_and_by_nothing_else() -> None:
    shelf = Shelf()
    token = shelf.put("one", PLAN)
    assert shelf.find(token) is PLAN
    assert shelf.find(token[:-1]) is None
    assert shelf.find("") is None


def test_secrets_are_long_and_never_the_same() -> None:
    shelf = Shelf()
    tokens = {shelf.put("one", PLAN) for _ in range(40)}
    assert len(tokens) == 40
    assert min(map(len, tokens)) >= 32
    assert all(char.isalnum() or char in "-_" for token in tokens for char in token)


def test_of_one_owner_only_the_last_are_kept() -> None:
    shelf = Shelf(each=2)
    first, second, third = (shelf.put("one", PLAN) for _ in range(3))
    other = shelf.put("other", PLAN)
    assert [bool(shelf.find(token)) for token in (first, second, third, other)] == [
        False, True, True, True
    ]  # fmt: skip


def test_of_everybody_only_the_last_are_kept() -> None:
    shelf = Shelf(everything=2)
    tokens = [shelf.put(owner, PLAN) for owner in ("a", "b", "c")]
    assert [bool(shelf.find(token)) for token in tokens] == [False, True, True]


def test_an_owner_that_needs_nothing_any_more_is_forgotten_alone() -> None:
    shelf = Shelf()
    mine, yours = shelf.put("me", PLAN), shelf.put("you", PLAN)
    shelf.forget("me")
    assert shelf.find(mine) is None
    assert shelf.find(yours) is PLAN


def test_an_hour_after_the_page_is_closed_it_is_gone() -> None:
    clock = Clock()
    shelf = Shelf(clock=clock)
    gone, stays = shelf.put("away", PLAN), shelf.put("here", PLAN)
    shelf.leave("away")
    clock.seconds = KEPT - 1
    shelf.leave("away")  # said twice, it counts from the first
    assert shelf.find(gone)
    clock.seconds = KEPT
    assert shelf.find(gone) is None
    assert shelf.find(stays)


def test_a_page_that_came_back_keeps_what_it_has() -> None:
    clock = Clock()
    shelf = Shelf(clock=clock)
    token = shelf.put("away", PLAN)
    shelf.leave("away")
    clock.seconds = KEPT / 2
    shelf.back("away")
    clock.seconds = 2 * KEPT
    assert shelf.find(token)


@pytest.mark.parametrize(
    ("brief", "offered"),
    [({}, False), ({"day": date(2026, 12, 3)}, False), ({"at": time(14)}, False),
     ({"day": date(2026, 12, 3), "at": time(14)}, True)],
)  # fmt: skip
def test_a_calendar_is_offered_for_a_plan_with_a_day_and_a_time(
    brief: dict[str, object], offered: bool
) -> None:
    plan = sample_plan(brief=sample_brief(**brief))
    assert ("ics" in formats_of(plan)) is offered
    assert {"docx", "pdf", "pptx", "md", "txt"} <= set(formats_of(plan))


def test_an_answer_is_offered_without_slides_and_a_series_without_a_calendar() -> None:
    answer = ScriptedAssistant().ask("what now?")
    assert formats_of(answer) == ("docx", "pdf", "md", "txt")
    assert "ics" not in formats_of(sample_series())


def test_the_link_ends_as_the_file_will() -> None:
    assert take_link("secret", "pptx") == "/take/secret.pptx"
