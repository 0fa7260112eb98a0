"""A language model words the lines of a plan: what it adds is refused, whatever it does."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answering.watch import Watch
from assistant.app import Assistant, open_assistant
from assistant.coaching.bank import read_bank
from assistant.models.language import Stopped
from assistant.plans import SessionPlan
from assistant.resources import shipped_coaching
from assistant.settings import Settings
from tests.fakes import SilentProgress
from tests.models.scripted_model import (
    Body,
    Reply,
    ScriptedModel,
    cuts,
    empty,
    hangs,
    says,
    status,
    words_of,
)

BRIEF = (
    "Plan a 60 minute session for a ward, initial implementation, 8 people in one room, "
    "about our safety huddles"
)
Change = Callable[[str], str]


def rewording(change: Change) -> Callable[[Body], Reply]:
    """A model that does the same to every line."""

    def reply(body: Body) -> Reply:
        found = re.search(r"<<<LINES\n(.*?)\nLINES>>>", words_of(body), re.DOTALL)
        assert found
        lines = [line.split(". ", 1) for line in found[1].split("\n")]
        return says("\n".join(f"{number}. {change(text)}" for number, text in lines))

    return reply


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel() as made:
        yield made


@pytest.fixture(scope="module")
def worded(library_index: Path, model: ScriptedModel) -> Iterator[Assistant]:
    settings = Settings(
        index=library_index, model="openai-like:small", model_url=model.address,
        model_first_seconds=2, model_seconds=4, model_price_read=1.0, model_price_written=2.0,
    )  # fmt: skip
    made = open_assistant(settings, SilentProgress())
    yield made
    made.close()


def planned(assistant: Assistant, text: str = BRIEF) -> SessionPlan:
    plan = assistant.coach(text)
    assert isinstance(plan, SessionPlan)
    return plan


def lines_of(plan: SessionPlan) -> list[str]:
    risks = [line for risk in plan.risks for line in (risk.text, risk.response)]
    return [*(prompt.text for prompt in plan.prompts), *risks]


def test_a_line_in_words_of_the_team_is_taken_over(
    worded: Assistant, model: ScriptedModel, library: Assistant
) -> None:
    model.does(rewording(lambda line: line.replace(" it ", " the safety huddle ", 1)))
    plan, plain = planned(worded), planned(library)
    new = [text for text in lines_of(plan) if text not in lines_of(plain)]
    assert new
    assert all(" the safety huddle " in text for text in new)
    assert plan.engine == "openai-like:small"
    assert plan.usage
    assert plan.usage.calls == 1
    assert plan.usage.cost is not None
    assert "session" in plan.fingerprints
    assert plan.agenda == plain.agenda
    assert plan.ideas == plain.ideas


@pytest.mark.parametrize(
    "change",
    [
        lambda line: f"{line[:-1]} by Friday{line[-1]}",
        lambda line: f"{line[:-1]} for 12 of our nurses{line[-1]}",
        lambda line: f"{line[:-1]}, as Nurse Smith asked{line[-1]}",
        lambda line: f"{line[:-1]}, which raises safety by 30%{line[-1]}",
        lambda line: "Why did you fail to do it?",
        lambda line: "Is everybody doing it?",
        lambda line: f"[{line}](http://example.org)",
        lambda line: f"<b>{line}</b>",
        lambda line: "Ask the sales department to buy a new scanner.",
        lambda line: "Was hält die Station davon ab, das gut zu tun?",
        lambda line: f"{line} {line}",
        lambda line: "",
    ],
)
def test_what_a_model_adds_is_refused_and_the_line_of_the_coaching_data_stays(
    worded: Assistant, model: ScriptedModel, library: Assistant, change: Change
) -> None:
    model.does(rewording(change))
    assert lines_of(planned(worded)) == lines_of(planned(library))


@pytest.mark.parametrize(
    "reply",
    [
        says("I cannot help with that."), says("99. What now?\n0. What then?\nWhat else?"),
        empty(), cuts("1. What"), status(500), status(401), hangs(),
    ],
)  # fmt: skip
def test_a_model_that_fails_leaves_the_plan_as_it_is_and_a_notice_says_so(
    worded: Assistant, model: ScriptedModel, library: Assistant, reply: Reply
) -> None:
    model.does(reply)
    plan, plain = planned(worded), planned(library)
    assert lines_of(plan) == lines_of(plain)
    (notice,) = set(plan.notices) - set(plain.notices)
    assert "openai-like:small" in notice


def test_a_change_keeps_the_prompts_that_were_put_into_other_words(
    worded: Assistant, model: ScriptedModel
) -> None:
    model.does(rewording(lambda line: line.replace(" it ", " the safety huddle ", 1)))
    plan = planned(worded)
    new = worded.revise(plan, "for 90 minutes")
    assert isinstance(new, SessionPlan)
    assert {one.origin for one in plan.prompts} <= {one.origin for one in new.prompts}
    bank = {prompt.text for prompt in read_bank(shipped_coaching()).prompts}
    assert {one.origin for one in new.prompts} <= bank


def test_who_leaves_stops_the_model(worded: Assistant, model: ScriptedModel) -> None:
    model.does(hangs())
    watch = Watch()
    watch.stop.set()
    with pytest.raises(Stopped):
        worded.coach(BRIEF, watch=watch)


def test_a_series_is_not_worded(worded: Assistant, model: ScriptedModel) -> None:
    model.does(status(500))
    worded.coach("Two sessions over a term for a ward at installation, 30 minutes each")
    assert model.asked == []
