"""A server of language models that does what is written for it, in three protocols.

    with ScriptedModel(status(500), says("The core stays [1].")) as server:
        model = LanguageModel(server.choice("ollama"))

OpenAI's and Anthropic's protocols and Ollama's are served at once. The last step of a script is
done again and again. A step may be a function of the request's body: see `words_of`.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.types import Receive, Scope, Send

from assistant.models.language import ModelChoice, choose_model

Body = dict[str, Any]
End = Literal["finish", "cut", "hang", "garbage", "error"]
READ, WRITTEN = 120, 30
"""The tokens that the server counts, whatever was read and written."""


@dataclass(frozen=True)
class Reply:
    """What is done for one request: a status other than 200, or a text and how it ends."""

    text: str = ""
    piece: int = 3  # characters; so few that a marker such as "[12]" is torn apart
    pause: float = 0.0
    end: End = "finish"
    finish: str | None = "stop"  # in OpenAI's words
    counts: bool = True
    code: int = 200
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def pieces(self) -> Iterator[str]:
        """The text as it is sent."""
        return (self.text[at : at + self.piece] for at in range(0, len(self.text), self.piece))


Step = Reply | Callable[[Body], Reply]


def says(
    text: str, *, piece: int = 3, pause: float = 0.0, finish: str | None = "stop",
    counts: bool = True,
) -> Reply:  # fmt: skip
    """The text, `piece` characters at a time, with a pause before each; `finish` is "stop",
    "length" or "content_filter"; without `counts` there are no numbers of tokens."""
    return Reply(text, piece, pause, finish=finish, counts=counts)


def empty() -> Reply:
    """A reply that is well but for having no text."""
    return says("")


def thinks(thought: str, text: str) -> Reply:
    """A reply that begins with thinking aloud."""
    return says(f"<think>\n{thought}\n</think>\n\n{text}")


def drips(text: str, seconds: float) -> Reply:
    """The text, spread evenly over so many seconds."""
    reply = says(text)
    return says(text, pause=seconds / max(len(list(reply.pieces)), 1))


def hangs(text: str = "") -> Reply:
    """The text, then silence while the connection stays open. Without a text not even a status."""
    return Reply(text, end="hang")


def cuts(text: str) -> Reply:
    """The text, then the connection is closed in the middle of the reply."""
    return Reply(text, end="cut")


def ends_without_reason(text: str) -> Reply:
    """The text, then an orderly end that does not say why."""
    return says(text, finish=None)


def breaks_json(text: str) -> Reply:
    """The text, then an event that cannot be read."""
    return Reply(text, end="garbage")


def complains(text: str, message: str) -> Reply:
    """The text, then an error as the protocol tells it in the middle of a reply."""
    return Reply(text, end="error", message=message)


def status(code: int, message: str = "It went wrong.", retry_after: float | None = None) -> Reply:
    """An error as the protocol tells it before a reply."""
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return Reply(code=code, message=message, headers=headers)


def page(text: str = "<html><body>It works!</body></html>") -> Reply:
    """A web page with status 200, as of a server that is no language model's."""
    return Reply(code=0, message=text)


def words_of(body: Body) -> str:
    """All that the model was told, whatever the protocol."""
    system = body.get("system") or ""
    said = [message["content"] for message in body["messages"]]
    return "\n\n".join(_text(part) for part in [system, *said] if part)


def eventually(true: Callable[[], bool], seconds: float = 3.0) -> bool:
    """Whether something becomes true in time."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


class ScriptedModel:
    """The server. A context manager; to leave it does not wait for replies under way.

    `asked` are the bodies of all chats, `keys` what came in their header for a key, `paths` those
    of all requests. `cancelled` counts the replies that the client left before their end;
    `busiest`, how many were under way at the same time.
    """

    def __init__(self, *script: Step, names: tuple[str, ...] = ("small",)) -> None:
        self.names = names
        self.does(*script)
        self.under_way = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        config = uvicorn.Config(
            _application(self), lifespan="off", ws="none", access_log=False,
            log_level="critical", timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="scripted-model", daemon=True)

    def does(self, *script: Step) -> None:
        """A new script. What was asked before is forgotten."""
        self._script = list(script) or [says("Yes.")]
        self.asked: list[Body] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.cancelled = 0
        self.busiest = 0

    @property
    def root(self) -> str:
        """The address for Ollama's protocol and for Anthropic's."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def address(self) -> str:
        """The address for OpenAI's protocol."""
        return f"{self.root}/v1"

    def choice(
        self, provider: str = "openai-like", name: str = "", key: str | None = "a-key"
    ) -> ModelChoice:
        """One of its models, as chosen in the settings."""
        # LlamaIndex asks Anthropic for no model whose name is not on its own list.
        name = name or ("claude-sonnet-4-5" if provider == "anthropic" else "small")
        where = self.address if provider.startswith("openai") else self.root
        return choose_model(f"{provider}:{name}", where, key)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert eventually(lambda: self._server.started)
        assert self._loop
        assert self._closing
        self._loop.call_soon_threadsafe(self._closing.set)
        self._server.should_exit = True
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        async def serve() -> None:
            self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
            await self._server.serve(sockets=[self._listener])

        asyncio.run(serve())

    async def respond(self, request: Request, protocol: "_Protocol") -> Response:
        """Do what the script has next."""
        body: Body = await request.json()
        key = request.headers.get("authorization") or request.headers.get("x-api-key")
        self.asked.append(body)
        self.keys.append(key)
        self.paths.append(request.url.path)
        step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        reply = step if isinstance(step, Reply) else step(body)
        if not reply.code:
            return HTMLResponse(reply.message)
        if reply.code != 200:
            content = protocol.error(reply.message)
            return JSONResponse(content, reply.code, headers=reply.headers)
        return _Told(self, protocol, reply, body)

    async def closed(self) -> None:
        """Wait until the server closes."""
        assert self._closing
        await self._closing.wait()


