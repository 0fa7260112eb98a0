"""A plan or a series as slides that know nothing of formats: one idea each. Pure."""

from collections.abc import Iterator, Sequence
from math import ceil

from assistant.plans import AgendaItem, SessionPlan, SessionSeries
from assistant.prompts import fill
from assistant.records import Claim
from assistant.takeaway.from_plan import prompt_line
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import Note, Source, note_of, sources
from assistant.takeaway.slide import Bullet, Room, Slide, numbered, split
from assistant.takeaway.text import clean, cut, on_one_line
from assistant.takeaway.wording import clock, date_line, facts, times


def deck(what: SessionPlan | SessionSeries, room: Room) -> list[Slide]:
    """The slides, none with more than there is room for."""
    return [part for slide in _slides(what, room) for part in split(slide, room)]


def _slides(what: SessionPlan | SessionSeries, room: Room) -> Iterator[Slide]:
    labels = read_labels()
    if isinstance(what, SessionPlan):
        notes = _notes(what, 0)
        yield _first(what, what.title)
        yield from _of_plan(what, notes, room)
    else:
        notes = []
        about = (Bullet(text=fill(labels.series.span, span=what.span), plain=True),)
        yield Slide(title=what.title, bullets=about, notes=_lines(what.notices), is_title=True)
        yield Slide(
            title=labels.slides.series,
            bullets=tuple(Bullet(text=f"{one.when}: {one.plan.title}") for one in what.sessions),
        )
        for session in what.sessions:
            title = fill(
                labels.series.heading, number=session.number, when=session.when,
                title=session.plan.title,
            )  # fmt: skip
            more = _notes(session.plan, len(notes))
            yield _first(session.plan, title)
            yield from _of_plan(session.plan, more, room)
            notes += more
    if notes:
        yield Slide(title=labels.sources.heading, bullets=tuple(map(_source, sources(notes))))


def _notes(plan: SessionPlan, offset: int) -> list[Note]:
    return [note_of(citation, offset + citation.number) for citation in plan.citations]


def _first(plan: SessionPlan, title: str) -> Slide:
    """The title, when it is and where; in the notes what the plan rests on."""
    labels = read_labels().plan
    about = (
        date_line(plan.brief),
        plan.brief.setting,
        fill(labels.minutes, minutes=plan.brief.minutes),
    )
    notes = [f"{name}: {value}" for name, value in facts(plan)]
    notes += [f"{labels.why_stage}: {plan.stage_evidence}", *plan.notices]
    bullets = tuple(Bullet(text=one, plain=True) for one in about if one)
    return Slide(title=title, bullets=bullets, notes=_lines(notes), is_title=True)


def _of_plan(plan: SessionPlan, notes: Sequence[Note], room: Room) -> Iterator[Slide]:
    labels = read_labels()
    success = fill(labels.slides.success, sign=plan.success_sign)
    yield Slide(
        title=labels.slides.why,
        bullets=(Bullet(text=plan.purpose, plain=True),),
        notes=f"{success}\n{_preparation(plan)}",
    )
    yield Slide(
        title=labels.slides.by_the_end,
        bullets=tuple(Bullet(text=one.text) for one in plan.objectives),
        notes=_lines(
            [
                fill(
                    labels.plan.objective, objective=one.text, product=one.product,
                    item=one.item, title=plan.agenda[one.item - 1].title,
                )
                for one in plan.objectives
            ]
            + [success]
        ),
    )  # fmt: skip
    yield Slide(
        title=labels.plan.agenda,
        bullets=tuple(
            Bullet(text=f"{clock(plan.brief, one.start)} {one.title}") for one in plan.agenda
        ),
    )
    yield from _items(plan, notes, room)
    yield Slide(
        title=labels.slides.feedback,
        bullets=tuple(Bullet(text=one) for one in plan.feedback),
    )


def _preparation(plan: SessionPlan) -> str:
    labels = read_labels().plan
    prepared = (
        (labels.for_coach, plan.preparation.coach),
        (labels.pre_read, plan.preparation.pre_read),
        (labels.bring, plan.preparation.bring),
        (labels.accessibility, plan.accessibility),
    )
    return _lines([f"{name}: {'; '.join(lines)}" for name, lines in prepared if lines])


def _items(plan: SessionPlan, notes: Sequence[Note], room: Room) -> Iterator[Slide]:
    """The items of the agenda, each with what belongs to it: ideas, readiness, tables."""
    where = _places(plan)
    for n, item in enumerate(plan.agenda):
        yield Slide(
            title=item.title,
            bullets=tuple(Bullet(text=step.text) for step in item.steps),
            notes=_item_notes(plan, item, n == where["stage"], n == where["equity"]),
        )
        if n == where["idea"]:
            yield from (_idea(idea, notes) for idea in plan.ideas)
        if n == where["readiness"] and plan.readiness:
            yield _readiness(plan)
        if n == where["decide"]:
            yield _decisions(plan)
        if n == where["actions"]:
            yield from _actions(plan, room.rows)


