"""The routes of a reader's saved conversations, where Chainlit's page asks for them.

They take the place of Chainlit's own, so that it is told in one place whose a conversation is.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.chat.saving import thread_of
from assistant.chat.tickets import Talk
from assistant.chat.uploads import Uploads
from assistant.errors import AssistantError
from assistant.store.feedback import FeedbackRefused, ReplyNotFound
from assistant.store.history import NameRefused
from assistant.store.records import ConversationLine, User, Verdict
from assistant.store.store import Store

_Id = Annotated[str, StringConstraints(min_length=1, max_length=36)]
_Text = Annotated[str, StringConstraints(max_length=5_000)]


class _Sent(BaseModel):
    """What a page sends. Chainlit's has more in it than is used."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class _Pagination(_Sent):
    first: int = 20
    cursor: _Text | None = None


class _Filter(_Sent):
    search: _Text | None = None


class _Listing(_Sent):
    pagination: _Pagination = _Pagination()
    filter: _Filter = _Filter()


class _Named(_Sent):
    thread_id: _Id = Field(alias="threadId")
    name: _Text


class _Chosen(_Sent):
    thread_id: _Id = Field(alias="threadId")


class _Judged(_Sent):
    reply: _Id
    verdict: Verdict
    comment: _Text = ""


class _Unjudged(_Sent):
    reply: _Id


def thread_routes(store: Store, assistant: str, uploads: Uploads | None = None) -> APIRouter:
    """List, open, rename and delete conversations, and say what one thinks of a reply. Replies are
    by `assistant`; what was added to a conversation is deleted with it. Another's conversation is
    as if it were not there."""
    router = APIRouter()
    history = store.history

    # None of them is a coroutine: they are run in threads, since they wait for the database.
    @router.post("/project/threads")
    def threads(request: Request, wanted: _Listing) -> JSONResponse:
        user, asked = user_of(request), wanted.pagination
        search = wanted.filter.search or ""
        page = history.page(user.id, search, asked.cursor or "", asked.first)
        info = {"hasNextPage": bool(page.next), "startCursor": None, "endCursor": page.next or None}
        lines = [_listed(line, user) for line in page.lines]
        return JSONResponse({"pageInfo": info, "data": lines})

    @router.get("/project/thread/{thread_id}")
    def thread(request: Request, thread_id: str) -> JSONResponse:
        saved = history.load(user_of(request).id, thread_id)
        return _not_there() if saved is None else JSONResponse(thread_of(saved, assistant))

    @router.put("/project/thread")
    def rename(request: Request, wanted: _Named) -> JSONResponse:
        user = user_of(request)
        try:
            if not history.rename(user.id, wanted.thread_id, wanted.name):
                return _not_there()
        except NameRefused as error:
            return _refused(error)
        store.audit.note(user.id, "renamed conversation", wanted.thread_id)
        return _done()

    @router.delete("/project/thread")
    def delete(request: Request, wanted: _Chosen) -> JSONResponse:
        user = user_of(request)
        if not history.delete(user.id, wanted.thread_id):
            return _not_there()
        if uploads:
            uploads.forget(Talk(user.id, wanted.thread_id))
        store.audit.note(user.id, "deleted conversation", wanted.thread_id)
        return _done()

    @router.put("/feedback")
    def judge(request: Request, said: _Judged) -> Response:
        user = user_of(request)
        try:
            store.feedback.give(user.id, said.reply, said.verdict, said.comment)
        except ReplyNotFound:
            return _not_there()
        except FeedbackRefused as error:
            return _refused(error)
        store.audit.note(user.id, "gave feedback", said.reply)
        return _done()

    @router.delete("/feedback")
    def unjudge(request: Request, said: _Unjudged) -> Response:
        taken = store.feedback.take_back(user_of(request).id, said.reply)
        return _done() if taken else _not_there()

    return router


def user_of(request: Request) -> User:
    """Who asks. `Admitting` has put it there."""
    user: User = request.state.user
    return user


def _listed(line: ConversationLine, user: User) -> dict[str, Any]:
    return {
        "id": line.id, "name": line.name, "createdAt": line.changed.isoformat(), "userId": user.id,
        "userIdentifier": user.id, "tags": [], "metadata": {}, "steps": [], "elements": [],
    }  # fmt: skip


def _done() -> JSONResponse:
    return JSONResponse({"success": True})


def _not_there() -> JSONResponse:
    return JSONResponse({"detail": "It is not there."}, 404)


def _refused(error: AssistantError) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 400)