class _Told(Response):
    """A reply that is sent as long as somebody listens."""

    def __init__(
        self, server: ScriptedModel, protocol: "_Protocol", reply: Reply, body: Body
    ) -> None:
        super().__init__(media_type=protocol.media)
        self._server, self._protocol, self._reply, self._body = server, protocol, reply, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = self._server
        server.under_way += 1
        server.busiest = max(server.busiest, server.under_way)
        telling = asyncio.ensure_future(self._tell(send))
        leaving = asyncio.ensure_future(_disconnected(receive))
        closing = asyncio.ensure_future(server.closed())
        tasks = (telling, leaving, closing)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        server.under_way -= 1
        if leaving.done() and not telling.done():
            server.cancelled += 1
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self, send: Send) -> None:
        reply, protocol = self._reply, self._protocol
        if not reply.text and reply.end == "hang":
            await asyncio.Event().wait()
        headers = [(b"content-type", protocol.media.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for part in self._parts():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        if reply.end == "hang":
            await asyncio.Event().wait()
        if reply.end != "cut":  # else the server finds the body incomplete, and closes
            await send({"type": "http.response.body", "body": b""})

    async def _parts(self) -> AsyncIterator[bytes]:
        reply, protocol = self._reply, self._protocol
        if not self._body.get("stream", protocol.streams):
            yield protocol.whole(reply, self._body)
            return
        yield protocol.begin(reply, self._body)
        for piece in reply.pieces:
            if reply.pause:
                await asyncio.sleep(reply.pause)
            yield protocol.piece(piece, self._body)
        if reply.end == "garbage":
            yield protocol.event('{"broken')
        elif reply.end == "error":
            yield protocol.event(protocol.error(reply.message))
        elif reply.end == "finish":
            yield protocol.finish(reply, self._body)


class _Protocol(Protocol):
    media: str
    streams: bool
    """Whether it streams where a request does not say so."""

    def event(self, content: Body | str) -> bytes: ...
    def begin(self, reply: Reply, body: Body) -> bytes: ...
    def piece(self, piece: str, body: Body) -> bytes: ...
    def finish(self, reply: Reply, body: Body) -> bytes: ...
    def whole(self, reply: Reply, body: Body) -> bytes: ...
    def error(self, message: str) -> Body: ...


class _OpenAI:
    media = "text/event-stream"
    streams = False
    usage = {  # noqa: RUF012  # never changed
        "prompt_tokens": READ, "completion_tokens": WRITTEN, "total_tokens": READ + WRITTEN,
    }  # fmt: skip

    def event(self, content: Body | str) -> bytes:
        return f"data: {_json(content)}\n\n".encode()

    def begin(self, reply: Reply, body: Body) -> bytes:
        return self._chunk(body, {"role": "assistant", "content": ""})

    def piece(self, piece: str, body: Body) -> bytes:
        return self._chunk(body, {"content": piece})

    def finish(self, reply: Reply, body: Body) -> bytes:
        last = self._chunk(body, {}, reply.finish)
        if reply.counts and (body.get("stream_options") or {}).get("include_usage"):
            last += self.event(self._frame(body) | {"choices": [], "usage": self.usage})
        return last + b"data: [DONE]\n\n"

    def whole(self, reply: Reply, body: Body) -> bytes:
        said = {"role": "assistant", "content": reply.text}
        choice = {"index": 0, "message": said, "finish_reason": reply.finish}
        content = self._frame(body) | {"object": "chat.completion", "choices": [choice]}
        return json.dumps(content | ({"usage": self.usage} if reply.counts else {})).encode()

    def error(self, message: str) -> Body:
        return {"error": {"message": message, "type": "an_error", "param": None, "code": None}}

    def _chunk(self, body: Body, delta: Body, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return self.event(self._frame(body) | {"choices": [choice]})

    def _frame(self, body: Body) -> Body:
        model = body.get("model")
        return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": model}


class _Ollama:
    media = "application/x-ndjson"
    streams = True

    def event(self, content: Body | str) -> bytes:
        return f"{_json(content)}\n".encode()

    def begin(self, reply: Reply, body: Body) -> bytes:
        return b""

    def piece(self, piece: str, body: Body) -> bytes:
        return self.event(self._part(piece, body))

    def finish(self, reply: Reply, body: Body) -> bytes:
        return self.event(self._last("", reply, body)) if reply.finish else b""

    def whole(self, reply: Reply, body: Body) -> bytes:
        return self.event(self._last(reply.text, reply, body))

    def error(self, message: str) -> Body:
        return {"error": message}

    def _last(self, text: str, reply: Reply, body: Body) -> Body:
        counts = {"prompt_eval_count": READ, "eval_count": WRITTEN} if reply.counts else {}
        return self._part(text, body) | {"done": True, "done_reason": reply.finish} | counts

    def _part(self, text: str, body: Body) -> Body:
        said = {"role": "assistant", "content": text}
        return {
            "model": body["model"], "created_at": "2025-01-01T00:00:00Z", "message": said,
            "done": False,
        }  # fmt: skip


class _Anthropic:
    media = "text/event-stream"
    streams = False
    reasons = {  # noqa: RUF012  # never changed
        "stop": "end_turn", "length": "max_tokens", "content_filter": "refusal",
    }  # fmt: skip

    def event(self, content: Body | str) -> bytes:
        name = content["type"] if isinstance(content, dict) else "content_block_delta"
        return f"event: {name}\ndata: {_json(content)}\n\n".encode()

    def begin(self, reply: Reply, body: Body) -> bytes:
        block = {"type": "text", "text": ""}
        return self.event(
            {"type": "message_start", "message": self._message(reply, body, []) | _UNENDED}
        ) + self.event({"type": "content_block_start", "index": 0, "content_block": block})

    def piece(self, piece: str, body: Body) -> bytes:
        delta = {"type": "text_delta", "text": piece}
        return self.event({"type": "content_block_delta", "index": 0, "delta": delta})

    def finish(self, reply: Reply, body: Body) -> bytes:
        stopped = self.event({"type": "content_block_stop", "index": 0})
        if reply.finish is None:
            return stopped
        delta = {"stop_reason": self.reasons[reply.finish], "stop_sequence": None}
        usage = {"output_tokens": WRITTEN if reply.counts else 0}
        last = self.event({"type": "message_delta", "delta": delta, "usage": usage})
        return stopped + last + self.event({"type": "message_stop"})

    def whole(self, reply: Reply, body: Body) -> bytes:
        blocks = [{"type": "text", "text": reply.text}]
        return json.dumps(self._message(reply, body, blocks)).encode()

    def error(self, message: str) -> Body:
        return {"type": "error", "error": {"type": "api_error", "message": message}}

    def _message(self, reply: Reply, body: Body, blocks: list[Body]) -> Body:
        read, written = (READ, WRITTEN) if reply.counts else (0, 0)
        return {
            "id": "1", "type": "message", "role": "assistant", "model": body["model"],
            "content": blocks, "stop_reason": self.reasons.get(reply.finish or ""),
            "stop_sequence": None, "usage": {"input_tokens": read, "output_tokens": written},
        }  # fmt: skip


_UNENDED = {"stop_reason": None}


def _application(server: ScriptedModel) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def openai(request: Request) -> Response:
        return await server.respond(request, _OpenAI())

    @app.post("/api/chat")
    async def ollama(request: Request) -> Response:
        return await server.respond(request, _Ollama())

    @app.post("/v1/messages")
    async def anthropic(request: Request) -> Response:
        return await server.respond(request, _Anthropic())

    @app.get("/v1/models")
    async def models(request: Request) -> Response:
        server.paths.append(request.url.path)
        data = [{"id": name, "object": "model", "created": 0} for name in server.names]
        return JSONResponse({"object": "list", "data": data})

    @app.post("/api/show")
    async def show(request: Request) -> Response:
        server.paths.append(request.url.path)
        return JSONResponse({"model_info": {"llama.context_length": 8192}, "details": {}})

    return app


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _json(content: Body | str) -> str:
    return content if isinstance(content, str) else json.dumps(content)


def _text(part: str | list[Body]) -> str:
    return part if isinstance(part, str) else "".join(block.get("text", "") for block in part)
