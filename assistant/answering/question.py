"""Reading the question: what was typed, and what it means after what was asked before."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import QuestionError

LONGEST_QUESTION = 2_000  # characters

# "and if it's a clinic?", "why?", "what about the ward?": no question without the one before.
_FOLLOW_UP = re.compile(
    r"(?:and|but|or|so|ok(?:ay)?|then|how so|what about|how about|what if)\b|(?:no|yes)[,;]"
    r"|why\W*$|why (?:is|was|not|so|that)\b|(?:is|was|does|would|can|should) (?:that|this)\b"
    r"|.*\b(?:it|its|those|these|they|them|the other|the same|instead|the first|the second)\b"
    r"|.*\b(?:that|this)\W*$",
    re.IGNORECASE,
)
_TERMINAL_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NO_TEXT = {"Cc", "Cf", "Cs", "Co"}
_JOINERS = "\u200c\u200d"  # parts of words in some scripts
_SHORT = 12  # words: a longer question stands on its own
_LIST = re.compile(
    r"\b(?:list|name|what are|which are|all (?:the|its|of)|what (?:\w+ )?(?:steps|stages|areas"
    r"|domains|functions|competenc\w+|principles|lessons|goals|drivers|questions|dimensions"
    r"|factors|criteria|components|supports)"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|\d+) \w+s\b)",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:vs\.?|versus|differen(?:t|ce)|compare|same as|rather than|or)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Question:
    """A question as typed and as understood."""

    text: str
    resolved: str
    wants_list: bool
    compares: bool


def read_question(text: str, history: Sequence[str] = ()) -> Question:
    """Clean the question and resolve it against the user's earlier turns.

    Raises QuestionError if there is nothing to ask, or far too much.
    """
    plain = _clean(text)
    if not re.search(r"\w", plain):
        raise QuestionError("The question is empty.", "Type a question in plain words.")
    if len(plain) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(plain):,} characters; the most is {LONGEST_QUESTION:,}.",
            "Ask one thing at a time.",
        )
    earlier = [turn for turn in map(_clean, history) if re.search(r"\w", turn)]
    resolved = ""
    for turn in [*earlier, plain]:
        leans = resolved and _leans(turn)
        resolved = f"{resolved[:LONGEST_QUESTION]} {turn}" if leans else turn
    return Question(
        text=plain,
        resolved=resolved,
        wants_list=_LIST.search(plain) is not None,
        compares=_COMPARISON.search(plain) is not None,
    )


def _leans(turn: str) -> bool:
    """Whether a turn says nothing without the one before."""
    return len(turn.split()) <= _SHORT and _FOLLOW_UP.match(turn) is not None


def _clean(text: str) -> str:
    """NFC, terminal escapes, control and direction characters out, white space folded."""
    text = _TERMINAL_ESCAPE.sub(" ", unicodedata.normalize("NFC", text))
    kept = (c if unicodedata.category(c) not in _NO_TEXT or c in _JOINERS else " " for c in text)
    return " ".join("".join(kept).split())
