"""The one door to language models: any that LlamaIndex reaches, and every way in which one fails.

Nothing here is used, and no network is touched, unless a setting names a model.
"""

import asyncio
import os
import queue
import re
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlsplit

from assistant.errors import AssistantError, ModelError, SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

Provider = Literal["openai", "openai-like", "ollama", "anthropic"]
FailureKind = Literal[
    "unreachable", "slow", "rate_limited", "key", "unknown_model", "out_of_context", "server",
    "broken", "cut_off", "too_long", "empty", "refused",
]  # fmt: skip
"""In which ways a model gives no answer."""

OPENAI_ADDRESS = "https://api.openai.com/v1"
LONGEST_REPLY = 20_000  # characters; an answer has some 1,500
_ADDRESSES = {"openai": OPENAI_ADDRESS, "ollama": "http://127.0.0.1:11434"}
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_LOOK_EVERY = 0.05  # seconds between two looks at whether the reader still waits
_LONGEST_WAIT = 20.0  # seconds between two tries, whatever the server asks for
_CLOSING = 5.0  # seconds until requests under way have ended
_STILL = 20.0  # seconds without a word in the middle of a reply
_THINKING = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
_THINKS = re.compile(
    r"\s*(?:<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g(?:>.*)?)?)?|>.*)?)?)?)?)?)?)?", re.DOTALL
)
_LOOPS = re.compile(r"(.{8,150}?\n)\1{5}$", re.DOTALL)  # the same lines over and over
_LOOKED_AT = 1_000  # characters at the end of a reply
_CONTEXT = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long"
    r"|exceeds? (?:the )?(?:available )?context|input is too long",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ModelChoice:
    """Which model is meant, and where. `key` never shows in a text."""

    provider: Provider
    name: str
    address: str | None
    key: str | None = field(repr=False)

    @property
    def host(self) -> str | None:
        """The computer that is asked; None if the provider's own package knows it."""
        return urlsplit(self.address).hostname if self.address else None

    @property
    def elsewhere(self) -> str | None:
        """Who gets the questions, if that is not this computer: the host, or the provider."""
        return None if self.host in _HERE else (self.host or self.provider)


@dataclass(frozen=True)
class Patience:
    """How long a model is waited for, in seconds: until its first word, waiting for its turn and
    new tries included, and until its last. `tries` of one request; `at_once`, of all readers."""

    first: float = 30.0
    whole: float = 120.0
    tries: int = 3
    at_once: int = 4


@dataclass(frozen=True)
class Message:
    """What is said to a model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True)
class Tokens:
    """How much was read and written. `counted`: by the server, else estimated here."""

    read: int
    written: int
    counted: bool


class ModelFailure(AssistantError):
    """A model gave no reply that can be used. `kind` says in which way."""

    def __init__(self, kind: FailureKind, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.kind = kind


class Stopped(AssistantError):
    """The reader does not wait any longer."""

    def __init__(self) -> None:
        super().__init__("The answer was stopped.", "Ask again.")


def choose_model(named: str, address: str | None, key: str | None) -> ModelChoice:
    """A model from its settings: `provider:name`, an address and a key. Raises SettingsError.

    A provider's own address is used where none is given, but never for `openai-like`: somebody
    else's server must be named.
    """
    provider, _, name = named.partition(":")
    if provider not in get_args(Provider) or not name.strip():
        raise SettingsError(
            f"ASSISTANT_MODEL is {named!r}, and no model is called so.",
            f"Write provider:name; the providers are {', '.join(get_args(Provider))}.",
        )
    where = address or _ADDRESSES.get(provider)
    if "@" in (where or ""):
        raise SettingsError(
            "ASSISTANT_MODEL_URL holds a name or a password.",
            "Put the key into ASSISTANT_MODEL_KEY.",
        )
    try:
        parts = urlsplit(where or "")
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # of brackets, or of the port
        sound = False
    if not sound and (where or provider == "openai-like"):
        raise SettingsError(
            f"ASSISTANT_MODEL_URL is {address or 'not set'}, and {named} needs an address.",
            "Give the address of the server, such as http://127.0.0.1:8080/v1.",
        )
    return ModelChoice(provider, name.strip(), where, key)  # type: ignore[arg-type]  # checked above


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
        self._llm: LLM | None = _llm(choice, self._patience, context, longest)
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
                pieces.put(self._failure(error))

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
                self._llm = self._llm or _llm(
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
            async for response in self._in_time(responses, begun):
                piece = response.delta or ""
                text += piece
                if len(text) > LONGEST_REPLY or (
                    "\n" in piece and _LOOPS.search(text[-_LOOKED_AT:])
                ):
                    await _leave(responses)
                    raise _Fault("too_long")
                finish = _finish(response) or finish
                counted = _counted(response) or counted
                visible = _visible(text)
                if visible is not None and len(visible) > shown:
                    written = written or bool(visible.strip())
                    yield visible[shown:]
                    shown = len(visible)
        if finish in _REFUSED:
            raise _Fault("refused")
        if finish not in _ENDED:
            raise _Fault("cut_off" if text or finish else "broken")
        if not written:
            raise _Fault("empty")
        yield counted or self._estimated(messages, text)

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
                wait = _wait(error, self._patience.tries - left)
                used = time.monotonic() - begun
                if answered or not left or wait is None or used + wait > self._patience.first:
                    raise
                await asyncio.sleep(wait)

    async def _in_time(self, responses: AsyncIterator[Any], begun: float) -> AsyncIterator[Any]:
        """The same, with a limit until the first word, between two, and until the last."""
        ends, words = begun + self._patience.whole, False
        while True:
            now = time.monotonic()
            limit = min(now + _STILL if words else begun + self._patience.first, ends)
            try:
                async with asyncio.timeout(max(limit - now, 0)):
                    response = await anext(responses)
            except StopAsyncIteration:
                return
            words = words or bool(response.delta)
            yield response

    def _estimated(self, messages: Sequence[Message], text: str) -> Tokens:
        from llama_index.core.utils import get_tokenizer

        count = get_tokenizer()
        return Tokens(sum(len(count(m.text)) for m in messages), len(count(text)), False)

    def _failure(self, error: Exception) -> ModelFailure:
        """Any error of any provider's package as one of ours, without what was sent."""
        kind = _kind_of(error)
        what, remedy = _SAID[kind]
        place = f" at {self.choice.address}" if self.choice.address else ""
        status = getattr(error, "status_code", None)
        told = f" ({status})" if isinstance(status, int) and status >= 400 else ""
        return ModelFailure(kind, f"The model {self.name}{place} {what}{told}.", remedy)


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


