"""What Chainlit calls. What is worth testing without it lives in the modules beside this folder."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

import chainlit as cl
from chainlit.types import ThreadDict
from starlette.datastructures import Headers

from assistant.app import Assistant
from assistant.chat.admission import Admission
from assistant.chat.app.drafting import Drafting
from assistant.chat.app.events import PageWanted, Reactions, ScopeChosen, narrow_events
from assistant.chat.app.keeping import Keeping
from assistant.chat.app.layer import Layer
from assistant.chat.app.planning import (
    show_asked_back,
    show_files,
    show_nothing_to_take,
    show_prepared,
)
from assistant.chat.app.showing import (
    show_answer,
    show_failure,
    show_last_again,
    tell_page,
    turn,
)
from assistant.chat.app.viewer import show_page
from assistant.chat.conversation import Conversation
from assistant.chat.desk import AskedBack, Turn
from assistant.chat.happenings import Happenings
from assistant.chat.opening import Opening
from assistant.chat.reply import Reply
from assistant.chat.scope import Choice, choices, scope_of
from assistant.chat.strings import Strings
from assistant.chat.tickets import Talk
from assistant.chat.uploads import Uploads
from assistant.chat.waiting import in_store
from assistant.coaching.coach import TakeAwayWanted
from assistant.errors import AssistantError, BriefError
from assistant.models.language import Stopped
from assistant.prompts import fill
from assistant.records import Answer

_ICON = "/public/icon.svg"
_LATEST = 4  # messages of which Chainlit's are needed yet: it keeps every one
PREPARING = "prepare"  # the profile for those who come to prepare a session


@dataclass(frozen=True)
class _Known:
    """What questions are answered from: the guidance, and what readers have added; and who takes
    note of what happens to them."""

    opening: Opening
    uploads: Uploads | None
    happenings: Happenings

    @asynccontextmanager
    async def assistant(self, base: Assistant) -> AsyncIterator[Assistant]:
        """Who answers in this conversation."""
        with ExitStack() as held:
            if self.uploads:
                asking = self.uploads.asking(base, _talk())
                base = await asyncio.to_thread(held.enter_context, asking)
            yield base


def register(
    opening: Opening, strings: Strings, keeping: Keeping, admission: Admission,
    happenings: Happenings, uploads: Uploads | None = None,
) -> None:  # fmt: skip
    """Tell Chainlit whom to call."""
    shelf = keeping.shelf
    known_here = _Known(opening, uploads, happenings)

    if admission.keeps:

        @cl.data_layer
        def layer() -> Layer:
            return Layer(keeping.store, strings.name)

    @cl.header_auth_callback
    async def known(headers: Headers) -> cl.User | None:
        user = await in_store(admission.welcome, headers)
        if user is None:
            return None
        return cl.User(user.id, display_name=user.name, metadata={"epoch": user.epoch})

    @cl.set_chat_profiles
    async def profiles(_: cl.User | None) -> list[cl.ChatProfile]:
        return [
            cl.ChatProfile(
                name=strings.name, display_name=strings.asking,
                markdown_description=strings.welcome, icon=_ICON, default=True,
                starters=_starters(strings.starters),
            ),
            cl.ChatProfile(
                name=PREPARING, display_name=strings.preparing.name,
                markdown_description=strings.preparing.welcome, icon=_ICON,
                starters=_starters(strings.preparing.starters),
            ),
        ]  # fmt: skip

    @cl.on_chat_start
    async def begin() -> None:
        cl.user_session.set("conversation", Conversation())
        if _is_preparing():  # there is time for it while a brief is typed
            brief = strings.preparing.starters[0]
            asyncio.get_running_loop().run_in_executor(None, opening.rehearse, brief)
        offered = await _offered(known_here, strings)
        await tell_page(kind="began", id=cl.context.session.id, **_state(offered))

    @cl.on_chat_resume
    async def resume(thread: ThreadDict) -> None:
        replies = await keeping.take_up(thread["id"])
        offered = await _offered(known_here, strings)
        await tell_page(kind="resumed", replies=replies, **_state(offered))

    @cl.on_message
    async def reply(message: cl.Message) -> None:
        await _reply(known_here, strings, keeping, message)

    @cl.on_stop
    async def stopped() -> None:
        # Chainlit has just said so in words of its own.
        said = cl.chat_context.get()[-1]
        said.content = strings.answer.stopped
        await said.update()
        await tell_page(kind="stopped", id=said.id)

    async def admits(token: str) -> bool:
        return await in_store(admission.still_admits, token)

    async def signed_out() -> None:
        await show_failure(strings, "", strings.failure.signed_out)

    async def unreadable() -> None:
        await show_failure(strings, "", strings.failure.unreadable)

    async def catch_up() -> None:
        shelf.back(_conversation())
        await _catch_up(await _offered(known_here, strings))

    async def view(wanted: PageWanted) -> None:
        if opening.assistant:
            async with known_here.assistant(opening.assistant) as assistant:
                await show_page(assistant, wanted, happenings.failed)

    async def upload() -> None:
        if uploads:
            talk, offered = _talk(), await _offered(known_here, strings)
            user = await in_store(admission.accounts.with_id, talk.user)
            for_all = "yes" if user and user.role == "admin" else ""
            secret = uploads.tickets.give(talk)
            await tell_page(kind="upload", secret=secret, for_all=for_all, **_state(offered))

    def choose(said: ScopeChosen) -> None:
        _conversation().scope = said.value

    def left() -> None:
        _conversation().leave()
        shelf.leave(_conversation())

    def ended() -> None:
        shelf.forget(_conversation())

    async def gone() -> None:
        await tell_page(kind="gone")

    def sockets(number: int) -> None:
        happenings.sockets = number

    async def failed(error: AssistantError) -> None:
        await show_failure(strings, "", error.message, error.remedy)

    narrow_events(
        Reactions(
            keeps=keeping.keeps, admits=admits, owns=keeping.owns, gone=gone, returned=catch_up,
            left=left, ended=ended, signed_out=signed_out, unreadable=unreadable, failed=failed,
            note=happenings.failed, sockets=sockets, show_page=view, choose=choose, turn=turn,
            upload=upload,
        )
    )  # fmt: skip


def _talk() -> Talk:
    session = cl.context.session
    assert session.user is not None  # nobody else is let in to the socket
    return Talk(session.user.identifier, session.thread_id)


def _starters(lines: Sequence[str]) -> list[cl.Starter]:
    return [cl.Starter(label=line, message=line) for line in lines]


async def _reply(known: _Known, strings: Strings, keeping: Keeping, asked: cl.Message) -> None:
    """Answer, or say what went wrong: the outermost door of the chat."""
    for old in cl.chat_context.get()[:-_LATEST]:
        cl.chat_context.remove(old)
    base = known.opening.assistant
    if base is None:
        problem = known.opening.readiness.problem or strings.failure.preparing
        await show_failure(strings, asked.id, problem)
        return
    failed = known.happenings.failed
    try:
        with known.happenings.replying() as reply:
            drafting = Drafting(strings.answer, reply, failed)
            cl.user_session.set("drafting", drafting)
            async with known.assistant(base) as assistant:
                await _answer(assistant, strings, keeping, asked, drafting, reply)
    except Stopped:
        return  # the reader has left; if the page comes back, it offers to ask again
    except AssistantError as error:
        title = strings.failure.title
        if isinstance(error, BriefError):
            plan = _conversation().desk.current
            title = strings.plan.unchanged if plan is not None else strings.plan.refused
        await show_failure(strings, asked.id, error.message, error.remedy, title=title)
    except Exception as error:  # noqa: BLE001  # no traceback goes further than this
        line = fill(strings.failure.unexpected, log=failed(error))
        await show_failure(strings, asked.id, line)


async def _answer(
    assistant: Assistant, strings: Strings, keeping: Keeping, asked: cl.Message,
    drafting: Drafting, reply: Reply,
) -> None:  # fmt: skip
    conversation = _conversation()
    wanted = conversation.scope
    offered = await _choices(assistant, strings)
    scope = scope_of(wanted, offered, strings.scope)
    if conversation.scope == wanted:  # else another was chosen meanwhile, for the next one
        conversation.scope = scope.value
    said = await drafting.during(
        conversation.reply(
            assistant, asked.content, _is_preparing(), scope.documents, drafting.watch
        )
    )
    cl.user_session.set("drafting", None)
    message, state = drafting.message, _state(offered)
    await _show(strings, keeping, message, asked.id, said, scope.line, state)
    reply.came(said)
    await keeping.keep(assistant, conversation, asked, message, said)


async def _show(
    strings: Strings, keeping: Keeping, message: cl.Message, asked: str, said: Answer | Turn,
    scope: str, state: dict[str, object],
) -> None:  # fmt: skip
    """Put what came of a message before the reader, with what it can be taken away as."""
    if isinstance(said, AskedBack):
        await show_asked_back(strings, message, asked, said, state)
    elif isinstance(said, TakeAwayWanted):
        what = _conversation().last
        if what is None:
            await show_nothing_to_take(strings, message, asked, state)
            return
        offer = keeping.offer(_conversation(), what)
        token = offer["take"]["token"]
        await show_files(strings, message, asked, what, token, said.formats, state | offer)
    else:
        offer = keeping.offer(_conversation(), said)
        if isinstance(said, Answer):
            await show_answer(strings, message, asked, said, scope, state | offer, keeping.keeps)
        else:
            await show_prepared(strings, message, asked, said, state | offer, keeping.keeps)


def _is_preparing() -> bool:
    """Whether this reader came to prepare a session."""
    return bool(cl.user_session.get("chat_profile") == PREPARING)


def _conversation() -> Conversation:
    conversation: Conversation = cl.user_session.get("conversation") or Conversation()
    cl.user_session.set("conversation", conversation)
    return conversation


async def _offered(known: _Known, strings: Strings) -> Sequence[Choice]:
    """What there is to choose from; nothing if that cannot be read, which an answer will say."""
    if known.opening.assistant is None:
        return ()
    try:
        async with known.assistant(known.opening.assistant) as assistant:
            return await _choices(assistant, strings)
    except AssistantError:
        return ()
    except Exception as error:  # noqa: BLE001  # Chainlit would put its words before the reader
        known.happenings.failed(error)
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
