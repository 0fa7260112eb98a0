"""The page of a PDF beside the answer, in Chainlit's own viewer."""

import asyncio
import uuid

import chainlit as cl

from assistant.app import Assistant
from assistant.chat.app.events import PageWanted
from assistant.chat.files import file_link, has_pages
from assistant.chat.happenings import Failed
from assistant.errors import AssistantError
from assistant.records import Source


async def show_page(assistant: Assistant, wanted: PageWanted, failed: Failed) -> None:
    """Open the viewer at the page if there is such a PDF. If not, nothing happens: the source,
    which the page opens at the same time, says what is wrong; `failed` takes note of what should
    not fail."""
    turn = str(uuid.uuid4())
    cl.user_session.set("viewer", turn)
    source = await asyncio.to_thread(_pdf, assistant, wanted, failed)
    if source is None or cl.user_session.get("viewer") != turn:
        return  # in the second case another one was wanted meanwhile
    pdf = cl.Pdf(name=source.title, url=file_link(source), display="side", page=wanted.page)
    # As `cl.ElementSidebar` does it, but the file is made no element of the conversation: Chainlit
    # closes the sidebar, or opens it with all of them at once, when their list changes.
    emitter = cl.context.emitter
    await emitter.emit("set_sidebar_title", source.title)
    await emitter.emit("set_sidebar_elements", {"elements": [pdf.to_dict()], "key": turn})


def _pdf(assistant: Assistant, wanted: PageWanted, failed: Failed) -> Source | None:
    """The document if it is a PDF that still says what it said."""
    try:
        source = assistant.source(wanted.document, wanted.version)
    except AssistantError:
        return None
    except Exception as error:  # noqa: BLE001  # the outermost door of what a click asks for
        failed(error)
        return None
    return source if has_pages(source) and source.sha256.startswith(wanted.version) else None
