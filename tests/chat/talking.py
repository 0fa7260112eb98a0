"""A page of the chat as a client of its socket: what it sends, and all that it is sent."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio

from assistant.chat.strings import read_strings
from tests.chat.serving import Served

STRINGS = read_strings()
PATH = "/ws/socket.io"
PATIENCE = 60  # seconds
Event = tuple[str, Any]


class Client:
    """One page of the chat."""

    def __init__(self, socket: socketio.AsyncClient) -> None:
        self.socket = socket
        self.events: list[Event] = []
        self._came = asyncio.Event()
        socket.on("*", self._keep)

    async def _keep(self, name: str, data: Any = None) -> None:
        self.events.append((name, data))
        self._came.set()

    async def until(self, arrived: Callable[[list[Event]], bool], since: int = 0) -> list[Event]:
        """What was sent from `since` on, as soon as that is so."""
        async with asyncio.timeout(PATIENCE):
            while not arrived(self.events[since:]):
                self._came.clear()
                await self._came.wait()
        return self.events[since:]

    async def send(self, payload: object) -> list[Event]:
        """A message as the page sends it, or not quite; gives all up to the end of the task."""
        since = len(self.events)
        await self.socket.emit("client_message", payload)
        return await self.until(ended, since)

    async def ask(self, question: str) -> list[Event]:
        return await self.send(question_of(question))

    async def begin(self, question: str) -> int:
        """Ask, and wait until the task has begun; gives where its events begin."""
        since = len(self.events)
        await self.socket.emit("client_message", question_of(question))
        await self.until(lambda events: "task_start" in names(events), since)
        return since

    async def stop(self, since: int) -> list[Event]:
        """Stop what began there; gives all of it, up to the word to the page."""
        await self.socket.emit("stop")
        return await self.until(
            lambda events: ended(events) and "window_message" in names(events), since
        )


def ended(events: list[Event]) -> bool:
    return "task_end" in names(events)


def ended_twice(events: list[Event]) -> bool:
    """The tasks of connecting and of beginning."""
    return names(events).count("task_end") == 2


def names(events: list[Event]) -> list[str]:
    return [name for name, _ in events]


def all_of(events: list[Event], name: str) -> list[Any]:
    return [data for given, data in events if given == name]


def messages(events: list[Event]) -> list[dict[str, Any]]:
    """What is put before the reader; a run of Chainlit's is not shown."""
    return [step for step in all_of(events, "new_message") if step["type"] != "run"]


def said(events: list[Event]) -> str:
    """The one message that was put before the reader."""
    (message,) = messages(events)
    return str(message["output"])


def windows(events: list[Event]) -> list[dict[str, Any]]:
    """What our script in the page got, but for the word that a turn is kept."""
    said = [{"lead": "", "text": ""} | data for data in all_of(events, "window_message")]
    return [data for data in said if data["kind"] != "kept"]


def told(events: list[Event]) -> dict[str, Any]:
    """The one message that our script in the page got."""
    (data,) = windows(events)
    return data


def question_of(text: object, **fields: object) -> dict[str, object]:
    message: dict[str, object] = {
        "id": str(uuid.uuid4()), "threadId": "", "name": "User", "type": "user_message",
        "output": text, "createdAt": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    return {"message": message | fields, "fileReferences": []}


def auth_of(session: str = "", thread: str = "", chat_profile: str = "") -> dict[str, str]:
    """What a page says of itself when it connects; a session of its own if none is named."""
    return {
        "sessionId": session or str(uuid.uuid4()), "clientType": "webapp", "userEnv": "{}",
        "chatProfile": chat_profile, "threadId": thread,
    }  # fmt: skip


@asynccontextmanager
async def visitor(address: str, **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that has opened the chat's page, with the cookie that it got there. It sends the
    headers with each request."""
    jar = aiohttp.CookieJar(unsafe=True)  # takes those of an address without a name
    async with aiohttp.ClientSession(headers=headers, cookie_jar=jar) as http:
        async with http.get(address) as page:
            assert page.status == 200, await page.text()
        yield http


@asynccontextmanager
async def connected(
    http: aiohttp.ClientSession, address: str, **options: Any
) -> AsyncIterator[Client]:
    """A connection of a browser; `options` stand in place of those that a page has."""
    client = Client(socketio.AsyncClient(reconnection=False, http_session=http))
    wanted = {"auth": auth_of(), "transports": ["websocket"], "socketio_path": PATH} | options
    await client.socket.connect(address, **wanted)
    try:
        await client.socket.emit("connection_successful")
        yield client
    finally:
        await client.socket.disconnect()


async def until_told(client: Client, kind: str) -> None:
    """Wait until our script in the page is told that."""
    await client.until(lambda events: kind in [window["kind"] for window in windows(events)])


@asynccontextmanager
async def client_of(
    address: str, session: str | None = None, chat_profile: str = STRINGS.name, **options: Any
) -> AsyncIterator[Client]:
    """A connection that is ready for a question: a new one, or that of a session that is there."""
    auth = auth_of(session or "", chat_profile=chat_profile)
    async with (
        visitor(address) as http,
        connected(http, address, **{"auth": auth} | options) as client,
    ):
        await until_told(client, "returned" if session else "began")
        if not session:
            await client.until(ended_twice)
        yield client


def with_client(served: Served, test: Callable[[Client], Awaitable[None]]) -> None:
    async def talk() -> None:
        async with client_of(served.address) as client:
            await test(client)

    asyncio.run(talk())
