"""What is known of a session to a brief: what cannot be is refused, what is left out assumed."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import ValidationError

from assistant.coaching.bank import Bank
from assistant.coaching.stages import stage_named, which_stages
from assistant.errors import BriefError, BriefIncomplete
from assistant.plans import (
    LARGEST_GROUP,
    LONGEST_SESSION,
    SHORTEST_SESSION,
    SMALLEST_GROUP,
    Mode,
    SessionBrief,
)
from assistant.prompts import has_cue
from assistant.records import Sector, Stage

USUAL_MINUTES, USUAL_SIZE = 60, 8
GENERAL_SETTING = "your setting"
_EMPTY = {
    "stage": "Name one, such as installation.",
    "setting": "Say where the team works, such as “primary school” or “ward”, or leave it out.",
}


def sector_of(bank: Bank, setting: str) -> Sector | None:
    """The sector of a setting, told by the longest cue in it, of "a district of schools" by the
    schools; None if there is none."""
    of = setting.rpartition(" of ")[2]
    if of != setting and (told := sector_of(bank, of)):
        return told
    found = [
        (len(cue), -n, name)
        for n, (name, words) in enumerate(bank.sectors.items())
        for cue in words.cues
        if has_cue(setting, cue)
    ]
    return max(found)[2] if found else None


def make_brief(bank: Bank, given: Mapping[str, Any]) -> SessionBrief:
    """A brief from what is known of it, by the names of its fields; what is not known is assumed
    and named. Raises BriefIncomplete without a stage, BriefError for what cannot be.
    """
    for name, remedy in _EMPTY.items():
        if isinstance(given.get(name), str) and not given[name].strip():
            raise BriefError(f"The {name} is empty.", remedy)
    known: dict[str, Any] = {
        name: value for name, value in given.items() if value not in (None, "")
    }
    assumed = [name for name in ("minutes", "size", "mode", "setting") if name not in known]
    if "stage" not in known:
        raise BriefIncomplete("Which stage is the team in?", which_stages(bank))
    known.setdefault("setting", GENERAL_SETTING)
    if isinstance(known["stage"], str) and not isinstance(known["stage"], Stage):
        known["stage"] = stage_named(bank, known["stage"])
    if "sector" not in known:
        told = sector_of(bank, " ".join(str(known.get(n, "")) for n in ("setting", "team")))
        known["sector"] = told or "public-services"
        assumed += [] if told or "setting" in assumed else ["sector"]
    known.setdefault("minutes", USUAL_MINUTES)
    known.setdefault("size", USUAL_SIZE)
    if isinstance(known["minutes"], int) and isinstance(known["size"], int):
        _require_possible(known["minutes"], known["size"])
    try:
        return SessionBrief.model_validate(known | {"assumed": tuple(assumed)})
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(map(str, fault["loc"]))
        allowed = {"mode": get_args(Mode), "sector": get_args(Sector)}.get(name)
        remedy = f"Use one of: {', '.join(allowed)}." if allowed else "Correct it, or leave it out."
        raise BriefError(
            f"The {name or 'brief'} cannot be used: {fault['msg']}.", remedy
        ) from error


def _require_possible(minutes: int, size: int) -> None:
    if minutes < SHORTEST_SESSION:
        raise BriefError(
            f"{minutes} minutes are too few for a session: the shortest has {SHORTEST_SESSION}.",
            f"Ask for {SHORTEST_SESSION} minutes or more; for less, take one question to the team.",
        )
    if minutes > LONGEST_SESSION:
        raise BriefError(
            f"{_hours(minutes)} are too long for one session: the longest has "
            f"{LONGEST_SESSION // 60} hours.",
            "Ask for a series, such as “three sessions of 3 hours over three days”.",
        )
    if size < SMALLEST_GROUP:
        raise BriefError(
            f"A session is for {SMALLEST_GROUP} people or more.",
            "For one person, ask the assistant what you want to talk about.",
        )
    if size > LARGEST_GROUP:
        raise BriefError(
            f"{size} people are too many for one session: the most are {LARGEST_GROUP}.",
            f"Plan for {LARGEST_GROUP} or fewer and hold it in {-(-size // LARGEST_GROUP)} groups "
            "at once, each with somebody who leads it, or plan for the team that leads the others.",
        )


def _hours(minutes: int) -> str:
    return f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes} minutes"
