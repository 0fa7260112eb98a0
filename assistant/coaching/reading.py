"""A coach's own words to a brief. Rules that can be read; what is not said is not made up."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.coaching.amounts import day_in, lengths_in, sizes_in, time_in, zone_in
from assistant.coaching.bank import Bank
from assistant.coaching.brief import sector_of
from assistant.coaching.stages import is_only_a_stage, stage_named, stages_in
from assistant.errors import BriefError
from assistant.plans import Mode

LONGEST_BRIEF = 4_000  # characters
_ONLY_A_STAGE = 4  # words of a sentence that only says the stage: "They have just started."

_LABELS = {
    "stage": "stage", "length": "minutes", "minutes": "minutes", "time": "minutes",
    "duration": "minutes", "setting": "setting", "place": "setting", "sector": "sector",
    "purpose": "purpose", "aim": "purpose", "goal": "purpose", "problem": "purpose",
    "topic": "purpose", "programme": "innovation", "program": "innovation",
    "innovation": "innovation", "team": "team", "country": "country", "mode": "mode",
    "size": "size", "people": "size", "group size": "size", "last time": "last_time",
    "notes": "last_time", "notes of last time": "last_time", "date": "day", "day": "day",
}  # fmt: skip
_LABELLED = re.compile(
    rf"^\s*(?P<label>{'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:=]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_BEFORE_A_LABEL = re.compile(
    rf"[\n;]|(?<=[.!?])\s+(?=(?:{'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:=])",
    re.IGNORECASE,
)
_MODES: dict[Mode, re.Pattern[str]] = {
    "hybrid": re.compile(r"\bhybrid\b|\bsome (?:of them )?(?:online|remote)", re.I),
    "online": re.compile(
        r"\b(?:online|remote(?:ly)?|virtual(?:ly)?|zoom|video call|webinar)\b|\bon teams\b", re.I
    ),
    "room": re.compile(
        r"\b(?:in person|in-person|face[- ]to[- ]face|in (?:a|the|one|our) room|on site)\b", re.I
    ),
}
_TIRED = re.compile(
    r"\b(?:tired|exhausted|worn out|burnt out|burned out|low[- ]energy|fed up)\b", re.I
)
_DOING = re.compile(
    r"\b(?:less talk\w*|more doing|too much (?:talk\w*|listening)|more active|hands[- ]on"
    r"|more practical|less listening)\b",
    re.I,
)
_LAST_TIME = re.compile(
    r"\s*(?:(?:at|in) (?:the|our) last|last (?:time|session|meeting|week)|(?:at|from) last time)\b",
    re.I,
)
_PLACES = (
    "schools? school nurser(?:y|ies) kindergarten preschool college academy university wards?"
    " hospitals? clinics? surgery practice hospice centre center service services library council"
    " prison department trust network district"
).split()
_HOME = r"(?:care|nursing|children's|residential)[ -]homes?"
_SETTING = re.compile(
    r"\b(?:for|in|at|on|with|from|of|our|an?|the|my)\s+(?:(?:an?|our|the|my|one|two|three|some)\s+)?"
    rf"(?P<place>(?:\w[\w'-]*\s+){{0,3}}?(?:{_HOME}|{'|'.join(_PLACES)}))\b(?!-)",
    re.IGNORECASE,
)
# In a brief that only lists: "Installation, care home, hybrid".
_BARE_SETTING = re.compile(
    rf"(?:^|[,.;!?]|\s-)\s*(?!(?:it|this|that|there)\b)"
    rf"(?P<place>(?:\w[\w'-]*\s+){{0,3}}?(?:{_HOME}|{'|'.join(_PLACES)}))"
    r"(?=\s*(?:team\b|staff\b|[,.;!?]|-\s|$))",
    re.IGNORECASE,
)
# Two stages may be named where a team goes from one to the other.
_MOVES = re.compile(
    r"\b(?:from|between|after|finished|completed|done with|moving|moved|move|now|before|next|then"
    r"|towards?|leaving|into)\b",
    re.IGNORECASE,
)
_UNKNOWN_STAGE = re.compile(r"\b(?:at|in) the (?P<name>[\w-]+(?: [\w-]+)?) (?:stage|phase)\b", re.I)
_OF_PLACES = re.compile(rf"\s+of\s+(?:\w+\s+)?(?:{_HOME}|{'|'.join(_PLACES)})\b", re.IGNORECASE)
_BEFORE_A_PLACE = re.compile(
    r"\b(?:for|in|at|on|of|with|from|to|and|the|an?|our|my|their|help|into|is|are|good|it)\b(?!-)",
    re.IGNORECASE,
)
_NO_PART_OF_A_PLACE = re.compile(
    r"^(?:(?:tired|exhausted|new|busy|small|large|big|whole|hostile|session|workshop|meeting|team"
    r"|plan|agenda|on|for|in|at|of|with|from|a|an|our|the|my|and|to|minutes?|people|staff|\d+)\s+)+",
    re.IGNORECASE,
)
# "The programme" says nothing of what it is.
_NO_NAME = re.compile(r"(?:(?:the|our|their|this|that|a|new|whole)\s+)*\w+", re.IGNORECASE)
_INNOVATION = re.compile(
    r"\b(?:our|the|their|a|an|of|using|use|with|called)\s+(?P<what>(?:[\w'’-]+\s+){1,4}?"
    r"(?:programme|program|intervention|approach|bundle|pathway|protocol|curriculum|checklist"
    r"|huddles?|scheme|app))\b",
    re.IGNORECASE,
)
_PURPOSES = (
    re.compile(r"\b(?:purpose|aim|goal)\s+(?:is|are|will be)\s+(?:to\s+)?(?P<what>[^.;\n]+)", re.I),
    re.compile(r"\bproblem\s+(?:is|was)\s+(?:that\s+)?(?P<what>[^.;\n]+)", re.I),
    re.compile(r"\b(?P<what>what to do\b[^.;\n]*)", re.I),
    re.compile(r"\bbecause\s+(?P<what>[^.;\n]+)", re.I),
    re.compile(
        r"\b(?:in order |so as )?to\s+(?P<what>(?!(?:prepare|plan|get ready|the|an?|our|my|their"
        r"|other|more|new|all|each|every|some|many|several|these|those)\b|\d)\w+\s[^.;\n]+)",
        re.I,
    ),
    re.compile(r"\b(?P<what>whose\s+[^.;,\n]+)", re.I),
    re.compile(r"\b(?:about|around|focus(?:sed|ing)? on)\s+(?P<what>[^.;\n]+)", re.I),
    re.compile(
        r"\bon\s+(?P<what>"
        r"(?!(?:our|a|the|my)\s+(?:[\w-]+\s+)?ward\b|the phone\b|teams\b|zoom\b|\d)[^.;\n]+)",
        re.I,
    ),
    re.compile(r":\s+(?P<what>[^.;:\n]{8,})", re.I),
)
_AFTER_A_PURPOSE = re.compile(
    r"\s*(?:,|\bfor (?:an?|our|the|my|\d+|eight|ten|six)\b|\bwith (?:\d+|a (?:tired|group)|our)\b"
    r"|\bin (?:an? |our |the )?(?:\w+ )?(?:school|ward|clinic|hospital|home)\b"
    r"|\b(?:online|hybrid|in person)\b|\bat (?:the )?\w+ (?:stage|phase)\b|\bon \d).*$",
    re.IGNORECASE | re.DOTALL,
)
_ONLY_ASKS = re.compile(
    r"\b(?:session|workshop|meeting|agenda|plan me|plan a|prepare|minutes?|hours?|stage|phase"
    r"|online|in person|hybrid|people|we are (?:at|in)|they are (?:at|in|now))\b",
    re.IGNORECASE,
)


def said_in(bank: Bank, text: str) -> dict[str, Any]:
    """What a coach's text says of a brief, by the names of its fields.

    Lines such as "Stage: installation" are taken as they are; the rest is read by rules. Raises
    BriefError if it says two things at once, or far too much.
    """
    if len(text) > LONGEST_BRIEF:
        raise BriefError(
            f"The brief has {len(text):,} characters; the most is {LONGEST_BRIEF:,}.",
            "Say what matters for this session.",
        )
    labelled, free = _labelled(text.replace("’", "'"))
    sentences = list(_sentences(free))
    last_time = " ".join(one for one in sentences if _LAST_TIME.match(one))
    rest = [one for one in sentences if not _LAST_TIME.match(one)]
    read = _read_free(bank, " ".join(rest)) | ({"last_time": last_time} if last_time else {})
    purpose = _purpose(bank, rest)
    if purpose:
        read["purpose"] = purpose
    return read | _read_labelled(bank, labelled)


def _labelled(text: str) -> tuple[dict[str, str], str]:
    labelled: dict[str, str] = {}
    free = []
    for line in _BEFORE_A_LABEL.split(text):
        match = _LABELLED.match(line)
        if match:
            labelled[_LABELS[match["label"].lower()]] = match["value"].strip()
        else:
            free.append(line)
    return labelled, "\n".join(free)


def _read_labelled(bank: Bank, labelled: Mapping[str, str]) -> dict[str, Any]:
    read: dict[str, Any] = dict(labelled)
    if "stage" in read:
        read |= {"stage": stage_named(bank, read["stage"].rstrip(".")), "stage_cue": ""}
    if "minutes" in read:
        read["minutes"] = _whole(read["minutes"], lengths_in(read["minutes"]), "length")
    if "size" in read:
        read["size"] = _whole(read["size"], sizes_in(read["size"]), "size")
    if "mode" in read:
        read |= _mode_in(read["mode"])
    if "day" in read:
        read |= _when(read.pop("day"))
    return read


def _whole(value: str, found: list[int], name: str) -> int:
    digits = re.match(r"\s*(\d+)\W*$", value)
    if digits:
        return int(digits[1])
    if not found:
        raise BriefError(f"The {name} “{value}” is no number that can be read.", "Use digits.")
    return found[0]


def _read_free(bank: Bank, text: str) -> dict[str, Any]:
    read: dict[str, Any] = {}
    stages = stages_in(bank, text)
    if stages:
        named = [one for one in stages if one.named]
        if len({one.stage for one in named}) > 1 and not _MOVES.search(text):
            titles = " and ".join(bank.stages[one.stage].title.lower() for one in named)
            raise BriefError(f"That names two stages: {titles}.", "Say which one it is now.")
        said = (named or stages)[-1]
        read |= {"stage": said.stage, "stage_cue": "" if said.named else said.words}
    elif match := _UNKNOWN_STAGE.search(text):
        read |= {"stage": stage_named(bank, match["name"]), "stage_cue": ""}
    if lengths := lengths_in(text):
        if len(set(lengths)) > 1:
            named_ones = " and ".join(f"{minutes} minutes" for minutes in lengths)
            raise BriefError(
                f"That names two lengths: {named_ones}.", "Say how long the session is."
            )
        read["minutes"] = lengths[0]
    if sizes := sizes_in(text):
        read["size"] = sizes[0]
    if place := place_in(text):
        read["setting"] = place
    if sector := sector_of(bank, place or text):
        read["sector"] = sector
        read.setdefault("setting", bank.sectors[sector].place)
    match = _INNOVATION.search(text)
    if match and not _NO_NAME.fullmatch(match["what"]):
        read["innovation"] = match["what"]
    read |= _mode_in(text) | _when(text)
    if _TIRED.search(text):
        read["low_energy"] = True
    if _DOING.search(text):
        read["more_doing"] = True
    return read


def _mode_in(text: str) -> dict[str, Any]:
    mode = next((mode for mode, cues in _MODES.items() if cues.search(text)), None)
    return {"mode": mode} if mode else {}


def _when(text: str) -> dict[str, Any]:
    try:
        day = day_in(text)
    except ValueError as error:
        raise BriefError(f"No calendar has that day: {error}.", "Correct the date.") from error
    at, zone = time_in(text) if day else None, zone_in(text)
    return {name: value for name, value in (("day", day), ("at", at), ("zone", zone)) if value}


def place_in(text: str) -> str:
    """The kind of place that a text speaks of first, such as "primary school"; empty if none."""
    match = _SETTING.search(text) or _BARE_SETTING.search(text)
    if match is None:
        return ""
    place = _BEFORE_A_PLACE.split(" ".join(match["place"].split()))[-1].strip()
    members = _OF_PLACES.match(text, match.end())
    return _NO_PART_OF_A_PLACE.sub("", place) + (members[0] if members else "")


def _purpose(bank: Bank, sentences: list[str]) -> str:
    """What the session is for: a question that is put, a phrase that says so, or else what is told
    beside the brief."""
    for sentence in sentences:
        if sentence.endswith("?") and not _ONLY_ASKS.search(sentence):
            return sentence
    for pattern in _PURPOSES:
        for sentence in sentences:
            for match in pattern.finditer(sentence):
                what = _AFTER_A_PURPOSE.sub("", match["what"]).strip(" ,.!?")
                what = re.sub(r"^whose\s+", "its ", what, flags=re.I)
                if len(what.split()) > 1 and not is_only_a_stage(bank, what):
                    return what
    told = [
        one
        for one in sentences
        if not _ONLY_ASKS.search(one)
        and not _is_list_of_facts(bank, one)
        and len(one.split()) > 2
        and not (stages_in(bank, one) and len(one.split()) <= _ONLY_A_STAGE)
    ]
    return " ".join(told)


def _is_list_of_facts(bank: Bank, text: str) -> bool:
    """Whether a text only lists what a brief needs: "Ward, full implementation, 1h, 6 carers"."""
    parts = re.split(r"[,;]|\s-\s", text)
    short = len(parts) > 1 and all(len(part.split()) <= _ONLY_A_STAGE for part in parts)
    return short and bool(stages_in(bank, text) or lengths_in(text))


def _sentences(text: str) -> Iterator[str]:
    for one in re.split(r"(?<=[.!?])\s+|\n+", text):
        if one.strip():
            yield one.strip()
