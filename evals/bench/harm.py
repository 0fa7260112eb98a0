"""Pages that behave badly beside readers who do not: one that reads nothing of what it is sent, and
some that are gone in the middle of an answer. They may harm nobody else."""

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from socket import SO_RCVBUF, SOL_SOCKET

import aiohttp

from evals.bench.crowd import PROBLEMS, noted, readers_of
from evals.bench.readers import SOCKET, Asked, a_browser, auth_of, message_of, sign_in

SLOW = 60.0  # seconds in which one page reads nothing
DROP_EVERY = 10.0  # seconds
_SLOW_ASKS_EVERY = 2.0  # seconds: more than the buffers of both sides have room for
_ROOM = 4096  # bytes that its computer takes unread
_BYE = aiohttp.ClientWSTimeout(ws_close=2.0)
# Each time one page is gone as soon as its question is taken, one at the first words.
_MOMENTS: tuple[Callable[[Asked], bool], ...] = (
    lambda asked: asked.begun is not None,
    lambda asked: asked.first is not None,
)


@dataclass
class Harm:
    """What was done: questions of the page that reads nothing, and after how many seconds the chat
    closed it (None: it did not); pages dropped, and those of them that had no whole answer yet.
    `errors` counts by kind what kept them from doing it."""

    unread: int = 0
    closed_after: float | None = None
    dropped: int = 0
    unanswered: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    async def do_for(self, address: str, seconds: float, questions: Iterator[str]) -> None:
        """All of it, for so long."""
        slow = self._read_nothing(address, min(SLOW, seconds), questions)
        await asyncio.gather(slow, self._drop_pages(address, seconds, questions))

    async def _read_nothing(self, address: str, seconds: float, questions: Iterator[str]) -> None:
        """Speaks the socket's own words: the client of the other readers always reads."""
        where = f"{address}{SOCKET}/?EIO=4&transport=websocket"
        began = time.perf_counter()
        try:
            async with a_browser() as browser:
                await sign_in(browser, address)
                async with browser.ws_connect(where, max_msg_size=0, timeout=_BYE) as page:
                    await page.receive_str()
                    page.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, _ROOM)
                    await page.send_str("40" + json.dumps(auth_of()))
                    await page.receive_str()
                    await page.send_str('42["connection_successful"]')
                    began = time.perf_counter()
                    await self._ask_on(page, began + seconds, questions)
        except PROBLEMS as error:
            if not self.unread:
                self.errors[f"{type(error).__name__}: {error}"] += 1
            else:
                self.closed_after = round(time.perf_counter() - began, 1)

    async def _ask_on(
        self, page: aiohttp.ClientWebSocketResponse, until: float, questions: Iterator[str]
    ) -> None:
        while time.perf_counter() < until:
            asked = ["client_message", message_of(str(uuid.uuid4()), next(questions))]
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + _SLOW_ASKS_EVERY):
                await page.send_str("42" + json.dumps(asked))
            self.unread += 1
            await asyncio.sleep(_SLOW_ASKS_EVERY)

    async def _drop_pages(self, address: str, seconds: float, questions: Iterator[str]) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            dropping = [self._drop(address, next(questions), moment) for moment in _MOMENTS]
            await asyncio.gather(asyncio.sleep(DROP_EVERY), *dropping)

    async def _drop(self, address: str, question: str, moment: Callable[[Asked], bool]) -> None:
        async with readers_of(address, 1) as (page,), noted(self.errors, page):
            await page.connect()
            asked = await page.send(question)
            await page.until(lambda: moment(asked))
            page.drop()
            self.dropped += 1
            self.unanswered += asked.answered is None
