"""A session plan and a series as the Markdown that Chainlit's page shows. Pure.

What a coach needs at once comes first. The page hides what stands from the second heading of the
second level on, until somebody wants it.
"""

from collections.abc import Iterable, Iterator

from assistant.chat.markdown import (
    citation_link,
    exact,
    on_one_line,
    question_link,
    source_lines,
    table,
)
from assistant.chat.strings import PlanStrings
from assistant.plans import AgendaItem, SessionPlan, SessionSeries
from assistant.prompts import fill
from assistant.records import Claim
from assistant.takeaway.labels import read_labels
from assistant.takeaway.wording import clock, facts

_NOTE = "Note:"


def plan_markdown(plan: SessionPlan, strings: PlanStrings) -> str:
    """A plan: what changed, the facts, purpose, objectives and agenda, then its details."""
    blocks = [*_beginning(plan, strings), *_detail(plan, strings)]
    return "\n\n".join(block for block in blocks if block)


def series_markdown(series: SessionSeries, strings: PlanStrings) -> str:
    """A series: what changed, a table of its sessions, and how to see and change one."""
    labels = read_labels()
    blocks = [f"## {_line(series.title)}", *_changes(series.changes)]
    rows = []
    for one in series.sessions:
        number, brief = str(one.number), one.plan.brief
        asks = question_link(fill(strings.show_session, number=number))
        name = exact(fill(strings.session, number=number))
        activities = [item.title for item in one.plan.agenda if item.activity]
        stage = _line(labels.plan.stages[brief.stage])
        rows.append(
            [
                f"[{name}]({asks}) {_line(one.when)}",
                f"**{stage}:** {_line(one.plan.purpose)}",
                str(brief.minutes),
                _line("; ".join(activities)),
            ]
        )
    blocks += [table([exact(name) for name in strings.session_names], rows)]
    blocks += [*_notes(series.notices), f"*{exact(strings.how_to_go_on)}*"]
    return "\n\n".join(blocks)


def _line(text: str) -> str:
    return exact(on_one_line(text))


def _points(lines: Iterable[str]) -> str:
    """A list of what is Markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))


def _labelled(label: str, text: str) -> str:
    return f"**{exact(label)}:** {_line(text)}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A list of texts below a heading; nothing for no texts."""
    if shown := _points(map(_line, lines)):
        yield f"### {exact(title)}"
        yield shown


def _changes(lines: Iterable[str]) -> Iterator[str]:
    yield from _section(read_labels().plan.changes, lines)


def _notes(lines: Iterable[str]) -> Iterator[str]:
    yield from (f"*{exact(_NOTE)} {_line(line)}*" for line in lines)


def _beginning(plan: SessionPlan, strings: PlanStrings) -> Iterator[str]:
    labels = read_labels().plan
    yield f"## {_line(plan.title)}"
    yield from _changes(plan.changes)
    yield " · ".join(_facts(plan, strings))
    yield f"### {exact(labels.purpose)}"
    yield _line(plan.purpose)
    yield f"### {exact(labels.objectives)}"
    yield exact(labels.objectives_lead)
    yield _numbered(
        exact(fill(strings.objective, text=_begun(one.text), item=str(one.item)))
        for one in plan.objectives
    )
    yield _labelled(labels.success, plan.success_sign)
    yield f"### {exact(labels.agenda)}"
    yield _agenda(plan, strings)
    if plan.brief.stage_cue:  # it is a guess, which the coach should see
        yield _labelled(labels.why_stage, plan.stage_evidence)
    yield from _notes(plan.notices)
    yield f"*{exact(strings.how_to_change)}*"


def _facts(plan: SessionPlan, strings: PlanStrings) -> Iterator[str]:
    """What the plan rests on. What was assumed is said in few words here: a notice says more."""
    brief = plan.brief.model_copy(update={"assumed": ()})
    said = facts(plan.model_copy(update={"brief": brief}))
    for (label, value), (_, marked) in zip(said, facts(plan), strict=True):
        shown = value if value == marked else fill(strings.assumed, value=value)
        yield _labelled(label, shown)


def _begun(text: str) -> str:
    """A text as the beginning of a line that goes on."""
    return on_one_line(text).removesuffix(".")


def _agenda(plan: SessionPlan, strings: PlanStrings) -> str:
    header = [strings.time, strings.item, strings.minutes, strings.output]
    rows = [
        [
            exact(f"{clock(plan.brief, one.start)}–{clock(plan.brief, one.start + one.minutes)}"),
            _line(f"{n}. {one.title}"),
            str(one.minutes),
            _line(one.output),
        ]
        for n, one in enumerate(plan.agenda, 1)
    ]
    total = ["", f"**{exact(strings.total)}**", f"**{plan.total_minutes}**", ""]
    return table([exact(name) for name in header], [*rows, total])


