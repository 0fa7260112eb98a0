"""Models that say what is written for them, and answers with a label."""

from collections.abc import Callable, Sequence

from assistant.models.language import Message, Tokens
from evals.judge.agreement import Labelled

MATERIAL = ("What stays?", "The core stays.", "Keep the core.")


class ScriptedLLM:
    """A model that says what is written for it, and keeps what it was asked."""

    def __init__(self, script: Callable[[str], str], name: str = "scripted-1") -> None:
        self._script = script
        self.name = name
        self.asked: list[str] = []

    def complete(self, messages: Sequence[Message]) -> tuple[str, Tokens]:
        prompt = "\n\n".join(message.text for message in messages)
        self.asked.append(prompt)
        return self._script(prompt), Tokens(0, 0, counted=False)


def saying(*replies: str) -> ScriptedLLM:
    """A model that gives these replies in turn."""
    left = iter(replies)
    return ScriptedLLM(lambda _: next(left))


def labelled(name: str, label: str, answer: str | None = None) -> Labelled:
    return Labelled.model_validate(
        {
            "id": name,
            "question": "What stays?",
            "answer": answer or f"[{name}]",
            "reference": "The core stays.",
            "label": label,
            "document_id": "guide",
            "labelled_by": "hand",
        }
    )
