"""Which events of Chainlit's socket are taken, and what of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

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
)

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


_Said = PageWanted | ScopeChosen | AnswerTurned
_SAID = TypeAdapter[_Said](Annotated[_Said, Field(discriminator="kind")])


def narrow_events(
    unreadable: Callback,
    returned: Callback,
    show_page: Callable[[PageWanted], Awaitable[None]],
    choose: Callable[[ScopeChosen], None],
    turn: Callable[[AnswerTurned], Awaitable[None]],
    left: Callable[[], None],
) -> None:
    """Take only what our page sends, in the form in which it does.

    Chainlit puts the words of exceptions before the reader. `unreadable` is called for a message
    that makes no sense, `returned` when a page is back after a break of its connection, `left`
    when none came back, the others for what our script says.
    """
    events = sio.handlers["/"]
    for name in events.keys() - _TAKEN:
        del events[name]

    async def client_message(sid: str, payload: object = None, *_: object) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return
        try:
            asked = _Payload.model_validate(payload).message
        except ValidationError:
            context = init_ws_context(session)
            await unreadable()
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
        await chainlit.socket.connection_successful(sid)
        if session.restored:
            await returned()

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
            choose(said)  # without a pause: the next event may be a question
        elif isinstance(said, AnswerTurned):
            await turn(said)
        else:
            await show_page(said)

    async def disconnect(sid: str, *_: object) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return

        def look() -> None:
            if session.socket_id == sid:  # else it was taken up again
                init_ws_context(session)
                left()

        if session.to_clear:
            look()  # a new conversation was begun in its place
        else:
            asyncio.get_running_loop().call_later(AWAY, look)
        await chainlit.socket.disconnect(sid)

    sio.on("disconnect", disconnect)
    sio.on("client_message", client_message)
    sio.on("connection_successful", connection_successful)
    sio.on("window_message", window_message)