class _Fault(Exception):
    """A reply that ended well and is none."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(kind)
        self.kind = kind


_SAID: dict[FailureKind, tuple[str, str]] = {
    "unreachable": ("cannot be reached", "See that it runs and that ASSISTANT_MODEL_URL is right."),
    "slow": ("took too long", "Try again, use a smaller model, or raise ASSISTANT_MODEL_SECONDS."),
    "rate_limited": ("has too many requests at present", "Try again in a minute."),
    "key": ("did not accept the key", "Correct ASSISTANT_MODEL_KEY."),
    "unknown_model": ("is not known there", "Correct the name in ASSISTANT_MODEL."),
    "out_of_context": (
        "has no room for so much text", "Set ASSISTANT_MODEL_CONTEXT to what it can hold.",
    ),
    "server": ("failed", "Look into the log of its server, and try again."),
    "broken": (
        "sent what cannot be read",
        "See that its server speaks the provider's protocol, and try again.",
    ),
    "cut_off": ("stopped in the middle", "Try again, or raise the length that it may write."),
    "too_long": ("wrote without end", "Use another model."),
    "empty": ("wrote nothing", "Try again, or use another model."),
    "refused": ("refused to answer", "Ask in other words, or use another model."),
}  # fmt: skip

_ENDED = frozenset({"stop", "end_turn", "stop_sequence", "eos", "complete", "done"})
_REFUSED = frozenset({"content_filter", "refusal", "safety"})
_STATUS: dict[int, FailureKind] = {
    401: "key", 402: "rate_limited", 403: "key", 404: "unknown_model", 408: "slow",
    413: "out_of_context", 429: "rate_limited", 504: "slow",
}  # fmt: skip
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


def _kind_of(error: BaseException) -> FailureKind:
    """What went wrong, told from names and codes, since each package has errors of its own."""
    if isinstance(error, _Fault):
        return error.kind
    causes = _causes(error)
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    if isinstance(error, TimeoutError) or names & {"APITimeoutError", "TimeoutException"}:
        return "slow"
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status > 0:
        if status < 500 and _CONTEXT.search(str(error)):
            return "out_of_context"
        return _STATUS.get(status, "server")
    if "APIConnectionError" in names or names & {"ConnectError", "ConnectionError"}:
        return "unreachable"
    if names & {"RemoteProtocolError", "ReadError", "IncompleteRead"}:
        return "cut_off"
    if "APIError" in names or "ResponseError" in names:  # an error in the middle of a stream
        return "out_of_context" if _CONTEXT.search(str(error)) else "server"
    return "broken"


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def _wait(error: BaseException, tried: int) -> float | None:
    """Seconds before a new try: what the server asks for, else more each time; None for what
    does not pass."""
    status = getattr(error, "status_code", None)
    if status not in _PASSING and _kind_of(error) != "unreachable":
        return None
    headers = getattr(getattr(error, "response", None), "headers", {})
    asked = str(headers.get("retry-after", ""))
    wait = float(asked) if re.fullmatch(r"\d+(?:\.\d+)?", asked) else 0.5 * 2 ** (tried - 1)
    return wait if wait <= _LONGEST_WAIT else None


def _visible(text: str) -> str | None:
    """A reply so far without what the model thought aloud first; None while that goes on."""
    if thought := _THINKING.match(text):
        return text[thought.end() :]
    return None if _THINKS.fullmatch(text) else text


def _finish(response: Any) -> str | None:
    """Why the reply ended, in the provider's word; None while it goes on."""
    raw = response.raw
    if isinstance(raw, dict):
        reason = raw.get("done_reason") or ("done" if raw.get("done") else None)
        return reason or getattr(raw.get("delta"), "stop_reason", None)
    return _of_choice(getattr(raw, "choices", None))


