"""The route that makes what is kept into a file."""

from datetime import UTC, datetime
from typing import cast, get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from assistant.chat.files import saved_headers
from assistant.chat.pages import Pages
from assistant.chat.shelf import Shelf
from assistant.chat.threads import user_of
from assistant.takeaway.errors import TakeawayError
from assistant.takeaway.export import Format, take_away
from assistant.takeaway.paper import Layout

_PAPERS = {"A4": Layout(), "Letter": Layout(paper="Letter")}


def take_routes(shelf: Shelf, pages: Pages) -> APIRouter:
    """`/take/SECRET.ENDING`, with the paper, large print, and the whole conversation on demand."""
    router = APIRouter()

    # Not a coroutine: it is run in a thread, since a file may take some seconds.
    @router.api_route("/take/{name}", methods=["GET", "HEAD"])
    def take(
        request: Request, name: str, paper: str = "A4", large: bool = False, whole: bool = False
    ) -> Response:
        token, _, ending = name.rpartition(".")
        kept = shelf.find(token)
        if (
            kept is None
            or kept.user != user_of(request).id
            or ending not in get_args(Format)
            or paper not in _PAPERS
        ):
            return HTMLResponse(pages.not_kept(), 404)
        layout = _PAPERS[paper].model_copy(update={"large": large})
        what = kept.whole() if whole else kept.what
        try:
            made = take_away(what, cast(Format, ending), layout, datetime.now(UTC))
        except TakeawayError as error:
            return HTMLResponse(pages.not_taken(str(error)), 409)
        return Response(made.data, headers=saved_headers(made.name, made.media_type))

    return router
