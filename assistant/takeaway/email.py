"""The draft of an e-mail: a subject and plain text that can be pasted anywhere. Pure.

It is never sent from here.
"""

from collections.abc import Iterator, Sequence

from assistant.plans import SessionPlan, SessionSeries
from assistant.prompts import fill
from assistant.records import Claim
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import (
    Block,
    Heading,
    Listing,
    Note,
    Paper,
    Paragraph,
    Runs,
    Table,
    stacked,
)
from assistant.takeaway.text import cut, on_one_line
from assistant.takeaway.wording import date_line

BLANK = "_____"
MOST_WORDS = 200  # of the body for a session: more is not read on a telephone
_LONGEST_SUBJECT = 120  # characters; more is cut in most lists of mails
# Lengths of lines in characters that are tried: at the last, all lines have fewer words than
# there may be, whatever they say.
_LENGTHS = (300, 150, 80, 30)


def paper_email(paper: Paper) -> bytes:
    """An answer or a conversation: the question, the text with its numbers, the sources."""
    labels = read_labels().email
    subject = fill(labels.subject_question, question=cut(paper.title, _LONGEST_SUBJECT))
    parts = list(_plain(paper.blocks))
    if paper.kind == "answer":
        parts.insert(0, fill(labels.question, question=paper.title))
    said = on_one_line(" ".join(parts))
    sources = [line for note in paper.notes for line in _source(note, said)]
    return _mail(subject, [*parts, *sources])


def sessions_email(what: SessionPlan | SessionSeries) -> bytes:
    """A plan or a series in at most 200 words: when, what for, what will be decided, what is to
    be done and read."""
    labels = read_labels().email
    title = cut(what.title, _LONGEST_SUBJECT)
    if isinstance(what, SessionPlan):
        day = date_line(what.brief)
        subject = fill(labels.subject_dated if day else labels.subject, title=title, day=day)
        return _mail(subject, [_fitted(*_of_plan(what))])
    return _mail(fill(labels.subject, title=title), [_fitted(*_of_series(what))])


def _mail(subject: str, parts: Sequence[str]) -> bytes:
    body = "\n\n".join(part for part in parts if part)
    return f"{on_one_line(subject)}\n\n{body}\n".encode()


def _plain(blocks: Sequence[Block]) -> Iterator[str]:
    """Blocks as plain text, without the list of sources."""
    for block in blocks:
        if isinstance(block, Heading):
            yield on_one_line(block.text)
        elif isinstance(block, Paragraph):
            yield _runs(block.runs)
        elif isinstance(block, Listing):
            yield "\n".join(_items(block, ""))
        elif isinstance(block, Table):
            yield from _plain(list(stacked(block)))


def _runs(runs: Runs) -> str:
    made = "".join(
        f" [{run.note}]" if run.note is not None else BLANK if run.blank else run.text
        for run in runs
    )
    lines = (" ".join(line.split()) for line in made.split("\n"))
    return "\n".join(line for line in lines if line)


def _items(listing: Listing, indent: str) -> Iterator[str]:
    for n, item in enumerate(listing.items, listing.start or 0):
        marker = "-" if listing.start is None else f"{n}."
        inner = indent + " " * (len(marker) + 1)
        lines: list[str] = []
        for block in item:
            if isinstance(block, Listing):
                lines += _items(block, inner)
            else:
                lines.append(inner + _runs(block.runs).replace("\n", f"\n{inner}"))
        yield "\n".join([f"{indent}{marker} {lines[0].lstrip(' ')}", *lines[1:]])


def _source(note: Note, said: str) -> Iterator[str]:
    """A source, with its quote where that is not in the text."""
    lines = [f"[{note.number}] {note.source}"]
    if note.url:
        lines.append(note.url)
    if on_one_line(note.quote) not in said:
        lines.append(f"“{on_one_line(note.quote)}”")
    yield "\n".join(lines)


def _of_plan(plan: SessionPlan) -> tuple[list[str], list[tuple[str, list[str]]]]:
    labels = read_labels()
    head = [
        fill(labels.email.date, date=date_line(plan.brief) or BLANK),
        fill(
            labels.email.length,
            minutes=plan.brief.minutes,
            mode=labels.plan.modes[plan.brief.mode].lower(),
        ),
        fill(labels.email.purpose, purpose=plan.purpose),
    ]
    return head, [
        (labels.email.decisions, [objective.product for objective in plan.objectives]),
        (labels.email.actions, [action.action for action in plan.actions]),
        (labels.email.ideas, [_idea(plan, idea) for idea in plan.ideas]),
        (labels.email.pre_read, list(plan.preparation.pre_read)),
        (labels.email.bring, list(plan.preparation.bring)),
    ]


def _idea(plan: SessionPlan, idea: Claim) -> str:
    """A quote with the number and the title of its source."""
    citation = plan.citations[idea.citations[0] - 1]
    return f"“{on_one_line(idea.text)}” [{citation.number}] {on_one_line(citation.title)}"


def _of_series(series: SessionSeries) -> tuple[list[str], list[tuple[str, list[str]]]]:
    labels = read_labels()
    sessions = [
        fill(
            labels.email.session, number=one.number, when=one.when,
            purpose=on_one_line(one.plan.purpose).removesuffix("."),
            date=date_line(one.plan.brief) or labels.plan.no_date.lower(),
        )
        for one in series.sessions
    ]  # fmt: skip
    first = series.sessions[0].plan.preparation
    return [fill(labels.email.span, span=series.span)], [
        (labels.email.sessions, sessions),
        (labels.email.pre_read, list(first.pre_read)),
    ]


def _fitted(head: Sequence[str], parts: Sequence[tuple[str, list[str]]]) -> str:
    """Lines and lists in at most so many words: the last list loses its end first, since what
    matters most stands above, and if that is not enough, lines are cut."""
    body = ""
    for length in _LENGTHS:
        first = "\n".join(cut(line, length) for line in head)
        lists = [(name, [cut(line, length) for line in lines]) for name, lines in parts if lines]
        kept = [len(lines) for _, lines in lists]
        body = _body(first, lists, kept)
        while len(body.split()) > MOST_WORDS and max(kept, default=0) > 1:
            last = max(n for n, count in enumerate(kept) if count > 1)
            kept[last] -= 1
            body = _body(first, lists, kept)
        if len(body.split()) <= MOST_WORDS:
            break
    return body


def _body(first: str, lists: Sequence[tuple[str, list[str]]], kept: Sequence[int]) -> str:
    """The text with so many lines of each list kept."""
    labels = read_labels().email
    paragraphs = [first]
    for (name, lines), count in zip(lists, kept, strict=True):
        shown = lines[:count]
        if name == labels.actions:
            shown = [fill(labels.action, action=_sentence(one), blank=BLANK) for one in shown]
        if count < len(lines):
            shown.append(fill(labels.more, count=len(lines) - count))
        paragraphs.append("\n".join([name, *(f"- {one}" for one in shown)]))
    return "\n\n".join(paragraphs)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
