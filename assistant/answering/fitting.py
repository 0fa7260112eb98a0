"""How well a sentence fits the kind of answer that a question wants."""

import re

from assistant.answering.kinds import Kind
from assistant.answering.question import Question
from assistant.index.stems import Stemmer
from assistant.retrieval.search import STOP_WORDS, words_of

# Set on the dev questions of evals/datasets.
_FIGURE, _DEFINES, _BOTH_SIDES, _BEGINS = 0.15, 0.2, 0.5, 0.1
_OF_SETTING = 0.05
_ANSWERS_ANOTHER = 0.2  # "No, nobody can" answers a question that the reader did not ask

_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|third|quarter|twice)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r".{0,60}?\b(?:is|are|means?|was|were|stands? for|refers?)\b|.{0,30}?:", re.DOTALL
)
_OPENS = re.compile(r"(?:the|an?|in|[\"'“‘])*\s*", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|starts?|begins?|before|next)\b", re.IGNORECASE)
_REPLY = re.compile(r"(?:yes|no|not yet|partly|it depends)[,:;]", re.IGNORECASE)


def named(side: str) -> re.Pattern[str]:
    """A side of a comparison by its very name, in one or many: FRAME is not named in FRAME-IS."""
    return re.compile(rf"(?<![\w-]){re.escape(side)}s?(?![\w-])", re.IGNORECASE)


class Fit:
    """What a sentence gains for a question, beside its score."""

    def __init__(self, question: Question, stemmer: Stemmer) -> None:
        self._kind = question.kind
        self._stemmer = stemmer
        self._subject = self._stems(question.text)
        self._setting = (
            re.compile(rf"\b{re.escape(question.setting.split()[-1].rstrip('s'))}", re.IGNORECASE)
            if question.setting
            else None
        )
        self._sides = [named(side) for side in question.sides]

    def preference(self, text: str) -> float:
        """What a text gains because it speaks of the setting that the team told."""
        return _OF_SETTING if self._setting and self._setting.search(text) else 0.0

    def bonus(self, text: str) -> float:
        """What a text gains as the lead, or loses, by its form."""
        bonus = -_ANSWERS_ANOTHER if _REPLY.match(text) else 0.0
        if self._kind is Kind.FIGURE and _NUMBER.search(text):
            bonus += _FIGURE
        elif self._kind is Kind.DEFINITION and self._defines(text):
            bonus += _DEFINES
        elif self._kind is Kind.WHICH_FIRST and _FIRST.search(text):
            bonus += _BEGINS
        if self._sides and all(side.search(text) for side in self._sides):
            bonus += _BOTH_SIDES
        return bonus

    def _defines(self, text: str) -> bool:
        opening = _OPENS.match(text)
        rest = text[opening.end() if opening else 0 :]
        words = words_of(rest)[:3]
        return bool(self._subject & set(self._stemmer.stems(words))) and bool(_VERB.match(rest))

    def _stems(self, text: str) -> set[str]:
        words = [word for word in words_of(text) if word not in STOP_WORDS]
        return set(self._stemmer.stems(words))
