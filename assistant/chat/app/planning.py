"""What is prepared, put before the reader: plans, series, questions back, links to files."""

import asyncio

import chainlit as cl

from assistant.chat.app.showing import button, buttons_of, complete
from assistant.chat.desk import AskedBack
from assistant.chat.markdown import exact
from assistant.chat.plan_markdown import plan_markdown, series_markdown
from assistant.chat.saving import text_of
from assistant.chat.shelf import Taken, take_link
from assistant.chat.strings import Strings
from assistant.coaching.coach import Prepared
from assistant.plans import SessionPlan, SessionSeries
from assistant.prompts import fill
from assistant.takeaway.errors import TakeawayError
from assistant.takeaway.export import Format, take_away


async def show_prepared(
    strings: Strings, message: cl.Message, question: str, prepared: Prepared,
    state: dict[str, object], keeps: bool,
) -> None:  # fmt: skip
    """Put a plan or a series into its message."""
    message.actions = buttons_of(strings, message.id, prepared, keeps)
    if isinstance(prepared, SessionPlan):
        message.content = plan_markdown(prepared, strings.plan)
    else:
        message.content = series_markdown(prepared, strings.plan)
    text = await asyncio.to_thread(text_of, prepared)
    await message.send()
    await complete(message, question, prepared.title, text, **state)


async def show_asked_back(
    strings: Strings, message: cl.Message, question: str, asked: AskedBack, state: dict[str, object]
) -> None:
    """Ask for what a brief lacks."""
    lines = (f"**{exact(asked.question)}**", exact(asked.help), exact(strings.plan.asked_back))
    message.content = "\n\n".join(lines)
    await message.send()
    await complete(message, question, asked.question, "", **state)


async def show_files(
    strings: Strings, message: cl.Message, question: str, what: Taken, token: str,
    formats: tuple[Format, ...], state: dict[str, object],
) -> None:  # fmt: skip
    """Give a link to each file that is wanted, and the draft of an e-mail as text."""
    take = strings.take
    lead = take.here_answer
    if isinstance(what, SessionPlan | SessionSeries):
        lead = fill(take.here, title=what.title)
    links, problems, email = [], [], ""
    for form in formats:
        name = take.formats[form]
        try:
            made = await asyncio.to_thread(take_away, what, form)
        except TakeawayError as error:
            problems.append(exact(fill(take.not_possible, name=name, why=str(error))))
            continue
        links.append(f"- [{exact(name)}]({take_link(token, form)})")
        email = made.data.decode() if form == "txt" else email
    blocks = [exact(lead), "\n".join(links)] if links else []
    blocks += problems
    if email:
        blocks += [exact(take.email), _as_typed(email)]
    message.content = "\n\n".join(blocks)
    message.actions = [button(message.id, "take", "download", take.button)]
    if email:
        message.actions.insert(0, button(message.id, "copy", "copy", take.copy_label))
    await message.send()
    await complete(message, question, lead if links else problems[0], email, **state)


async def show_nothing_to_take(
    strings: Strings, message: cl.Message, question: str, state: dict[str, object]
) -> None:
    """Say that nothing has been made yet."""
    message.content = exact(strings.take.nothing)
    await message.send()
    await complete(message, question, strings.take.nothing, "", **state)


def _as_typed(text: str) -> str:
    """A text with its line ends, set apart, behind a fence that it does not have."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text.rstrip()}\n{fence}"
