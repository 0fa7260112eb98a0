"""Answers as they might be given, made by hand."""

from typing import Any

from assistant.plans import SessionPlan
from assistant.records import Answer, Citation, Claim, Decline
from assistant.takeaway.export import Format, take_away
from assistant.takeaway.paper import A4, Layout
from tests.coaching.sample import sample_plan

STRANGE = "é \x00\x0b<b>&amp; *x* [1] | שלום العربية 中文 😀\ud7ff￿ \\ `c` #1 1. - + =\tend"


def cited(number: int, quote: str, **changes: Any) -> Citation:
    given: dict[str, Any] = {
        "number": number, "document_id": f"note-{(number + 1) // 2}",
        "title": f"Readiness & fit ({(number + 1) // 2})", "author": "Ada Author",
        "publisher": "A Library", "year": 2024, "url": f"https://example.org/{(number + 1) // 2}",
        "section": "What *helps*?", "page": 3, "start": 10, "end": 10 + len(quote),
        "quote": quote, "document_sha256": "0" * 64,
    }  # fmt: skip
    return Citation.model_validate(given | changes)


QUOTES = (
    "Ask the people who will use it first.",
    "Plan for A*B [sic] & <all> of it.",
    "Write down the need.",
    "Stop what no longer helps.",
)


def quoted_answer(**changes: Any) -> Answer:
    given: dict[str, Any] = {
        "id": "a1", "question": "Are we ready?", "resolved_question": "Are we ready?",
        "outcome": "answered", "confidence": 0.9,
        "text": "Ask the people who will use it first. [1]\n\nFrom “Readiness \\& fit (1)”:\n\n"
        "+ Plan for A\\*B \\[sic\\] \\& \\<all\\> of it. [2]\n+ Ask again. [1] [2]\n\n"
        "Steps:\n\n3. Write down the need. [3]\n4. Stop what no longer helps. [4]",
        "claims": [
            Claim(text=text, support="verbatim", citations=(n,)) for n, text in enumerate(QUOTES, 1)
        ],
        "citations": [cited(n, quote) for n, quote in enumerate(QUOTES, 1)],
        "decline": None, "notices": ("Read the whole passage.",),
        "clarify": "Which stage are you in?", "engine": "extractive", "index": "0", "prompts": {},
    }  # fmt: skip
    return Answer.model_validate(given | changes)


def written_answer(**changes: Any) -> Answer:
    given: dict[str, Any] = {
        "question": "What do we do?",
        "text": "Ask the people who will use it first. [1] Teams plan for all of it. [2]\n\n"
        "It always works. (Not supported: the passage speaks of something else.)",
        "claims": [
            Claim(text=QUOTES[0], support="verbatim", citations=(1,)),
            Claim(text="Teams plan for all of it.", support="supported", citations=(2,)),
            Claim(
                text="It always works.", support="unsupported", citations=(),
                reason="the passage speaks of something else.",
            ),
        ],
        "citations": [cited(n, quote) for n, quote in enumerate(QUOTES[:2], 1)],
        "notices": ("Written by a model.",), "clarify": None, "engine": "openai:model",
    }  # fmt: skip
    return quoted_answer(**given | changes)


def declined_answer() -> Answer:
    nearest = tuple(cited(n, quote) for n, quote in ((1, QUOTES[0]), (2, QUOTES[3])))
    nearest = (nearest[0], nearest[1].model_copy(update={"title": "Another one"}))
    return quoted_answer(
        question="What is the weather?", outcome="declined", claims=(), citations=(), clarify=None,
        text="This question is outside what the guidance here covers.\n\nThe nearest guidance "
        "there is:\n\n- Readiness \\& fit (1)\n- Another one",
        decline=Decline(reason="out_of_scope", missing="the weather", nearest=nearest),
    )  # fmt: skip


def strange_plan() -> SessionPlan:
    """A plan in which every text holds what formats do not like."""
    plan = sample_plan()
    long = "x" * 500
    return plan.model_copy(
        update={
            "title": f"{STRANGE} {long}", "purpose": STRANGE, "success_sign": STRANGE,
            "notices": (STRANGE, long), "readiness_note": STRANGE, "feedback": (STRANGE,),
            "agenda": tuple(
                item.model_copy(update={"title": STRANGE, "output": long}) for item in plan.agenda
            ),
            "actions": tuple(
                one.model_copy(update={"action": STRANGE, "support": long}) for one in plan.actions
            ),
        }
    )  # fmt: skip


def taken(what: Any, form: Format, layout: Layout = A4) -> bytes:
    return take_away(what, form, layout).data
