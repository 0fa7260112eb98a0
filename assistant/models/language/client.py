"""A language model that is asked: replies as they come, each of which can be given up."""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from assistant.models.language.choice import ModelChoice
from assistant.models.language.failures import Fault, Stopped, failure_of
from assistant.models.language.patience import Patience, in_time, wait_before
from assistant.models.language.providers import llm_for
from assistant.models.language.reply import (
    ENDED,
    REFUSED,
    Message,
    Tokens,
    counted_in,
    estimated,
    finish_of,
    runs_on,
    visible,
)

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_LOOK_EVERY = 0.05  # seconds between two looks at whether the reader still waits
_CLOSING = 5.0  # seconds until requests under way have ended


class LanguageModel:
    """A language model. Nothing is asked until somebody asks. Safe to share between threads.

    Requests run in an event loop of its own, so that each can be given up at any moment.
    """

    def __init__(
        self, choice: ModelChoice, patience: Patience | None = None, context: int = 8_000,
        longest: int = 1_000,
    ) -> None:  # fmt: skip
        """`context` and `longest` are in tokens: of a request with its reply, and of a reply.

        Raises ModelError if the packages for the provider are not installed.
        """
        self.choice = choice
        self.context = context
        self.longest = longest
        self._patience = patience or Patience()
        self._llm: LLM | None = llm_for(choice, self._patience, context, longest)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._places: asyncio.Semaphore | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Provider and name, as in the setting."""
        return f"{self.choice.provider}:{self.choice.name}"

    def stream(
        self, messages: Sequence[Message], stop: threading.Event | None = None
    ) -> Iterator[str | Tokens]:
        """The reply in pieces as they come, and at last its tokens.

        Raises ModelFailure, and Stopped once `stop` is set. Whoever drops the iterator ends the
        request.
        """
        pieces: queue.SimpleQueue[str | Tokens | Exception] = queue.SimpleQueue()

        async def produce() -> None:
            try:
                async for piece in self._reply(messages):
                    pieces.put(piece)
            except asyncio.CancelledError:
                pieces.put(Stopped())  # for a reader who still waits when the model is closed
                raise
            except Exception as error:  # noqa: BLE001  # raised again where it is waited for
                pieces.put(failure_of(error, self.name, self.choice.address))

        future = asyncio.run_coroutine_threadsafe(produce(), self._running())
        try:
            while True:
                if stop is not None and stop.is_set():
                    raise Stopped
                try:
                    piece = pieces.get(timeout=_LOOK_EVERY)
                except queue.Empty:
                    continue
                if isinstance(piece, Exception):
                    raise piece
                yield piece
                if isinstance(piece, Tokens):
                    return
        finally:
            future.cancel()

    def complete(
        self, messages: Sequence[Message], stop: threading.Event | None = None
    ) -> tuple[str, Tokens]:
        """The whole reply. Raises as `stream` does."""
        text, tokens = "", Tokens(0, 0, False)
        for piece in self.stream(messages, stop):
            if isinstance(piece, Tokens):
                tokens = piece
            else:
                text += piece
        return text, tokens

    def close(self) -> None:
        """Give up what is under way."""
        with self._lock:
            loop, self._loop = self._loop, None
            thread, self._thread = self._thread, None
        if loop and thread:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(_CLOSING)
            self._llm = None

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._places = asyncio.Semaphore(self._patience.at_once)
                # Connections belong to a loop, and so does the object that keeps them.
                self._llm = self._llm or llm_for(
                    self.choice, self._patience, self.context, self.longest
                )
                self._thread = threading.Thread(
                    target=_run, args=(self._loop, self._llm), name="language-model", daemon=True
                )
                self._thread.start()
            return self._loop

    async def _reply(self, messages: Sequence[Message]) -> AsyncIterator[str | Tokens]:
        """The reply of one request, thinking aloud left out."""
        begun = time.monotonic()
        text, shown, written = "", 0, False
        finish: str | None = None
        counted: Tokens | None = None
        async with self._place(), aclosing(self._begun(messages, begun)) as responses:
            async for response in in_time(responses, begun, self._patience):
                piece = response.delta or ""
                text += piece
                if runs_on(text, piece):
                    await _leave(responses)
                    raise Fault("too_long")
                finish = finish_of(response) or finish
                counted = counted_in(response) or counted
                seen = visible(text)
                if seen is not None and len(seen) > shown:
                    written = written or bool(seen.strip())
                    yield seen[shown:]
                    shown = len(seen)
        if finish in REFUSED:
            raise Fault("refused")
        if finish not in ENDED:
            raise Fault("cut_off" if text or finish else "broken")
        if not written:
            raise Fault("empty")
        yield counted or estimated(messages, text)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """One of the places at the model. Raises TimeoutError if there is none in time."""
        assert self._places is not None
        async with asyncio.timeout(self._patience.first):
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    async def _begun(self, messages: Sequence[Message], begun: float) -> AsyncGenerator[Any]:
        """The responses of the first try that gives one. What may pass is tried again."""
        from llama_index.core.llms import ChatMessage

        said = [ChatMessage(role=message.role, content=message.text) for message in messages]
        for left in range(self._patience.tries - 1, -1, -1):
            answered = False
            try:
                assert self._llm is not None  # made with the loop
                async for response in await self._llm.astream_chat(said):
                    answered = True
                    yield response
                return
            except Exception as error:
                wait = wait_before(error, self._patience.tries - left)
                used = time.monotonic() - begun
                if answered or not left or wait is None or used + wait > self._patience.first:
                    raise
                await asyncio.sleep(wait)


def _run(loop: asyncio.AbstractEventLoop, llm: "LLM") -> None:
    """Run until stopped; then end every request, and close every connection."""

    async def end() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in ("_aclient", "_async_client"):  # as LlamaIndex's packages call it
            if client := getattr(llm, name, None):
                await client.close()

    try:
        loop.run_forever()
        loop.run_until_complete(end())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


async def _leave(responses: AsyncIterator[Any]) -> None:
    """Hang up. Only a wait that is cancelled does: LlamaIndex closes none of its generators."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0):
            async for _ in responses:
                pass
