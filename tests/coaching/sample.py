"""A plan and a series as they might be prepared, made by hand."""

from typing import Any

from assistant.plans import (
    AgendaItem,
    DiscussionPrompt,
    Objective,
    PlannedAction,
    Preparation,
    ReadinessItem,
    Risk,
    SeriesSession,
    SessionBrief,
    SessionPlan,
    SessionSeries,
    Step,
)
from assistant.records import Citation, Claim, Stage

QUOTES = (
    "A fix chosen before the need is understood is the commonest false start.",
    "An implementation team needs people who use the programme & those who <decide> about it.",
)


def sample_brief(**changes: Any) -> SessionBrief:
    given = {
        "stage": Stage.EXPLORATION, "minutes": 90, "setting": "a primary school",
        "sector": "education", "purpose": "agree what the need in reading is",
        "innovation": "a new reading programme", "team": "Year 3 team", "size": 8,
    }  # fmt: skip
    return SessionBrief.model_validate(given | changes)


def sample_citation(number: int, quote: str) -> Citation:
    return Citation(
        number=number, document_id=f"note-{number}", title=f"Why explore first? ({number})",
        publisher="Implementation Assistant library", year=2026, url=None,
        section="What goes wrong?", start=100, end=100 + len(quote), quote=quote,
        document_sha256="0" * 64,
    )  # fmt: skip


def sample_agenda() -> tuple[AgendaItem, ...]:
    parts: list[tuple[str, str, int, str | None]] = [
        ("welcome", "Welcome, aim and last actions", 10, None),
        ("story", "Look at the data and a story", 15, None),
        ("idea", "An idea from the guidance", 10, None),
        ("activity", "Five whys", 30, "five-whys"),
        ("break", "Break and spare time", 5, None),
        ("decide", "Decide", 12, None),
        ("actions", "Actions and check-out", 8, None),
    ]
    made, start = [], 0
    for kind, title, minutes, activity in parts:
        made.append(
            AgendaItem.model_validate(
                {
                    "start": start, "minutes": minutes, "kind": kind, "title": title,
                    "aim": f"The aim of “{title}”.",
                    "steps": (
                        Step(minutes=minutes - 1, text="Ask why, and write down the answer."),
                        Step(minutes=1, text="Say what was found."),
                    ),
                    "owner": "Coach" if kind in ("welcome", "idea") else "",
                    "activity": activity, "grouping": "Pairs, then all together",
                    "materials": ("Paper and pens", "One flip chart"),
                    "output": "A cause that the team agrees to test",
                    "online": "Use breakout rooms of two.", "low_energy": "Work alone first.",
                    "shorten": "Stop after the third why.",
                }
            )
        )  # fmt: skip
        start += minutes
    return tuple(made)


def sample_plan(**changes: Any) -> SessionPlan:
    given: dict[str, Any] = {
        "title": "Exploration: agree what the need in reading is",
        "brief": sample_brief(),
        "purpose": "Agree what the need in reading is.",
        "stage_evidence": "The brief names exploration. Ask: is a choice still open?",
        "objectives": (
            Objective(text="agreed one cause that it will test", product="A cause to test", item=4),
            Objective(text="agreed who does what by when", product="The list of actions", item=7),
        ),
        "success_sign": "A cause to test and a list of actions, both written down.",
        "preparation": Preparation(
            coach=("Look up what was agreed last time.",),
            pre_read=("Why explore first?",),
            bring=("Outcomes by group",),
        ),
        "total_minutes": 90,
        "agenda": sample_agenda(),
        "prompts": (
            DiscussionPrompt(text="Who is this for, and who says so?", about="stage"),
            DiscussionPrompt(text="What have we tried, and why did it fade?", about="stage"),
            DiscussionPrompt(text="Whose voice is missing here?", about="equity"),
            DiscussionPrompt(text="What would make this fail?", about="failure"),
        ),
        "ideas": (
            Claim(text=QUOTES[0], support="verbatim", citations=(1,)),
            Claim(text=QUOTES[1], support="verbatim", citations=(2,)),
        ),
        "readiness": (
            ReadinessItem(text="We can say what need this meets.", if_low="Stay with the need."),
            ReadinessItem(text="Somebody has time for it.", if_low="Agree what stops."),
        ),
        "readiness_note": "For talking about, not a validated scale.",
        "risks": (Risk(text="A choice before the need.", response="Ask what it would solve."),),
        "actions": (
            PlannedAction(
                action="Ask five pupils what reading is like for them.",
                success_sign="Five notes without names", support="Time for one adult",
            ),
        ),
        "feedback": ("What was useful?", "What next?", "What is unclear?"),
        "accessibility": ("Print in 12 point or larger.",),
        "citations": tuple(sample_citation(n, quote) for n, quote in enumerate(QUOTES, 1)),
        "notices": ("The brief did not say how many people come; this is planned for 8.",),
        "engine": "extractive",
        "index": "0123456789ab",
        "fingerprints": {"coaching": "0123456789ab"},
    }  # fmt: skip
    return SessionPlan.model_validate(given | changes)


def sample_series() -> SessionSeries:
    return SessionSeries(
        title="Three sessions over a year: a primary school",
        span="a year",
        sessions=tuple(
            SeriesSession(number=n, when=f"Month {month}", plan=sample_plan())
            for n, month in enumerate((1, 5, 9), 1)
        ),
    )
