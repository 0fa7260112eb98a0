"""What whoever runs the server reads of it: the numbers at `/metrics`, and the page `/status`."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from assistant.chat.admission import METRICS
from assistant.chat.happenings import Happenings
from assistant.chat.index_watch import IndexWatch
from assistant.chat.metrics import TEXT_TYPE
from assistant.chat.opening import Opening
from assistant.chat.pages import Pages
from assistant.chat.status import sections_of
from assistant.store.records import User

_READ = ["GET", "HEAD"]


def observing_routes(
    opening: Opening, happenings: Happenings, watch: IndexWatch, pages: Pages
) -> APIRouter:
    """Both for admins, and the numbers also for whoever the door let in with the key for them. The
    status has the index as it is now, the numbers as it was half a minute ago at most."""
    router = APIRouter()

    @router.api_route(METRICS, methods=_READ)
    def metrics(request: Request) -> Response:
        if not (request.state.scrapes or _is_admin(request)):
            return HTMLResponse(pages.for_admins(), 403)
        return Response(happenings.metrics.text(), media_type=TEXT_TYPE)

    @router.api_route("/status", methods=_READ)
    def status(request: Request) -> HTMLResponse:
        if not _is_admin(request):
            return HTMLResponse(pages.for_admins(), 403)
        sections = sections_of(opening, happenings, watch.look(), pages.strings.status)
        return HTMLResponse(pages.status(sections, happenings.failures))

    return router


def _is_admin(request: Request) -> bool:
    user: User | None = request.state.user
    return user is not None and user.role == "admin"
