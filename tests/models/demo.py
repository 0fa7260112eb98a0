"""`make demo-llm`: questions to the shipped library, answered by a real small language model.

What it writes is shown as it comes, with what the check makes of each sentence; then the answer as
a reader gets it. At last it says single passages in its own words, and each is checked.
"""

import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.answering.watch import Watch
from assistant.app import Assistant, language_model, open_assistant
from assistant.models.language import LanguageModel, Message
from assistant.records import Citation, Claim
from assistant.render import answer_as_text
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from tests.models.small_model import CONTEXT, MODEL, small_model

QUESTIONS = (
    "Who should be on the implementation team?",
    "How long does full implementation take?",
)
TOPICS = (
    "how long full implementation takes",
    "who should be on the implementation team",
    "teacher coaching effect in standard deviations",
    "what a champion does",
    "PDSA cycles",
    "de-implementation",
)
_REPHRASE = "Say in one short sentence of your own what this text says.\n\n{text}"
_SIGNS = {"verbatim": "word for word", "supported": "supported", "unsupported": "NOT SUPPORTED"}


class _Shown(Watch):
    """Prints what is written."""

    def words(self, text: str) -> None:
        print(text, end="", flush=True)

    def checked(self, claim: Claim, citations: Sequence[Citation]) -> None:
        numbers = "".join(f"[{number}]" for number in claim.citations)
        reason = f": {claim.reason}" if claim.reason else ""
        print(f"\n    >>> {_SIGNS[claim.support]} {numbers}{reason}\n", flush=True)

    def again(self) -> None:
        print("\n    >>> asked again for what is not supported\n", flush=True)


def _rephrased(assistant: Assistant, model: LanguageModel) -> None:
    """Passages in the model's words, and what the check says of them."""
    print("=== Passages in the model's own words\n")
    for topic in TOPICS:
        (passage,) = assistant.search(topic, 1)
        asked = [Message("user", _REPHRASE.format(text=passage.text[:600]))]
        reply, _ = model.complete(asked)
        sentence = reply.strip().split("\n")[0]
        found = assistant.check(sentence, passage.document_id, passage.start, passage.end)
        why = f": {found.doubt} {found.word}".rstrip() if found.doubt else ""
        print(textwrap.indent(textwrap.fill(passage.text[:600], 92), "    "))
        print(f"\n{textwrap.fill(sentence, 92)}\n    >>> {_SIGNS[found.support]}{why}\n")


def main(index: Path | None = None) -> None:
    """Ask the questions, one after the other."""
    with small_model() as address:
        settings = Settings(
            index=index, model=MODEL, model_url=address, model_context=CONTEXT,
            model_first_seconds=120, model_seconds=300,
        )  # fmt: skip
        assistant = open_assistant(settings, TerminalProgress())
        try:
            for question in QUESTIONS:
                print(f"=== {question}\n\n--- as the model writes\n")
                begun = time.monotonic()
                answer = assistant.ask(question, watch=_Shown())
                took = time.monotonic() - begun
                print(f"\n--- as the reader gets it ({answer.engine}, {took:.0f} s)\n")
                print(textwrap.indent(answer_as_text(answer, 92), "    "))
                print(f"\n    {answer.usage}\n")
            if model := language_model(settings):
                _rephrased(assistant, model)
                model.close()
        finally:
            assistant.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
