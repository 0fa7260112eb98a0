"""What Chainlit calls. What is worth testing without it lives in the modules beside this folder."""

import asyncio
from collections.abc import Sequence

import chainlit as cl

from assistant.app import Assistant
from assistant.chat.app.drafting import Drafting
from assistant.chat.app.events import PageWanted, ScopeChosen, narrow_events
from assistant.chat.app.showing import (
    show_answer,
    show_failure,
    show_last_again,
    tell_page,
    turn,
)
from assistant.chat.app.viewer import show_page
from assistant.chat.conversation import Conversation
from assistant.chat.opening import Opening
from assistant.chat.scope import Choice, choices, scope_of
from assistant.chat.strings import Strings
from assistant.errors import AssistantError
from assistant.failure_log import log_failure
from assistant.models.language import Stopped
from assistant.prompts import fill

_ICON = "/public/icon.svg"


def register(opening: Opening, strings: Strings) -> None:
    """Tell Chainlit whom to call."""

    @cl.set_chat_profiles
    async def profiles(_: cl.User | None) -> list[cl.ChatProfile]:
        starters = [cl.Starter(label=question, message=question) for question in strings.starters]
        return [
            cl.ChatProfile(
                name=strings.name, markdown_description=strings.welcome, icon=_ICON, default=True,
                starters=starters,
            )
        ]  # fmt: skip

    @cl.on_chat_start
    async def begin() -> None:
        cl.user_session.set("conversation", Conversation())
        offered = await _offered(opening, strings)
        await tell_page(kind="began", id=cl.context.session.id, **_state(offered))

    @cl.on_message
    async def reply(message: cl.Message) -> None:
        await _reply(opening, strings, message)

    @cl.on_stop
    async def stopped() -> None:
        # Chainlit has just said so in words of its own.
        said = cl.chat_context.get()[-1]
        said.content = strings.answer.stopped
        await said.update()
        await tell_page(kind="stopped", id=said.id)

    async def unreadable() -> None:
        await show_failure(strings, "", strings.failure.unreadable)

    async def catch_up() -> None:
        await _catch_up(await _offered(opening, strings))

    async def view(wanted: PageWanted) -> None:
        if opening.assistant:
            await show_page(opening.assistant, wanted)

    def choose(said: ScopeChosen) -> None:
        _conversation().scope = said.value

    def left() -> None:
        _conversation().leave()

    narrow_events(unreadable, catch_up, view, choose, turn, left)


async def _reply(opening: Opening, strings: Strings, asked: cl.Message) -> None:
    """Answer, or say what went wrong: the outermost door of the chat."""
    conversation = _conversation()
    wanted = conversation.scope
    if opening.assistant is None:
        problem = opening.readiness.problem or strings.failure.preparing
        await show_failure(strings, asked.id, problem)
        return
    drafting = Drafting(strings.answer)
    cl.user_session.set("drafting", drafting)
    try:
        offered = await _choices(opening.assistant, strings)
        scope = scope_of(wanted, offered, strings.scope)
        if conversation.scope == wanted:  # else another was chosen meanwhile, for the next one
            conversation.scope = scope.value
        answer = await drafting.during(
            conversation.ask(opening.assistant, asked.content, scope.documents, drafting.watch)
        )
    except Stopped:
        return  # the reader has left; if the page comes back, it offers to ask again
    except AssistantError as error:
        await show_failure(strings, asked.id, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001  # no traceback goes further than this
        line = fill(strings.failure.unexpected, log=log_failure(error))
        await show_failure(strings, asked.id, line)
    else:
        cl.user_session.set("drafting", None)
        state = _state(offered)
        await show_answer(strings, drafting.message, asked.id, answer, scope.line, state)


def _conversation() -> Conversation:
    conversation: Conversation = cl.user_session.get("conversation") or Conversation()
    cl.user_session.set("conversation", conversation)
    return conversation


async def _offered(opening: Opening, strings: Strings) -> Sequence[Choice]:
    """What there is to choose from; nothing if that cannot be read, which an answer will say."""
    try:
        return await _choices(opening.assistant, strings) if opening.assistant else ()
    except AssistantError:
        return ()
    except Exception as error:  # noqa: BLE001  # Chainlit would put its words before the reader
        log_failure(error)
        return ()


async def _choices(assistant: Assistant, strings: Strings) -> Sequence[Choice]:
    def read() -> Sequence[Choice]:
        own, library = assistant.own_documents(), assistant.library_documents()
        return choices(own, library, strings.scope)

    return await asyncio.to_thread(read)


def _state(offered: Sequence[Choice]) -> dict[str, object]:
    """What the page needs for the choice."""
    listed = [[choice.value, choice.label] for choice in offered]
    return {"choices": listed, "scope": _conversation().scope}


async def _catch_up(offered: Sequence[Choice]) -> None:
    """Tell a page again what it missed while its connection was broken."""
    session, emitter = cl.context.session, cl.context.emitter
    if session.has_first_interaction:
        # Without it the page shows no button that stops.
        begun = {"interaction": "resume", "thread_id": session.thread_id}
        await emitter.emit("first_interaction", begun)
    await show_last_again()
    drafting: Drafting | None = cl.user_session.get("drafting")
    if drafting:
        await drafting.show_again()
    under_way = session.current_task is not None and not session.current_task.done()
    if under_way:
        await emitter.task_start()
    await tell_page(kind="returned", under_way="yes" if under_way else "", **_state(offered))
