"""What a coach wants changed of a plan: which fields of its brief, and what the change was.

A plan is revised by changing its brief and preparing it again, with a strong leaning to what it
had: what still fits stays.
"""

import re
from collections.abc import Iterator
from typing import Any

from assistant.coaching.amounts import in_digits, lengths_in, shown_day, time_in
from assistant.coaching.bank import Bank
from assistant.coaching.brief import make_brief, sector_of
from assistant.coaching.choosing import Leaning
from assistant.coaching.lines import Lines
from assistant.coaching.reading import place_in, said_in
from assistant.coaching.stages import stages_in
from assistant.errors import BriefError
from assistant.plans import LONGEST_SESSION, SHORTEST_SESSION, SessionBrief, SessionPlan
from assistant.prompts import fill

_LENGTHS = (20, 30, 45, 60, 90, 120, 150, 180, 240)  # what "shorter" and "longer" step along
_SHORTER = re.compile(
    r"\b(?:shorter|shorten|trim|cut (?:it|this|that|down)|reduce|quicker|too long|less time)\b",
    re.I,
)
_LONGER = re.compile(r"\b(?:longer|lengthen|extend|too short|more time)\b", re.I)
# "15 minutes shorter", "add a quarter of an hour".
_STEP = re.compile(
    r"\b(?:cut|lose|drop|take off|add|minus|plus|(?:shorter|longer) by)\s+(?:another )?"
    r"(?P<by>\d+[ -](?:min\w*|hours?))(?! from)"
    r"|(?P<by2>\d+[ -](?:min\w*|hours?)) (?:shorter|longer|less|more)\b",
    re.I,
)
_ADDS = re.compile(r"\b(?:add|plus|longer|more)\b", re.I)
_MORE_TALKING = re.compile(r"\b(?:more (?:talk\w*|discussion|listening)|less doing)\b", re.I)
_AWAKE = re.compile(r"\b(?:not (?:so )?tired|full of energy|awake|high[- ]energy)\b", re.I)
_ANOTHER = re.compile(
    r"\b(?:(?:another|different|other) (?:main )?activit(?:y|ies)|(?:swap|change|replace) the"
    r" (?:main )?activit(?:y|ies))\b",
    re.I,
)
_WITHOUT = re.compile(r"\b(?:without|drop|leave out|remove|replace|swap|skip|no|not)\b", re.I)
_PURPOSE = re.compile(
    r"\b(?:(?:focus(?:sed)?|concentrate) (?:it )?(?:more )?on|(?:purpose|aim|goal|topic)"
    r" (?:is|should be|to)(?: now)?(?: to)?|make it about|about)\s+(?P<what>[^.;\n]+)",
    re.I,
)
_CHANGES = re.compile(
    r"^\s*(?:and |but |ok,? |please |now |can you |could you |also )*"
    r"(?:make|do (?:it|this|that)|for|with|in|on|at"
    r"|start|begin"
    r"|it(?:'s| is| should)|they(?:'re| are)|we(?:'re| are)|there (?:are|will be)|change|turn|move"
    r"|cut|shorten|trim|drop|leave|remove|replace|swap|use|another|a different|less|more|shorter"
    r"|longer|only|without|let|focus|online|hybrid|actually|instead|session \d)\b",
    re.I,
)
_POLITELY = re.compile(r"^\W*(?:please |and |ok,? )*(?:can|could|would|will) (?:you|we)\b", re.I)
_INSTEAD = re.compile(
    r"\binstead of\s+[^.,;\n]+|\bnot (?:[\w'-]+ ){1,4}but\b"
    r"|\b(?:not|rather than) (?:a|an|the|our|in|at)\s+[^.,;\n]+",
    re.I,
)
_FROM = re.compile(r"\bfrom\s+[\w\s-]+?(?=\s+to\s)", re.I)


def is_change(bank: Bank, plan: SessionPlan, text: str) -> bool:
    """Whether a text reads as a change of a plan, and not as a question."""
    if text.rstrip().endswith("?") and not _POLITELY.match(text):
        return False
    if _CHANGES.match(text) or _ANOTHER.search(text):
        return True
    try:
        return bool(_changes(bank, plan, text))
    except BriefError:
        return True  # it says what is wrong with the change


