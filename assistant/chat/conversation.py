"""One reader's conversation: what was said before, and one reply at a time."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from assistant.answering.watch import Watch
from assistant.app import Assistant
from assistant.chat.desk import Desk, Turn
from assistant.chat.scope import EVERYTHING
from assistant.coaching.coach import Prepared
from assistant.records import Answer

_REMEMBERED = 50  # earlier questions; what lies further back says nothing about the next one


class Conversation:
    """The questions of one reader, as far as they were answered, with the answers, what was
    prepared on the `desk`, and the `scope` that the reader chose: the value of a `Choice`."""

    def __init__(self) -> None:
        self.scope = EVERYTHING
        self.desk = Desk()
        self._packed: tuple[bytes, ...] = ()  # an open answer takes some 24 kB, a packed one 2
        self._asked: list[str] = []
        self._under_way: set[Watch] = set()
        self._turn = asyncio.Lock()

    @classmethod
    def taken_up(
        cls, scope: str, turns: Sequence[tuple[str, Answer | Prepared | None]]
    ) -> "Conversation":
        """A conversation as it was after these turns: what was asked, and what was said if it was
        an answer or something prepared."""
        conversation = cls()
        conversation.scope = scope
        for asked, said in turns:
            if isinstance(said, Answer):
                conversation._remember(asked, said)
            elif said is not None:
                conversation.desk = conversation.desk.after(said)
        return conversation

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was answered, oldest first."""
        return tuple(map(_unpacked, self._packed))

    @property
    def last(self) -> Answer | Prepared | None:
        """What "that" means to who wants a file: what was prepared or shown of it last, or else
        the last answer."""
        return self.desk.shown or (_unpacked(self._packed[-1]) if self._packed else None)

    async def reply(
        self, assistant: Assistant, text: str, preparing: bool = False, only: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer | Turn:  # fmt: skip
        """What is prepared for a message, or its answer if it is a question; see `ask`.
        `preparing`: the reader came to prepare a session, so that a bare brief is one.

        Raises AssistantError. If the reader stops it, the message counts as not sent.
        """
        async with self._next(watch) as watching:
            watching.waits()
            desk, turn = await asyncio.to_thread(
                self.desk.take_up, assistant, text, preparing, watching
            )
            self.desk = desk
            return turn or await self._answer(assistant, text, only, watching)

    async def ask(
        self, assistant: Assistant, question: str, only: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer:  # fmt: skip
        """The answer to the next question from the documents `only` names, or from all if it
        names none, worked out beside the event loop. `watch` is told what a language model writes.

        Raises AssistantError. If the reader stops it, the question counts as not asked, and the
        model is left at once.
        """
        async with self._next(watch) as watching:
            return await self._answer(assistant, question, only, watching)

    def leave(self) -> None:
        """Nobody waits any longer for what a language model writes."""
        for watch in self._under_way:
            watch.stop.set()

    @asynccontextmanager
    async def _next(self, watch: Watch | None) -> AsyncIterator[Watch]:
        """The turn of one message, after those that came before it."""
        watch = watch or Watch()
        self._under_way.add(watch)
        try:
            async with self._turn:
                yield watch
        finally:
            self._under_way.discard(watch)
            watch.stop.set()

    async def _answer(
        self, assistant: Assistant, question: str, only: Sequence[str], watch: Watch
    ) -> Answer:
        watch.waits()
        answer = await asyncio.to_thread(
            assistant.ask, question, tuple(self._asked), tuple(only), (), watch
        )
        self._remember(question, answer)
        return answer

    def _remember(self, question: str, answer: Answer) -> None:
        self._asked = [*self._asked, question][-_REMEMBERED:]
        packed = zlib.compress(answer.model_dump_json().encode())
        self._packed = (*self._packed, packed)[-_REMEMBERED:]


def _unpacked(packed: bytes) -> Answer:
    return Answer.model_validate_json(zlib.decompress(packed))
