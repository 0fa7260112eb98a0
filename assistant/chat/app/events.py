"""Which events of Chainlit's socket are taken, and what of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import chainlit.socket
from chainlit.context import init_ws_context
from chainlit.server import sio
from chainlit.session import WebsocketSession
from pydantic import (
    UUID4,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
)

from assistant.chat.happenings import Failed
from assistant.errors import AssistantError
from assistant.store.records import User

Callback = Callable[[], Awaitable[None]]

# Seconds without a page until its reader counts as gone, and a model need not go on. A page
# whose connection breaks tries again after some 1, 2 and 5 seconds: three tries fit in.
AWAY = 15.0
_TAKEN = {
    "connect", "disconnect", "connection_successful", "clear_session", "client_message", "stop",
}  # fmt: skip
_Name = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class _Asked(BaseModel):
    """What is taken over from the page's message."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: UUID4
    output: str

    @field_validator("output")
    @classmethod
    def _can_be_written(cls, text: str) -> str:
        """Half a sign that takes two cannot."""
        return text.encode("utf-8", "replace").decode()


class _Payload(BaseModel):
    message: _Asked


class _FromOurScript(BaseModel):
    """A word of our script in the page, which Chainlit's hands on. Nothing more may be in it."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    sender: Literal["page"] = Field(alias="from")


class PageWanted(_FromOurScript):
    """A page of a PDF is to be shown beside the answer."""

    kind: Literal["show_page"]
    document: _Name
    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,64}$")]
    page: Annotated[int, Field(ge=1, le=1_000_000)]


class ScopeChosen(_FromOurScript):
    """From now on questions are to be answered from this: the value of a `Choice`."""

    kind: Literal["scope"]
    value: _Name


class AnswerTurned(_FromOurScript):
    """The answer in the message of that id is to show its quotes, or itself again."""

    kind: Literal["turn"]
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    to: Literal["quotes", "answer"]


class UploadWanted(_FromOurScript):
    """A document is to be added to this conversation."""

    kind: Literal["upload"]


_Said = PageWanted | ScopeChosen | AnswerTurned | UploadWanted
_SAID = TypeAdapter[_Said](Annotated[_Said, Field(discriminator="kind")])


class _Auth(BaseModel):
    """What a page says of itself when it connects."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    session: UUID4 = Field(alias="sessionId")
    thread: UUID4 | Literal[""] | None = Field(alias="threadId")
    profile: Annotated[str, StringConstraints(max_length=100)] | None = Field(alias="chatProfile")


@dataclass(frozen=True)
class Reactions:
    """What is called for what comes from a page.

    Where nothing `keeps` conversations there is none to take up. `admits` tells whether who came
    in with a token may stay, and `owns` whether a user, by id, has kept a conversation. `gone` is
    called where a page wants to take up one that is not its own, `returned` when a page is back
    after a break of its connection, `left` when none came back, and `ended` when a new
    conversation is begun in place of one. `signed_out` answers a message of who may not stay,
    `unreadable` one that makes no sense, and `failed` one that cannot be taken. `note` takes note
    of what nobody can be told, and `sockets` of how many are open. The others are for what our
    script says.
    """

    keeps: bool
    admits: Callable[[str], Awaitable[bool]]
    owns: Callable[[str, str], Awaitable[bool]]
    gone: Callback
    returned: Callback
    left: Callable[[], None]
    ended: Callable[[], None]
    signed_out: Callback
    unreadable: Callback
    failed: Callable[[AssistantError], Awaitable[None]]
    note: Failed
    sockets: Callable[[int], None]
    show_page: Callable[[PageWanted], Awaitable[None]]
    choose: Callable[[ScopeChosen], None]
    turn: Callable[[AnswerTurned], Awaitable[None]]
    upload: Callback


def narrow_events(to: Reactions) -> None:
    """Take only what our page sends, in the form in which it does: Chainlit puts the words of
    exceptions before the reader."""
    events = sio.handlers["/"]
    for name in events.keys() - _TAKEN:
        del events[name]

    connected: set[str] = set()  # ids of sockets
    missing: set[str] = set()  # ids of sockets whose pages want a conversation that is not theirs

    async def connect(sid: str, environ: dict[str, Any], auth: object = None) -> bool:
        user: User = environ["asgi.scope"]["state"]["user"]  # whom `Admitting` has let in
        try:
            said = _Auth.model_validate(auth)
        except ValidationError:
            return False
        thread = str(said.thread or "")
        try:
            if thread and not (to.keeps and await to.owns(user.id, thread)):
                missing.update({sid} if to.keeps else ())
                thread = ""
        except AssistantError as error:
            to.note(error)
            return False  # the page says that it is cut off, and tries again
        known = {"clientType": "webapp", "userEnv": "", "chatProfile": said.profile or ""}
        is_let_in = await chainlit.socket.connect(
            sid, environ, known | {"sessionId": str(said.session), "threadId": thread}
        )
        if is_let_in:
            connected.add(sid)
            to.sockets(len(connected))
        return bool(is_let_in)

    async def client_message(sid: str, payload: object = None, *_: object) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return
        context = init_ws_context(session)
        try:
            asked = _Payload.model_validate(payload).message
            refusal = None if await to.admits(session.token or "") else to.signed_out()
        except ValidationError:
            refusal = to.unreadable()
        except AssistantError as error:
            refusal = to.failed(error)
        if refusal:
            await refusal
            await context.emitter.task_end()
            return
        step = {"id": str(asked.id), "output": asked.output, "type": "user_message"}
        # The time is set anew by Chainlit.
        await chainlit.socket.message(
            sid, {"message": step | {"createdAt": ""}, "fileReferences": []}
        )

    async def connection_successful(sid: str, *_: object) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return
        if sid in missing and not session.restored:
            init_ws_context(session)
            await to.gone()
            return
        try:
            await chainlit.socket.connection_successful(sid)
        except AssistantError as error:
            init_ws_context(session)
            await to.failed(error)
            return
        if session.restored:
            await to.returned()

    async def window_message(sid: str, payload: object = None, *_: object) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return
        try:
            said = _SAID.validate_python(payload)
        except ValidationError:
            return  # Chainlit hands on whatever comes to the window, also what we told it
        init_ws_context(session)
        if isinstance(said, ScopeChosen):
            to.choose(said)  # without a pause: the next event may be a question
        elif not await to.admits(session.token or ""):
            return
        elif isinstance(said, AnswerTurned):
            await to.turn(said)
        elif isinstance(said, UploadWanted):
            await to.upload()
        else:
            await to.show_page(said)

    async def disconnect(sid: str, *_: object) -> None:
        missing.discard(sid)
        connected.discard(sid)
        to.sockets(len(connected))
        session = WebsocketSession.get(sid)
        if session is None:
            return

        def look() -> None:
            if session.socket_id == sid:  # else it was taken up again
                init_ws_context(session)
                to.left()

        if session.to_clear:
            look()
            to.ended()
        else:
            asyncio.get_running_loop().call_later(AWAY, look)
        await chainlit.socket.disconnect(sid)

    sio.on("connect", connect)
    sio.on("disconnect", disconnect)
    sio.on("client_message", client_message)
    sio.on("connection_successful", connection_successful)
    sio.on("window_message", window_message)
