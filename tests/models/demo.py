"""`make demo-llm`: questions to the shipped library, answered by a real small language model.

What it writes is shown as it comes, with what the check makes of each sentence; then the answer as
a reader gets it.
"""

import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.answering.watch import Watch
from assistant.app import open_assistant
from assistant.records import Citation, Claim
from assistant.render import answer_as_text
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from tests.models.small_model import CONTEXT, MODEL, small_model

QUESTIONS = (
    "Who should be on the implementation team?",
    "How long does full implementation take?",
    "May we drop two sessions of the programme?",
)
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
        finally:
            assistant.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
