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
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp

from assistant.app import open_assistant
from assistant.chat.admission import COOKIE, Admission, Admitting, admission_for
from assistant.chat.event_log import EventLog
from assistant.chat.guard import Bounded, Doors, Guard
from assistant.chat.happenings import Failed, Happenings
from assistant.chat.index_watch import IndexWatch
from assistant.chat.listening import EVERYWHERE, address_of, is_loopback, listening
from assistant.chat.observing import observing_routes
from assistant.chat.opening import Opening
from assistant.chat.own_data import own_data_routes
from assistant.chat.pages import Pages
from assistant.chat.provider import Provider, provider_for, remembering
from assistant.chat.routes import add_failures, page_routes
from assistant.chat.secret import session_secret
from assistant.chat.shelf import Shelf
from assistant.chat.signing import signing_routes
from assistant.chat.site import assets, use_site, write_site
from assistant.chat.status import installed_version
from assistant.chat.strings import Strings, read_strings
from assistant.chat.taking import take_routes
from assistant.chat.threads import thread_routes
from assistant.chat.uploading import UPLOAD, upload_routes
from assistant.chat.uploads import Uploads
from assistant.errors import AssistantError, SettingsError, StorageFull
from assistant.failure_log import log_failure
from assistant.index.progress import Progress
from assistant.models.language import ModelChoice, choose_model
from assistant.settings import Settings
from assistant.store.retention import forget_before
from assistant.store.store import Store, open_store
from assistant.takeaway.export import MEDIA_TYPES
from assistant.tracing import sent_to

# What of Chainlit's own application is served. Its uploads, threads, tools and documentation are
# not used; its page and its files are served by routes of ours.
_DOORS = {
    "GET": re.compile(r"/auth/config|/user|/project/(?:translations|settings)"),
    "POST": re.compile(r"/auth/header"),
}
_SOCKET = re.compile(r"/ws/socket\.io/?")
_PUBLIC = Path(__file__).parent / "app" / "public"
# What readers' files are sent as: most are packed already, and there may be a lot of them.
_PACKED = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf", "application/octet-stream",
    MEDIA_TYPES["docx"], MEDIA_TYPES["pptx"],
)  # fmt: skip
_LARGEST = 100_000  # bytes of what a page sends by HTTP
_SWEEP_EVERY = 6 * 3600  # seconds
_STOP_WITHIN = 3  # seconds for answers under way when the server is stopped


def serve(
    settings: Settings, host: str, port: int, progress: Progress, open_browser: bool = False,
    open_to_all: bool = False,
) -> None:  # fmt: skip
    """Serve the chat until it is stopped. Port 0 takes a free one. `open_to_all`: without
    accounts, to everybody who reaches it.

    Raises UsageError if nothing can listen there or there are no accounts for it, StoreError,
    StorageFull, SecretUnusable or ChainlitUnusable.
    """
    host = host.lower()
    with (
        listening(host, port) as listener,
        _folder_of_this_process() as folder,
        closing(open_store(settings.database)) as store,
        closing(_uploads_of(settings)) as uploads,
        sent_to(settings.traces_url, progress.say),
    ):
        happenings = Happenings(EventLog(settings.log, sys.stderr))
        secret = session_secret(settings.secret_file)
        alone = is_loopback(host)
        admission = admission_for(settings, store.accounts, secret, alone, open_to_all)
        provider = provider_for(settings) if admission.way == "oauth" else None
        model = _model_of(settings)
        strings = read_strings(model, admission.keeps)
        # A rehearsal would cost what the model takes, and send it what nobody has asked.
        opening = Opening(
            lambda told: open_assistant(settings, told), progress, strings.pages["loading"],
            () if model else strings.starters, happenings.failed,
        )  # fmt: skip
        address = address_of(host, listener.getsockname()[1])

        def ready() -> None:
            progress.say(f"The chat is at {address} (stop it with Ctrl-C).")
            if not admission.keeps:
                progress.say(
                    "Everybody who can reach this computer can use it, without a password. "
                    "Nothing that they ask is kept."
                )
            if open_browser:
                # Some browsers run in the terminal, and return when they are closed.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        app = create_app(
            opening, folder, strings, store, admission,
            frozenset({*settings.allowed_hosts, host} - EVERYWHERE),
            any_address=not alone, when_listening=ready, keep_days=settings.keep_days,
            provider=provider, uploads=uploads if settings.uploads and admission.keeps else None,
            happenings=happenings,
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