def changed_brief(bank: Bank, plan: SessionPlan, text: str) -> SessionBrief:
    """The brief of a plan with what a text changes of it. Raises BriefError if that is not
    understood, contradicts itself, or cannot be."""
    brief = plan.brief
    changes = _changes(bank, plan, text)
    if not changes:
        raise BriefError(
            "What should change in the plan was not understood.",
            "Say for example: “make it shorter”, “for 45 minutes”, “they are now at initial "
            "implementation”, “for a ward instead”, “online”, “for 12 people”, “less talking, "
            "more doing”, “another activity”, “focus on the data”.",
        )
    known = brief.model_dump(exclude={"assumed"}) | changes
    assumed = tuple(name for name in brief.assumed if name not in changes)
    return make_brief(bank, known).model_copy(update={"assumed": assumed})


def _changes(bank: Bank, plan: SessionPlan, text: str) -> dict[str, Any]:
    """The fields of the brief that a text changes, with their new values."""
    brief = plan.brief
    wanted = _FROM.sub(" ", _INSTEAD.sub(" ", text))
    return {
        **_length(brief, wanted), **_stage(bank, wanted), **_place(bank, wanted),
        **_manner(bank, brief, wanted), **_purpose(wanted), **_activities(bank, plan, text),
    }  # fmt: skip


def _length(brief: SessionBrief, text: str) -> dict[str, Any]:
    if step := _STEP.search(in_digits(text)):
        by = lengths_in(step["by"] or step["by2"])[0]
        return {"minutes": brief.minutes + (by if _ADDS.search(step[0]) else -by)}
    lengths = set(lengths_in(text))
    if len(lengths) > 1:
        named = " and ".join(f"{minutes} minutes" for minutes in sorted(lengths))
        raise BriefError(f"That names two lengths: {named}.", "Say which one it should be.")
    shorter, longer = _SHORTER.search(text), _LONGER.search(text)
    if shorter and longer:
        raise BriefError("That asks for shorter and longer at once.", "Say how many minutes.")
    if lengths:
        (minutes,) = lengths
        if (shorter and minutes >= brief.minutes) or (longer and minutes <= brief.minutes):
            raise BriefError(
                f"That asks for {'shorter' if shorter else 'longer'}, and for {minutes} minutes; "
                f"the plan has {brief.minutes}.",
                "Say only how many minutes it should have.",
            )
        return {"minutes": minutes}
    if shorter:
        if brief.minutes == SHORTEST_SESSION:
            raise BriefError(
                f"The plan has {brief.minutes} minutes, the shortest there is.",
                "Drop an objective instead: take one question to the team.",
            )
        return {"minutes": max(one for one in _LENGTHS if one < brief.minutes)}
    if longer:
        if brief.minutes == LONGEST_SESSION:
            raise BriefError(
                f"The plan has {brief.minutes} minutes, the longest there is.",
                "Ask for a series of sessions instead.",
            )
        return {"minutes": min(one for one in _LENGTHS if one > brief.minutes)}
    return {}


def _stage(bank: Bank, text: str) -> dict[str, Any]:
    said = stages_in(bank, text)
    named = {one.stage for one in said if one.named}
    if len(named) > 1:
        titles = " and ".join(sorted(bank.stages[stage].title.lower() for stage in named))
        raise BriefError(f"That names two stages: {titles}.", "Say which one the team is in now.")
    if not said:
        return {}
    return {"stage": named.pop() if named else said[-1].stage, "stage_cue": ""}


def _place(bank: Bank, text: str) -> dict[str, Any]:
    place = place_in(text)
    if not place:
        return {}
    sector = sector_of(bank, place)
    return {"setting": place} | ({"sector": sector} if sector else {})


def _manner(bank: Bank, brief: SessionBrief, text: str) -> dict[str, Any]:
    """Where people meet, how many, when, and how."""
    said = said_in(bank, text)
    names = ("mode", "size", "day", "at", "zone", "low_energy", "more_doing", "last_time")
    changes = {name: said[name] for name in names if name in said}
    if brief.day and (at := time_in(text)):
        changes["at"] = at
    if _MORE_TALKING.search(text):
        changes["more_doing"] = False
    if _AWAKE.search(text):
        changes["low_energy"] = False
    return changes


