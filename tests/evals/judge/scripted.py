"""Models that say what is written for them, and answers with a label."""

from collections.abc import Callable
from typing import Any

from llama_index.core.llms import (
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)
from llama_index.core.llms.callbacks import llm_completion_callback
from pydantic import PrivateAttr

from evals.judge.agreement import Labelled

MATERIAL = ("What stays?", "The core stays.", "Keep the core.")


class ScriptedLLM(CustomLLM):
    """A real llama-index model that says what is written for it, and keeps what it was asked."""

    _script: Callable[[str], str] = PrivateAttr()
    _asked: list[str] = PrivateAttr(default_factory=list)
    _name: str = PrivateAttr()

    def __init__(self, script: Callable[[str], str], name: str = "scripted-1") -> None:
        super().__init__()
        self._script = script
        self._name = name

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name=self._name)

    @property
    def asked(self) -> list[str]:
        return self._asked

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self._asked.append(prompt)
        return CompletionResponse(text=self._script(prompt))

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        raise NotImplementedError


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
