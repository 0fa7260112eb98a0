"""Which events of Chainlit's socket are taken, and what of them."""

from collections.abc import Awaitable, Callable

import chainlit.socket
from chainlit.context import init_ws_context
from chainlit.server import sio
from chainlit.session import WebsocketSession
from pydantic import UUID4, BaseModel, ConfigDict, ValidationError

Callback = Callable[[], Awaitable[None]]

_TAKEN = {
    "connect", "disconnect", "connection_successful", "clear_session", "client_message", "stop",
}  # fmt: skip


class _Asked(BaseModel):
    """What is taken over from the page's message."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: UUID4
    output: str


class _Payload(BaseModel):
    message: _Asked


def narrow_events(unreadable: Callback, returned: Callback) -> None:
    """Take only what our page sends, in the form in which it does.

    Chainlit puts the words of exceptions before the reader. `unreadable` is called for a message
    that makes no sense, `returned` when a page is back after a break of its connection.
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

    sio.on("client_message", client_message)
    sio.on("connection_successful", connection_successful)