def _uploads_of(settings: Settings) -> Uploads:
    return Uploads(
        settings.uploads_folder, settings.largest_upload_mb * 1_000_000, settings.most_uploads
    )


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
    store: Store,
    admission: Admission,
    hosts: frozenset[str] = frozenset(),
    any_address: bool = False,
    when_listening: Callable[[], None] | None = None,
    keep_days: int | None = None,
    provider: Provider | None = None,
    uploads: Uploads | None = None,
    happenings: Happenings | None = None,
) -> ASGIApp:
    """The whole application, which begins to get ready when it is served.

    Chainlit is imported here, once a process, to work in `folder`. What is said is kept in the
    `store`, for `keep_days` after the last word if that is set; a `provider` signs people in, and
    into `uploads` readers may add documents. `happenings` takes note of what happens. For `hosts`
    and `any_address` see `Guard`.
    """
    noted = happenings or Happenings(EventLog(None, sys.stderr))
    write_site(folder, strings)
    use_site(folder, COOKIE, admission.secret)
    logging.getLogger("chainlit").setLevel(logging.WARNING)
    from chainlit.utils import mount_chainlit

    from assistant.chat.app import handlers
    from assistant.chat.app.keeping import Keeping

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        opening.start()
        if when_listening:
            asyncio.get_running_loop().call_soon(when_listening)
        noted.started(installed_version())
        beside = [_sweep(store, keep_days, uploads, noted.failed), index_watch.go_on()]
        tasks = [asyncio.create_task(one) for one in beside]
        yield
        for task in tasks:
            task.cancel()
        noted.stopped()

    pages, shelf = Pages(strings), Shelf()
    index_watch = IndexWatch(opening, noted)
    files, tags = assets()
    chat_page = pages.chat(tags, admission.way == "alone", uploads.largest if uploads else 0)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.add_middleware(GZipMiddleware, exclude_content_types=_PACKED)
    app.include_router(page_routes(opening, pages, chat_page, store, admission, uploads))
    app.include_router(take_routes(shelf, pages))
    app.include_router(signing_routes(store, admission, pages, provider, noted.sign_in_refused))
    app.include_router(thread_routes(store, strings.name, uploads))
    app.include_router(own_data_routes(store, admission, shelf, pages, keep_days, uploads))
    if uploads:
        app.include_router(upload_routes(opening, store, uploads, strings.upload, noted.uploaded))
    app.include_router(observing_routes(opening, noted, index_watch, pages))
    add_failures(app, pages, noted.failed)
    app.mount("/assets", StaticFiles(directory=files))
    app.mount("/public", StaticFiles(directory=_PUBLIC))
    chainlit = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    keeping = Keeping(store, shelf, strings, admission.keeps)
    handlers.register(opening, strings, keeping, admission, noted, uploads)
    mount_chainlit(chainlit, target=handlers.__file__, path="/")
    app.mount("/", Doors(chainlit, _DOORS, _SOCKET, lambda: HTMLResponse(pages.missing(), 404)))
    door: ASGIApp = Admitting(
        app, admission, lambda error: HTMLResponse(pages.failed(str(error)), 500)
    )
    if provider:
        door = remembering(door, admission.secret)
    bounded = Bounded(
        door, _LARGEST, pages.too_large, {UPLOAD: uploads.largest} if uploads else None
    )
    return Guard(bounded, hosts, any_address, pages.refused)


async def _sweep(
    store: Store, days: int | None, uploads: Uploads | None, failed: Failed = log_failure
) -> None:
    """Delete what is older, and documents whose conversations are gone, now and again and
    again."""
    while True:
        try:
            if days:
                before = datetime.now(UTC) - timedelta(days=days)
                count = await asyncio.to_thread(forget_before, store.database, before)
                if count:
                    note = store.audit.note
                    await asyncio.to_thread(note, "", "deleted by retention", str(count))
            if uploads:
                await asyncio.to_thread(uploads.sweep, store.history.owner)
        except AssistantError as error:
            failed(error)  # the next round may do it
        await asyncio.sleep(_SWEEP_EVERY)


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
