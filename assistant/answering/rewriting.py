"""A follow-up as a question that stands alone, put into words by a language model."""

import re
import threading
from collections.abc import Sequence

from assistant.index.stems import Stemmer
from assistant.models.language import LanguageModel, Message, Tokens
from assistant.prompts import Prompt, fenced, fill
from assistant.retrieval.search import STOP_WORDS, words_of

_TURNS = 6  # earlier turns that are told
_LONGEST = 400  # characters
_FROM_TURNS = 0.75  # of its words of content that the turns must hold


def standalone(
    model: LanguageModel, prompt: Prompt, stemmer: Stemmer, turns: Sequence[str],
    stop: threading.Event | None = None,
) -> tuple[str | None, Tokens]:  # fmt: skip
    """The last of a reader's turns as one question, and what it took; None if the model's wording
    does not help: too long, no other question, or about what no turn speaks of.

    Raises ModelFailure and Stopped.
    """
    earlier = "\n".join(f"- {fenced(turn)}" for turn in turns[-1 - _TURNS : -1])
    asked = fill(prompt.asked, earlier=earlier, last=fenced(turns[-1]))
    messages = [Message("system", prompt.rules), Message("user", asked)]
    reply, tokens = model.complete(messages, stop)
    lines = [line.strip().strip('"“”') for line in reply.strip().splitlines() if line.strip()]
    if len(lines) != 1 or not _is_of(lines[0], turns, stemmer):
        return None, tokens
    if words_of(lines[0]) == words_of(turns[-1]):
        return None, tokens  # it leans as much as before
    return lines[0], tokens


def _is_of(question: str, turns: Sequence[str], stemmer: Stemmer) -> bool:
    if len(question) > _LONGEST or not re.search(r"\w", question):
        return False
    known = set(stemmer.stems(words_of(" ".join(turns))))
    content = [word for word in words_of(question) if word not in STOP_WORDS]
    held = sum(stem in known for stem in stemmer.stems(content))
    last = {word for word in words_of(turns[-1]) if word not in STOP_WORDS}
    kept = last & set(content)
    return bool(content) and held >= _FROM_TURNS * len(content) and (bool(kept) or not last)
