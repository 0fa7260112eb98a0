"""A brief to a plan: minutes, activities, prompts and ideas, put together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.coaching.agenda import make_agenda
from assistant.coaching.bank import Bank, Speak, speaking
from assistant.coaching.choosing import (
    NO_LEANING,
    Leaning,
    Nearness,
    about,
    choose_prompts,
)
from assistant.coaching.ideas import Consult, Ideas, ideas_for
from assistant.coaching.lines import Lines
from assistant.errors import BriefError
from assistant.plans import (
    AgendaItem,
    Objective,
    PlannedAction,
    Preparation,
    ReadinessItem,
    Risk,
    SessionBrief,
    SessionPlan,
)
from assistant.prompts import fill

_LONG_PURPOSE = 12  # words: too many for a title
_PRE_READ = 2  # texts: some ten minutes
_READINESS, _READINESS_IF_SHORT, _SHORT = 8, 5, 60  # items, and minutes of a short session
_RISKS, _ACTIONS = 4, 4
# Verbs with which a purpose can begin a sentence of its own.
_IMPERATIVE = frozenset(
    "agree build check choose clarify compare decide design draft explore find get help identify"
    " improve keep learn look make map move name plan practise prepare prioritise reduce review"
    " set share show sort start stop strengthen test think understand use work write".split()
)


@dataclass(frozen=True)
class Coaching:
    """What plans are made with."""

    bank: Bank
    lines: Lines
    nearness: Nearness
    consult: Consult
    title_of: Callable[[str], str | None]
    """The title of a document of the index; None if it is not there."""


def make_plan(
    coaching: Coaching, brief: SessionBrief, index: str, leaning: Leaning = NO_LEANING
) -> SessionPlan:
    """A plan for a brief. `index` is the fingerprint of the index that is cited.

    Raises BriefError if its purpose is none that guidance can help with, CoachingDataError if
    nothing in the bank fits.
    """
    bank, lines = coaching.bank, coaching.lines
    speak = speaking(bank.sectors[brief.sector], brief.setting)
    ideas = ideas_for(bank, brief, coaching.consult)
    if ideas.beyond:
        raise _beyond(brief, ideas)
    agenda = make_agenda(bank, brief, coaching.nearness, speak, leaning)
    objectives = tuple(_objectives(bank, lines, agenda, speak))
    purpose = purpose_of(coaching, brief, speak)
    stage = bank.stages[brief.stage]
    return SessionPlan(
        title=_title(lines, stage.title, brief, purpose),
        brief=brief,
        purpose=purpose,
        stage_evidence=_stage_evidence(coaching, brief, speak),
        objectives=objectives,
        success_sign=_success(lines, objectives),
        preparation=_preparation(coaching, brief, ideas, speak),
        total_minutes=brief.minutes,
        agenda=agenda,
        prompts=tuple(
            prompt.model_copy(update={"text": speak(prompt.text)})
            for prompt in choose_prompts(bank, brief, coaching.nearness, leaning)
        ),
        ideas=ideas.claims,
        readiness=tuple(_readiness(bank, brief, speak)),
        readiness_note=speak(bank.readiness.note),
        risks=tuple(
            Risk(text=speak(risk.text), response=speak(risk.response))
            for risk in stage.risks[:_RISKS]
        ),
        actions=tuple(_actions(coaching, brief, speak)),
        feedback=tuple(map(speak, bank.shapes.feedback)),
        accessibility=tuple(map(speak, bank.shapes.accessibility)),
        citations=ideas.citations,
        notices=tuple(_notices(lines, brief, ideas)),
        engine="extractive",
        index=index,
        fingerprints={"coaching": bank.fingerprint, "lines": lines.fingerprint},
    )


def purpose_of(coaching: Coaching, brief: SessionBrief, speak: Speak) -> str:
    """The purpose as a sentence: as the coach said it, or the usual one of the stage."""
    said = " ".join(brief.purpose.split()).rstrip(".!")
    if not said:
        return speak(coaching.bank.stages[brief.stage].purpose)
    if said.split()[0].lower() in _IMPERATIVE:
        return f"{said[0].upper()}{said[1:]}."
    return fill(coaching.lines.works_on, purpose=said)


def _title(lines: Lines, stage: str, brief: SessionBrief, purpose: str) -> str:
    if len(purpose.split()) > _LONG_PURPOSE:
        return fill(lines.title_of_long, stage=stage, setting=brief.setting)
    return fill(lines.title, stage=stage, purpose=purpose.rstrip("."))


def _beyond(brief: SessionBrief, ideas: Ideas) -> BriefError:
    assert ideas.beyond
    if ideas.beyond.reason == "needs_professional":
        return BriefError(
            f"“{brief.purpose}” needs a professional who can look at the case; no session plan "
            "can decide it.",
            f"Please ask {ideas.beyond.refer_to}. A session can be prepared on how the team works "
            "together: give that as the purpose.",
        )
    if ideas.beyond.reason == "language":
        return BriefError(
            "The guidance here is in English, and so are the plans.",
            "Please give the purpose in English.",
        )
    return BriefError(
        f"“{brief.purpose}” is outside what the guidance here covers: putting programmes into "
        "practice in schools, health and social care.",
        "Give a purpose such as “decide what to do next”, or leave it out for the usual one of "
        "the stage.",
    )


def _objectives(
    bank: Bank, lines: Lines, agenda: Sequence[AgendaItem], speak: Speak
) -> Iterator[Objective]:
    """One for each activity, and that actions are agreed."""
    of_id = {activity.id: activity for activity in bank.activities}
    for number, item in enumerate(agenda, 1):
        if item.activity:
            yield Objective(
                text=speak(of_id[item.activity].objective), product=item.output, item=number
            )
        if item.kind == "actions":
            yield Objective(text=lines.agreed, product=lines.agreed_product, item=number)


def _success(lines: Lines, objectives: Sequence[Objective]) -> str:
    products = [f"{one.product[0].lower()}{one.product[1:]}" for one in objectives]
    return fill(lines.success, products="; ".join(products))


def _stage_evidence(coaching: Coaching, brief: SessionBrief, speak: Speak) -> str:
    stage = coaching.bank.stages[brief.stage]
    told = {"stage": stage.title, "shown_by": speak(stage.shown_by)}
    if brief.stage_cue:
        return fill(coaching.lines.stage_assumed, cue=brief.stage_cue, **told)
    return fill(coaching.lines.stage_said, **told)


def _preparation(
    coaching: Coaching, brief: SessionBrief, ideas: Ideas, speak: Speak
) -> Preparation:
    bank, lines = coaching.bank, coaching.lines
    stage = bank.stages[brief.stage]
    coach = list(map(speak, bank.shapes.coach))
    if brief.last_time:
        coach.insert(0, fill(lines.last_time, notes=brief.last_time))
    cited = (citation.document_id for citation in ideas.citations)
    to_read = dict.fromkeys((*cited, *stage.pre_read))  # what the ideas are from tells more of them
    titles = [title for name in to_read if (title := coaching.title_of(name))]
    return Preparation(
        coach=tuple(coach),
        pre_read=tuple(fill(lines.pre_read, title=title) for title in titles[:_PRE_READ]),
        bring=tuple(map(speak, stage.bring)),
    )


def _readiness(bank: Bank, brief: SessionBrief, speak: Speak) -> Iterator[ReadinessItem]:
    count = _READINESS_IF_SHORT if brief.minutes < _SHORT else _READINESS
    items = [item for item in bank.readiness.items if brief.stage in item.stages]
    for item in items[:count]:
        yield ReadinessItem(text=speak(item.text), if_low=speak(item.if_low))


def _actions(coaching: Coaching, brief: SessionBrief, speak: Speak) -> Iterator[PlannedAction]:
    """The likeliest actions of the stage, those near the purpose first. Owner and date stay
    blank: only the team can fill them."""
    bank = coaching.bank
    actions = bank.stages[brief.stage].actions
    near = coaching.nearness(about(bank, brief), [action.action for action in actions])
    order = sorted(range(len(actions)), key=lambda n: (-round(near[n], 3), n))[:_ACTIONS]
    for action in (actions[n] for n in order):
        yield PlannedAction(
            action=speak(action.action), success_sign=speak(action.success_sign),
            support=speak(action.support),
        )  # fmt: skip


def _notices(lines: Lines, brief: SessionBrief, ideas: Ideas) -> Iterator[str]:
    values = {"minutes": str(brief.minutes), "size": str(brief.size), "mode": ""}
    usual = [
        fill(getattr(lines.assumed, name), value=values[name])
        for name in brief.assumed
        if name in values
    ]
    if usual:
        yield fill(lines.assumed.usual, what=", ".join(usual))
    for name in brief.assumed:
        if name not in values:
            yield getattr(lines.assumed, name)
    if brief.low_energy:
        yield lines.tired
    if not ideas.claims:
        yield lines.no_idea_at_all
    elif ideas.missed:
        yield fill(lines.no_ideas, purpose=brief.purpose)
