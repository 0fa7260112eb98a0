"""The message in which an answer appears, also while a language model is still writing it."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import chainlit as cl

from assistant.chat.happenings import Failed
from assistant.chat.reply import Reply
from assistant.chat.strings import AnswerStrings
from assistant.chat.writing import Draft, Onlooker

T = TypeVar("T")
_PAUSE = 0.1  # seconds between two drawings: as fast as anybody reads, and no load for a phone


class Drafting:
    """A message, and the draft that is shown in it as `watch` is told of it.

    The whole draft is sent each time: what is lost on a broken connection is in the next one.
    """

    def __init__(self, strings: AnswerStrings, reply: Reply, failed: Failed) -> None:
        """The `reply` is told how far it is, and `failed` what goes wrong with a draft."""
        self.watch = Onlooker(reply)
        self._failed = failed
        self.message = cl.Message(content="")
        self.message.parent_id = None  # the page may have missed the run that Chainlit puts it in
        self._draft = Draft(strings)

    @property
    def is_shown(self) -> bool:
        """Whether the page shows a draft that nothing has taken the place of yet."""
        return bool(self.message.streaming)

    async def during(self, answering: Awaitable[T]) -> T:
        """What comes of it, its draft shown until it is there. If nothing comes, what was shown
        stays."""
        following = asyncio.create_task(self._follow())
        done = False
        try:
            answer = await answering
            done = True
            return answer
        finally:
            following.cancel()
            for fault in await asyncio.gather(following, return_exceptions=True):
                if isinstance(fault, Exception):
                    self._failed(fault)
            if not done and self.is_shown:
                await self._end()

    async def show_again(self) -> None:
        """For a page that is back after a break of its connection."""
        if self.message.content:
            await cl.context.emitter.send_step(self.message.to_dict())

    async def _follow(self) -> None:
        while True:
            await self.watch.next_into(self._draft)
            shown = self._draft.markdown()
            if shown and shown != self.message.content:
                await self.message.stream_token(shown, is_sequence=True)
            await asyncio.sleep(_PAUSE)

    async def _end(self) -> None:
        """What was written until it was stopped stays, and says so."""
        self.watch.rest_into(self._draft)
        self._draft.end()
        self.message.content = self._draft.markdown()
        await self.message.send()
