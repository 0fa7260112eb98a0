"""The one door: what is taken away, as a file of a format."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from assistant.plans import SessionPlan, SessionSeries
from assistant.records import Answer, Record
from assistant.takeaway.errors import TakeawayError
from assistant.takeaway.from_answer import answer_paper, conversation_paper
from assistant.takeaway.from_plan import plan_paper, series_paper
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import A4, Layout, Paper
from assistant.takeaway.text import slug

Format: TypeAlias = Literal["docx", "pdf", "md", "txt", "pptx", "ics"]
TakeAway: TypeAlias = Answer | Sequence[Answer] | SessionPlan | SessionSeries

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: dict[Format, str] = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "ics": "text/calendar; charset=utf-8",
}


class TakenAway(Record):
    """A file: its name is safe on every system and says what is in it."""

    name: str
    media_type: str
    data: bytes


def take_away(
    what: TakeAway, form: Format, layout: Layout = A4, now: datetime | None = None
) -> TakenAway:
    """An answer, a conversation, a plan or a series as a file; `txt` is the draft of an e-mail.

    `now`, with a time zone, is written into a calendar as the time when it was made; otherwise
    the same input gives the same bytes. Raises TakeawayError for a conversation without answers,
    for slides and calendars of answers, and for a calendar of what has no day and time.
    """
    if form not in MEDIA_TYPES:
        raise TakeawayError(
            f"There is no format {form!r}.", f"Choose one of: {', '.join(MEDIA_TYPES)}."
        )
    what = _single(what)
    data = _made(what, form, layout, now)
    return TakenAway(name=_name(what, form), media_type=MEDIA_TYPES[form], data=data)


def _single(what: TakeAway) -> TakeAway:
    """What was given, a conversation of one answer as that answer."""
    if isinstance(what, Answer | SessionPlan | SessionSeries):
        return what
    if not what:
        raise TakeawayError("There is no answer to take away.", "Ask a question first.")
    return what[0] if len(what) == 1 else what


def _made(what: TakeAway, form: Format, layout: Layout, now: datetime | None) -> bytes:
    if isinstance(what, SessionPlan | SessionSeries):
        if form in ("pptx", "ics", "txt"):
            return _of_sessions(what, form, layout, now)
    elif form in ("pptx", "ics"):
        raise TakeawayError(
            f"An answer cannot be made into {'slides' if form == 'pptx' else 'a calendar'}.",
            "Prepare a session first, or choose docx, pdf, md or txt.",
        )
    return _printed(paper_of(what), form, layout)


def _of_sessions(
    what: SessionPlan | SessionSeries, form: Format, layout: Layout, now: datetime | None
) -> bytes:
    # Each library is loaded for its own format alone: they take long, and most never are wanted.
    if form == "txt":
        from assistant.takeaway.email import sessions_email

        return sessions_email(what)
    if form == "ics":
        from assistant.takeaway.calendar import calendar

        return calendar(what, now)
    from assistant.takeaway.slides import slides

    return slides(what, layout)


def _printed(paper: Paper, form: Format, layout: Layout) -> bytes:
    if form == "docx":
        from assistant.takeaway.docx.document import docx

        return docx(paper, layout)
    if form == "pdf":
        from assistant.takeaway.pdf import pdf

        return pdf(paper, layout)
    if form == "txt":
        from assistant.takeaway.email import paper_email

        return paper_email(paper)
    from assistant.takeaway.markdown import markdown

    return markdown(paper)


def paper_of(what: TakeAway) -> Paper:
    """What is taken away as blocks, before it is a file."""
    if isinstance(what, SessionPlan):
        return plan_paper(what)
    if isinstance(what, SessionSeries):
        return series_paper(what)
    return answer_paper(what) if isinstance(what, Answer) else conversation_paper(what)


def _name(what: TakeAway, form: Format) -> str:
    """Kind, title and day, such as `session-plan-exploration-2026-12-03.docx`."""
    names = read_labels().names
    day = ""
    if isinstance(what, SessionPlan):
        kind, title = names.plan, what.title
        day = what.brief.day.isoformat() if what.brief.day else ""
    elif isinstance(what, SessionSeries):
        kind, title = names.series, what.title
    elif isinstance(what, Answer):
        kind, title = names.answer, what.question
    else:
        kind, title = names.conversation, what[0].question
    draft = names.email if form == "txt" else ""
    return "-".join(part for part in (draft, kind, slug(title), day) if part) + f".{form}"
