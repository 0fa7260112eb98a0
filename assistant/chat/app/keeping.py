"""Conversations that are kept, and taken up again on the page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import chainlit as cl

from assistant.app import Assistant
from assistant.chat.app.showing import buttons_of, tell_page
from assistant.chat.conversation import Conversation
from assistant.chat.saving import Said, said_in, sources_of, text_of, turn_of
from assistant.chat.shelf import Kept, Shelf, Taken, formats_of
from assistant.chat.strings import Strings
from assistant.chat.waiting import in_store
from assistant.errors import AssistantError
from assistant.prompts import fill
from assistant.records import Answer
from assistant.store.history import Place
from assistant.store.records import Turn
from assistant.store.store import Store


@dataclass(frozen=True)
class Keeping:
    """Where conversations are kept, and what of them can be taken away. Without `keeps` nothing
    is."""

    store: Store
    shelf: Shelf
    strings: Strings
    keeps: bool

    async def keep(
        self, assistant: Assistant, conversation: Conversation, asked: cl.Message,
        message: cl.Message, said: Said,
    ) -> None:  # fmt: skip
        """Keep a message and its reply, which is on the page. If that fails the page says so."""
        if not self.keeps:
            return
        session, user = cl.context.session, _user()
        profile = str(cl.user_session.get("chat_profile") or "")
        place = Place(id=session.thread_id, profile=profile, scope=conversation.scope)
        now = datetime.now(UTC)
        turn = turn_of(asked.id, asked.content, message.id, said, message.content, now)

        def save() -> None:
            sources = sources_of(said, assistant.source)
            self.store.history.save(user, place, turn, sources)

        try:
            await in_store(save)
        except AssistantError as error:
            line = fill(self.strings.history.unkept, why=str(error))
            await tell_page(kind="unkept", text=line)
            return
        # The page looks anew at its list when it is told of another first question.
        first = {"interaction": place.id, "thread_id": place.id}
        await cl.context.emitter.emit("first_interaction", first)
        await tell_page(kind="kept", id=place.id)

    async def owns(self, user: str, thread_id: str) -> bool:
        """Whether a user, by id, has kept a conversation. Raises StoreError."""
        return await in_store(self.store.history.owner, thread_id) == user

    async def take_up(self, thread_id: str) -> Sequence[dict[str, object]]:
        """Make the conversation of that id this reader's; gives what the page needs of each
        reply. Raises StoreError."""
        user = _user()
        saved = await in_store(self.store.history.load, user, thread_id)
        turns = saved.turns if saved else ()
        said = [said_in(turn) for turn in turns]
        pairs = [(turn.asked, one) for turn, one in zip(turns, said, strict=True)]
        conversation = Conversation.taken_up(saved.scope if saved else "", pairs)
        cl.user_session.set("conversation", conversation)
        ids = [turn.reply_id for turn in turns]
        judged = await in_store(self.store.feedback.of, user, ids)
        replies = []
        for turn, one in zip(turns, said, strict=True):
            for action in buttons_of(self.strings, turn.reply_id, one, self.keeps):
                await action.remove()  # a page that was there all the time has it
                await action.send(for_id=turn.reply_id)
            reply = await self._reply(conversation, turn, one)
            if opinion := judged.get(turn.reply_id):
                reply["judged"] = {"verdict": opinion.verdict, "comment": opinion.comment}
            replies.append(reply)
        return replies

    async def _reply(
        self, conversation: Conversation, turn: Turn, said: Taken | None
    ) -> dict[str, object]:
        known: dict[str, object] = {"id": turn.reply_id, "question": turn.id, "text": turn.shown}
        if said is None:
            return known
        text = await asyncio.to_thread(text_of, said)
        return known | {"text": text} | self.offer(conversation, said)

    def offer(self, conversation: Conversation, what: Taken) -> dict[str, Any]:
        """What the page needs to offer something as a file."""
        token = self.shelf.put(conversation, Kept(what, _user(), lambda: conversation.answers))
        whole = isinstance(what, Answer)
        return {"take": {"token": token, "formats": formats_of(what), "whole": whole}}


def _user() -> str:
    """The id of who sits at the page: nobody else is let in to the socket."""
    user = cl.context.session.user
    assert user is not None
    return user.identifier