def _detail(plan: SessionPlan, strings: PlanStrings) -> Iterator[str]:
    labels = read_labels().plan
    yield f"## {exact(strings.detail)}"
    if not plan.brief.stage_cue:
        yield _labelled(labels.why_stage, plan.stage_evidence)
    yield from _preparation(plan)
    yield f"### {exact(labels.step_by_step)}"
    for n, item in enumerate(plan.agenda, 1):
        yield from _entry(plan, n, item, strings)
    marks = {"equity": labels.equity, "failure": labels.failure}
    yield from _section(
        labels.prompts,
        (fill(marks.get(one.about, "$text"), text=one.text) for one in plan.prompts),
    )
    yield from _ideas(plan)
    yield from _tables(plan, strings)
    yield from _section(labels.feedback, plan.feedback)
    yield from _section(labels.accessibility, plan.accessibility)


def _preparation(plan: SessionPlan) -> Iterator[str]:
    labels = read_labels().plan
    yield f"### {exact(labels.preparation)}"
    for name, lines in (
        (labels.for_coach, plan.preparation.coach),
        (labels.pre_read, plan.preparation.pre_read),
        (labels.bring, plan.preparation.bring),
    ):
        if lines:
            yield f"**{exact(name)}**"
            yield _points(map(_line, lines))


def _entry(plan: SessionPlan, number: int, item: AgendaItem, strings: PlanStrings) -> Iterator[str]:
    """An item of the agenda with its steps, and what helps to lead it."""
    labels = read_labels().plan
    title = fill(
        strings.entry, number=str(number), title=on_one_line(item.title),
        start=clock(plan.brief, item.start), end=clock(plan.brief, item.start + item.minutes),
        minutes=str(item.minutes),
    )  # fmt: skip
    yield f"#### {exact(title)}"
    yield _line(item.aim)
    yield _numbered(
        exact(fill(strings.step, text=on_one_line(step.text), minutes=str(step.minutes)))
        for step in item.steps
    )
    found = (
        (labels.grouping, item.grouping),
        (labels.materials, ", ".join(item.materials)),
        (labels.output, item.output),
        (labels.online, item.online if plan.brief.mode != "room" else ""),
        (labels.low_energy, item.low_energy),
        (labels.shorten, item.shorten),
    )
    # Another marker than a number: else it would be one list with the steps.
    yield _points(_labelled(name, text) for name, text in found if text)


def _ideas(plan: SessionPlan) -> Iterator[str]:
    labels = read_labels()
    yield f"### {exact(labels.plan.ideas)}"
    if not plan.ideas:
        yield exact(labels.plan.no_ideas)
        return
    yield _points(_idea(plan, idea) for idea in plan.ideas)
    yield f"**{exact(labels.sources.heading)}**"
    yield "\n".join(source_lines(plan.citations))


def _idea(plan: SessionPlan, idea: Claim) -> str:
    by_number = {citation.number: citation for citation in plan.citations}
    text = on_one_line(idea.text)
    said = f"“{text}”" if idea.support == "verbatim" else text
    numbers = " ".join(citation_link(by_number[number]) for number in idea.citations)
    why = fill(read_labels().plan.not_supported, why=idea.reason) if idea.reason else ""
    return " ".join(part for part in (exact(said), numbers, exact(why)) if part)


def _tables(plan: SessionPlan, strings: PlanStrings) -> Iterator[str]:
    """Readiness, risks and actions."""
    labels = read_labels().plan
    if plan.readiness:
        yield f"### {exact(labels.readiness)}"
        yield _line(plan.readiness_note)
        header = [exact(labels.readiness_item), exact(strings.if_low)]
        yield table(header, ([_line(one.text), _line(one.if_low)] for one in plan.readiness))
    if plan.risks:
        yield f"### {exact(labels.risks)}"
        header = [exact(name) for name in labels.risks_names]
        yield table(header, ([_line(one.text), _line(one.response)] for one in plan.risks))
    if plan.actions:
        yield f"### {exact(labels.actions)}"
        header = [exact(name) for name in labels.actions_names[:3]]
        yield table(
            header,
            ([_line(a.action), _line(a.success_sign), _line(a.support)] for a in plan.actions),
        )
        yield exact(strings.blanks)
