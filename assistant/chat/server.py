"""The web server of the chat: our own pages, Chainlit behind doors, and a guard before all."""

import asyncio
import errno
import ipaddress
import logging
import re
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote, urlencode

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from assistant.app import open_assistant
from assistant.chat.excerpt import AROUND, excerpt
from assistant.chat.guard import Doors, Guard
from assistant.chat.opening import Opening
from assistant.chat.pages import Pages
from assistant.chat.site import assets, use_site, write_site
from assistant.chat.strings import Strings, read_strings
from assistant.errors import AssistantError, DocumentNotFound, StorageFull, UsageError
from assistant.failure_log import log_failure
from assistant.index.build import Progress
from assistant.prompts import fill
from assistant.settings import Settings

# What of Chainlit's own application is served. Its uploads, threads, tools and documentation are
# not used; its page and its files are served by routes of ours.
_DOORS = {
    "GET": re.compile(r"/auth/config|/user|/project/(?:translations|settings)"),
    "POST": re.compile(r"/set-session-cookie|/project/action"),
}
_SOCKET = re.compile(r"/ws/socket\.io/?")
_PUBLIC = Path(__file__).parent / "app" / "public"
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})
_READ = ["GET", "HEAD"]
_STOP_WITHIN = 3  # seconds for answers under way when the server is stopped


def serve(
    settings: Settings, host: str, port: int, progress: Progress, open_browser: bool = False
) -> None:
    """Serve the chat until it is stopped. Port 0 takes a free one.

    Raises UsageError if nothing can listen there, StorageFull or ChainlitUnusable.
    """
    host = host.lower()
    with _listening(host, port) as listener, _folder_of_this_process() as folder:
        strings = read_strings()
        opening = Opening(
            lambda told: open_assistant(settings, told), progress, strings.pages["loading"],
            strings.starters,
        )  # fmt: skip
        address = _address(host, listener.getsockname()[1])

        def ready() -> None:
            progress.say(f"The chat is at {address} (stop it with Ctrl-C).")
            if not _is_loopback(host):
                progress.say(
                    "Everybody who can reach this computer can use it, without a password."
                )
            if open_browser:
                # Some browsers run in the terminal, and return when they are closed.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        app = create_app(
            opening, folder, strings, frozenset({*settings.allowed_hosts, host} - _EVERYWHERE),
            any_address=not _is_loopback(host), when_listening=ready,
        )  # fmt: skip
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=_STOP_WITHIN,
            server_header=False,
        )  # fmt: skip
        # After its own handling, uvicorn raises the signal anew: leave as Ctrl-C does.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            opening.close()


def create_app(
    opening: Opening,
    folder: Path,
    strings: Strings,
    hosts: frozenset[str] = frozenset(),
    any_address: bool = False,
    when_listening: Callable[[], None] | None = None,
) -> ASGIApp:
    """The whole application, which begins to get ready when it is served.

    Chainlit is imported here, once a process, to work in `folder`. For `hosts` and `any_address`
    see `Guard`.
    """
    write_site(folder, strings)
    use_site(folder)
    logging.getLogger("chainlit").setLevel(logging.WARNING)
    from chainlit.utils import mount_chainlit

    from assistant.chat.app import handlers

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        opening.start()
        if when_listening:
            asyncio.get_running_loop().call_soon(when_listening)
        yield

    pages = Pages(strings)
    files, tags = assets()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.add_middleware(GZipMiddleware)
    app.include_router(_routes(opening, pages, pages.chat(tags)))
    _add_failures(app, pages)
    app.mount("/assets", StaticFiles(directory=files))
    app.mount("/public", StaticFiles(directory=_PUBLIC))
    chainlit = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    handlers.register(opening, strings)
    mount_chainlit(chainlit, target=handlers.__file__, path="/")
    app.mount("/", Doors(chainlit, _DOORS, _SOCKET, lambda: HTMLResponse(pages.missing(), 404)))
    return Guard(app, hosts, any_address, pages.refused)


def _routes(opening: Opening, pages: Pages, chat_page: str) -> APIRouter:
    """The pages of our own."""
    router = APIRouter()

    @router.api_route("/", methods=_READ)
    def chat() -> HTMLResponse:
        if opening.assistant:
            return HTMLResponse(chat_page)
        return HTMLResponse(pages.preparing(opening.readiness), 503)

    @router.post("/prepare")
    def prepare() -> RedirectResponse:
        opening.start()
        return RedirectResponse("/", 303)

    @router.api_route("/healthz", methods=_READ)
    def health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.api_route("/readyz", methods=_READ)
    def ready() -> JSONResponse:
        readiness = opening.readiness
        return JSONResponse(asdict(readiness), 200 if readiness.state == "ready" else 503)

    @router.api_route("/source/{document_id:path}", methods=_READ)
    def source(
        document_id: str, start: int = -1, end: int = -1, version: str = "", whole: bool = False
    ) -> HTMLResponse:
        if not opening.assistant:
            return HTMLResponse(pages.preparing(opening.readiness), 503)
        try:
            found = opening.assistant.source(document_id)
        except DocumentNotFound:
            return HTMLResponse(pages.gone(), 404)
        except AssistantError as error:
            return HTMLResponse(pages.failed(str(error)), 500)
        if not found.sha256.startswith(version):
            return HTMLResponse(pages.replaced(), 410)
        try:
            shown = excerpt(found, start, end, None if whole else AROUND)
        except ValueError:
            return HTMLResponse(pages.no_passage(), 404)
        place = urlencode({"start": start, "end": end, "version": version, "whole": 1})
        return HTMLResponse(pages.source(found, shown, f"/source/{quote(document_id, '')}?{place}"))

    return router


def _add_failures(app: FastAPI, pages: Pages) -> None:
    """What a reader sees of addresses that make no sense, and of what should not have failed."""

    @app.exception_handler(RequestValidationError)
    def no_sense(_: Request, __: Exception) -> HTMLResponse:
        return HTMLResponse(pages.no_passage(), 404)

    @app.exception_handler(HTTPException)
    def missing(_: Request, error: HTTPException) -> HTMLResponse:
        return HTMLResponse(pages.missing(), error.status_code)

    @app.exception_handler(Exception)
    def failed(_: Request, error: Exception) -> HTMLResponse:
        line = fill(pages.strings.failure.unexpected, log=log_failure(error))
        return HTMLResponse(pages.failed(line), 500)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there. Raises UsageError with what to do."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        both = host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            address[:2], family=family, backlog=512, dualstack_ipv6=both
        )
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"Port {port} is in use, perhaps by another chat of yours.",
                f"Open {_address(host, port)}, or take any free port with: --port 0",
            ) from error
        problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"Nothing can listen at {host}, port {port}: {problem}.",
            "Choose an address of this computer with --host and a port from 1024 with --port.",
        ) from error
    try:
        yield listener
    finally:
        listener.close()


@contextmanager
def _folder_of_this_process() -> Iterator[Path]:
    """A folder for what Chainlit writes, gone afterwards. Raises StorageFull."""
    try:
        temporary = tempfile.TemporaryDirectory(prefix="assistant-chat-")
    except OSError as error:
        raise _no_room(error) from error
    with temporary as folder:
        try:
            yield Path(folder)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise _no_room(error) from error


def _no_room(error: OSError) -> StorageFull:
    return StorageFull(
        f"There is no room for temporary files: {error}.",
        "Make room on the disk, or set TMPDIR to a folder that has some, and start again.",
    )


def _address(host: str, port: int) -> str:
    """What to type into a browser on this computer."""
    name = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    name = f"[{name}]" if ":" in name else name
    return f"http://{name}:{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
