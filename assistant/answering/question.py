"""Reading the question: what was typed, and what it means after what was asked before.

Rules that can be read; the words of the field come from the glossary.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.conversation import resolve
from assistant.answering.kinds import Kind, kind_of, sides_of
from assistant.errors import QuestionError
from assistant.library.glossary import Glossary
from assistant.records import Stage

LONGEST_QUESTION = 2_000  # characters
Respell = Callable[[str], tuple[str, tuple[tuple[str, str], ...]]]
"""A text to the text with mistyped words put right, and each of them with what it became."""

_TERMINAL_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NO_TEXT = {"Cc", "Cf", "Cs", "Co"}
_JOINERS = "\u200c\u200d"  # parts of words in some scripts


_VIEWS = re.compile(
    r"\bwho(?:'s| is) right\b|\b(?:doesn't|don't|do not|can't|cannot) (?:agree|mean the same)\b"
    r"|\b(?:disagree\w*|contradict\w*|differ(?:s|ent(?:ly)?)?|clash\w*|conflicting)\b"
    r"|\b(?:one|some|half) (?:\w+ ){0,3}says?\b.{0,80}\b(?:another|others|the other)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Question:
    """A question as typed and as understood: `resolved` says it in full, `query` leaves out the
    stage and the setting that earlier turns told.

    `respelled` holds what mistyped words were read as. `sides` are the two things that a
    comparison compares, where both are named. `terms` are the contested terms in it, by their
    names in the glossary. For the rest see `conversation.Resolved`.
    """

    text: str
    resolved: str
    query: str
    respelled: tuple[str, ...] = ()
    kind: Kind = Kind.OTHER
    sides: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    stage: Stage | None = None
    setting: str | None = None
    told: tuple[str, ...] = ()
    brief: bool = False
    other_sense: bool = False

    @property
    def weighs_views(self) -> bool:
        """Whether it asks about things or views that differ, so that two sources are wanted."""
        return self.kind is Kind.COMPARISON or _VIEWS.search(self.query) is not None

    @property
    def wants_list(self) -> bool:
        """Whether the right answer is a complete list."""
        return self.kind is Kind.LIST


def _as_typed(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return text, ()


def read_question(
    text: str, history: Sequence[str], glossary: Glossary, respell: Respell = _as_typed
) -> Question:
    """Clean the question, resolve it against the user's earlier turns, and tell its kind.

    `respell` puts mistyped words right. Raises QuestionError if there is nothing to ask, or far
    too much.
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
    *before, (typed, changed) = [respell(turn) for turn in (*earlier, plain)]
    typed = typed.replace("’", "'")
    meant = resolve([*(turn.replace("’", "'") for turn, _ in before), typed], glossary)
    topics = glossary.topics_in(meant.query)
    asked = typed if meant.asks_itself else meant.query
    stage = glossary.stage_in(asked)
    return Question(
        text=plain,
        resolved=meant.text,
        query=meant.query,
        respelled=tuple(word for _, word in changed),
        kind=kind_of(asked, bool(topics) or bool(earlier)),
        sides=sides_of(asked),
        terms=tuple(glossary.terms_in(meant.query)),
        topics=topics,
        stage=stage[0] if stage else meant.stage,
        setting=meant.setting,
        told=meant.told,
        brief=meant.brief,
        other_sense=meant.other_sense,
    )


def _clean(text: str) -> str:
    """NFC, terminal escapes, control and direction characters out, white space folded."""
    text = _TERMINAL_ESCAPE.sub(" ", unicodedata.normalize("NFC", text))
    kept = (c if unicodedata.category(c) not in _NO_TEXT or c in _JOINERS else " " for c in text)
    return " ".join("".join(kept).split())