def _of_choice(choices: Any) -> str | None:
    for choice in choices or ():
        reason = (
            choice.get("finish_reason") if isinstance(choice, dict)
            else getattr(choice, "finish_reason", None)
        )  # fmt: skip
        if reason:
            return str(reason)
    return None


def _counted(response: Any) -> Tokens | None:
    found = dict(getattr(response, "additional_kwargs", None) or {})
    raw = response.raw
    usage = raw.get("usage") if isinstance(raw, dict) else getattr(raw, "usage", None)
    read = found.get("prompt_tokens") or _part(usage, "prompt_tokens", "input_tokens")
    written = found.get("completion_tokens") or _part(usage, "completion_tokens", "output_tokens")
    return Tokens(int(read), int(written), True) if read and written else None


def _part(usage: Any, *names: str) -> int | None:
    for name in names:
        value = usage.get(name) if isinstance(usage, dict) else getattr(usage, name, None)
        if value:
            return int(value)
    return None


def _llm(choice: ModelChoice, patience: Patience, context: int, longest: int) -> "LLM":
    """LlamaIndex's object for a model. Temperature is 0; new tries are ours."""
    make, module = _MAKERS[choice.provider]
    try:
        package = import_module(module)
    except ImportError as error:
        extra = "openai" if choice.provider == "openai-like" else choice.provider
        raise ModelError(
            f"The packages for {choice.provider} are not installed.",
            f"Run: pip install 'implementation-assistant[{extra}]'",
        ) from error
    if choice.host in _HERE:
        _leave_out_proxies()
    llm: LLM = make(package, choice, patience, context, longest)
    return llm


def _leave_out_proxies() -> None:
    """See to it that what is meant for this computer stays here: the packages ask the proxy that
    the environment names even then."""
    for name in ("NO_PROXY", "no_proxy"):
        named = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys((*named, "localhost", "127.0.0.1", "::1")))


def _openai(
    package: Any, choice: ModelChoice, patience: Patience, context: int, longest: int
) -> "LLM":
    llm: LLM = package.OpenAILike(
        model=choice.name, api_base=choice.address, api_key=choice.key or "none",
        is_chat_model=True, temperature=0.0, timeout=patience.whole, max_retries=0,
        context_window=context, max_tokens=longest,
        additional_kwargs={"stream_options": {"include_usage": True}},
    )  # fmt: skip
    return llm


def _ollama(
    package: Any, choice: ModelChoice, patience: Patience, context: int, longest: int
) -> "LLM":
    # Without a header of ours, the package sends the key that OLLAMA_API_KEY holds.
    headers = {"Authorization": f"Bearer {choice.key or 'none'}"}
    llm: LLM = package.Ollama(
        model=choice.name, base_url=choice.address, temperature=0.0, context_window=context,
        request_timeout=patience.whole, headers=headers, thinking=False,
        additional_kwargs={"num_predict": longest},
    )  # fmt: skip
    return llm


def _anthropic(
    package: Any, choice: ModelChoice, patience: Patience, _: int, longest: int
) -> "LLM":
    from llama_index.core.llms import LLMMetadata

    class Claude(package.Anthropic):  # type: ignore[misc]
        @property
        def metadata(self) -> LLMMetadata:  # the package's own knows no newer names
            return LLMMetadata(model_name=choice.name, num_output=longest, is_chat_model=True)

    llm: LLM = Claude(
        model=choice.name, base_url=choice.address, api_key=choice.key or "none", temperature=0.0,
        timeout=patience.whole, max_retries=0, max_tokens=longest,
    )  # fmt: skip
    return llm


_MAKERS: dict[str, tuple[Callable[[Any, ModelChoice, Patience, int, int], "LLM"], str]] = {
    "openai": (_openai, "llama_index.llms.openai_like"),
    "openai-like": (_openai, "llama_index.llms.openai_like"),
    "ollama": (_ollama, "llama_index.llms.ollama"),
    "anthropic": (_anthropic, "llama_index.llms.anthropic"),
}
