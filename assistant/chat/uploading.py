"""The route by which a reader's document comes in."""

import time
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.app import Assistant
from assistant.chat.opening import Opening
from assistant.chat.strings import UploadStrings
from assistant.chat.threads import user_of
from assistant.chat.tickets import Talk
from assistant.chat.uploads import UploadRefused, Uploads
from assistant.errors import AssistantError
from assistant.prompts import fill
from assistant.store.records import User
from assistant.store.store import Store

UPLOAD = "/upload/"
_Name = Annotated[str, Query(min_length=1, max_length=500)]


def upload_routes(
    opening: Opening, store: Store, uploads: Uploads, strings: UploadStrings,
    note: Callable[[float, bool, bool], None] = lambda *_: None,
) -> APIRouter:  # fmt: skip
    """`/upload/{secret}`: one document, as it is, under a name. The secret says of which
    conversation; an admin may add it for `everybody`. `note` is told the seconds that each took,
    whether it was taken in, and whether for everybody."""
    router = APIRouter()

    @router.post(UPLOAD + "{secret}")
    async def upload(
        request: Request, secret: str, name: _Name, everybody: bool = False
    ) -> JSONResponse:
        began = time.monotonic()
        reply = await take(request, secret, name, everybody)
        note(time.monotonic() - began, reply.status_code == 200, everybody)
        return reply

    async def take(request: Request, secret: str, name: str, everybody: bool) -> JSONResponse:
        user = user_of(request)
        talk = uploads.tickets.redeem(secret, user.id)
        if talk is None or opening.assistant is None:
            return JSONResponse({"detail": strings.late}, 404)
        if everybody and user.role != "admin":
            await run_in_threadpool(_refused, store, user, "not an admin")
            return JSONResponse({"detail": strings.not_admin}, 403)
        try:
            uploads.count_in(user.id)
            data = await _whole(request, uploads.largest)
            title = await run_in_threadpool(
                _take_in, opening.assistant, uploads, None if everybody else talk, name, data
            )
        except HTTPException:  # of `Bounded`, or ours: it goes on and on
            await run_in_threadpool(_refused, store, user, "too large")
            line = fill(strings.too_large, most=str(uploads.largest // 1_000_000))
            return JSONResponse({"detail": line}, 413, {"connection": "close"})
        except AssistantError as error:
            await run_in_threadpool(_refused, store, user, error.name)
            status = 429 if isinstance(error, UploadRefused) else 422
            return JSONResponse({"detail": str(error).strip()}, status)
        place = "for everybody" if everybody else talk.conversation
        await run_in_threadpool(store.audit.note, user.id, "uploaded", place)
        line = strings.added_for_all if everybody else strings.added
        return JSONResponse({"line": fill(line, title=title)})

    return router


def _take_in(
    assistant: Assistant, uploads: Uploads, talk: Talk | None, name: str, data: bytes
) -> str:
    if talk is None:
        return uploads.take_in_for_all(assistant, name, data)
    return uploads.take_in(assistant, talk, name, data)


def _refused(store: Store, user: User, why: str) -> None:
    store.audit.note(user.id, "upload refused", why)


async def _whole(request: Request, most: int) -> bytes:
    """What is sent. Raises HTTPException as soon as it is too much."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            raise HTTPException(413)
    return bytes(data)
