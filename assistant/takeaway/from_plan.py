"""Plans and series as papers. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from assistant.plans import AgendaItem, DiscussionPrompt, SessionPlan, SessionSeries
from assistant.prompts import fill
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import (
    Block,
    Heading,
    Note,
    Paper,
    Paragraph,
    Run,
    Runs,
    Sources,
    Table,
    labelled,
    note_of,
    paragraph,
    points,
    words,
)
from assistant.takeaway.text import on_one_line
from assistant.takeaway.wording import date_line, facts, times

_BLANK: Runs = (Run(blank=True),)
_EMPTY_DECISIONS, _EMPTY_ACTIONS = 3, 2  # rows: more are added as they are needed
T = TypeVar("T")


def plan_paper(plan: SessionPlan) -> Paper:
    """A plan, the numbers of its citations as they are."""
    notes, (body, end) = _notes(plan, 0), _parts(plan, 0, 0)
    return Paper(
        kind="plan",
        title=plan.title,
        blocks=(*body, *_sources(notes), *end),
        notes=tuple(notes),
    )


def series_paper(series: SessionSeries) -> Paper:
    """The plans of a series, each on a new page, with one list of sources. The numbers of
    citations go on from plan to plan."""
    labels = read_labels()
    notes: list[Note] = []
    blocks = list(_overview(series))
    for session in series.sessions:
        heading = fill(
            labels.series.heading, number=session.number, when=session.when,
            title=session.plan.title,
        )  # fmt: skip
        body, end = _parts(session.plan, len(notes), 1)
        blocks += [Heading(level=1, text=heading, new_page=True), *body, *end]
        notes += _notes(session.plan, len(notes))
    blocks += _sources(notes)
    blocks += _section(labels.plan.notices, series.notices, 0)
    blocks += _section(labels.plan.changes, series.changes, 0)
    return Paper(kind="series", title=series.title, blocks=tuple(blocks), notes=tuple(notes))


def _notes(plan: SessionPlan, offset: int) -> list[Note]:
    return [note_of(citation, offset + citation.number) for citation in plan.citations]


def _sources(notes: Sequence[Note]) -> tuple[Block, ...]:
    labels = read_labels().sources
    listed = Sources() if notes else paragraph(labels.none)
    return Heading(level=1, text=labels.heading), listed


def _overview(series: SessionSeries) -> Iterator[Block]:
    labels = read_labels()
    yield paragraph(fill(labels.series.span, span=series.span))
    yield Heading(level=1, text=labels.series.overview)
    yield _table(
        labels.series.overview, labels.series.session, labels.series.names, (12, 16, 46, 26),
        [
            (
                words(str(one.number)), words(one.when), words(one.plan.purpose),
                words(date_line(one.plan.brief) or labels.plan.no_date),
            )
            for one in series.sessions
        ],
    )  # fmt: skip


def _table(
    name: str,
    item: str,
    header: Sequence[str],
    widths: tuple[int, ...],
    rows: Sequence[tuple[Runs, ...]],
) -> Table:
    return Table(name=name, item=item, header=tuple(header), widths=widths, rows=tuple(rows))


def _section(title: str, lines: Sequence[str | Paragraph], depth: int) -> Iterator[Block]:
    """A list below a heading; nothing for no lines."""
    if lines:
        yield Heading(level=1 + depth, text=title)
        yield points(lines)


def _parts(plan: SessionPlan, offset: int, depth: int) -> tuple[list[Block], list[Block]]:
    """What stands before the sources and behind them. `offset` is added to the numbers of the
    citations, `depth` to the levels of the headings."""
    labels = read_labels().plan
    before: list[Block] = []
    for part in (_beginning, _agenda, _steps, _talk):
        before += part(plan, depth)
    before += _ideas(plan, offset, depth)
    before += _forms(plan, depth)
    before += _section(labels.feedback, plan.feedback, depth)
    before += _section(labels.accessibility, plan.accessibility, depth)
    behind = [
        *_section(labels.notices, plan.notices, depth),
        *_section(labels.changes, plan.changes, depth),
    ]
    return before, behind


def _beginning(plan: SessionPlan, depth: int) -> Iterator[Block]:
    labels = read_labels().plan
    yield points([labelled(label, value) for label, value in facts(plan)])
    yield labelled(labels.why_stage, plan.stage_evidence)
    yield Heading(level=1 + depth, text=labels.purpose)
    yield paragraph(plan.purpose)
    yield Heading(level=1 + depth, text=labels.objectives)
    yield Paragraph(runs=words(labels.objectives_lead), lead=True)
    yield points(
        [
            fill(
                labels.objective, objective=_begun(one.text), product=_begun(one.product),
                item=one.item, title=plan.agenda[one.item - 1].title,
            )
            for one in plan.objectives
        ],
        start=1,
    )  # fmt: skip
    yield labelled(labels.success, plan.success_sign)
    yield Heading(level=1 + depth, text=labels.preparation)
    for name, lines in (
        (labels.for_coach, plan.preparation.coach),
        (labels.pre_read, plan.preparation.pre_read),
        (labels.bring, plan.preparation.bring),
    ):
        if lines:
            yield Paragraph(runs=words(name, bold=True), lead=True)
            yield points(lines)


def _begun(text: str) -> str:
    """A text as the beginning of a sentence that goes on."""
    return on_one_line(text).removesuffix(".")


def _agenda(plan: SessionPlan, depth: int) -> Iterator[Block]:
    labels = read_labels().plan
    yield Heading(level=1 + depth, text=labels.agenda)
    yield _table(
        labels.agenda, labels.agenda_item, labels.agenda_names, (14, 26, 11, 16, 33),
        [
            (
                words(times(plan.brief, one.start, one.minutes)),
                words(f"{n}: {one.title}"), words(str(one.minutes)),
                words(one.owner) if one.owner else _BLANK, words(one.output),
            )
            for n, one in enumerate(plan.agenda, 1)
        ],
    )  # fmt: skip


def _steps(plan: SessionPlan, depth: int) -> Iterator[Block]:
    labels = read_labels().plan
    yield Heading(level=1 + depth, text=labels.step_by_step)
    for n, item in enumerate(plan.agenda, 1):
        title = fill(
            labels.item, number=n, title=item.title, minutes=item.minutes,
            times=times(plan.brief, item.start, item.minutes),
        )  # fmt: skip
        yield Heading(level=2 + depth, text=title)
        if item.aim:
            yield labelled(labels.aim, item.aim)
        yield points(
            [fill(labels.step, text=step.text, minutes=step.minutes) for step in item.steps],
            start=1,
        )
        if about := _about(plan, item):
            yield points(about)


def _about(plan: SessionPlan, item: AgendaItem) -> list[Paragraph]:
    """What helps to lead an item, as far as it is given."""
    labels = read_labels().plan
    found = (
        (labels.owner, item.owner),
        (labels.grouping, item.grouping),
        (labels.materials, "; ".join(item.materials)),
        (labels.output, item.output),
        (labels.online, item.online if plan.brief.mode != "room" else ""),
        (labels.low_energy, item.low_energy),
        (labels.shorten, item.shorten),
    )
    return [labelled(name, text) for name, text in found if text]


def prompt_line(prompt: DiscussionPrompt) -> str:
    """A prompt, marked where it asks after equity or after what could fail."""
    labels = read_labels().plan
    marks = {"equity": labels.equity, "failure": labels.failure}
    return fill(marks.get(prompt.about, "$text"), text=prompt.text)


def _talk(plan: SessionPlan, depth: int) -> Iterator[Block]:
    yield from _section(
        read_labels().plan.prompts, [prompt_line(one) for one in plan.prompts], depth
    )


def _ideas(plan: SessionPlan, offset: int, depth: int) -> Iterator[Block]:
    labels = read_labels().plan
    yield Heading(level=1 + depth, text=labels.ideas)
    if not plan.ideas:
        yield paragraph(labels.no_ideas)
    for idea in plan.ideas:
        said = f"“{idea.text}”" if idea.support == "verbatim" else idea.text
        runs = [Run(text=said)]
        for n, number in enumerate(idea.citations):
            runs += [Run(text=" ")] * (n > 0) + [Run(note=offset + number)]
        if idea.reason:
            runs.append(Run(text=" " + fill(labels.not_supported, why=idea.reason)))
        yield Paragraph(runs=tuple(runs), quote=idea.support == "verbatim")


def _forms(plan: SessionPlan, depth: int) -> Iterator[Block]:
    """The tables that are filled in: readiness, risks, decisions, actions."""
    labels = read_labels().plan
    if plan.readiness:
        yield Heading(level=1 + depth, text=labels.readiness)
        if plan.readiness_note:
            yield Paragraph(runs=words(plan.readiness_note), lead=True)
        yield _table(
            labels.readiness, labels.readiness_item, labels.readiness_names, (31, 16, 19, 34),
            _rows(plan.readiness, lambda one: (
                words(one.text), words(labels.marks), _BLANK, words(one.if_low)
            )),
        )  # fmt: skip
    if plan.risks:
        yield Heading(level=1 + depth, text=labels.risks)
        yield _table(
            labels.risks, labels.risk, labels.risks_names, (45, 55),
            _rows(plan.risks, lambda one: (words(one.text), words(one.response))),
        )  # fmt: skip
    yield Heading(level=1 + depth, text=labels.decisions)
    yield _table(
        labels.decisions, labels.decision, labels.decisions_names, (34, 28, 19, 19),
        [(_BLANK,) * 4] * _EMPTY_DECISIONS,
    )  # fmt: skip
    yield Heading(level=1 + depth, text=labels.actions)
    yield _table(
        labels.actions, labels.action, labels.actions_names, (30, 23, 21, 13, 13),
        [
            *_rows(plan.actions, lambda one: tuple(
                words(text) if text else _BLANK
                for text in (one.action, one.success_sign, one.support, one.owner, one.due)
            )),
            *[(_BLANK,) * 5] * _EMPTY_ACTIONS,
        ],
    )  # fmt: skip


def _rows(items: Sequence[T], row: Callable[[T], tuple[Runs, ...]]) -> list[tuple[Runs, ...]]:
    return [row(item) for item in items]
