"""What is kept of a reader: a page that says it, a copy of it, and its deletion."""

import tempfile
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.background import BackgroundTask

from assistant.chat.admission import Admission
from assistant.chat.pages import Pages
from assistant.chat.shelf import Shelf
from assistant.chat.threads import user_of
from assistant.chat.uploads import Uploads
from assistant.prompts import fill
from assistant.store.records import User
from assistant.store.retention import export_of, forget_user
from assistant.store.store import Store


def own_data_routes(
    store: Store, admission: Admission, shelf: Shelf, pages: Pages, days: int | None,
    uploads: Uploads | None = None,
) -> APIRouter:  # fmt: skip
    """`/data`, `/data/export` and `/data/delete`. Conversations are kept for so many `days` after
    the last word, or until they are deleted."""
    router = APIRouter()
    words = pages.strings.data

    def page(user: User, deleted: str | None = None) -> HTMLResponse:
        how_long = fill(words.days, days=days) if days else words.until_deleted
        rows = [(words.conversations, how_long), (words.feedback, how_long)]
        rows += [(words.uploads, how_long)] if uploads else []
        rows += [(words.sources, how_long), (words.audit, words.audit_kept)]
        if admission.way != "alone":
            rows.append((fill(words.account, name=user.name), words.account_kept))
        where = words.where_alone if admission.way == "alone" else words.where_team
        is_admin = user.role == "admin"
        return HTMLResponse(pages.own_data(admission.keeps, where, rows, deleted, is_admin))

    @router.api_route("/data", methods=["GET", "HEAD"])
    def data(request: Request) -> HTMLResponse:
        return page(user_of(request))

    @router.get("/data/export")
    def export(request: Request) -> Response:
        user = user_of(request)
        if admission.keeps:
            store.audit.note(user.id, "exported data", "")
        name = f"implementation-assistant-{datetime.now(UTC):%Y-%m-%d}"
        data = JSONResponse(export_of(store.database, user.id))
        files = uploads.files_of(user.id) if uploads else []
        ending, sent = (".zip", _zipped(bytes(data.body), files)) if files else (".json", data)
        sent.headers["content-disposition"] = f'attachment; filename="{name}{ending}"'
        return sent

    @router.post("/data/delete")
    async def delete(request: Request) -> HTMLResponse:
        return await run_in_threadpool(deleted, request, await request.body())

    def deleted(request: Request, body: bytes) -> HTMLResponse:
        user = user_of(request)
        if b"sure=yes" not in body:
            return page(user)
        count = forget_user(store.database, user.id)
        shelf.forget_user(user.id)
        if uploads:
            uploads.forget_user(user.id)
        store.audit.note("", "deleted data", "")
        return page(user, fill(words.deleted, count=count))

    return router


def _zipped(data: bytes, files: Sequence[Path]) -> Response:
    """The data and the documents that somebody has added, by conversation."""
    made: IO[Any] = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it is sent
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", data)
        for file in files:
            archive.write(file, f"documents/{file.parent.parent.name}/{file.name}")
    made.seek(0)
    return StreamingResponse(
        made, media_type="application/zip", background=BackgroundTask(made.close)
    )
