"""A language model as judge: how it is asked about an answer, and how its reply is read.

Replies that cannot be read, and failed calls, are unscored and counted; they are never a zero.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Literal, Protocol, get_args

from pydantic import BaseModel, ConfigDict

from assistant import prompts
from assistant.errors import ModelError, UsageError
from assistant.models.language import Message
from assistant.prompts import fenced, fill
from evals.judge.cache import Cache

Label = Literal["right", "partly", "wrong"]

LABELS: tuple[Label, ...] = get_args(Label)
_VARIABLES = {"question", "answer", "reference"}
_LONGEST_REASON = 160  # characters
_FAILURES = 3  # in a row: longer than a hiccup, and few if each one runs into a timeout


class Model(Protocol):
    """Anything that replies to what is said. `LanguageModel` does."""

    @property
    def name(self) -> str:
        """The name under which its replies are kept."""

    def complete(self, messages: Sequence[Message], /) -> tuple[str, object]:
        """The reply, and something about it. May raise anything, such as its own timeout."""


class Part(BaseModel):
    """A record of the judge. What it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Judgement(Part):
    """The verdict on one answer, None if it is unscored.

    `votes` are those of the repeats that could be read. `agreement` is the share of them that the
    most frequent vote has, None without votes. `reasons` say why the others could not be read.
    """

    verdict: Label | None
    votes: tuple[Label, ...]
    unreadable: int
    agreement: float | None
    reasons: tuple[str, ...] = ()


class Judge:
    """A model asked `repeats` times about each answer.

    `cache` keeps replies by the sha256 of model, prompt and material; each repeat has its own, so
    that the spread stays what it was. Failed calls are not kept. Raises PromptError, and
    UsageError for less than one repeat.

    A call fails if the model raises an error; a reply that cannot be read is no failure.
    """

    def __init__(self, model: Model, repeats: int = 3, cache: Cache | None = None) -> None:
        if repeats < 1:
            raise UsageError(f"A judge asked {repeats} times says nothing.", "Ask it once or more.")
        self._model = model
        self._template, self.prompt = read_prompt()
        self._cache = cache or Cache()
        self._failures = 0  # in a row, over all answers
        self.repeats = repeats
        self.name = model.name

    def judge(self, question: str, answer: str, reference: str) -> Judgement:
        """The verdict that more than half of all repeats gave; without one it is unscored.

        A failed call and a reply that cannot be read count as repeats without a vote. Raises
        ModelError at the third failed call in a row, over all answers, and at each one after it
        until a call succeeds; kept replies are no calls.
        """
        material = {
            "question": fenced(question), "answer": fenced(answer), "reference": fenced(reference),
        }  # fmt: skip
        prompt = fill(self._template, **material)
        key = _sha256(json.dumps([self.name, self.prompt, *material.values()]))
        repeats = [self._vote(key, repeat, prompt) for repeat in range(self.repeats)]
        votes = tuple(vote for vote, _ in repeats if vote is not None)
        reasons = tuple(reason for vote, reason in repeats if vote is None)
        vote, count = Counter(votes).most_common(1)[0] if votes else (None, 0)
        return Judgement(
            verdict=vote if 2 * count > self.repeats else None,
            votes=votes,
            unreadable=len(reasons),
            agreement=count / len(votes) if votes else None,
            reasons=reasons,
        )

    def _vote(self, key: str, repeat: int, prompt: str) -> tuple[Label | None, str]:
        """The vote of one repeat, or why there is none."""
        text = self._cache.get(key, repeat)
        if text is None:
            try:
                text, _ = self._model.complete([Message("user", prompt)])
            except Exception as error:  # models raise errors of any library
                reason = _short(f"{type(error).__name__}: {error}")
                self._failures += 1
                if self._failures >= _FAILURES:
                    raise self._silent(reason) from error
                return None, reason
            self._failures = 0
            self._cache.put(key, repeat, text)
        return parse(text), _short(f"no verdict alone on the last line: {_last_line(text)!r}")

    def _silent(self, reason: str) -> ModelError:
        return ModelError(
            f"The judge's model {self.name} does not answer: {self._failures} calls in a row "
            f"failed, the last with {reason.rstrip('.')}.",
            "See that it runs and can be reached, then judge again.",
        )


def read_prompt() -> tuple[str, str]:
    """The judge's prompt and its sha256. Raises PromptError."""
    return prompts.read_prompt("judge", _VARIABLES)


def parse(reply: str) -> Label | None:
    """The vote of a reply: one word on its last line, in small or capital letters. Else None."""
    last = _last_line(reply).lower()
    return next((label for label in LABELS if last == label), None)


def _last_line(reply: str) -> str:
    lines = reply.strip().splitlines()
    return lines[-1].strip() if lines else ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _short(text: str) -> str:
    """One line that a terminal can show as it is."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
