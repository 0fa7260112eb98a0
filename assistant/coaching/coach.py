"""What a coach says, to what is prepared: a plan, a series, a change of either."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.coaching.bank import Bank
from assistant.coaching.brief import make_brief
from assistant.coaching.choosing import Leaning
from assistant.coaching.lines import Lines
from assistant.coaching.plan import Coaching, make_plan
from assistant.coaching.reading import said_in
from assistant.coaching.revising import (
    changed_brief,
    changes_between,
    is_change,
    leaning_to,
    told_of_brief,
    told_of_items,
)
from assistant.coaching.series import (
    SeriesSaid,
    briefs_of,
    require_count,
    series_in,
    session_in,
    stages_of,
    whens,
    without_session,
)
from assistant.plans import SeriesSession, SessionBrief, SessionPlan, SessionSeries
from assistant.prompts import fill
from assistant.records import Stage
from assistant.takeaway.export import Format

Prepared = SessionPlan | SessionSeries
Said = Mapping[str, Any]
"""What a text says of a session, by the fields of the brief."""

_MAKES = (
    r"(?:plan|prepare|design|draft|create|build|write|make|put together|sketch|outline|need|want"
    r"|give me|set up|organi[sz]e|run|facilitate|lead|agenda for|help me (?:with|plan|prepare))"
)
_SESSION = r"(?:sessions?|workshops?|meetings?|agendas?|away day|training day|kick-?off)"
_ASKS_FOR_A_PLAN = re.compile(
    rf"\b{_MAKES}\b.{{0,80}}?\b{_SESSION}\b|^\W*(?:an? )?(?:agenda|session|workshop|meeting)\b"
    rf"|\b(?:\d+|ninety|sixty|thirty|forty)[- ]?min(?:ute)?s? (?:[\w-]+ ){{0,2}}{_SESSION}\b",
    re.IGNORECASE | re.DOTALL,
)
_PLANS = re.compile(r"^\W*(?:please |can you |could you )?(?:plan|prepare|draft|design)\b", re.I)
_IS_A_QUESTION = re.compile(
    r"^\W*(?:(?:please |can you |could you )?(?:tell me|explain|describe)"
    r"|(?:we|i) (?:want|need|would like) to know|i wonder"
    r"|how|what|why|who|when|where|which|should|is|are|do|does|did"
    r"|give me (?:\w+ )?(?:discussion )?questions)\b",
    re.IGNORECASE,
)
# The last thing that is said, where a story stands before it.
_ENDS_IN_A_QUESTION = re.compile(
    r"(?:^|[.!?\n]\s+)(?:how|what|why|who|when|where|which|should)\b[^.!?\n]*\?\W*$", re.IGNORECASE
)
_FORMS: dict[Format, re.Pattern[str]] = {
    "pptx": re.compile(r"\b(?:slides?|slide deck|powerpoint|pptx|presentation)\b", re.I),
    "docx": re.compile(r"\bWord\b|\b(?i:docx|word (?:doc|document|file))\b"),
    "pdf": re.compile(r"\bpdf\b", re.I),
    "md": re.compile(r"\bmarkdown\b", re.I),
    "txt": re.compile(r"\b(?:e-?mail|plain text)\b", re.I),
    "ics": re.compile(r"\b(?:calendar|ics|invitation|invite)\b", re.I),
}
_TAKES = re.compile(
    r"^\W*(?:(?:please|and|now|ok|can you|could you|would you)[\s,]+)*"
    r"(?:turn|make|give|export|save|send|download|put|get|convert|i (?:need|want)|as|draft"
    r"|(?:can|could|may) (?:i|we) (?:have|get)"
    r"|(?:(?:the|an?|as) )?(?:slides?|powerpoint|pdf|e-?mail|calendar)\b"
    r"(?=\W*(?:please|of|and|$)))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TakeAwayWanted:
    """What was prepared or answered last is wanted in these formats."""

    formats: tuple[Format, ...]


def formats_in(text: str) -> tuple[Format, ...]:
    """The formats in which a text wants what was said; none if it wants something else."""
    if not _TAKES.match(text) or _IS_A_QUESTION.match(text):
        return ()
    return tuple(form for form, words in _FORMS.items() if words.search(text))


def coach(
    coaching: Coaching, index: str, text: str, current: Prepared | None, preparing: bool
) -> Prepared | TakeAwayWanted | None:
    """What a coach's text asks for; None if it is a question for the guidance.

    `current` is what was prepared last, `preparing` whether the coach came to prepare a session,
    so that a bare brief is taken as one. Raises BriefError, BriefIncomplete.
    """
    said = cache(lambda: said_in(coaching.bank, text))
    asks = _asks_for_a_plan(text, said)
    question = bool(_IS_A_QUESTION.match(text) or _ENDS_IN_A_QUESTION.search(text))
    formats = formats_in(text)
    if formats and not (asks and said().keys() & {"stage", "minutes"}):
        return TakeAwayWanted(formats)
    series = None if question else series_in(text)
    if series:
        return _begin_series(coaching, index, said(), current, series)
    if current and not question and not _is_new(said(), asks, preparing):
        plan = current if isinstance(current, SessionPlan) else current.sessions[0].plan
        if is_change(coaching.bank, plan, text):
            return revise(coaching, index, current, text)
    if (asks and not question) or (preparing and _is_brief(text, said(), question)):
        return make_plan(coaching, make_brief(coaching.bank, said()), index)
    return None


def prepare_series(
    coaching: Coaching, index: str, brief: SessionBrief, count: int, span: str
) -> SessionSeries:
    """Sessions that begin with a brief's stage and go on through those that follow it. Raises
    BriefError."""
    require_count(count)
    stages = stages_of(coaching.bank, brief.stage, count)
    return _series(coaching, index, brief, stages, span)


def revise(coaching: Coaching, index: str, current: Prepared, text: str) -> Prepared:
    """What was prepared, with a change; its `changes` say what became of it. Raises BriefError if
    the change is not understood, contradicts itself or cannot be made."""
    if isinstance(current, SessionPlan):
        return _revised(coaching, index, current, text)
    number = session_in(text, len(current.sessions))
    if number:
        return _with_session(coaching, index, current, number, without_session(text))
    return _resumed(coaching, index, current, text)


def _revised(coaching: Coaching, index: str, plan: SessionPlan, text: str) -> SessionPlan:
    brief = changed_brief(coaching.bank, plan, text)
    now_doing = brief.more_doing and not plan.brief.more_doing
    new = make_plan(coaching, brief, index, leaning_to(coaching.bank, plan, now_doing))
    changes = changes_between(coaching.bank, coaching.lines, plan, new)
    return new.model_copy(update={"changes": changes})


def _begin_series(
    coaching: Coaching, index: str, said_now: Said, current: Prepared | None, series: SeriesSaid
) -> SessionSeries:
    """A series from what a text says, and from what was prepared before unless it is for others."""
    before = current.sessions[0].plan if isinstance(current, SessionSeries) else current
    if {"stage", "setting"} <= said_now.keys():
        before = None
    known = before.brief.model_dump(exclude={"assumed", "purpose"}) if before else {}
    # "agenda for six sessions" is no purpose
    told = {name: value for name, value in said_now.items() if name != "purpose"}
    begins = {} if before else {"stage": Stage.EXPLORATION}
    brief = make_brief(coaching.bank, begins | known | told)
    if begins and "stage" not in said_now:
        brief = brief.model_copy(update={"assumed": (*brief.assumed, "stage")})
    return prepare_series(coaching, index, brief, series.count, series.span)


def _series(
    coaching: Coaching, index: str, brief: SessionBrief, stages: Sequence[Stage], span: str
) -> SessionSeries:
    bank, lines = coaching.bank, coaching.lines
    plans: list[SessionPlan] = []
    used: frozenset[str] = frozenset()  # in earlier sessions: later ones bring something else
    for one in briefs_of(bank, lines, brief, stages):
        plans.append(make_plan(coaching, one, index, Leaning(used=used)))
        used |= leaning_to(bank, plans[-1]).kept
    notices = tuple(dict.fromkeys(line for plan in plans for line in plan.notices))
    return SessionSeries(
        title=_series_title(lines, plans, span),
        span=span,
        sessions=tuple(
            SeriesSession(number=n, when=when, plan=plan)
            for n, (when, plan) in enumerate(zip(whens(len(plans), span), plans, strict=True), 1)
        ),
        notices=notices,
    )


def _series_title(lines: Lines, plans: Sequence[SessionPlan], span: str) -> str:
    setting = plans[0].brief.setting
    return fill(lines.series_title, count=str(len(plans)), span=span, setting=setting)


def _with_session(
    coaching: Coaching, index: str, series: SessionSeries, number: int, text: str
) -> SessionSeries:
    plan = _revised(coaching, index, series.sessions[number - 1].plan, text)
    sessions = tuple(
        one.model_copy(update={"plan": plan}) if one.number == number else one
        for one in series.sessions
    )
    changes = tuple(
        fill(coaching.lines.changed.session, number=str(number), change=line)
        for line in plan.changes
    )
    return series.model_copy(update={"sessions": sessions, "changes": changes})


def _resumed(coaching: Coaching, index: str, series: SessionSeries, text: str) -> SessionSeries:
    """A series with a change for all its sessions; another stage orders them anew."""
    first = series.sessions[0].plan
    brief = changed_brief(coaching.bank, first, text)
    if brief.stage is first.brief.stage:
        return _with_all(coaching, index, series, text)
    brief = brief.model_copy(update={"purpose": "", "topics": ()})
    stages = stages_of(coaching.bank, brief.stage, len(series.sessions))
    new = _series(coaching, index, brief, stages, series.span)
    changes = (_sequence(coaching.bank, coaching.lines, stages),)
    return new.model_copy(update={"changes": changes})


def _with_all(coaching: Coaching, index: str, series: SessionSeries, text: str) -> SessionSeries:
    """A series with a change of each of its sessions, which keep what was changed of them."""
    bank, lines = coaching.bank, coaching.lines
    plans = [_revised(coaching, index, one.plan, text) for one in series.sessions]
    told = (
        line
        for one, plan in zip(series.sessions, plans, strict=True)
        for line in told_of_brief(bank, lines, one.plan.brief, plan.brief)
    )
    items = (
        fill(lines.changed.session, number=str(one.number), change=line)
        for one, plan in zip(series.sessions, plans, strict=True)
        for line in told_of_items(lines, one.plan, plan)
    )
    return series.model_copy(
        update={
            "title": _series_title(lines, plans, series.span),
            "sessions": tuple(
                one.model_copy(update={"plan": plan})
                for one, plan in zip(series.sessions, plans, strict=True)
            ),
            "changes": (*dict.fromkeys(told), *items) or (lines.changed.nothing,),
        }
    )


def _sequence(bank: Bank, lines: Lines, stages: Sequence[Stage]) -> str:
    titles = [f"{n} {bank.stages[stage].title.lower()}" for n, stage in enumerate(stages, 1)]
    return fill(lines.changed.sequence, stages=", ".join(titles))


def _asks_for_a_plan(text: str, said: Callable[[], Said]) -> bool:
    """Whether a session is named, or "plan" or "prepare" comes with a length and more."""
    if _ASKS_FOR_A_PLAN.search(text):
        return True
    if not _PLANS.match(text):
        return False
    return "minutes" in said() and bool(said().keys() & {"stage", "setting"})


def _is_brief(text: str, said: Said, question: bool) -> bool:
    """Whether a text says something of a session; one that ends in a question must say more."""
    if question:
        return not _IS_A_QUESTION.match(text) and {"stage", "minutes"} <= said.keys()
    return bool(said.keys() & {"stage", "minutes", "setting"}) and not text.rstrip().endswith("?")


def _is_new(said: Said, asks: bool, preparing: bool) -> bool:
    """Whether what is said is a brief of its own, though something was prepared before."""
    return (asks and {"stage", "setting"} <= said.keys()) or (
        preparing and {"stage", "setting", "minutes"} <= said.keys()
    )
