"""The web server of the chat: our own pages, Chainlit behind doors, and a guard before all."""

import asyncio
import errno
import logging
import re
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

import uvicorn
from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp

from assistant.app import open_assistant
from assistant.chat.excerpt import AROUND, excerpt
from assistant.chat.files import file_headers
from assistant.chat.guard import Doors, Guard
from assistant.chat.listening import EVERYWHERE, address_of, is_loopback, listening
from assistant.chat.opening import Opening
from assistant.chat.pages import Pages
from assistant.chat.site import assets, use_site, write_site
from assistant.chat.strings import Strings, read_strings
from assistant.errors import AssistantError, DocumentNotFound, SettingsError, StorageFull
from assistant.failure_log import log_failure
from assistant.index.build import Progress
from assistant.models.language import ModelChoice, choose_model
from assistant.prompts import fill
from assistant.settings import Settings

# What of Chainlit's own application is served. Its uploads, threads, tools and documentation are
# not used; its page and its files are served by routes of ours.
_DOORS = {"GET": re.compile(r"/auth/config|/user|/project/(?:translations|settings)")}
_SOCKET = re.compile(r"/ws/socket\.io/?")
_PUBLIC = Path(__file__).parent / "app" / "public"
_READ = ["GET", "HEAD"]
# What readers' files are sent as: most are packed already, and there may be a lot of them.
_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf", "application/octet-stream")
_STOP_WITHIN = 3  # seconds for answers under way when the server is stopped


def serve(
    settings: Settings, host: str, port: int, progress: Progress, open_browser: bool = False
) -> None:
    """Serve the chat until it is stopped. Port 0 takes a free one.

    Raises UsageError if nothing can listen there, StorageFull or ChainlitUnusable.
    """
    host = host.lower()
    with listening(host, port) as listener, _folder_of_this_process() as folder:
        model = _model_of(settings)
        strings = read_strings(model)
        # A rehearsal would cost what the model takes, and send it what nobody has asked.
        opening = Opening(
            lambda told: open_assistant(settings, told), progress, strings.pages["loading"],
            () if model else strings.starters,
        )  # fmt: skip
        address = address_of(host, listener.getsockname()[1])

        def ready() -> None:
            progress.say(f"The chat is at {address} (stop it with Ctrl-C).")
            if not is_loopback(host):
                progress.say(
                    "Everybody who can reach this computer can use it, without a password."
                )
            if open_browser:
                # Some browsers run in the terminal, and return when they are closed.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        app = create_app(
            opening, folder, strings, frozenset({*settings.allowed_hosts, host} - EVERYWHERE),
            any_address=not is_loopback(host), when_listening=ready,
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


def _model_of(settings: Settings) -> ModelChoice | None:
    """The language model that is to write, known before anything is opened. If a setting makes no
    sense, opening the assistant says so."""
    if settings.model is None or not settings.writes:
        return None
    try:
        return choose_model(settings.model, settings.model_url, None)
    except SettingsError:
        return None


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
    app.add_middleware(GZipMiddleware, exclude_content_types=_PACKED)
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

    @router.api_route("/logo", methods=_READ)
    def logo() -> FileResponse:
        # Chainlit's page asks for it before it knows of ours.
        return FileResponse(_PUBLIC / "icon.svg")

    @router.post("/set-session-cookie")
    def cookie() -> JSONResponse:
        # Chainlit's page asks for it, and only its uploads would need it.
        return JSONResponse({})

    @router.api_route("/source/{document_id:path}", methods=_READ)
    def source(
        document_id: str, start: int = -1, end: int = -1, version: str = "", whole: bool = False,
        anchor: Annotated[str, Query(max_length=1000)] = "",
    ) -> HTMLResponse:  # fmt: skip
        if not opening.assistant:
            return HTMLResponse(pages.preparing(opening.readiness), 503)
        try:
            found = opening.assistant.source(document_id, version)
            own = document_id in opening.assistant.own_documents()
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
        place = {"start": start, "end": end, "version": version, "whole": 1}
        place |= {"anchor": anchor} if anchor else {}
        all_of_it = f"/source/{quote(document_id, '')}?{urlencode(place)}"
        return HTMLResponse(pages.source(found, shown, all_of_it, anchor, own))

    @router.api_route("/file/{document_id:path}", methods=_READ)
    def file(document_id: str, version: str = "") -> Response:
        if not opening.assistant:
            return HTMLResponse(pages.preparing(opening.readiness), 503)
        try:
            found = opening.assistant.source(document_id)
            name, data = opening.assistant.original(document_id)
        except DocumentNotFound:
            return HTMLResponse(pages.gone(), 404)
        except AssistantError as error:
            return HTMLResponse(pages.failed(str(error)), 500)
        if not found.sha256.startswith(version):
            return HTMLResponse(pages.replaced_file(), 410)
        return Response(data, headers=file_headers(name, data))

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
