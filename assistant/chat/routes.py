"""The routes of the chat itself and of what its answers cite, and what is said of what fails."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from assistant.app import Assistant
from assistant.chat.admission import Admission, remember
from assistant.chat.excerpt import AROUND, excerpt
from assistant.chat.files import file_headers
from assistant.chat.happenings import Failed
from assistant.chat.opening import Opening
from assistant.chat.pages import Pages, State
from assistant.chat.threads import user_of
from assistant.chat.uploads import Uploads
from assistant.errors import AssistantError, DocumentNotFound
from assistant.failure_log import log_failure
from assistant.prompts import fill
from assistant.records import Source
from assistant.store.records import User
from assistant.store.store import Store

_READ = ["GET", "HEAD"]
_PUBLIC = Path(__file__).parent / "app" / "public"


def page_routes(
    opening: Opening, pages: Pages, chat_page: str, store: Store, admission: Admission,
    uploads: Uploads | None = None,
) -> APIRouter:  # fmt: skip
    """The chat, sources and files, and whether the server lives."""
    router = APIRouter()

    @router.api_route("/", methods=_READ)
    @router.api_route("/thread/{conversation}", methods=_READ)
    def chat(request: Request) -> HTMLResponse:
        if not opening.assistant:
            return HTMLResponse(pages.preparing(opening.readiness), 503)
        page = HTMLResponse(chat_page)
        token = admission.sign(user_of(request))
        remember(page, token, request.url.scheme == "https")
        return page

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
        request: Request, document_id: str, start: int = -1, end: int = -1, version: str = "",
        whole: bool = False, anchor: Annotated[str, Query(max_length=1000)] = "",
    ) -> HTMLResponse:  # fmt: skip
        if not opening.assistant:
            return HTMLResponse(pages.preparing(opening.readiness), 503)
        try:
            user = user_of(request)
            added = _added(opening.assistant, uploads, user, document_id, version)
            found, state = added or _found(opening.assistant, store, user, document_id, version)
            own = added is not None or opening.assistant.is_own(document_id)
        except AssistantError as error:
            return HTMLResponse(pages.failed(str(error)), 500)
        if found is None:
            return HTMLResponse(pages.gone() if state == "gone" else pages.replaced(),
                                404 if state == "gone" else 410)  # fmt: skip
        try:
            shown = excerpt(found, start, end, None if whole else AROUND)
        except ValueError:
            return HTMLResponse(pages.no_passage(), 404)
        place = {"start": start, "end": end, "version": version, "whole": 1}
        place |= {"anchor": anchor} if anchor else {}
        all_of_it = f"/source/{quote(document_id, '')}?{urlencode(place)}"
        return HTMLResponse(pages.source(found, shown, all_of_it, anchor, own, state))

    @router.api_route("/file/{document_id:path}", methods=_READ)
    def file(request: Request, document_id: str, version: str = "") -> Response:
        if not opening.assistant:
            return HTMLResponse(pages.preparing(opening.readiness), 503)
        user = user_of(request).id
        try:
            if version and uploads:
                added = uploads.original(opening.assistant, user, document_id, version)
                if added:
                    return Response(added[1], headers=file_headers(*added))
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


def _added(
    assistant: Assistant, uploads: Uploads | None, user: User, document_id: str, version: str
) -> tuple[Source, State] | None:
    """A document that the user has added to a conversation. Links always say the version."""
    if not uploads or not version:
        return None
    found = uploads.source(assistant, user.id, document_id, version)
    return (found, "current") if found else None


def _found(
    assistant: Assistant, store: Store, user: User, document_id: str, version: str
) -> tuple[Source | None, State]:
    """A document of a version, and what it is by now. What is not in the index any more is still
    there for those who have kept an answer that cites it."""
    try:
        found = assistant.source(document_id, version)
    except DocumentNotFound:
        return store.kept.find(user.id, document_id, version), "gone"
    if found.sha256.startswith(version):
        return found, "older" if found.replaced else "current"
    return store.kept.find(user.id, document_id, version), "older"


def add_failures(app: FastAPI, pages: Pages, note: Failed = log_failure) -> None:
    """What a reader sees of addresses that make no sense, and of what should not have failed, of
    which `note` takes note."""

    @app.exception_handler(RequestValidationError)
    def no_sense(request: Request, _: Exception) -> Response:
        if request.method not in _READ:  # a script asks
            return JSONResponse({"detail": "This makes no sense."}, 422)
        return HTMLResponse(pages.no_passage(), 404)

    @app.exception_handler(HTTPException)
    def missing(_: Request, error: HTTPException) -> HTMLResponse:
        page = pages.too_large() if error.status_code == 413 else pages.missing()
        return HTMLResponse(page, error.status_code)

    @app.exception_handler(AssistantError)
    def known(request: Request, error: AssistantError) -> Response:
        if request.method not in _READ and not request.url.path.startswith(("/login", "/data")):
            return JSONResponse({"detail": str(error)}, 500)
        return HTMLResponse(pages.failed(str(error)), 500)

    @app.exception_handler(Exception)
    def failed(_: Request, error: Exception) -> HTMLResponse:
        line = fill(pages.strings.failure.unexpected, log=note(error))
        return HTMLResponse(pages.failed(line), 500)
