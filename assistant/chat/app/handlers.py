"""What Chainlit calls. What is worth testing without it lives in the modules beside this folder."""

import chainlit as cl

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
        await _reply(opening, strings, message.content)

    @cl.on_stop
    async def stopped() -> None:
        # Chainlit has just said so in words of its own.
        said = cl.chat_context.get()[-1]
        said.content = strings.answer.stopped
        await said.update()
        await _tell_page(kind="stopped", id=said.id)


async def _reply(opening: Opening, strings: Strings, question: str) -> None:
    """Answer, or say what went wrong: the outermost door of the chat."""
    conversation: Conversation = cl.user_session.get("conversation") or Conversation()
    cl.user_session.set("conversation", conversation)
    if opening.assistant is None:
        await _fail(strings, opening.readiness.problem or strings.failure.preparing)
        return
    try:
        answer = await conversation.ask(opening.assistant, question)
    except AssistantError as error:
        await _fail(strings, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001  # no traceback goes further than this
        await _fail(strings, fill(strings.failure.unexpected, log=log_failure(error)))
    else:
        await _show(strings, answer)


async def _show(strings: Strings, answer: Answer) -> None:
    message = cl.Message(content="", metadata=_marked(answer))
    # The page finds the text to copy by the name of the button.
    message.actions = [
        cl.Action(
            id=f"copy-{message.id}", name="copy", payload={}, icon="copy",
            label=strings.answer.copy_label,
        )
    ]  # fmt: skip
    try:
        for block in answer_markdown(answer, strings.answer):
            await message.stream_token(block)
    finally:
        await message.send()  # what was shown until the reader stopped it stays
    lead = answer.claims[0].text if answer.claims else strings.answer.declined
    text = answer_as_text(answer, width=10_000)
    await _tell_page(kind="answer", id=message.id, lead=lead, text=text)


async def _fail(strings: Strings, *lines: str) -> None:
    message = cl.ErrorMessage(content=failure_markdown(strings.failure.title, *lines))
    await message.send()
    await _tell_page(kind="answer", id=message.id, lead=lines[0], text="")


def _marked(answer: Answer) -> dict[str, str]:
    """A sign beside what is no answer, in place of our own."""
    return {"icon": "circle-slash"} if answer.decline else {}


async def _tell_page(**message: str) -> None:
    """A message for our script in the page, which Chainlit hands on."""
    await cl.context.emitter.send_window_message({"from": "assistant", **message})
