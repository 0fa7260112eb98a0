"""What is put before the reader: answers, what is written beside them, and failures."""

from dataclasses import dataclass

import chainlit as cl

from assistant.chat.app.events import AnswerTurned
from assistant.chat.markdown import answer_markdown, failure_markdown, quotes_markdown
from assistant.chat.saving import text_of
from assistant.chat.shelf import Taken
from assistant.chat.signs import is_written
from assistant.chat.strings import Strings
from assistant.plans import SessionPlan
from assistant.records import Answer

_TURNABLE = 20  # answers of a reader that can show their quotes; each takes some 10 kB of memory
_Said = cl.Message | cl.ErrorMessage


@dataclass
class _Turnable:
    """A written answer and its quotes, both as Markdown; one of them is shown."""

    message: cl.Message
    sides: dict[str, str]
    shown: str = "answer"


async def show_answer(
    strings: Strings, message: cl.Message, question: str, answer: Answer, scope: str,
    state: dict[str, object], keeps: bool,
) -> None:  # fmt: skip
    """Put an answer into its message, in place of a draft if one is shown there."""
    message.metadata = {"icon": "circle-slash"} if answer.decline else {}  # no answer: not our sign
    message.actions = buttons_of(strings, message.id, answer, keeps)
    if is_written(answer):
        message.actions += [
            button(message.id, "quotes", "quote", strings.answer.quotes_label),
            button(message.id, "answer", "undo-2", strings.answer.answer_label),
        ]
    blocks = list(answer_markdown(answer, strings.answer, scope))
    if is_written(answer):  # before its buttons can be seen, and pressed
        _remember(message, "".join(blocks), quotes_markdown(answer, strings.answer))
    if message.streaming:
        message.content = "".join(blocks)
        await message.send()
    else:
        try:
            for block in blocks:
                await message.stream_token(block)
        finally:
            await message.send()  # what was shown until the reader stopped it stays
    lead = answer.claims[0].text if answer.claims else strings.answer.declined
    text = text_of(answer)
    text = f"{scope}\n\n{text}" if scope else text
    await complete(message, question, lead, text, **state)


async def show_failure(
    strings: Strings, question: str, *lines: str, title: str | None = None
) -> None:
    """Say what went wrong where an answer should be."""
    message = cl.ErrorMessage(content=failure_markdown(title or strings.failure.title, *lines))
    message.parent_id = None
    await message.send()
    await complete(message, question, lines[0])


async def show_last_again() -> None:
    """For a page that may have missed it."""
    message, told = cl.user_session.get("last") or (None, None)
    if message and told:
        if isinstance(message, cl.Message):
            await message.remove_actions()
        await message.send()
        await tell_page(**told)
        if turnable := _turnables().get(message.id):
            await _tell_side(turnable)


async def turn(said: AnswerTurned) -> None:
    """Show the quotes in place of an answer, or the answer again. Nothing happens to one that is
    not known any more."""
    turnable = _turnables().get(said.id)
    if turnable is None:
        return
    turnable.shown = said.to
    turnable.message.content = turnable.sides[said.to]
    await turnable.message.update()
    await _tell_side(turnable)


async def tell_page(**message: object) -> None:
    """A message for our script in the page, which Chainlit hands on."""
    await cl.context.emitter.send_window_message({"from": "assistant", **message})


def buttons_of(strings: Strings, reply: str, said: Taken | None, keeps: bool) -> list[cl.Action]:
    """The buttons below a reply of that id which work as long as it is known. What one thinks of
    it can only be said where it `keeps`."""
    if said is None:
        return []
    folded = [
        button(reply, "more", "chevron-down", strings.plan.more_label),
        button(reply, "less", "chevron-up", strings.plan.less_label),
    ]
    return [
        *(folded if isinstance(said, SessionPlan) else ()),
        button(reply, "copy", "copy", strings.answer.copy_label),
        button(reply, "take", "download", strings.take.button),
        *([button(reply, "judge", "message-square", strings.judge.button)] if keeps else ()),
    ]


def button(reply: str, name: str, icon: str, label: str) -> cl.Action:
    """A button below the reply of that id. The page finds what it is for by its name."""
    return cl.Action(id=f"{name}-{reply}", name=name, payload={}, icon=icon, label=label)


def _turnables() -> dict[str, _Turnable]:
    """The answers of this reader that can show their quotes, oldest first."""
    found: dict[str, _Turnable] = cl.user_session.get("turnable") or {}
    return found


def _remember(message: cl.Message, written: str, quotes: str) -> None:
    sides = {"answer": written, "quotes": quotes}
    known = _turnables() | {message.id: _Turnable(message, sides)}
    cl.user_session.set("turnable", dict(list(known.items())[-_TURNABLE:]))


async def _tell_side(turnable: _Turnable) -> None:
    await tell_page(kind="turned", id=turnable.message.id, to=turnable.shown)


async def complete(
    message: _Said, question: str, lead: str, text: str = "", **state: object
) -> None:
    """Tell the page that a message is complete: what to announce, and the text to copy."""
    told = {
        "kind": "answer", "id": message.id, "question": question, "lead": lead, "text": text,
    } | state  # fmt: skip
    cl.user_session.set("last", (message, told))
    await tell_page(**told)