def _purpose(text: str) -> dict[str, Any]:
    match = _PURPOSE.search(text)
    what = re.sub(r"\s+instead\b", "", match["what"]).strip(" ,.!") if match else ""
    return {"purpose": what} if len(what) > 2 and not lengths_in(what) else {}


def _activities(bank: Bank, plan: SessionPlan, text: str) -> dict[str, Any]:
    """Activities that are not wanted any more: those that are named, or the first."""
    has = [item.activity for item in plan.agenda if item.activity]
    titles = {activity.id: activity.title.lower() for activity in bank.activities}
    named = [one for one in has if titles.get(one, "?") in text.lower()]
    dropped: list[str] = []
    if named and (_WITHOUT.search(text) or _ANOTHER.search(text)):
        dropped = named
    elif _ANOTHER.search(text):
        dropped = has if re.search(r"activities", text, re.I) else has[:1]
    return {"left_out": (*plan.brief.left_out, *dropped)} if dropped else {}


def leaning_to(bank: Bank, plan: SessionPlan, only_doing: bool = False) -> Leaning:
    """What keeps of a plan what still fits; of its activities `only_doing` ones, if so wanted."""
    doing = {activity.id for activity in bank.activities if activity.doing}
    return Leaning(
        kept=frozenset(
            (
                *(
                    item.activity
                    for item in plan.agenda
                    if item.activity and (item.activity in doing or not only_doing)
                ),
                *(prompt.origin for prompt in plan.prompts),
            )
        )
    )


def changes_between(
    bank: Bank, lines: Lines, old: SessionPlan, new: SessionPlan
) -> tuple[str, ...]:
    """What became of a plan, a line for each change, and what was kept."""
    told = [*told_of_brief(bank, lines, old.brief, new.brief), *told_of_items(lines, old, new)]
    return tuple(told) or (lines.changed.nothing,)


def told_of_brief(bank: Bank, lines: Lines, old: SessionBrief, new: SessionBrief) -> Iterator[str]:
    """A line for each field of a brief that has changed."""

    def shown(brief: SessionBrief, name: str) -> str:
        value = getattr(brief, name)
        if name == "stage":
            return bank.stages[value].title.lower()
        if name == "mode":
            return lines.mode_names[value]
        if name == "day":
            return shown_day(value) if value else ""
        return f"{value:%H:%M}" if name == "at" and value else str(value)

    for name in (
        "minutes", "stage", "setting", "mode", "size", "purpose", "day", "at", "zone",
        "innovation", "team", "country", "last_time",
    ):  # fmt: skip
        if getattr(old, name) != getattr(new, name):
            yield fill(getattr(lines.changed, name), old=shown(old, name), new=shown(new, name))
    if old.low_energy != new.low_energy:
        yield lines.changed.low_energy if new.low_energy else lines.changed.full_energy
    if old.more_doing != new.more_doing:
        yield lines.changed.more_doing if new.more_doing else lines.changed.more_talking


def told_of_items(lines: Lines, old: SessionPlan, new: SessionPlan) -> Iterator[str]:
    """What became of the activities of a plan."""
    before, after = _activities_of(old), _activities_of(new)
    kept = [title for title in after if title in before]
    added = [title for title in after if title not in before]
    dropped = [title for title in before if title not in after]
    if old.brief == new.brief:
        return
    if kept:
        shorter = all(after[title] < before[title] for title in kept)
        line = lines.changed.kept_shorter if shorter else lines.changed.kept
        yield fill(line, titles=_quoted(kept))
    if added:
        yield fill(lines.changed.added, titles=_quoted(added))
    if dropped:
        yield fill(lines.changed.dropped, titles=_quoted(dropped))


def _quoted(titles: list[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)


def _activities_of(plan: SessionPlan) -> dict[str, int]:
    """Titles of the activities and their minutes."""
    return {item.title: item.minutes for item in plan.agenda if item.activity}