def _places(plan: SessionPlan) -> dict[str, int]:
    """The items, from 0, at which things are done, or the nearest to such where there is none."""
    kinds = [item.kind for item in plan.agenda]

    def first(*wanted: str) -> int:
        return next((kinds.index(kind) for kind in wanted if kind in kinds), len(kinds) - 1)

    return {
        "idea": first("idea", "story", "activity"),
        "stage": first("activity", "story", "idea"),
        "readiness": first("story", "idea", "activity"),
        "equity": first("decide", "activity"),
        "decide": first("decide"),
        "actions": first("actions", "decide"),
    }


def _item_notes(plan: SessionPlan, item: AgendaItem, opens: bool, decides: bool) -> str:
    """What the coach says and does: times, steps with minutes, how to lead it, prompts."""
    labels = read_labels()
    when = times(plan.brief, item.start, item.minutes)
    length = fill(labels.plan.minutes, minutes=item.minutes)
    lines = [fill(labels.slides.time, time=f"{when}, {length}")]
    lines += [
        f"{n}. {fill(labels.plan.step, text=step.text, minutes=step.minutes)}"
        for n, step in enumerate(item.steps, 1)
    ]
    about = (
        (labels.plan.aim, item.aim),
        (labels.plan.grouping, item.grouping),
        (labels.plan.materials, "; ".join(item.materials)),
        (labels.plan.output, item.output),
        (labels.plan.online, item.online if plan.brief.mode != "room" else ""),
        (labels.plan.low_energy, item.low_energy),
        (labels.plan.shorten, item.shorten),
    )
    lines += [f"{name}: {text}" for name, text in about if text]
    wanted = [*(("stage", "topic") if opens else ()), *(("equity", "failure") if decides else ())]
    asked = [prompt_line(prompt) for prompt in plan.prompts if prompt.about in wanted]
    lines += [f"{labels.slides.prompts}: {prompt}" for prompt in asked]
    return _lines(lines)


def _idea(idea: Claim, notes: Sequence[Note]) -> Slide:
    """A quote, and the title of its source with its number; the place itself in the notes."""
    labels = read_labels()
    cited = [notes[number - 1] for number in idea.citations]
    said = f"“{idea.text}”" if idea.support == "verbatim" else idea.text
    bullets = [Bullet(text=said, plain=True)]
    if idea.reason:
        why = fill(labels.plan.not_supported, why=idea.reason)
        bullets.append(Bullet(text=why, plain=True))
    bullets += [Bullet(text=f"[{note.number}] {note.document}", plain=True) for note in cited]
    lines = [
        f"[{note.number}] {note.source}{f', {note.url}' if note.url else ''}: “{note.quote}”"
        for note in cited
    ]
    return Slide(title=labels.slides.idea, bullets=tuple(bullets), notes=_lines(lines))


def _readiness(plan: SessionPlan) -> Slide:
    labels = read_labels()
    low = [
        f"{one.text} {fill(labels.slides.if_low, text=one.if_low)}"
        for one in plan.readiness
        if one.if_low
    ]
    return Slide(
        title=f"{labels.slides.readiness} {labels.plan.marks.capitalize()}",
        bullets=tuple(Bullet(text=one.text) for one in plan.readiness),
        notes=_lines([plan.readiness_note, *low]),
    )


def _decisions(plan: SessionPlan) -> Slide:
    labels = read_labels()
    header = labels.plan.decisions_names
    risks = [f"{one.text} {one.response}" for one in plan.risks]
    return Slide(
        title=labels.slides.decisions,
        header=header,
        rows=(("",) * len(header),) * 3,
        notes=_lines([labels.plan.risks + ":", *risks] if risks else []),
    )


def _actions(plan: SessionPlan, most: int) -> Iterator[Slide]:
    labels = read_labels()
    names = labels.plan.actions_names
    header = (names[0], names[3], names[4])
    rows = [(cut(one.action, 110), one.owner, one.due) for one in plan.actions]
    rows.append(("", "", ""))
    for at in range(0, len(rows), most):
        notes = [
            f"{one.action} {names[1]}: {one.success_sign}"
            + (f" {names[2]}: {one.support}" if one.support else "")
            for one in plan.actions[at : at + most]
        ]
        parts = ceil(len(rows) / most)
        title = numbered(labels.slides.actions, at // most + 1, parts)
        shown = tuple(rows[at : at + most])
        yield Slide(title=title, header=header, rows=shown, notes=_lines(notes))


def _source(source: Source) -> Bullet:
    numbers = ", ".join(map(str, source.numbers))
    url = f", {source.url}" if source.url else ""
    return Bullet(text=f"[{numbers}] {source.document}{url}", url=source.link)


def _lines(lines: Sequence[str]) -> str:
    return clean("\n".join(on_one_line(line) for line in lines if line.strip()))
