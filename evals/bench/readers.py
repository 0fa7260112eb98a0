"""A reader of the chat for the benchmarks: a browser with a page and its socket."""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from socket import SHUT_RDWR
from typing import Any

import aiohttp
import socketio

from evals.bench.server import PATIENCE, BenchFailed

SOCKET = "/ws/socket.io"


@dataclass
class Asked:
    """A question of that id, with the moments (`time.perf_counter`) at which it was sent, began to
    be answered, had its first words and its whole answer, and was done with; None: not yet."""

    id: str
    sent: float
    begun: float | None = None
    first: float | None = None
    answered: float | None = None
    ended: float | None = None
    problem: str = ""

    @property
    def seconds(self) -> float:
        """From sending to the whole answer; only of one that is answered."""
        assert self.answered is not None
        return self.answered - self.sent

    @property
    def until_kept(self) -> float:
        """From the whole answer to the end; only of one that has come to it."""
        assert self.answered is not None
        assert self.ended is not None
        return self.ended - self.answered


class Reader:
    """One page of the chat, of a browser that keeps its cookie."""

    def __init__(self, browser: aiohttp.ClientSession, address: str) -> None:
        """Not yet connected."""
        self.asked: list[Asked] = []
        self.conversation = ""  # its id, once there is one
        self.connected = False
        self.taken_up = 0  # turns that the page was told of
        self._browser = browser
        self._address = address
        self._seen: Counter[str] = Counter()
        self._came = asyncio.Event()
        self._client = socketio.AsyncClient(reconnection=False, http_session=browser)

    async def connect(self, conversation: str = "") -> None:
        """Open the page, with a new conversation or to take up one. Raises TimeoutError, OSError,
        BenchFailed, and the errors of aiohttp and socketio."""
        await sign_in(self._browser, self._address)
        self.conversation = conversation
        self._seen.clear()
        self._client = socketio.AsyncClient(reconnection=False, http_session=self._browser)
        self._client.on("*", self._take)
        self._client.on("disconnect", self._lose)
        await self._client.connect(
            self._address, socketio_path=SOCKET, transports=["websocket"],
            auth=auth_of(conversation),
        )  # fmt: skip
        self.connected = True
        await self._client.emit("connection_successful")
        seen = self._seen
        if conversation:
            await self.until(lambda: bool(seen["resume_thread"] or seen["gone"]))
        else:  # the tasks of connecting and of beginning end as those of questions do
            await self.until(lambda: bool(seen["began"]) and seen["task_end"] >= 2)
        if seen["gone"]:
            raise BenchFailed("A conversation could not be taken up.", "Look for it in the chat.")

    async def send(self, question: str) -> Asked:
        """Ask, and wait for nothing."""
        asked = Asked(str(uuid.uuid4()), time.perf_counter())
        self.asked.append(asked)
        await self._client.emit("client_message", message_of(asked.id, question))
        return asked

    async def ask(self, question: str) -> Asked:
        """Ask, and wait until it is answered and kept. Raises TimeoutError, or BenchFailed if it
        was no answer."""
        asked = await self.send(question)
        await self.until(lambda: asked.ended is not None)
        if asked.answered is None or asked.first is None:
            asked.problem = asked.problem or "No answer came."
        if asked.problem:
            raise BenchFailed(asked.problem, "Ask in the chat.")
        return asked

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for that. Raises TimeoutError, or BenchFailed if the connection is lost before."""
        async with asyncio.timeout(PATIENCE):
            while not reached():
                if not self.connected:
                    raise BenchFailed("The connection was lost.", "Look whether the chat runs.")
                self._came.clear()
                await self._came.wait()

    async def until_lost(self) -> None:
        """Wait until the connection is lost. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while self.connected:
                self._came.clear()
                await self._came.wait()

    def drop(self) -> None:
        """Lose the connection without a word of farewell."""
        self._client.eio.ws.get_extra_info("socket").shutdown(SHUT_RDWR)

    async def leave(self) -> None:
        """Close the page."""
        await self._client.disconnect()
        self.connected = False

    async def _take(self, event: str, data: Any = None) -> None:
        now = time.perf_counter()
        kind = str(data.get("kind")) if event == "window_message" else event
        self._seen[kind] += 1
        if kind == "first_interaction":
            self.conversation = data["thread_id"]
        elif kind == "resumed":
            self.taken_up = len(data["replies"])
        elif self.asked:
            _note(self.asked[-1], kind, data, now)
        self._came.set()

    async def _lose(self, *_: object) -> None:
        self.connected = False
        self._came.set()


def _note(asked: Asked, kind: str, data: Any, now: float) -> None:
    """What an event says of the last question."""
    if kind == "task_start":
        asked.begun = now
    elif kind == "stream_start":
        asked.first = asked.first or now
    elif kind == "answer":
        asked.answered = now
        if not data["text"]:  # a failure has none
            asked.problem = f"No answer: {data['lead']}"
    elif kind == "unkept":
        asked.problem = f"Not kept: {data['text']}"
    elif kind == "task_end":
        asked.ended = now


def a_browser() -> aiohttp.ClientSession:
    """With a place of its own for cookies, also of an address without a name."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def sign_in(browser: aiohttp.ClientSession, address: str) -> None:
    """Open the page, which gives the cookie without which there is no socket. Raises
    BenchFailed."""
    async with browser.get(address) as page:
        if page.status != 200 or page.history:
            raise BenchFailed(f"The page is not served ({page.status}).", "Run: assistant chat")


def auth_of(conversation: str = "") -> dict[str, str]:
    """What a page says of itself when it connects."""
    return {
        "sessionId": str(uuid.uuid4()), "clientType": "webapp", "userEnv": "", "chatProfile": "",
        "threadId": conversation,
    }  # fmt: skip


def message_of(identifier: str, question: str) -> dict[str, Any]:
    """A question as the page sends it."""
    message = {
        "id": identifier, "threadId": "", "name": "User", "type": "user_message",
        "output": question, "createdAt": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    return {"message": message, "fileReferences": []}
