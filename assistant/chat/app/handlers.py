"""What Chainlit calls. What is worth testing without it lives in the modules beside this folder."""

import asyncio
from collections.abc import Sequence

import chainlit as cl

from assistant.app import Assistant
from assistant.chat.app.events import PageWanted, ScopeChosen, narrow_events
from assistant.chat.app.viewer import show_page
from assistant.chat.conversation import Conversation
from assistant.chat.markdown import answer_markdown, failure_markdown
from assistant.chat.opening import Opening
from assistant.chat.scope import Choice, choices, scope_of
from assistant.chat.strings import Strings
from assistant.errors import AssistantError
from assistant.failure_log import log_failure
from assistant.prompts import fill
from assistant.records import Answer
from assistant.render import answer_as_text

_ICON = "/public/icon.svg"
_Said = cl.Message | cl.ErrorMessage


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
        await _tell_page(kind="began", id=cl.context.session.id, **_state(offered))

    @cl.on_message
    async def reply(message: cl.Message) -> None:
        await _reply(opening, strings, message)

    @cl.on_stop
    async def stopped() -> None:
        # Chainlit has just said so in words of its own.
        said = cl.chat_context.get()[-1]
        said.content = strings.answer.stopped
        await said.update()
        await _tell_page(kind="stopped", id=said.id)

    async def unreadable() -> None:
        await _fail(strings, "", strings.failure.unreadable)

    async def catch_up() -> None:
        await _catch_up(await _offered(opening, strings))

    async def view(wanted: PageWanted) -> None:
        if opening.assistant:
            await show_page(opening.assistant, wanted)

    def choose(said: ScopeChosen) -> None:
        _conversation().scope = said.value

    narrow_events(unreadable, catch_up, view, choose)


async def _reply(opening: Opening, strings: Strings, asked: cl.Message) -> None:
    """Answer, or say what went wrong: the outermost door of the chat."""
    conversation = _conversation()
    wanted = conversation.scope
    if opening.assistant is None:
        await _fail(strings, asked.id, opening.readiness.problem or strings.failure.preparing)
        return
    try:
        offered = await _choices(opening.assistant, strings)
        scope = scope_of(wanted, offered, strings.scope)
        if conversation.scope == wanted:  # else another was chosen meanwhile, for the next one
            conversation.scope = scope.value
        answer = await conversation.ask(opening.assistant, asked.content, scope.documents)
    except AssistantError as error:
        await _fail(strings, asked.id, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001  # no traceback goes further than this
        line = fill(strings.failure.unexpected, log=log_failure(error))
        await _fail(strings, asked.id, line)
    else:
        await _show(strings, asked.id, answer, scope.line, _state(offered))


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


async def _show(
    strings: Strings, question: str, answer: Answer, scope: str, state: dict[str, object]
) -> None:
    message = cl.Message(content="", metadata=_marked(answer))
    # The page finds the text to copy by the name of the button.
    message.actions = [
        cl.Action(
            id=f"copy-{message.id}", name="copy", payload={}, icon="copy",
            label=strings.answer.copy_label,
        )
    ]  # fmt: skip
    message.parent_id = None  # the page may have missed the run that Chainlit puts it in
    try:
        for block in answer_markdown(answer, strings.answer, scope):
            await message.stream_token(block)
    finally:
        await message.send()  # what was shown until the reader stopped it stays
    lead = answer.claims[0].text if answer.claims else strings.answer.declined
    text = answer_as_text(answer, width=10_000)
    text = f"{scope}\n\n{text}" if scope else text
    await _complete(message, question, lead, text, **state)


async def _fail(strings: Strings, question: str, *lines: str) -> None:
    message = cl.ErrorMessage(content=failure_markdown(strings.failure.title, *lines))
    message.parent_id = None
    await message.send()
    await _complete(message, question, lines[0])


async def _complete(
    message: _Said, question: str, lead: str, text: str = "", **state: object
) -> None:
    told = {
        "kind": "answer", "id": message.id, "question": question, "lead": lead, "text": text,
    } | state  # fmt: skip
    cl.user_session.set("last", (message, told))
    await _tell_page(**told)


async def _catch_up(offered: Sequence[Choice]) -> None:
    """Tell a page again what it missed while its connection was broken."""
    session, emitter = cl.context.session, cl.context.emitter
    if session.has_first_interaction:
        # Without it the page shows no button that stops.
        begun = {"interaction": "resume", "thread_id": session.thread_id}
        await emitter.emit("first_interaction", begun)
    message, told = cl.user_session.get("last") or (None, None)
    if message and told:
        if isinstance(message, cl.Message):
            await message.remove_actions()
        await message.send()
        await _tell_page(**told)
    under_way = session.current_task is not None and not session.current_task.done()
    if under_way:
        await emitter.task_start()
    await _tell_page(kind="returned", under_way="yes" if under_way else "", **_state(offered))


def _marked(answer: Answer) -> dict[str, str]:
    """A sign beside what is no answer, in place of our own."""
    return {"icon": "circle-slash"} if answer.decline else {}


async def _tell_page(**message: object) -> None:
    """A message for our script in the page, which Chainlit hands on."""
    await cl.context.emitter.send_window_message({"from": "assistant", **message})
