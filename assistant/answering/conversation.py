"""What a turn means after the turns before it, and what a team has told of itself in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library.glossary import Glossary
from assistant.records import Stage

LONGEST_STANDING = 2_000  # characters of what the earlier turns have come to
_SHORT = 12  # words: a longer turn stands on its own
_NEWS = 8  # words: a shorter statement of what happened adds to what was said before
_ASKS_ITSELF = 4  # words: a shorter question only turns the one before

# "and if it's a clinic?", "why?", "what about the ward?": no question without the one before.
_LEANS = re.compile(
    r"(?:and|but|or|so|ok(?:ay)?|then|how so|what about|how about|what if)\b|(?:no|yes)[,;]"
    r"|why\W*$|why (?:is|was|not|so|that)\b|(?:is|was|does|would|can|should) (?:that|this)\b"
    r"|tell me more|go on\b|more\W*$"
    r"|(?:can you )?(?:give me |any |an )?(?:an |another )?examples?\W*$"
    r"|(?:yes|really|are you sure|what do you mean)\W*$"
    r"|.*\b(?:it|its|it's|those|these|they|them|they're|the other|the same|instead|the rest"
    r"|the first|the second)\b|.*\b(?:that|this)\W*$",
    re.IGNORECASE,
)
_SHORTER = re.compile(
    r"(?:(?:please|can you|could you|can i have|ok|okay|now|but)[, ]+)*"
    r"(?:(?:make|keep|put|say|give me)? ?(?:it|that|this|the answer|an? answer)?\s*(?:even )?"
    r"(?:shorter|briefer|brief|more briefly|simpler|in (?:one|a) (?:sentence|line))"
    r"|(?:make|keep) (?:it|that|this) short|(?:give me )?(?:a|the) short(?:er)? (?:answer|version)"
    r"|(?:that's |that is |it's )?too long|in short|tl;?dr"
    r"|sum (?:it|that) up|summari[sz]e(?: it| that)?)\b.{0,16}$",
    re.IGNORECASE,
)
_OTHER_SENSE = re.compile(
    r"(?:.*\bother (?:sense|meaning)\b"
    r"|(?:no\W+)?(?:i meant? )?(?:in )?the other one(?:,? please)?\W*$"
    r"|.*\bnot (?:in )?that (?:sense|meaning)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:who|what|which|when|where|why|how|is|are|do|does|did|can|could|should|would|will|must|may"
    r"|tell|list|name|explain|define|compare|describe|give|show|help|plan|write|draft)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:\w+ed|is|are|was|were|has|have|had|began|left|went|got|bought|chose)\b|'(?:s|re|ve)\b",
    re.IGNORECASE,
)
_OF_US = re.compile(
    r"\b(?:we|we're|we've|our|us|my|i'm|i am|i run|i manage|i lead|they're|they are|they've)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\b(?:instead|what about|how about|what if)\b|^(?:and|but)\b", re.IGNORECASE)
_KIND_OF_PLACE = (
    r"(?:(?:community|primary|secondary|acute|rural|small|large|special|mental health|district)\s)?"
)


@dataclass(frozen=True)
class Resolved:
    """What was asked, all turns considered, as a query that stands alone.

    `brief`: a shorter answer is wanted. `other_sense`: the contested word is meant in another
    sense than the one shown first. `stage` and `setting` are what the team told of itself, in its
    own words; `told` holds the words of earlier turns that do. `asks_itself`: the last turn is a
    question, and no bare "why?" or news that only adds to the one before.
    """

    query: str
    told: tuple[str, ...] = ()
    brief: bool = False
    other_sense: bool = False
    stage: Stage | None = None
    setting: str | None = None
    asks_itself: bool = True

    @property
    def kept(self) -> bool:
        """Whether it is read with what an earlier turn told."""
        return bool(self.told)

    @property
    def text(self) -> str:
        """The query with what else it is read with, in brackets."""
        return f"{self.query} ({'; '.join(self.told)})" if self.told else self.query


def resolve(turns: Sequence[str], glossary: Glossary) -> Resolved:
    """The last turn in the light of those before it. `turns` are clean and not empty."""
    standing, brief, other, asks_itself = "", False, False, True
    stage: tuple[Stage, str] | None = None
    setting: str | None = None
    for turn in turns:
        brief = bool(standing) and _SHORTER.match(turn) is not None
        asks_itself = not brief
        if brief:
            continue
        if standing and _OTHER_SENSE.match(turn):
            other, asks_itself = not other, False
            continue
        news = bool(standing) and _is_news(turn)
        leans = bool(standing) and (news or _leans(turn))
        if leans:
            standing = f"{standing[:LONGEST_STANDING]} {turn[0].upper()}{turn[1:]}"
            asks_itself = "?" in turn and len(turn.split()) >= _ASKS_ITSELF
        else:
            standing, other = turn, False
        told_stage, told_setting = _told(turn, glossary, news, leans)
        stage, setting = told_stage or stage, told_setting or setting
    said = standing.lower()
    told = tuple(w for w in (stage and stage[1], setting) if w and w.lower() not in said)
    return Resolved(
        query=standing,
        told=told,
        brief=brief,
        other_sense=other,
        stage=stage[0] if stage else None,
        setting=setting,
        asks_itself=asks_itself,
    )


def _is_news(turn: str) -> bool:
    """Whether a turn tells what happened and asks nothing: "Two teachers started." """
    words = len(turn.split())
    states = "?" not in turn and _ASKS.match(turn) is None and _HAPPENED.search(turn) is not None
    return 1 < words <= _NEWS and states


def _leans(turn: str) -> bool:
    """Whether a turn asks nothing without the one before."""
    return len(turn.split()) <= _SHORT and _LEANS.match(turn) is not None


def _told(
    turn: str, glossary: Glossary, news: bool, leans: bool
) -> tuple[tuple[Stage, str] | None, str | None]:
    """The stage and the setting that a turn tells of the asker's own team.

    What is asked tells no stage: "how do we keep it going?" may be asked at any.
    """
    stage = setting = None
    for sentence in re.findall(r"[^.!?\n]+[.!?]*", turn):
        of_us = _OF_US.search(sentence) is not None
        if (of_us or news) and "?" not in sentence:
            stage = glossary.stage_in(sentence) or stage
        place = glossary.setting_in(sentence)
        if place and (of_us or (leans and _INSTEAD.search(sentence))):
            whole = re.search(_KIND_OF_PLACE + re.escape(place), sentence, re.IGNORECASE)
            setting = whole[0] if whole else place
    return stage, setting
