"""What Chainlit calls. What is worth testing without it lives in the modules beside this folder."""

import chainlit as cl

from assistant.chat.app.events import narrow_events
from assistant.chat.conversation import Conversation
from assistant.chat.markdown import answer_markdown, failure_markdown
from assistant.chat.opening import Opening
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
        await _tell_page(kind="began", id=cl.context.session.id)

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

    narrow_events(unreadable, _catch_up)


async def _reply(opening: Opening, strings: Strings, asked: cl.Message) -> None:
    """Answer, or say what went wrong: the outermost door of the chat."""
    conversation: Conversation = cl.user_session.get("conversation") or Conversation()
    cl.user_session.set("conversation", conversation)
    if opening.assistant is None:
        await _fail(strings, asked.id, opening.readiness.problem or strings.failure.preparing)
        return
    try:
        answer = await conversation.ask(opening.assistant, asked.content)
    except AssistantError as error:
        await _fail(strings, asked.id, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001  # no traceback goes further than this
        line = fill(strings.failure.unexpected, log=log_failure(error))
        await _fail(strings, asked.id, line)
    else:
        await _show(strings, asked.id, answer)


async def _show(strings: Strings, question: str, answer: Answer) -> None:
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
        for block in answer_markdown(answer, strings.answer):
            await message.stream_token(block)
    finally:
        await message.send()  # what was shown until the reader stopped it stays
    lead = answer.claims[0].text if answer.claims else strings.answer.declined
    await _complete(message, question, lead, answer_as_text(answer, width=10_000))


async def _fail(strings: Strings, question: str, *lines: str) -> None:
    message = cl.ErrorMessage(content=failure_markdown(strings.failure.title, *lines))
    message.parent_id = None
    await message.send()
    await _complete(message, question, lines[0])


async def _complete(message: _Said, question: str, lead: str, text: str = "") -> None:
    told = {"kind": "answer", "id": message.id, "question": question, "lead": lead, "text": text}
    cl.user_session.set("last", (message, told))
    await _tell_page(**told)


async def _catch_up() -> None:
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
    await _tell_page(kind="returned", under_way="yes" if under_way else "")


def _marked(answer: Answer) -> dict[str, str]:
    """A sign beside what is no answer, in place of our own."""
    return {"icon": "circle-slash"} if answer.decline else {}


async def _tell_page(**message: str) -> None:
    """A message for our script in the page, which Chainlit hands on."""
    await cl.context.emitter.send_window_message({"from": "assistant", **message})
