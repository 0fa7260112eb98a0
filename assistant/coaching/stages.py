"""The stages of implementation in a coach's words, or in those of another framework."""

import re
from dataclasses import dataclass

from assistant.coaching.bank import Bank
from assistant.errors import BriefError
from assistant.records import Stage

STAGE_WORDS = r"(?:stage|phase)\b"
# Names that are no ordinary words: they count wherever they stand.
_PLAIN_STAGES = frozenset({"exploration", "installation", "sustainment", "scaling"})


@dataclass(frozen=True)
class StageSaid:
    """A stage that a text speaks of. `named` if it is called by its name, not only pointed to."""

    stage: Stage
    words: str
    named: bool


def stages_in(bank: Bank, text: str) -> list[StageSaid]:
    """The stages that a text speaks of, in the order in which it does."""
    names = sorted(
        ((name, stage) for stage, data in bank.stages.items() for name in data.names),
        key=lambda one: -len(one[0]),
    )
    found: dict[int, StageSaid] = {}
    left = text
    for name, stage in names:
        for match in re.finditer(rf"\b{re.escape(name)}\b", left, re.IGNORECASE):
            said = _stage_said(bank, left, match, stage)
            if said:
                found[match.start()] = said
                left = f"{left[: match.start()]}{' ' * len(match[0])}{left[match.end() :]}"
    return [found[place] for place in sorted(found)]


def _stage_said(bank: Bank, text: str, match: re.Match[str], stage: Stage) -> StageSaid | None:
    """What a name says where it stands: many are ordinary words as well."""
    words, after = match[0], text[match.end() :]
    before = text[: match.start()]
    if re.search(r"\bnot (?:yet )?(?:at|in|on)\s+(?:the\s+)?$", before, re.I):
        return None
    bare = re.sub(rf"\s+{STAGE_WORDS}", "", words.lower())
    official = bare in (*_PLAIN_STAGES, bank.stages[stage].title.lower()) or bare != words.lower()
    called = re.match(rf"\s+{STAGE_WORDS}", after, re.I) is not None
    placed = (
        re.search(r"\b(?:in|at|on|reached|entering|now|stage:?)\s+(?:the\s+)?$", before, re.I)
        and re.match(r"\s*(?:$|[.,;:!?)]|stage\b|phase\b|for\b|with\b|and\b|now\b)", after, re.I)
    ) is not None
    if official or called or placed:
        return StageSaid(stage, words, named=True)
    return StageSaid(stage, words, named=False) if re.search(r"[ -]", words) else None


def stage_named(bank: Bank, name: str) -> Stage:
    """The stage of that name, in NIRN's words or another framework's. Raises BriefError, which
    says what is allowed."""
    plain = " ".join(re.sub(r"[^\w\s'-]", " ", name.replace("’", "'")).lower().split())
    plain = re.sub(
        r"\b(?:epis|eef|nirn)(?:'s)?\b|^(?:program|programme) (?=installation)", "", plain
    )
    plain = re.sub(rf"\s+{STAGE_WORDS}$", "", plain.strip()).removeprefix("the ")
    if plain in set(Stage):
        return Stage(plain)
    for stage, data in bank.stages.items():
        if plain in data.names or plain == data.title.lower():
            return stage
    raise BriefError(f"“{name}” is no stage that is known here.", which_stages(bank))


def which_stages(bank: Bank) -> str:
    """What may be said for a stage."""
    *titles, last = (data.title.lower() for data in bank.stages.values())
    return (
        f"Say {', '.join(titles)} or {last}. The names of EPIS (exploration, preparation, "
        "implementation, sustainment) and of the EEF (explore, prepare, deliver, sustain) are "
        "understood too."
    )


def is_only_a_stage(bank: Bank, text: str) -> bool:
    """Whether a text is nothing but the name of a stage."""
    plain = re.sub(rf"^(?:the|an?)\s+|\s+{STAGE_WORDS}", "", text.lower()).strip()
    return any(plain in (*data.names, data.title.lower()) for data in bank.stages.values())
