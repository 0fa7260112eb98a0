"""One reader's conversation: what was asked before, and one answer at a time."""

import asyncio
from collections.abc import Sequence

from assistant.answering.watch import Watch
from assistant.app import Assistant
from assistant.chat.scope import EVERYTHING
from assistant.records import Answer

_REMEMBERED = 50  # earlier questions; what lies further back says nothing about the next one


class Conversation:
    """The questions of one reader, as far as they were answered, and the `scope` that the reader
    chose: the value of a `Choice`."""

    def __init__(self) -> None:
        self.scope = EVERYTHING
        self._asked: list[str] = []
        self._under_way: set[Watch] = set()
        self._turn = asyncio.Lock()

    async def ask(
        self, assistant: Assistant, question: str, only: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer:  # fmt: skip
        """The answer to the next question from the documents `only` names, or from all if it
        names none, worked out beside the event loop. `watch` is told what a language model writes.

        Raises AssistantError. If the reader stops it, the question counts as not asked, and the
        model is left at once.
        """
        watch = watch or Watch()
        self._under_way.add(watch)
        try:
            async with self._turn:
                answer = await asyncio.to_thread(
                    assistant.ask, question, tuple(self._asked), tuple(only), (), watch
                )
                self._asked = [*self._asked, question][-_REMEMBERED:]
                return answer
        finally:
            self._under_way.discard(watch)
            watch.stop.set()

    def leave(self) -> None:
        """Nobody waits any longer for what a language model writes."""
        for watch in self._under_way:
            watch.stop.set()
